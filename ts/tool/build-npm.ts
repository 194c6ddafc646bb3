/**
 * Builds the npm package into pkg/, beside the paste-in files, from build/wasm/npm.
 *
 * Its modules are built twice: for all hosts, with the WebAssembly inline, and into pkg/workerd/ for Cloudflare's workerd,
 * which wants it as an import.
 */
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";
import { configSchema } from "./schema.ts";
import { COPIES, copyOf, PASTE_IN, sources } from "./sources.ts";
import { thirdParty } from "./third-party.ts";

const WASM = "build/wasm/npm";
/** What of pkg/ others build. */
const OTHERS = [...PASTE_IN, "playground"];
const COMMAND = "ts/cli/main.ts";

/** What can be imported; `node` has no use in workerd. */
const MODULES = present({
  index: "ts/index.ts",
  admin: "ts/admin.ts",
  webhook: "ts/webhook.ts",
  worker: "ts/worker.ts",
  node: "ts/node.ts",
});
const { node: _, ...WORKERD_MODULES } = MODULES;

/** The part of the package that only the command needs may use packages of npm, which become part of it. */
const HOSTS_OWN = ["node:*", "cloudflare:*", ...builtinModules];

for (const name of readdirSync("pkg")) if (!OTHERS.includes(name)) rmSync(`pkg/${name}`, { recursive: true });
const inputs = await bundle("pkg", { ...MODULES, ...present({ cli: COMMAND }) }, inlineWasm());
await bundle("pkg/workerd", WORKERD_MODULES, forWorkerd());
await declare(MODULES);
copyFileSync(`${WASM}/base64.js`, "pkg/core.js");
copyFileSync(`${WASM}/authgear_invite_bg.wasm`, "pkg/core.wasm");
writeFileSync("pkg/core.wasm.d.ts", "declare const core: WebAssembly.Module;\nexport default core;\n");
writeFileSync("pkg/config.schema.json", `${JSON.stringify(configSchema(), null, 2)}\n`);
for (const name of COPIES) writeFileSync(`pkg/${name}`, copyOf(name));
const { notice, sbom } = thirdParty(inputs, JSON.parse(readFileSync("package.json", "utf8")));
writeFileSync("pkg/THIRD-PARTY.md", notice);
writeFileSync("pkg/sbom.cdx.json", sbom);
writeFileSync("pkg/package.json", `${JSON.stringify(manifest(), null, 2)}\n`);

type Entries = { [name: string]: string };

function present(entries: Entries): Entries {
  return Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(path)));
}

async function bundle(outdir: string, entryPoints: Entries, wasm: Plugin) {
  const { metafile } = await build({
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    external: HOSTS_OWN,
    plugins: [wasm],
    metafile: true,
  });
  const sizes = Object.entries(metafile.outputs).map(([file, { bytes }]) => `${file} ${bytes}`);
  console.log(sizes.join(", "));
  return Object.keys(metafile.inputs);
}

/** The WebAssembly in base64 stays a file of its own. */
function inlineWasm(): Plugin {
  return {
    name: "inline-wasm",
    setup: ({ onResolve }) => onResolve({ filter: /\/base64\.js$/ }, () => ({ path: "./core.js", external: true })),
  };
}

/** In workerd a file like `module.workerd.ts` stands in for `module.ts`. */
function forWorkerd(): Plugin {
  return {
    name: "for-workerd",
    setup: ({ onResolve }) => {
      onResolve({ filter: /\.ts$/ }, ({ path, resolveDir }) => {
        const own = resolve(resolveDir, path.replace(/\.ts$/, ".workerd.ts"));
        return existsSync(own) ? { path: own } : undefined;
      });
      onResolve({ filter: /\/core\.wasm$/ }, () => ({ path: "../core.wasm", external: true }));
    },
  };
}

/** Declarations that need no other package; what several modules share is in files of their own. */
async function declare(input: Entries) {
  const bundle = await rollup({
    input,
    plugins: [dts({ tsconfig: "tsconfig.json" })],
    external: /^(node|cloudflare):/,
  });
  await bundle.write({ dir: "pkg", entryFileNames: "[name].d.ts", chunkFileNames: "[name]-[hash].d.ts" });
  await bundle.close();
}

function manifest() {
  const { name, version, description, license, type, engines, devDependencies } = JSON.parse(
    readFileSync("package.json", "utf8"),
  );
  const hasCommand = existsSync(COMMAND);
  return {
    name,
    version,
    description,
    keywords: ["authgear", "invitation", "email", "sms", "webhook", "webassembly"],
    license,
    type,
    engines,
    sideEffects: false,
    exports: {
      ...Object.fromEntries(Object.keys(MODULES).map((it) => [it === "index" ? "." : `./${it}`, conditions(it)])),
      "./core.wasm": { types: "./core.wasm.d.ts", default: "./core.wasm" },
      "./config.schema.json": "./config.schema.json",
      "./package.json": "./package.json",
    },
    ...(hasCommand && { bin: { [name]: "cli.js" } }),
    // `serve` keeps events in SQLite: Node's own from 22.13 on, before that this one's.
    peerDependencies: { libsql: `^${devDependencies.libsql}` },
    peerDependenciesMeta: { libsql: { optional: true } },
    files: [
      "*.js",
      "*.d.ts",
      "workerd",
      "core.wasm",
      "config.schema.json",
      "sbom.cdx.json",
      "THIRD-PARTY.md",
      ...PASTE_IN,
      ...COPIES,
    ],
    sourcesSha256: sources(),
  };
}

function conditions(name: string) {
  return {
    types: `./${name}.d.ts`,
    ...(name in WORKERD_MODULES && { workerd: `./workerd/${name}.js` }),
    default: `./${name}.js`,
  };
}
