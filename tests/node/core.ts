/** The built core in Node, for tests that compare what it decides. */
import { readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import type { Config } from "../../ts/config.ts";
import type { Decision } from "../../ts/core.ts";
import { load } from "../../ts/load.ts";
import { toBase85 } from "../../ts/tool/base85.ts";

const wasm = (kind: string) =>
  readFileSync(new URL(`../../build/wasm/${kind}/authgear_invite_bg.wasm`, import.meta.url));
/** The core as the paste-in file carries it, and what unpacks it there. */
export const [CORE, INFLATE] = [wasm("hook"), wasm("inflate")];
const bind = load({ inflate: INFLATE.toString("base64"), core: toBase85(deflateRawSync(CORE)) });
const locales = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../src/locales/${name}.json`, import.meta.url), "utf8"));

/** The built-in texts of some locales, as the paste-in file carries them. */
export function builtIn(...names: string[]): { [locale: string]: unknown } {
  return Object.fromEntries(names.map((name) => [name, locales(name)]));
}

/** For events without an envelope. */
export function decide(event: unknown, config: unknown, builtin?: unknown): Decision {
  return decideSealed(event, config, builtin) as Decision;
}

export function decideSealed(event: unknown, config: unknown, builtin: unknown = builtIn("en")) {
  return bind(config as Config, JSON.stringify(builtin)).decide(event);
}

export const { classify } = bind({} as Config, "{}");
