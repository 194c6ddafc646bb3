/** The paste-in file for a configuration, made of the files that the package carries. */
import { createHash } from "node:crypto";
import { sourceOf, withConfig, withLocales } from "../assemble.ts";
import type { Config } from "../config.ts";
import type { BuiltIn } from "../locales.ts";
import { readPart } from "./parts.ts";

/** What Authgear takes, in bytes. */
export const AUTHGEAR_LIMIT = 100 * 1024;
/** How each paste-in file begins. */
export const BEGINNING = "/*\nauthgear-invite: ";

/** The same bytes for the same configuration, locales and version. */
export function pasteIn(config: Config, builtIn: BuiltIn): string {
  const hook = readPart(usesSes(config) ? "hook-ses.ts" : "hook.ts");
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  return withConfig(withLocales(hook, builtIn, sha256), sourceOf(config));
}

/** Only one of the files can sign. */
export const usesSes = ({ email }: Config) => email?.some(({ provider }) => provider === "ses") ?? false;
