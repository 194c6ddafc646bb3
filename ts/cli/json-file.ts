/** JSON that somebody wrote by hand. */
import { readFileSync } from "node:fs";
import { type ParseError, parse } from "jsonc-parser/lib/esm/main.js";

/** The content of a JSON file, or what is wrong with it; `option` is what names the file on the command line. */
export function readJson(file: string, option: string): { json: unknown } | { wrong: string } {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { wrong: `there is no such file; name it with ${option}` };
    return { wrong: code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "is not UTF-8 text" : `cannot be read (${code})` };
  }
  const errors: ParseError[] = [];
  const json: unknown = parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (!first) return { json };
  const before = text.slice(0, first.offset).split("\n");
  return { wrong: `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: is no JSON from here on` };
}
