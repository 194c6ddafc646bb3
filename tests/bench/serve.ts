/**
 * `make bench-serve`: events a second and their latency, next to a hand-written server that keeps nothing; and memory over
 * many events. Provider, server and load are processes of their own. `--events N` for the memory's series. What arrives is asserted, how fast it does never.
 */
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.ts";
import { progress, Report } from "./report.ts";

const { values: options } = parseArgs({
  options: {
    events: { type: "string", default: "200000" },
    burst: { type: "string", default: "20000" },
    write: { type: "boolean", default: false },
    node: { type: "string", default: process.execPath },
  },
});
const [events, burst] = [Number(options.events), Number(options.burst)];
assert.ok(events >= 0 && burst > 0, "--events and --burst take whole numbers");

const [SECRET, KEY] = ["bench-webhook-secret", "re_bench_key"];
const CONNECTIONS = 64;
const RATES = [200, 500, 1000];
const RATE_SECONDS = 10;
/** Points of the memory's series. */
const POINTS = 10;

const folder = mkdtempSync(join(tmpdir(), "authgear-invite-bench-"));
const children = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});
process.on("SIGINT", () => process.exit(1));

const [plainFile, providerFile, loadFile, cliFile] = [
  "serve-plain.ts",
  "serve-provider.ts",
  "serve-load.ts",
  "../../ts/cli/main.ts",
].map(bundle) as [string, string, string, string];

type Started = { child: ChildProcess; origin: string };

/** Starts a server; `find` takes its origin out of its first lines. */
async function start(args: string[], env: NodeJS.ProcessEnv): Promise<Started> {
  const child = spawn(options.node, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
  children.add(child);
  const origin = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.once("exit", (code) => reject(new Error(`${args.join(" ")} ended with ${code}`)));
    child.stdout?.on("data", (chunk) => {
      if (text === "done") return;
      text += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
      if (!found) return;
      text = "done";
      resolve(found);
    });
  });
  return { child, origin };
}

async function stop({ child }: Started): Promise<void> {
  children.delete(child);
  child.kill("SIGTERM");
  await new Promise((resolve) => child.once("exit", resolve));
}

type Load = { seconds: number; statuses: { [status: string]: number }; p50: number; p99: number; max: number };

async function load(origin: string, count: number, rate: number): Promise<Load> {
  const env = {
    ...process.env,
    ORIGIN: origin,
    SECRET,
    COUNT: `${count}`,
    CONNECTIONS: `${CONNECTIONS}`,
    RATE: `${rate}`,
  };
  const child = spawn(process.execPath, [loadFile], { env, stdio: ["ignore", "pipe", "inherit"] });
  children.add(child);
  let text = "";
  for await (const chunk of child.stdout) text += chunk;
  children.delete(child);
  return JSON.parse(text);
}

const provider = await start([providerFile], {});
const taken = async () => Number(await (await fetch(provider.origin)).text());
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Returns how long it took until the provider had so many messages more. */
async function drained(before: number, count: number): Promise<void> {
  for (let now = before; now - before < count; now = await taken()) await sleep(20);
}

const config = join(folder, "config.json");
writeFileSync(
  config,
  JSON.stringify({
    serviceName: "Acme",
    url: "https://accounts.acme.example",
    email: [{ provider: "resend", apiKey: KEY, from: "Acme <no-reply@acme.example>", endpoint: provider.origin }],
    webhook: { secrets: [SECRET] },
  }),
  { mode: 0o600 },
);

let outboxes = 0;
const servers = {
  "hand-written, keeps nothing": () => start([plainFile], { SECRET, KEY, PROVIDER: provider.origin }),
  "authgear-invite serve": () =>
    start([cliFile, "serve", "--config", config, "--data", join(folder, `${outboxes++}.db`), "--port", "0"], {}),
};

type Result = { burst: number; accepted: number; p50: number; p99: number; rates: Load[] };

async function measure(name: keyof typeof servers): Promise<Result> {
  const server = await servers[name]();
  await load(server.origin, 2_000, 0);
  await sleep(1_000);
  progress(`${name}: ${burst} events at once`);
  const before = await taken();
  const begin = performance.now();
  const all = await load(server.origin, burst, 0);
  await drained(before, burst);
  const seconds = (performance.now() - begin) / 1000;
  assert.equal(Object.values(all.statuses).length, 1);
  const rates: Load[] = [];
  for (const rate of RATES) {
    progress(`${name}: ${rate} events a second`);
    const before = await taken();
    const count = rate * RATE_SECONDS;
    rates.push(await load(server.origin, count, rate));
    await drained(before, count);
  }
  await stop(server);
  assert.ok(rates.every(({ statuses }) => statuses["200"] || statuses["202"]));
  return { burst: burst / seconds, accepted: burst / all.seconds, p50: all.p50, p99: all.p99, rates };
}

/** Resident memory of a process in MiB, from /proc. */
function rss({ child }: Started): number {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

async function memory(): Promise<string[][]> {
  const server = await servers["authgear-invite serve"]();
  const file = join(folder, `${outboxes - 1}.db`);
  const rows = [["events", "resident MiB", "outbox MiB", "events/s"]];
  const size = () => (statSync(file).size / 2 ** 20).toFixed(0);
  for (let i = 1; i <= POINTS; i++) {
    progress(`memory: ${i} of ${POINTS}`);
    const before = await taken();
    const begin = performance.now();
    await load(server.origin, events / POINTS, 0);
    await drained(before, events / POINTS);
    const rate = events / POINTS / ((performance.now() - begin) / 1000);
    rows.push([((events / POINTS) * i).toLocaleString("en"), rss(server).toFixed(0), size(), rate.toFixed(0)]);
  }
  await stop(server);
  return rows;
}

const names = Object.keys(servers) as (keyof typeof servers)[];
const results: Result[] = [];
for (const name of names) results.push(await measure(name));
progress("");

const version = execFileSync(options.node, ["--version"], { encoding: "utf8" }).trim();
const report = new Report("serve", "authgear-invite serve under load", "make bench-serve");
report.say(
  `Beside a server by hand that verifies, sends and keeps nothing. Provider, server (Node.js ${version}) and load are processes ` +
    "of their own on the same cores; the provider answers at once.",
);

const row = (name: string, of: (result: Result) => string) => [name, ...results.map(of)];
const ms = (value: number) => value.toFixed(1);
const print = report.table.bind(report);
print(`${burst.toLocaleString("en")} events at once, ${CONNECTIONS} connections`, [
  ["", ...names],
  row("events/s, received and sent", (it) => it.burst.toFixed(0)),
  row("events/s, answered", (it) => it.accepted.toFixed(0)),
  row("answer, ms: median", (it) => ms(it.p50)),
  row("answer, ms: 99 %", (it) => ms(it.p99)),
]);
print(`At a steady rate: the answer in milliseconds, median / 99 %`, [
  ["", ...names],
  ...RATES.map((rate, i) =>
    row(`${rate} events/s`, ({ rates }) => `${ms(rates[i]?.p50 ?? 0)} / ${ms(rates[i]?.p99 ?? 0)}`),
  ),
]);
if (events > 0) print("Memory of authgear-invite serve", await memory());
progress("");
await stop(provider);
if (options.write) report.write();
