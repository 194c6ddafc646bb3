/** JSON that somebody wrote by hand. */
import { readFileSync } from "node:fs";
import { parseJson } from "../json-text.ts";

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
  return parseJson(text);
}
