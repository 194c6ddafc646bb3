/**
 * `make bench-size`: what pkg/ weighs, and what each provider and each language adds to the paste-in file. For a provider the
 * core is built without it: its bytes are what is then missing.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { withLocales } from "../../ts/assemble.ts";
import { BUILT_IN } from "../../ts/locales.ts";
import { toBase85 } from "../../ts/tool/base85.ts";
import { progress, Report } from "./report.ts";

const { values: options } = parseArgs({ options: { write: { type: "boolean", default: false } } });
const root = fileURLToPath(new URL("../../", import.meta.url));
const pkg = join(root, "pkg");
const read = (name: string) => readFileSync(join(pkg, name));
const bytes = (count: number) => count.toLocaleString("en");

/** A tree that the core can be built in without touching ours. */
const tree = join(root, "build/bench/tree");
rmSync(tree, { recursive: true, force: true });
mkdirSync(join(tree, "build"), { recursive: true });
for (const name of ["src", "Cargo.toml", "Cargo.lock", "ts"])
  cpSync(join(root, name), join(tree, name), { recursive: true });
for (const name of ["node_modules", "tests"]) symlinkSync(join(root, name), join(tree, name));
const MODULE = join(tree, "src/provider/mod.rs");
const providers = readFileSync(MODULE, "utf8");

/** The core's wasm in bytes, and as it stands in the paste-in file. */
function build(source: string): { wasm: number; file: number } {
  writeFileSync(MODULE, source);
  execFileSync("ts/tool/wasm.sh", ["hook", "build/hook"], { cwd: tree, stdio: "pipe" });
  const [wasm, packed] = ["authgear_invite_bg.wasm", "core.deflate"].map((name) =>
    readFileSync(join(tree, "build/hook", name)),
  ) as [Buffer, Buffer];
  return { wasm: wasm.length, file: toBase85(packed).length };
}

const listed = /&(\w+)::([A-Z]+),?/g;
const names = [...providers.matchAll(listed)].flatMap(([, name = "", item]) =>
  name.toUpperCase() === item ? [name] : [],
);
progress(`the core with all ${names.length} providers`);
const whole = build(providers);
const added = names.map((name, i) => {
  progress(`${i + 1} of ${names.length}: the core without ${name}`);
  const without = build(providers.replaceAll(listed, (entry, module) => (module === name ? "" : entry)));
  return { name, wasm: whole.wasm - without.wasm, file: whole.file - without.file };
});
progress("");

const report = new Report("size", "What it weighs", "make bench-size");
const files = readdirSync(pkg, { recursive: true, encoding: "utf8" }).filter(
  (name) => /\.(js|wasm|html|ts)$/.test(name) && !name.endsWith(".d.ts"),
);
report.table("Files of pkg/, in bytes", [
  ["", "as it is", "gzip"],
  ...files.sort().map((name) => [name, bytes(read(name).length), bytes(gzipSync(read(name), { level: 9 }).length)]),
]);
report.table("Wasm, by the crate's feature, in bytes", [
  ["", "size"],
  ...["hook", "inflate", "npm"].map((feature) => [
    feature,
    bytes(readFileSync(join(root, `build/wasm/${feature}/authgear_invite_bg.wasm`)).length),
  ]),
]);
report.table("What a provider adds to the core of the paste-in file, in bytes", [
  ["", "wasm", "in the file"],
  ...added.map(({ name, wasm, file }) => [name, bytes(wasm), bytes(file)]),
  ["all", bytes(added.reduce((sum, { wasm }) => sum + wasm, 0)), bytes(added.reduce((sum, { file }) => sum + file, 0))],
]);
const hook = read("hook.ts").toString();
const english = withLocales(hook, { en: BUILT_IN.en }, () => "0".repeat(64)).length;
report.table("What a language, and signing for Amazon SES, add to the paste-in file, in bytes", [
  ["", "in the file"],
  ...Object.entries(BUILT_IN)
    .filter(([locale]) => locale !== "en")
    .map(([locale, texts]) => [
      locale,
      bytes(withLocales(hook, { en: BUILT_IN.en, [locale]: texts }, () => "0".repeat(64)).length - english),
    ]),
  ["Amazon SES", bytes(read("hook-ses.ts").length - hook.length)],
]);
if (options.write) report.write();
