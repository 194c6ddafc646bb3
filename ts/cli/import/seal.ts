/** What `createUser` cannot say of a user travels in an envelope, where the configuration has a secret for it. */
import { dirname, resolve } from "node:path";
import { ConfigError } from "../../engine.ts";
import { sealEnvelope } from "../../envelope.ts";
import { References } from "../config-file.ts";
import { readJson } from "../json-file.ts";
import { type Fields, loginOf } from "./fields.ts";
import type { Work } from "./work.ts";

/** The secret that envelopes are sealed with: the first one of the configuration; the rest of the file is not looked at. */
export function loadSecret(file: string): string | undefined {
  const read = readJson(file, "--config");
  const block = "json" in read ? (read.json as { envelope?: unknown } | null)?.envelope : undefined;
  if (block === undefined) return undefined;
  const references = new References(dirname(resolve(file)), process.env, true);
  const { secrets } = (references.resolve(block, "envelope") ?? {}) as { secrets?: unknown[] };
  const [secret] = Array.isArray(secrets) ? secrets : [];
  if (references.problems.length > 0) throw new ConfigError(references.problems.map((it) => `${file}: ${it}`));
  return typeof secret === "string" ? secret : undefined;
}

export function sealer(secret: string | undefined): Work["seal"] {
  return async (fields: Fields, expires: Date) => {
    const login = loginOf(fields);
    const { name, given_name: givenName, family_name: familyName, nickname, inviter, message } = fields;
    const content = { name, givenName, familyName, nickname, inviter, message };
    if (secret === undefined || !login || Object.values(content).every((it) => it === undefined)) return undefined;
    return sealEnvelope({ expires, ...content }, login[1], secret);
  };
}
