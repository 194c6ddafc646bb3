/**
 * Builds the playground into pkg/playground/: one page with all that it needs, and the editor, which is loaded when it is
 * first needed. Both work from `file://`, so the scripts are classic ones. Needs the rest of pkg/, and build/wasm/npm.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { sources } from "./sources.ts";

const OUT = "pkg/playground";
const SOURCE = "ts/playground";
const WASM = "build/wasm/npm/authgear_invite_bg.wasm";
const HOOKS = ["hook.ts", "hook-ses.ts"];

const COMMON = {
  write: false,
  minify: true,
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
} satisfies BuildOptions;

const editor = await bundle(`${SOURCE}/editor.ts`);
const script = await bundle(`${SOURCE}/main.tsx`);
const style = await minifyStyle();
const page = readFileSync(`${SOURCE}/index.html`, "utf8")
  .replace("default-src 'none'", policy(script))
  .replace("<style></style>", () => `<style>\n${style}</style>`)
  .replace("<script></script>", () => `<script>\n${script}</script>`)
  .replace("<html", `<!-- sources sha256 ${sources()} -->\n<html`);

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
for (const [name, text] of Object.entries({ "index.html": page, "editor.js": editor })) {
  writeFileSync(`${OUT}/${name}`, text);
  console.log(`${OUT}/${name}: ${Buffer.byteLength(text)} bytes, ${gzipSync(text, { level: 9 }).length} compressed`);
}

/**
 * Nothing may be fetched. The script is named by its hash; the editor is a file beside the page, which from `file://` no
 * hash can name. Styles are free, since those of a mail stand in its elements.
 */
function policy(script: string): string {
  const hash = createHash("sha256").update(`\n${script}`).digest("base64");
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}' 'self' 'wasm-unsafe-eval'`,
    "style-src 'unsafe-inline'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    ...COMMON,
    entryPoints: [entry],
    bundle: true,
    format: "iife",
    jsx: "automatic",
    jsxImportSource: "preact",
    mainFields: ["module", "main"],
    plugins: [carried(), inPage()],
  });
  // In a page these would end the script.
  return (outputFiles?.[0]?.text ?? "").replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}

async function minifyStyle(): Promise<string> {
  const { outputFiles } = await build({ ...COMMON, entryPoints: [`${SOURCE}/style.css`] });
  return outputFiles?.[0]?.text ?? "";
}

/** The wasm and the paste-in files, deflated. */
function carried(): Plugin {
  const pack = (data: string | Buffer) => deflateRawSync(data, { level: 9 }).toString("base64");
  const contents = () => {
    const hooks = Object.fromEntries(HOOKS.map((name) => [name, readFileSync(`pkg/${name}`, "utf8")]));
    const values = { wasm: pack(readFileSync(WASM)), hooks: pack(JSON.stringify(hooks)), editor: "editor.js" };
    return Object.entries(values)
      .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
      .join("\n");
  };
  return {
    name: "carried",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^carried$/ }, () => ({ path: "carried", namespace: "carried" }));
      onLoad({ filter: /./, namespace: "carried" }, () => ({ contents: contents() }));
    },
  };
}

/** The page unpacks its wasm by itself. */
function inPage(): Plugin {
  return {
    name: "in-page",
    setup: ({ onResolve }) =>
      onResolve({ filter: /^\.\/module\.ts$/ }, ({ resolveDir }) =>
        resolveDir === resolve("ts") ? { path: resolve(SOURCE, "module.ts") } : undefined,
      ),
  };
}
