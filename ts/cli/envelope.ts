/** What `createUser` cannot say of a new user: its options, and the block of the configuration that it is sealed by. */
import { dirname, resolve } from "node:path";
import type { Config } from "../config.ts";
import { ConfigError, createEngine } from "../engine.ts";
import { type Envelope, SECRET_LENGTH, sealEnvelope } from "../envelope.ts";
import { BUILT_IN } from "../locales.ts";
import { created } from "../samples.ts";
import { type Lists, type Option, UsageError, type Values } from "./command.ts";
import { References } from "./config-file.ts";
import { readJson } from "./json-file.ts";

export type EnvelopeBlock = {
  /** The first one, which envelopes are sealed with. */
  secret: string;
  placeholders: string[];
  /** Why the hook would send no message of this name: it would ignore the envelope, and nobody would hear of it. */
  messageProblem: (name: string) => string | undefined;
};

/**
 * The file's `envelope` block, where it has one; of the rest of the file only the messages are looked at.
 *
 * @throws {ConfigError} The block has no secret that something can be sealed with.
 */
export function loadEnvelope(file: string): EnvelopeBlock | undefined {
  const read = readJson(file, "--config");
  const config = "json" in read ? (read.json as Partial<Config> | null) : undefined;
  const block = config?.envelope;
  if (typeof block !== "object" || block === null) return undefined;
  const references = new References(dirname(resolve(file)), process.env, true);
  const { secrets, placeholders } = references.resolve(block, "envelope") as { [key: string]: unknown };
  const [secret] = Array.isArray(secrets) ? secrets : [];
  const problems = references.problems;
  if (problems.length === 0 && (typeof secret !== "string" || [...secret].length < SECRET_LENGTH))
    problems.push(`envelope.secrets[0]: must have at least ${SECRET_LENGTH} characters; take random ones`);
  if (problems.length > 0) throw new ConfigError(problems.map((it) => `${file}: ${it}`));
  const names = Array.isArray(placeholders) ? placeholders.filter((it) => typeof it === "string") : [];
  // A file without the name of the site is not what the hook has, and says nothing about its messages.
  const isHooks = config?.serviceName !== undefined;
  const messageProblem = isHooks
    ? messageJudge(config, new References(references.folder, process.env, false))
    : () => undefined;
  return { secret, placeholders: names, messageProblem };
}

/** Has the core say it, once for each name. */
function messageJudge({ defaultLocale, messages }: Partial<Config>, references: References) {
  const texts = references.resolve(messages, "messages") as Config["messages"];
  const said = new Map<string, string | undefined>();
  return (name: string): string | undefined => {
    if (!said.has(name)) {
      const rules = [{ on: "user.created" as const, message: name }];
      const config = { serviceName: "-", url: "https://localhost", defaultLocale, messages: texts, rules };
      const { problems, free } = createEngine(config, BUILT_IN);
      free();
      said.set(name, problems.find((it) => it.startsWith(OF_MESSAGE))?.slice(OF_MESSAGE.length));
    }
    return said.get(name);
  };
}

const OF_MESSAGE = "rules[0].message: ";

/** The options that need an envelope. */
export const ENVELOPE_OPTIONS: { [name: string]: Option } = {
  name: { value: "NAME", help: "the new user's name" },
  "given-name": { value: "NAME", help: "the given name" },
  "family-name": { value: "NAME", help: "the family name" },
  nickname: { value: "NAME", help: "the nickname" },
  inviter: { value: "NAME", help: "who invites the user" },
  message: { value: "MESSAGE", help: "another message of the configuration than the rule's" },
  "no-message": { help: "the hook sends no message" },
  set: { value: "NAME=TEXT", many: true, help: "a placeholder of envelope.placeholders; may be given again" },
};

export const ENVELOPE_NOTES = `What createUser cannot say (--name to --set) reaches your hook in x_state, sealed for an hour and for this login alone. That
takes a secret in this configuration, and the same one in the hook's:
  "envelope": { "secrets": [{"env": "ENVELOPE_SECRET"}], "placeholders": ["team"] }`;

const LIFE_MS = 3_600_000;

/** What the options say; `undefined` when they say nothing. */
export function readEnvelope(values: Values, { set = [] }: Lists): Omit<Envelope, "expires"> | undefined {
  if (values["no-message"] && values.message !== undefined)
    throw new UsageError("--no-message: does not go with --message");
  const said = {
    name: values.name,
    givenName: values["given-name"],
    familyName: values["family-name"],
    nickname: values.nickname,
    inviter: values.inviter,
    message: values.message,
    suppress: values["no-message"] ? true : undefined,
    values: set.length > 0 ? Object.fromEntries(set.map(readSet)) : undefined,
  };
  if (Object.values(said).every((it) => it === undefined)) return undefined;
  checkNames(values);
  return said;
}

const NAMES = ["name", "given-name", "family-name", "nickname", "inviter"];

/** The hook leaves out what is no name, and nobody would notice: so it is asked before. */
function checkNames(values: Values): void {
  const messages = { invite: { en: { subject: "-", text: "{name}" } } };
  const { preview, free } = createEngine({ serviceName: "-", url: "https://localhost", messages }, {});
  for (const option of NAMES) {
    const attributes = { email: "new@user.example", name: values[option] };
    const shown = preview(created("-", { user: { standard_attributes: attributes } }));
    if (values[option] !== undefined && shown.type === "message" && shown.text === "")
      throw new UsageError(
        `--${option}: the message would leave it out; a name has letters, spaces and ' - . , alone, and at most six words`,
      );
  }
  free();
}

function readSet(text: string): [name: string, value: string] {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError("--set: must be a placeholder, = and its text, as team=Support");
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The value for `x_state`. */
export async function seal(said: Omit<Envelope, "expires">, login: string, block: EnvelopeBlock): Promise<string> {
  const problem = said.message === undefined ? undefined : block.messageProblem(said.message);
  if (problem) throw new UsageError(`--message: ${problem}`);
  const unknown = Object.keys(said.values ?? {}).find((name) => !block.placeholders.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`--set: ${unknown} is not in envelope.placeholders of the configuration; name it there`);
  return sealEnvelope({ ...said, expires: new Date(Date.now() + LIFE_MS) }, login, block.secret);
}
