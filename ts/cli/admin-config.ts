/**
 * The file's `admin` block: what the commands need that make accounts. The core never sees it, and no paste-in file can
 * carry it: it is taken out before anything else reads the configuration.
 */
import { dirname, resolve } from "node:path";
import { type Admin, type AdminOptions, AdminOptionsError, createAdmin } from "../admin.ts";
import { ConfigError } from "../engine.ts";
import { createPasswordGenerator, type PasswordPolicy, PasswordPolicyError } from "../password.ts";
import { References } from "./config-file.ts";
import { readJson } from "./json-file.ts";

const KEYS = ["endpoint", "projectId", "keyId", "privateKey", "passwordPolicy"];

/** What nearly every policy takes: all kinds of characters, and as many as Authgear's own generator makes. */
const ANY_POLICY: PasswordPolicy = {
  min_length: 32,
  uppercase_required: true,
  lowercase_required: true,
  digit_required: true,
  symbol_required: true,
};

export type LoadedAdmin = {
  admin: Admin;
  /** Where it is: scheme, host and port. */
  origin: string;
  /** Makes passwords that the project takes. */
  password: () => string;
};

type AdminBlock = { [key: string]: unknown };

/**
 * @param own - Options that the command has, and the block has not.
 * @throws {ConfigError} with all that is wrong in the block; the rest of the file is not looked at.
 */
export function loadAdmin(
  file: string,
  own: Pick<AdminOptions, "attempts" | "attemptSeconds"> = {},
  env = process.env,
): LoadedAdmin {
  const read = readJson(file, "--config");
  if ("wrong" in read) throw new ConfigError([`${file}: ${read.wrong}`]);
  const block = (read.json as { admin?: unknown } | null)?.admin;
  if (typeof block !== "object" || block === null || Array.isArray(block))
    throw new ConfigError([`${file}: admin: must be an object with endpoint, projectId, keyId and privateKey`]);

  const references = new References(dirname(resolve(file)), env, true);
  const { passwordPolicy, ...options } = references.resolve(block, "admin") as AdminBlock;
  const problems = [...shape(block as AdminBlock), ...references.problems];
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      const more = problemsOf(error);
      // What is said of a text that is not there, or must not be, would be said twice.
      problems.push(...more.filter((it) => !problems.some((known) => known.startsWith(`${it.split(":")[0]}:`))));
      return undefined;
    }
  };
  const admin = attempt(() => createAdmin({ ...options, ...own } as AdminOptions));
  const password = attempt(() => createPasswordGenerator((passwordPolicy as PasswordPolicy) ?? ANY_POLICY));
  if (!admin || !password || problems.length > 0) throw new ConfigError(problems.map((it) => `${file}: ${it}`));
  const { origin } = new URL(options.endpoint as string);
  return { admin, origin, password: () => password().password };
}

function shape(block: AdminBlock): string[] {
  const unknown = Object.keys(block).filter((key) => !KEYS.includes(key));
  const problems = unknown.map((key) => `admin.${key}: unknown key; there are ${KEYS.join(", ")}`);
  if (typeof block.privateKey === "string")
    problems.push(
      'admin.privateKey: must be {"env": "NAME"} or {"file": "path"}; a private key has no place in this file',
    );
  return problems;
}

/** The problems of the block in an error, with their paths; rethrows what is none. */
export function problemsOf(error: unknown): string[] {
  if (error instanceof AdminOptionsError) return error.problems.map((it) => `admin.${it}`);
  if (error instanceof PasswordPolicyError)
    return error.message.split("\n").map((it) => `admin.passwordPolicy${/^\w+(\[\d+\])?:/.test(it) ? "." : ": "}${it}`);
  throw error;
}
