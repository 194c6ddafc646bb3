/** JSON that somebody wrote by hand. */
import { type ParseError, parse } from "jsonc-parser/lib/esm/main.js";

/** What a text holds, or where it stops to be JSON. */
export function parseJson(text: string): { json: unknown } | { wrong: string; offset: number } {
  try {
    return { json: JSON.parse(text) };
  } catch {
    const errors: ParseError[] = [];
    parse(text, errors, { disallowComments: true, allowTrailingComma: false });
    const offset = errors[0]?.offset ?? 0;
    const { line, column } = placeOf(text, offset);
    return { wrong: `line ${line}, column ${column}: is no JSON from here on`, offset };
  }
}

/** Line and column, counted from one. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
