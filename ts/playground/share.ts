/** What may leave the page in a link, or stay in the browser: the configuration without a secret. */
import { mapValues, SECRET } from "../config-json.ts";
import { parseJson } from "../json-text.ts";
import { isObject, type JsonObject } from "./path.ts";
import { PROPERTIES, providersOf } from "./schema.ts";
import { stream } from "./stream.ts";

export type Kept = { config: JsonObject; locales: string[] };

/** Where addresses are secrets too: whoever knows one can often write to it. */
const PRIVATE = /^(deadLetter|receipt)\.url$/;

/** Only what is known not to be secret: a key under a misspelt name is none of it. */
export function withoutSecrets(config: JsonObject): JsonObject {
  const known = Object.fromEntries(Object.entries(config).filter(([key]) => Object.hasOwn(PROPERTIES, key)));
  return mapValues(known, (it, path) => {
    if (SECRET.test(path) || PRIVATE.test(path)) return undefined;
    const [, channel] = /^(email|sms)\[\d+\]$/.exec(path) ?? [];
    return channel && isObject(it) ? options(it, channel as "email" | "sms") : it;
  }) as JsonObject;
}

function options(sender: JsonObject, channel: "email" | "sms"): JsonObject {
  const known = Object.keys(providersOf(channel).get(`${sender.provider}`)?.properties ?? {});
  const isOpen = (key: string) => key === "provider" || (known.includes(key) && !SECRET.test(key));
  return Object.fromEntries(Object.entries(sender).filter(([key]) => isOpen(key)));
}

const START = "#c=";

export async function toFragment({ config, locales }: Kept): Promise<string> {
  const json = new TextEncoder().encode(JSON.stringify({ config: withoutSecrets(config), locales }));
  const packed = new Uint8Array(await stream(json, new CompressionStream("deflate-raw")));
  const binary = Array.from(packed, (byte) => String.fromCharCode(byte)).join("");
  return START + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What a link holds; secrets that somebody put into one are not taken. */
export async function fromFragment(fragment: string): Promise<Kept | undefined> {
  if (!fragment.startsWith(START)) return undefined;
  try {
    const binary = atob(fragment.slice(START.length).replaceAll("-", "+").replaceAll("_", "/"));
    const packed = Uint8Array.from(binary, (it) => it.charCodeAt(0));
    return read(new TextDecoder().decode(await stream(packed, new DecompressionStream("deflate-raw"))));
  } catch {
    return undefined;
  }
}

const KEY = "authgear-invite playground";

export function keep({ config, locales }: Kept): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ config: withoutSecrets(config), locales }));
  } catch {
    // Browsers can be told to keep nothing.
  }
}

export function forget(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {}
}

export function kept(): Kept | undefined {
  try {
    return read(localStorage.getItem(KEY) ?? "");
  } catch {
    return undefined;
  }
}

function read(text: string): Kept | undefined {
  const parsed = parseJson(text);
  if (!("json" in parsed) || !isObject(parsed.json)) return undefined;
  const { config, locales } = parsed.json;
  if (!isObject(config) || !Array.isArray(locales)) return undefined;
  return { config: withoutSecrets(config), locales: locales.map(String) };
}

/** Other hosts than the provider's own that a configuration names: whoever wrote it may have had a reason. */
export function endpointsOf(config: JsonObject): string[] {
  const found: string[] = [];
  mapValues(config, (it, path) => {
    if (/^(email|sms)\[\d+\]\.endpoint$/.test(path) && typeof it === "string") found.push(it);
    return it;
  });
  return found;
}
