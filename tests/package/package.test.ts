/** The package as others see it: its files, its entry points, its types. */
import assert from "node:assert/strict";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { install, type Packed, pack, ROOT, run, write } from "./project.ts";

/** Bytes of the tarball, which holds the WebAssembly twice, plain and in base64, and the paste-in files. */
const SIZE_LIMIT = 544 * 1024;
/** Bytes of the WebAssembly, and of all that `import "authgear-invite"` loads, gzipped. */
const WASM_LIMIT = 272 * 1024;
const IMPORT_LIMIT = 176 * 1024;
/** Bytes of any one module beside the WebAssembly and the command. */
const MODULE_LIMIT = 70 * 1024;

let packed: Packed;
let project: string;
let manifest: { exports: { [path: string]: unknown }; bin?: object; dependencies?: object; scripts?: object };

before(async () => {
  packed = await pack();
  project = await install(packed.tarball);
  manifest = JSON.parse(readFileSync(join(project, "node_modules/authgear-invite/package.json"), "utf8"));
});

describe("the tarball", () => {
  test("holds what is needed and nothing else", (t) => {
    const named = (path: string) => path.replace(/-[\w-]{8}\.(js|d\.ts)$/, "-HASH.$1");
    const entries = Object.keys(manifest.exports)
      .filter((path) => /^\.(\/\w+)?$/.test(path))
      .map((path) => path.slice(2) || "index");
    const modules = entries.flatMap((name) => [`${name}.js`, `${name}.d.ts`]);
    const workerd = entries.filter((name) => name !== "node").map((name) => `workerd/${name}.js`);
    const command = manifest.bin ? ["cli.js"] : [];
    const texts = ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json", "hook.ts", "hook-ses.ts"];
    const shared = ["chunk-HASH.js", "workerd/chunk-HASH.js"];
    const expected = [
      ...modules,
      ...workerd,
      ...command,
      ...texts,
      ...shared,
      "core.js",
      "core.wasm",
      "core.wasm.d.ts",
      "config.schema.json",
      "sbom.cdx.json",
      "THIRD-PARTY.md",
    ];
    const isSharedType = (path: string) => /^[\w.]+-HASH\.d\.ts$/.test(path);
    const found = new Set(packed.files.map(named).filter((path) => !isSharedType(path)));
    assert.deepEqual([...found].sort(), [...new Set(expected)].sort());
    t.diagnostic(`${packed.files.length} files, ${packed.size} bytes packed`);
    assert.ok(packed.size < SIZE_LIMIT, `${packed.size} bytes`);
  });

  test("has a README whose links lead somewhere", () => {
    const text = readFileSync(join(project, "node_modules/authgear-invite/README.md"), "utf8");
    const links = [...text.matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map(([, path = ""]) => path);
    assert.deepEqual([...new Set(links)].sort(), ["hook-ses.ts", "hook.ts"]);
    assert.ok(text.includes("SECURITY.md has the threat model"));
  });

  test("needs no other package and runs nothing on install", () => {
    assert.equal(manifest.dependencies, undefined);
    assert.equal(manifest.scripts, undefined);
  });

  test("carries the WebAssembly once in its modules, and nothing else that is large", () => {
    const read = (name: string) => readFileSync(join(project, "node_modules/authgear-invite", name));
    const [, base64 = ""] = /"([\w+/=]+)"/.exec(read("core.js").toString()) ?? [];
    assert.ok(Buffer.from(base64, "base64").equals(read("core.wasm")));
    for (const name of packed.files.filter((path) => path.endsWith(".js") && path !== "core.js" && path !== "cli.js"))
      assert.ok(read(name).length < MODULE_LIMIT, `${name}: ${read(name).length} bytes`);
  });

  test("stays within its bounds: the WebAssembly, and what an import loads", (t) => {
    const folder = join(project, "node_modules/authgear-invite");
    const loaded = new Set<string>();
    const load = (name: string) => {
      if (loaded.has(name)) return;
      loaded.add(name);
      const text = readFileSync(join(folder, name), "utf8");
      for (const [, next = ""] of text.matchAll(/\b(?:from|import)\s*\(?"\.\/([^"]+)"/g)) load(next);
    };
    load("index.js");
    assert.ok(loaded.has("core.js"), [...loaded].join(", "));
    const wasm = readFileSync(join(folder, "core.wasm")).length;
    const gzipped = [...loaded].reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0);
    t.diagnostic(`core.wasm ${wasm} bytes; import: ${loaded.size} files, ${gzipped} bytes gzipped`);
    assert.ok(wasm < WASM_LIMIT, `core.wasm: ${wasm} bytes`);
    assert.ok(gzipped < IMPORT_LIMIT, `${[...loaded].join(", ")}: ${gzipped} bytes gzipped`);
  });

  test("names no path of the machine that built it", () => {
    for (const name of packed.files) {
      const text = readFileSync(join(project, "node_modules/authgear-invite", name), "latin1");
      assert.ok(!text.includes(ROOT.replace(/\/$/, "")), name);
    }
  });
});

test("publint finds nothing", async () => {
  const { messages, pkg } = await publint({ pkgDir: join(ROOT, "pkg"), level: "suggestion", strict: true });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg)),
    [],
  );
});

test("are the types wrong? finds nothing, for what loads ES modules", async () => {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(packed.tarball))));
  assert.ok(analysis.types, "it has types");
  // The profile `esm-only`: no resolution from before `exports`, no require().
  const ignored = new Set(["node10", "node16-cjs"]);
  const problems = analysis.problems.filter((it) => !("resolutionKind" in it && ignored.has(it.resolutionKind)));
  assert.deepEqual(problems, []);
});

describe("the types", { concurrency: true }, () => {
  before(() => {
    write(project, { "consumer.mts": readFileSync(new URL("consumer.ts", import.meta.url), "utf8") });
    symlinkSync(join(ROOT, "node_modules/@types"), join(project, "types"));
  });

  const compile = async (compiler: string, options: string) => {
    const tsc = join(ROOT, "node_modules", compiler, "bin/tsc");
    const always = "--noEmit --strict --exactOptionalPropertyTypes --target es2022 --typeRoots types --types node";
    await run(process.execPath, [tsc, ...`${always} ${options} consumer.mts`.split(" ")], project);
  };

  test("TypeScript 5.9, by a bundler, without the DOM", () =>
    compile("typescript", "--module esnext --moduleResolution bundler --lib es2022"));

  test("TypeScript 5.3, by Node, with the DOM", () =>
    compile("typescript-5.3", "--module nodenext --moduleResolution nodenext --lib es2022,dom"));
});
