/** SECURITY.md names the tests that hold each of its lines. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const page = readFileSync(root("SECURITY.md"), "utf8");
const named = [...page.matchAll(/`(tests\/[\w./-]+): ([^`]+)`/g)].map(([, file = "", name = ""]) => ({ file, name }));

/** A test of this name: a string or a template in TypeScript, a function in Rust. */
function holds(source: string, file: string, name: string): boolean {
  if (file.endsWith(".rs")) return new RegExp(`fn ${name}\\(`).test(source);
  return ['"', "`"].some(
    (quote) => new RegExp(`\\b(test|it)\\(\\s*${quote}`).test(source) && source.includes(quote + name + quote),
  );
}

test("every test that SECURITY.md names is there", () => {
  assert.ok(named.length > 50, `${named.length} names`);
  const missing = named.filter(
    ({ file, name }) => !existsSync(root(file)) || !holds(readFileSync(root(file), "utf8"), file, name),
  );
  assert.deepEqual(missing, []);
});

test("every line of a threat names a test, or says that none can", () => {
  const rows = page.split("\n").filter((line) => /^\| .* \|.*\|.*\|$/.test(line));
  const threats = rows.filter((row) => row.split(" | ").length === 3 && !/ \| tests \|$/.test(row));
  assert.ok(threats.length > 30, `${threats.length} lines`);
  for (const row of threats) assert.match(row, /`tests\/|\| – \|$/);
});
