/** Puts the paste-in file together: text in, text out, so that a command, a page and the build can all do it. */

/** The parts of the file that are the same for every configuration. */
export type Parts = {
  version: string;
  /** What identifies the sources that the parts were made from. */
  sources: string;
  /** The types of the configuration. */
  types: string;
  /** One line of JavaScript that declares `invite`. */
  code: string;
  /** The core, in base64. */
  wasm: string;
};

/** The built-in texts by locale and message. */
export type Locales = { [locale: string]: unknown };

/** The line under which everything is generated. */
export const GENERATED = "// ---- Generated: nothing below needs a change.";

/**
 * The paste-in file. `config` is the source text of the object literal; its last line must be the closing brace.
 * `sha256` hashes what stands below the line that names the hash.
 */
export function assemble(config: string, locales: Locales, parts: Parts, sha256: (text: string) => string): string {
  const builtin = JSON.stringify(locales);
  if (/`|\$\{/.test(builtin)) throw new Error("the built-in texts hold a backtick or ${, which a raw string cannot");
  const body = `${parts.types.trim()}

export default async function (event: HookEvent): Promise<void> {
  // @ts-ignore: plain JavaScript from here on
  return await invite.hook(event, config, builtin, wasm);
}

const builtin = String.raw\`${builtin}\`;
const wasm = "${parts.wasm}";
// @ts-ignore
${parts.code.trim()}
`;
  return `// authgear-invite: tells the owner of an account that an admin created how to get in.
// 1. Fill in your name, URL and sender. 2. Paste this whole file into Authgear's Portal > Advanced > Hooks, as a
// TypeScript hook for user.created. All options are in the README.
const config: Config = ${config.trim()};

${GENERATED}
// authgear-invite ${parts.version}, MIT OR Apache-2.0. \`make build\` in its repository makes this file again.
// sources sha256 ${parts.sources}
// below   sha256 ${sha256(body)}
${body}`;
}
