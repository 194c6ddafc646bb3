/** What the package carries of others, and that nothing else comes in. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "./project.ts";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const sbom = JSON.parse(read("pkg/sbom.cdx.json"));
type Part = {
  name: string;
  version: string;
  purl: string;
  hashes: { content: string }[];
  licenses: { expression: string }[];
};
const parts: Part[] = sbom.components;

test("what is bundled is what THIRD-PARTY.md and the SBOM list", () => {
  // esbuild writes the name of each file over its code.
  const modules = (readdirSync(join(ROOT, "pkg"), { recursive: true }) as string[]).filter((it) => it.endsWith(".js"));
  const named = modules.flatMap((it) => [...read(`pkg/${it}`).matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)/gm)]);
  const bundled = new Set(named.map(([, name]) => name));
  const listed = parts.filter(({ purl }) => purl.startsWith("pkg:npm/")).map(({ name }) => name);
  assert.deepEqual([...bundled].sort(), listed.sort());
  assert.ok(bundled.size > 0, "the command bundles something");

  // The paste-in files are minified: nothing but the shim may be in them.
  const pasted = read("ts/hook.ts") + read("ts/hook-ses.ts");
  for (const [, from = ""] of pasted.matchAll(/from "([^"]+)"/g)) assert.match(from, /^\.\//);

  const notice = read("pkg/THIRD-PARTY.md");
  for (const { name, version } of parts) assert.ok(notice.split(`${name} ${version}`).length > 2, `${name} ${version}`);
});

test("the SBOM has the crates that the core needs, under licences that allow it, with Cargo.lock's hashes", () => {
  const names = parts.map(({ name }) => name);
  for (const name of ["bumpalo", "hmac", "sha2", "wasm-bindgen", "serde", "lol_alloc"])
    assert.ok(names.includes(name), name);
  for (const name of ["proptest", "syn", "wasm-bindgen-macro", "serde_json"]) assert.ok(!names.includes(name), name);
  const lock = read("Cargo.lock");
  for (const { name, purl, hashes, licenses } of parts) {
    if (purl.startsWith("pkg:cargo/")) assert.ok(lock.includes(`checksum = "${hashes[0]?.content}"`), name);
    assert.match(licenses[0]?.expression ?? "", /\b(MIT|Apache-2\.0)\b/, name);
  }
});

test("make help has its targets in one column, and what they do in another", () => {
  const lines = execFileSync("make", ["help"], { cwd: ROOT, encoding: "utf8" }).trimEnd().split("\n");
  const columns = lines.map((line) => /^ {2}make [\w-]+ +/.exec(line)?.[0].length);
  assert.ok(lines.length > 10);
  assert.deepEqual([...new Set(columns)].length, 1, lines.join("\n"));
});

test("the SBOM has no time and no chance in it", () => {
  assert.deepEqual(Object.keys(sbom), [
    "bomFormat",
    "specVersion",
    "version",
    "metadata",
    "components",
    "dependencies",
  ]);
  assert.deepEqual(Object.keys(sbom.metadata), ["component"]);
  const refs: string[] = parts.map(({ purl }) => purl);
  assert.deepEqual(refs, [...refs].sort());
  for (const { ref, dependsOn } of sbom.dependencies)
    for (const it of [ref, ...dependsOn]) assert.ok(refs.includes(it) || it === sbom.metadata.component.purl, it);
});

test("every dependency is locked, with its hash, from a registry", () => {
  const packages: { [path: string]: { integrity?: string; resolved?: string; link?: boolean } } = JSON.parse(
    read("package-lock.json"),
  ).packages;
  for (const [path, { integrity, resolved }] of Object.entries(packages)) {
    if (path === "") continue;
    assert.match(integrity ?? "", /^sha512-/, path);
    if (resolved) assert.match(resolved, /^https:\/\//, path);
  }
  for (const [, block = ""] of read("Cargo.lock").matchAll(/\[\[package\]\]\n([^[]*)/g)) {
    if (block.startsWith('name = "authgear-invite"')) continue;
    assert.match(block, /\nsource = "registry\+https:/);
    assert.match(block, /\nchecksum = "[0-9a-f]{64}"/);
  }
});
