/** The paste-in file for a configuration, made of files that the package carries: the same for the command and the page. */
import { covers, localesOf } from "./advice.ts";
import { sourceOf, withConfig, withLocales } from "./assemble.ts";
import type { Config } from "./config.ts";
import { mapValues } from "./config-json.ts";
import { sha256 } from "./engine.ts";
import { BUILT_IN, type BuiltIn } from "./locales.ts";

/** What Authgear takes, in bytes. */
export const AUTHGEAR_LIMIT = 100 * 1024;
/** How each paste-in file begins. */
export const BEGINNING = "/*\nauthgear-invite: ";
/** Keys that the file has no use for. */
export const UNUSED = ["webhook"];

/** The files with a configuration of somebody else's, of which one can sign. */
export type Hooks = { [name in "hook.ts" | "hook-ses.ts"]: string };

/** The same bytes for the same configuration, locales and version. */
export function pasteIn(config: Config, builtIn: BuiltIn, readHook: (name: keyof Hooks) => string): string {
  const hook = readHook(usesSes(config) ? "hook-ses.ts" : "hook.ts");
  // No event leads to the mail with a password, and the core in the file does not know its placeholder.
  const own = mapValues(config, (it, path) => (path === "messages.password" ? undefined : it));
  return withConfig(withLocales(hook, builtIn, sha256), sourceOf(own));
}

/** Only one of the files can sign. */
export const usesSes = ({ email }: Config) => email?.some(({ provider }) => provider === "ses") ?? false;

/** The built-in locales that a configuration speaks of, and English. */
export function spokenLocales(config: Config): string[] {
  const spoken = localesOf(config);
  return Object.keys(BUILT_IN).filter((it) => it === "en" || spoken.some((locale) => covers([it], locale)));
}
