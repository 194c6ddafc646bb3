/** A configuration as JSON: what of it is secret, and what is for other readers. */
import type { Config } from "./config.ts";

/** Paths of what nobody else may know. */
export const SECRET =
  /(^|\.)(apiKey|apiSecret|apiKeySecret|accessKey|authToken|secret|secretAccessKey|secretKey|serverToken|sessionToken|privateKey|secrets\[\d+\])$/;

/** Names of accounts and keys, which are often kept beside the secret. */
export const ACCOUNT = /\.(accountSid|apiKeySid|messagingServiceSid|accessKeyId)$/;

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
