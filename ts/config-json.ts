/** A configuration as JSON: what of it is secret, and what is for other readers. */
import type { Config } from "./config.ts";

/** Paths of what nobody else may know. */
export const SECRET =
  /(^|\.)(apiKey|apiSecret|apiKeySecret|accessKey|authToken|secret|secretAccessKey|secretKey|serverToken|sessionToken|privateKey|secrets\[\d+\])$/;

/** Names of accounts and keys, which are often kept beside the secret. */
export const ACCOUNT = /\.(accountSid|apiKeySid|messagingServiceSid|accessKeyId)$/;

/** Where keys are the user's own, `env` and `file` may be two of them. */
const OWN_KEYS = /^(vars|messages(\.[^.]+)?|rules\[\d+\]\.when\.(standardAttributes|customAttributes))$/;

/** A text that is kept elsewhere. */
export type Reference = { from: "env" | "file"; name: string };

/** What `{ "env": "NAME" }` or `{ "file": "path" }` at this path refers to; `undefined`: it is neither. */
export function readReference(value: unknown, path: string): Reference | undefined {
  if (typeof value !== "object" || value === null || OWN_KEYS.test(path)) return undefined;
  const [[from, name] = [], ...others] = Object.entries(value);
  if (others.length > 0 || typeof name !== "string" || (from !== "env" && from !== "file")) return undefined;
  return { from, name };
}

const ASIDE = ["$schema", "admin"];

/** `$schema` is for editors, `admin` for the commands that make accounts: no hook may carry that. */
export function leaveOut(json: unknown, keys: string[]): [json: unknown, leftOut: string[]] {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return [json, []];
  const kept = Object.entries(json).filter(([key]) => !ASIDE.includes(key) && !keys.includes(key));
  return [Object.fromEntries(kept), keys.filter((key) => Object.hasOwn(json, key))];
}

/** A custom provider is a function, which only the library can be given. */
export function functionProblems(config: Config | null): string[] {
  const { email, sms } = config ?? {};
  return Object.entries({ email, sms }).flatMap(([channel, senders]) =>
    Array.isArray(senders)
      ? senders.flatMap((it, i) =>
          it?.provider === "custom" ? [`${channel}[${i}].provider: a JSON file cannot hold custom's function`] : [],
        )
      : [],
  );
}

/**
 * The same value with others in it: `change` is given each value in it and its path, and what it leaves as it is, is gone
 * into. What it makes `undefined` is left out.
 */
export function mapValues(value: unknown, change: (value: unknown, path: string) => unknown, path = ""): unknown {
  const changed = change(value, path);
  if (changed !== value || typeof value !== "object" || value === null) return changed;
  if (Array.isArray(value))
    return value.map((it, i) => mapValues(it, change, `${path}[${i}]`)).filter((it) => it !== undefined);
  const members = Object.entries(value).map(([key, it]) => [key, mapValues(it, change, path ? `${path}.${key}` : key)]);
  return Object.fromEntries(members.filter(([, it]) => it !== undefined));
}
