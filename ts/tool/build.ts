/**
 * Builds the paste-in files in pkg/ from build/wasm.
 *
 * With --check it builds nothing, and its exit code is 1 when pkg/ was made from other sources.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { buildSync } from "esbuild";
import ts from "typescript";
import { assemble, type Parts } from "../assemble.ts";
import { chooseLocales } from "../locales.ts";
import { toBase85 } from "./base85.ts";
import { areCopied, sources } from "./sources.ts";

const WASM = "build/wasm/hook/authgear_invite_bg.wasm";
const PACKED = "build/wasm/hook/core.deflate";
const INFLATE = "build/wasm/inflate/authgear_invite_bg.wasm";
const HOOK_LIMIT = 48 * 1024;
const WASM_LIMIT = 47 * 1024;

/** The files that users copy, with the configuration at their top. */
const FILES = [
  {
    out: "pkg/hook.ts",
    entry: "ts/hook.ts",
    config: `{
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [{ provider: "resend", apiKey: "re_...", from: "Acme <no-reply@acme.example>" }],
}`,
  },
  {
    out: "pkg/hook-ses.ts",
    entry: "ts/hook-ses.ts",
    config: `{
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [
    {
      provider: "ses",
      region: "eu-west-1",
      accessKeyId: "AKIA...",
      secretAccessKey: "...",
      from: "Acme <no-reply@acme.example>",
    },
  ],
}`,
  },
];

const { values: options } = parseArgs({ options: { check: { type: "boolean" } } });
if (options.check) process.exit(isFresh() ? 0 : 1);
for (const file of FILES) write(file);

function write({ out, entry, config }: (typeof FILES)[number]) {
  const text = assemble(config, chooseLocales(["en"]), parts(entry), sha256);
  const [bytes, wasm] = [Buffer.byteLength(text), statSync(WASM).size];
  writeFileSync(out, text);
  console.log(`${out}: ${bytes} bytes (limit ${HOOK_LIMIT}); its wasm has ${wasm} (limit ${WASM_LIMIT})`);
  if (wasm > WASM_LIMIT || bytes > HOOK_LIMIT) {
    console.error(`${out} is over its limit`);
    process.exitCode = 1;
  }
}

function parts(entry: string): Parts {
  return {
    version: JSON.parse(readFileSync("package.json", "utf8")).version,
    sources: sources(),
    types: types(entry),
    code: bundle(entry),
    wasm: {
      inflate: readFileSync(INFLATE, "base64"),
      core: toBase85(readFileSync(PACKED)),
    },
  };
}

/** The types without their comments; a file that cannot sign does not know SES. */
function types(entry: string): string {
  const source = readFileSync("ts/config.ts", "utf8") + readFileSync("ts/hook-event.ts", "utf8");
  const file = ts.createSourceFile("config.ts", source, ts.ScriptTarget.ES2022);
  const printed = ts.createPrinter({ removeComments: true }).printFile(file);
  const own = printed
    .replaceAll("export type", "type")
    .replaceAll(/\n +/g, " ")
    .replaceAll(/;?\s\}/g, " }");
  return entry === "ts/hook-ses.ts" ? own : own.replace(/type SesSender = \{[^}]*\};/, "type SesSender = never;");
}

/** The body of a function that returns the module's `hook`. */
function bundle(entry: string): string {
  const result = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
  });
  const [code, name] = result.outputFiles[0]?.text.split(/export\{(\w+) as hook\};\s*$/) ?? [];
  if (!name) throw new Error(`${entry} exports more than hook`);
  return `"use strict";${code}return ${name}`;
}

/** Whether everything in pkg/ was made from today's sources. */
function isFresh(): boolean {
  const today = sources();
  const names = (file: string, line: string) => existsSync(file) && readFileSync(file, "utf8").includes(line);
  return (
    FILES.every(({ out }) => names(out, `// sources sha256 ${today}`)) &&
    names("pkg/package.json", `"sourcesSha256": "${today}"`) &&
    names("pkg/playground/index.html", `<!-- sources sha256 ${today} -->`) &&
    areCopied()
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
