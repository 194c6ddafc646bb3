/**
 * The installed package in every host that it is made for. Each runs the same program against a mail API on loopback, and
 * must decide what the core does and send, byte for byte, what the paste-in file sends.
 */
import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, extname, join } from "node:path";
import { text } from "node:stream/consumers";
import { before, test } from "node:test";
import { build as esbuild } from "esbuild";
import { Miniflare } from "miniflare";
import { chromium } from "playwright-core";
import { build as vite } from "vite";
import type { Config } from "../../ts/config.ts";
import { deno1, deno2, host, type Runtime, runHook, withConfig } from "../deno/contract.ts";
import { guide } from "../fixtures/events.ts";
import { decide } from "../node/core.ts";
import { MailApi } from "../servers/mail-api.ts";
import { install, pack, ROOT, run, write } from "./project.ts";

const KEY = "re_8dYq2wXvTn_6LrKc4Zb1Hs9Jm";
const MODULES = join(ROOT, "node_modules");
const HEADERS = ["accept", "authorization", "content-type", "idempotency-key"];
const CHROMIUM_ARGS: string[] = JSON.parse(readFileSync(join(ROOT, "ts/tool/webdriver.json"), "utf8"))[
  "goog:chromeOptions"
].args;

let project: string;
let expected: Bytes;

before(async () => {
  project = await install((await pack()).tarball);
  write(project, {
    "program.js": readFileSync(new URL("program.js", import.meta.url), "utf8"),
    "main.mjs": MAIN,
    "main.cjs": `
      const input = JSON.parse(process.argv[2]);
      Promise.all([import("authgear-invite"), import("./program.js")])
        .then(([invite, { main }]) => main(invite, input))
        .then((result) => console.log(JSON.stringify(result)));`,
  });
  const api = await new MailApi({ key: KEY }).start();
  const hook = withConfig(readFileSync(join(ROOT, "pkg/hook.ts"), "utf8"), configFor(api.url));
  const { code, stderr } = await runHook(deno1, hook, guide, { net: [host(api.url)] });
  assert.equal(code, 0, stderr);
  expected = bytes(api);
  await api.stop();
});

/** For hosts with a command line: the input is its argument. */
const MAIN = `
  import * as invite from "authgear-invite";
  import { main } from "./program.js";
  const input = globalThis.Deno?.args[0] ?? process.argv[2];
  console.log(JSON.stringify(await main(invite, JSON.parse(input))));`;

type Input = { config: Config; event: unknown };
type Bytes = { path: string; body: string; headers: unknown };

const configFor = (endpoint: string) => ({
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [{ provider: "resend" as const, apiKey: KEY, from: "Acme <no-reply@acme.example>", endpoint }],
});

function bytes(api: MailApi): Bytes {
  assert.deepEqual(
    api.requests.map(({ method, status }) => [method, status]),
    [["POST", 200]],
  );
  const [{ path, body, headers }] = api.requests as [MailApi["requests"][number]];
  return { path, body, headers: HEADERS.map((name) => headers[name]) };
}

/** A test of one host. `start` runs the program; what it asks of the endpoint ends at the mail API. */
function hostTest(name: string, start: (input: Input, api: MailApi) => Promise<string>, skip?: string | false) {
  test(name, { skip }, async (t) => {
    const api = await new MailApi({ key: KEY }).start();
    try {
      const began = performance.now();
      const input = { config: configFor(api.url), event: guide };
      const { decision, outcome } = JSON.parse(await start(input, api));
      t.diagnostic(`${Math.round(performance.now() - began)} ms`);
      assert.deepEqual(outcome.outcome, "sent", JSON.stringify(outcome));
      const endpoint = new URL(decision.attempts[0].request.url).origin;
      assert.deepEqual(decision, JSON.parse(JSON.stringify(decide(guide, configFor(endpoint)))));
      assert.deepEqual(bytes(api), expected);
    } finally {
      await api.stop();
    }
  });
}

const program = (path: string, ...args: string[]) => {
  return async (input: Input) => (await run(path, [...args, JSON.stringify(input)], project)).stdout;
};

hostTest("Node, as an ES module", program(process.execPath, "main.mjs"));
hostTest("Node, from CommonJS", program(process.execPath, "main.cjs"));

const deno = ({ path }: Runtime, option: string) =>
  program(
    path,
    "run",
    "--quiet",
    "--no-prompt",
    "--no-remote",
    option,
    "--allow-net=127.0.0.1",
    "--allow-read=.",
    "main.mjs",
  );
hostTest(deno1.name, deno(deno1, "--unstable-byonm"));
hostTest(deno2.name, deno(deno2, "--node-modules-dir=manual"));

hostTest("Bun", async (input) => program(bun(), "run", "main.mjs")(input));

/** npm may refuse to run the script that puts the binary into its place. */
function bun(): string {
  const platforms = readdirSync(join(MODULES, "@oven")).map((name) => `@oven/${name}/bin/bun`);
  const binary = ["bun/bin/bun.exe", ...platforms].map((path) => join(MODULES, path)).find(isProgram);
  assert.ok(binary, "npm installed no Bun for this machine");
  chmodSync(binary, 0o755);
  return binary;
}

/** What npm puts in the place of a binary that is not there is a short text. */
const isProgram = (path: string) => existsSync(path) && statSync(path).size > 1_000_000;

hostTest("workerd, by its condition", async (input) => {
  const contents = `
    import * as invite from "authgear-invite";
    import { main } from "./program.js";
    export default { fetch: async (request) => Response.json(await main(invite, await request.json())) };`;
  const { outputFiles } = await esbuild({
    stdin: { contents, resolveDir: project, sourcefile: "worker.js" },
    bundle: true,
    write: false,
    format: "esm",
    outdir: project,
    conditions: ["workerd"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
  });
  const modules = outputFiles.map(({ path, contents }) => ({
    type: path.endsWith(".wasm") ? ("CompiledWasm" as const) : ("ESModule" as const),
    path,
    contents,
  }));
  // The first is the worker.
  modules.sort((a) => (a.type === "ESModule" ? -1 : 1));
  assert.equal(modules.length, 2);
  const worker = new Miniflare({ compatibilityDate: "2026-04-01", modulesRoot: project, modules });
  try {
    const body = JSON.stringify(input);
    const response = await worker.dispatchFetch("http://worker.example", { method: "POST", body });
    return await response.text();
  } finally {
    await worker.dispose();
  }
});

// --- Browsers -----------------------------------------------------------------------------------------------------

const executablePath = ["chromium", "chromium-browser", "google-chrome"]
  .flatMap((name) => (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name)))
  .find((path) => existsSync(path));
const noBrowser = !executablePath && process.env.CI !== "true" && "no Chromium on PATH";

hostTest(
  "Chromium, without a bundler",
  (input, api) => {
    write(project, { "index.html": page("/node_modules/authgear-invite/index.js") });
    return inBrowser(project, input, api);
  },
  noBrowser,
);

hostTest(
  "Chromium, by Vite",
  async (input, api) => {
    const folder = join(project, "vite");
    write(folder, { "index.html": page("authgear-invite") });
    const dist = join(folder, "dist");
    await vite({ root: folder, configFile: false, publicDir: false, logLevel: "error", build: { outDir: dist } });
    return inBrowser(dist, input, api);
  },
  noBrowser,
);

const page = (specifier: string) => `<!doctype html><script type="module">
  import * as invite from "${specifier}";
  ${readFileSync(new URL("program.js", import.meta.url), "utf8").replace("export ", "")}
  window.run = (input) => main(invite, input);
</script>`;

async function inBrowser(folder: string, { config, event }: Input, api: MailApi): Promise<string> {
  const { origin, close } = await serve(folder, api);
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
  try {
    const page = await browser.newPage();
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(origin);
    assert.deepEqual(errors, []);
    const email = config.email?.map((sender) => ({ ...sender, endpoint: origin }));
    const text = `window.run(${JSON.stringify({ config: { ...config, email }, event })}).then(JSON.stringify)`;
    return await page.evaluate<string>(text);
  } finally {
    await browser.close();
    await close();
  }
}

/** Serves a folder, and what is posted to its origin goes on to the mail API: so no rules of CORS are in the way. */
async function serve(folder: string, api: MailApi): Promise<{ origin: string; close: () => Promise<void> }> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "", "http://localhost").pathname;
    if (request.method === "POST") {
      const headers = new Headers(request.headers as { [name: string]: string });
      for (const name of ["host", "connection", "content-length"]) headers.delete(name);
      const answer = await fetch(api.url + path, { method: "POST", headers, body: await text(request) });
      response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
      return;
    }
    const file = join(folder, path === "/" ? "index.html" : path);
    const type = { ".html": "text/html", ".js": "text/javascript" }[extname(file)];
    if (type && existsSync(file)) response.writeHead(200, { "content-type": type }).end(readFileSync(file));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
