/** Puts the paste-in file together: text in, text out, so that a command, a page and the build can all do it. */
import type { Packed } from "./load.ts";
import { BLOCKING } from "./run.ts";

/** The parts of the file that are the same for every configuration. */
export type Parts = {
  version: string;
  /** What identifies the sources that the parts were made from. */
  sources: string;
  /** The types of the configuration. */
  types: string;
  /** JavaScript that returns what handles an event. */
  code: string;
  /** The core, which is to be unpacked when it is needed. */
  wasm: Packed;
};

/** The built-in texts by locale and message. */
export type Locales = { [locale: string]: unknown };

/**
 * The paste-in file. `config` is the source text of the object literal; its last line must be the closing brace.
 * `sha256` hashes what stands below the line that names the hash.
 */
export function assemble(config: string, locales: Locales, parts: Parts, sha256: (text: string) => string): string {
  const body = `${parts.types.trim()}

// The code is a string, so that events which need none of it cost little: Deno transpiles this file on every run.
export default async function (event: HookEvent): Promise<void> {
  const type = \`\${event?.type}\`;
  if (${BLOCKING}.test(type)) return { is_allowed: true } as unknown as undefined;
  const rules = (config.rules ?? [{ on: "user.created" } as Rule]).filter((rule) => rule.on === type);
  if (!rules.length) return;
  const { triggered_by } = (event.context ?? {}) as { triggered_by: never };
  if (!config.receipt && !rules.some((rule) => (rule.when?.triggeredBy ?? ["admin_api"]).includes(triggered_by))) {
    return console.log(JSON.stringify({
      "authgear-invite": "skipped",
      event: event.id,
      reason: "triggered_by",
      detail: "the rule does not name who triggered the event (the default is admin_api)",
    }));
  }
  await new Function(code)()(event, config, texts, wasm);
}

const texts = ${literal(textsOf(locales))};
const code = ${literal(parts.code.trim())};
const wasm = {
  inflate: "${parts.wasm.inflate}",
  core: "${parts.wasm.core}",
};
`;
  // A file that begins with a line comment costs Deno 0.5 ms more, to look for references to types in it.
  return `/*
authgear-invite: tells the owner of an account that an admin created how to get in.
1. Fill in your name, URL and sender. 2. Paste this whole file into Authgear's Portal > Advanced > Hooks, as a
TypeScript hook for user.created. All options are in the README.
*/
const config: Config = ${config.trim()};

// ---- Generated: nothing below needs a change.
// authgear-invite ${parts.version}, MIT OR Apache-2.0. \`make build\` in its repository makes this file again.
// sources sha256 ${parts.sources}
// below   sha256 ${sha256(body)}
${body}`;
}

/** The same paste-in file with other built-in texts. */
export function withLocales(hook: string, locales: Locales, sha256: (text: string) => string): string {
  const [head = "", body = ""] = hook.split(/(?<=^\/\/ below {3}sha256 )[0-9a-f]{64}\n/m);
  const changed = body.replace(/^const texts = .*$/m, () => `const texts = ${literal(textsOf(locales))};`);
  return `${head}${sha256(changed)}\n${changed}`;
}

/** The same paste-in file with another configuration, see {@link assemble}. */
export function withConfig(hook: string, config: string): string {
  return hook.replace(/^(const config: Config = )[\s\S]*?(?=;\n\n\/\/ ---- Generated:)/m, (_, name) => name + config);
}

/** The message with a password is the command's alone: no event leads to it. */
function textsOf(locales: Locales): string {
  return JSON.stringify(locales, (name, value) => (name === "password" ? undefined : value));
}

/** JSON's values as the source text of a literal, in ASCII. Keys without a value are left out: types know no `null`. */
export function sourceOf(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null) return toAscii(JSON.stringify(value));
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((it) => sourceOf(it, inner))
    : Object.entries(value).flatMap(([key, it]) => (it == null ? [] : [`${keyOf(key)}: ${sourceOf(it, inner)}`]));
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return lines.length === 0 ? `${open}${close}` : `${open}\n${inner}${lines.join(`,\n${inner}`)},\n${indent}${close}`;
}

/** In a literal the name `__proto__` alone would be no key. */
function keyOf(key: string): string {
  if (key === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : toAscii(JSON.stringify(key));
}

/**
 * A string literal; both texts hold more double quotes than single ones. In ASCII, since V8 keeps a file with other
 * characters at twice its size, and longer to read.
 */
function literal(text: string): string {
  return `'${toAscii(text.replace(/[\\']/g, "\\$&").replace(/\n/g, "\\n"))}'`;
}

function toAscii(literal: string): string {
  return literal.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
