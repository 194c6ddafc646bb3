/** How large the paste-in files are, and what they are made of. */
import { readdirSync, readFileSync } from "node:fs";

const LOCALES = new URL("../../src/locales/", import.meta.url);

/** The parts of a paste-in file that ts/assemble.ts puts there; what remains is comments, configuration and seams. */
const PARTS: { [part: string]: RegExp } = {
  types: /^type Config = [^]*?(?=^export default)/m,
  code: /(?<=^\/\/ @ts-ignore\n)[^]+$/m,
  texts: /(?<=^const builtin = String\.raw`)[^`]*/m,
  wasm: /(?<=^const wasm = ")[^"]*/m,
};

export type Sizes = { total: number; wasm: number; parts: { [part: string]: number } };

export function sizesOf(source: string): Sizes {
  const total = Buffer.byteLength(source);
  const parts: Sizes["parts"] = {};
  for (const [part, pattern] of Object.entries(PARTS)) parts[part] = Buffer.byteLength(find(source, part, pattern));
  const known = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
  const base64 = find(source, "wasm", PARTS.wasm as RegExp);
  return { total, wasm: Buffer.from(base64, "base64").length, parts: { ...parts, "all else": total - known } };
}

/** Bytes that the built-in texts of each locale add to a paste-in file. */
export function sizesOfLocales(): { [locale: string]: number } {
  const files = readdirSync(LOCALES).sort();
  const size = (file: string) => Buffer.byteLength(JSON.stringify(JSON.parse(readFileSync(new URL(file, LOCALES), "utf8"))));
  return Object.fromEntries(files.map((file) => [file.replace(".json", ""), size(file)]));
}

function find(source: string, part: string, pattern: RegExp): string {
  const [found] = pattern.exec(source) ?? [];
  if (found === undefined) throw new Error(`the paste-in file has no ${part} where ts/assemble.ts puts them`);
  return found;
}
