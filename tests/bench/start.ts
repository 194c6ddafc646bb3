/**
 * `make bench-start`: what the hook weighs, and what it costs in a fresh process of Deno, as Authgear starts one. In a round every variant runs once, in random order; a ratio is of two runs of one round.
 * What the variants do is asserted, how long they take never.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { unpack } from "../../ts/load.ts";
import { deno1, host, type Runtime, runHook, runtimes, withConfig } from "../deno/contract.ts";
import { aged, disabled, guide, otherTypes, selfSignUp } from "../fixtures/events.ts";
import { MailApi } from "../servers/mail-api.ts";
import { bars } from "./plot.ts";
import { progress, Report } from "./report.ts";
import { quantile, shuffled, spread, verdict } from "./statistics.ts";

const WARM_UP_ROUNDS = 2;
const KEY = "re_bench_key";

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "40" }, write: { type: "boolean", default: false } },
});
const rounds = Number(options.rounds);
assert.ok(Number.isInteger(rounds) && rounds > 0, "--rounds takes a whole number from 1");

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const read = (name: string) => readFileSync(path(name), "utf8");
const api = await new MailApi({ key: KEY }).start();
const plain = read("plain-hook.ts").replace("https://api.resend.com", api.url).replace("re_...", KEY);
const pkg = read("../../pkg/hook.ts");
const ours = withConfig(pkg, {
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [{ provider: "resend", apiKey: KEY, from: "Acme <no-reply@acme.example>", endpoint: api.url }],
});
const unnamed = otherTypes[0] ?? assert.fail();

type Variant = { name: string; source: string; event: typeof guide | typeof unnamed; sends: number; prints: RegExp };
const a = { name: "(a) empty hook", source: read("empty-hook.ts"), event: guide, sends: 0, prints: /^$/ };
const b = { name: "(b) ours, no rule for the type", source: ours, event: unnamed, sends: 0, prints: /^$/ };
const c = { name: "(c) ours, a self sign-up", source: ours, event: selfSignUp, sends: 0, prints: /"triggered_by"/ };
const f = { name: "(f) ours, skipped by the core", source: ours, event: disabled, sends: 0, prints: /"user_disabled"/ };
const d = { name: "(d) plain hook, sends", source: plain, event: guide, sends: 1, prints: /: sent$/m };
const e = { name: "(e) ours, sends", source: ours, event: guide, sends: 1, prints: /"sent"/ };

/** A new event each time, so that the mail API takes no message for a repetition. */
const eventOf = (variant: Variant) => ({ ...aged(variant.event, 0), id: randomUUID() });
const netOf = (variant: Variant) => (variant.sends ? [host(api.url)] : []);

type Steps = { [step: string]: number };
type Timed = (runtime: Runtime, variant: Variant) => Promise<Steps>;

/** Returns the milliseconds, round by round. */
async function inRounds(what: string, count: number, variants: Variant[], run: Timed) {
  type Sample = { runtime: Runtime; variant: Variant; times: Steps[] };
  const samples: Sample[] = runtimes.flatMap((runtime) => variants.map((variant) => ({ runtime, variant, times: [] })));
  for (let round = 1 - WARM_UP_ROUNDS; round <= count; round++) {
    progress(`${what}: ${round < 1 ? "warm-up" : `round ${round} of ${count}`}`);
    for (const { runtime, variant, times } of shuffled(samples)) {
      const time = await run(runtime, variant);
      if (round > 0) times.push(time);
    }
  }
  progress("");
  return (runtime: Runtime, variant: Variant) =>
    samples.find((one) => one.runtime === runtime && one.variant === variant)?.times ?? [];
}

/** What (d) and (e) send, by runtime and variant; the HTML's layout may differ. */
const sent = new Map<string, object>();

const whole: Timed = async (runtime, variant) => {
  const { ms, ...outcome } = await runHook(runtime, variant.source, eventOf(variant), { net: netOf(variant) });
  assert.deepEqual(outcome, { ...outcome, code: 0, output: null, stderr: "" }, variant.name);
  assert.match(outcome.stdout, variant.prints, variant.name);
  const [requests, messages] = [api.requests.splice(0), api.messages.splice(0)];
  assert.deepEqual([requests.length, messages.length], [variant.sends, variant.sends], variant.name);
  for (const { html, ...message } of messages) {
    const headers = requests.map((request) => Object.keys(request.headers).sort());
    sent.set(runtime.name + variant.name, { ...message, idempotencyKey: "", html: typeof html, headers });
  }
  return { whole: ms };
};

const folder = mkdtempSync(join(tmpdir(), "authgear-invite-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true }));
copyFileSync(path("timed-runner.ts"), join(folder, "runner.ts"));

const stepwise: Timed = async (runtime, variant) => {
  const script = join(folder, `${randomUUID()}.ts`);
  writeFileSync(script, variant.source);
  writeFileSync(join(folder, "input.json"), JSON.stringify(eventOf(variant)));
  const flags = ["--quiet", "--no-prompt", "--no-config", "--no-remote", `--allow-net=${netOf(variant)}`];
  // Deno 2 has a fine clock anyway, and warns of the flag.
  if (runtime === deno1) flags.push("--allow-hrtime");
  const files = [`--allow-read=${script},input.json`, "--allow-write=output.json", "runner.ts", script];
  const env = { DENO_DIR: folder, DENO_NO_UPDATE_CHECK: "1" };
  const start = performance.now();
  await promisify(execFile)(runtime.path, ["run", ...flags, ...files, "input.json", "output.json"], {
    cwd: folder,
    env,
  });
  const ms = performance.now() - start;
  const steps: Steps = JSON.parse(readFileSync(join(folder, "output.json"), "utf8"));
  return { ...steps, "Deno: start, event, end": Object.values(steps).reduce((left, step) => left - step, ms) };
};

const bytes = (text: string | Uint8Array) => Buffer.byteLength(text).toLocaleString("en");
const part = (pattern: RegExp) => pattern.exec(pkg)?.[0] ?? assert.fail(`pkg/hook.ts holds nothing like ${pattern}`);
const INFLATE = /(?<=^ {2}inflate: ")[^"]+/m;
const core = part(/(?<=^ {2}core: ")[^"]+/m);
const locales = readdirSync(path("../../src/locales")).map((file) => [
  `texts of ${file.replace(".json", "")}`,
  bytes(JSON.stringify(JSON.parse(read(`../../src/locales/${file}`)))),
]);

const processes = await inRounds("whole processes", rounds, [a, b, c, d, e, f], whole);
for (const { name } of runtimes)
  assert.deepEqual(
    sent.get(name + d.name),
    sent.get(name + e.name),
    "plain-hook.ts and pkg/hook.ts send other messages",
  );
const steps = await inRounds("breakdown", Math.min(rounds, 10), [d, e], stepwise);
await api.stop();

const report = new Report("start", "A fresh process for every event", "make bench-start");
const print = (title: string, ...rows: string[][]) => report.table(title, rows);
report.say(
  `${rounds} rounds of fresh processes under the runner's contract; in a round each variant runs once, in random order, and a ` +
    "ratio is of two runs of one round.",
);

const limited = (name: string, content: string | Uint8Array, aim: number, bound: number) => {
  const met = verdict(Buffer.byteLength(content) / 1024, aim, bound);
  return [name, bytes(content), `${aim} KiB`, `${bound} KiB`, met];
};
print(
  "Bytes",
  ["", "size", "aim", "bound", ""],
  limited("pkg/hook.ts", pkg, 32, 48),
  limited("pkg/hook-ses.ts", read("../../pkg/hook-ses.ts"), 32, 48),
  limited("wasm in them", unpack({ inflate: part(INFLATE), core }), 20, 32),
);
print(
  "Bytes in pkg/hook.ts, and of each locale's texts",
  ["", "size"],
  ["types", bytes(part(/^type .+?(?=^export default)/ms))],
  ["code, minified", bytes(part(/(?<=^const code = ').+/m))],
  ["texts", bytes(part(/(?<=^const texts = ').+/m))],
  ["wasm, deflated, in base 85", bytes(core)],
  ["what inflates it, in base64", bytes(part(INFLATE))],
  ...locales,
);

const names = runtimes.map(({ name }) => name);
const time = (runtime: Runtime, variant: Variant) => processes(runtime, variant).map(({ whole = 0 }) => whole);
print(
  "Whole process: milliseconds, median (quartiles)",
  ["", ...names],
  ...[a, b, c, d, e, f].map((variant) => [
    variant.name,
    ...runtimes.map((runtime) => spread(time(runtime, variant), 1)),
  ]),
);
report.figure(
  "start",
  "Milliseconds of a whole process, for each variant and Deno",
  bars(
    "milliseconds of a whole process, median",
    runtimes.map((runtime) => ({
      name: runtime.name,
      bars: [a, b, c, f, d, e].map((variant) => {
        const [low = 0, middle = 0, high = 0] = [0.25, 0.5, 0.75].map((q) => quantile(time(runtime, variant), q));
        return { name: variant.name.slice(4), quartiles: [low, middle, high] };
      }),
    })),
  ),
);
const ratio = (name: string, over: Variant, under: Variant, aim: number, bound: number) => {
  const cells = runtimes.map((runtime) => {
    const base = time(runtime, under);
    const ratios = time(runtime, over).map((ms, round) => ms / (base[round] ?? 0));
    return `${spread(ratios, 3)} ${verdict(quantile(ratios, 0.5), aim, bound)}`;
  });
  return [name, aim.toFixed(2), bound.toFixed(2), ...cells];
};
print(
  "Ratios of pairs: median (quartiles)",
  ["", "aim", "bound", ...names],
  ratio("(b)/(a) no rule for the type", b, a, 1.03, 1.1),
  ratio("(c)/(a) a self sign-up", c, a, 1.03, 1.1),
  ratio("(f)/(a) skipped by the core", f, a, 1.03, 1.1),
  ratio("(e)/(d) sent", e, d, 1.05, 1.15),
);
const columns = runtimes.flatMap((runtime) => [d, e].map((variant) => steps(runtime, variant)));
print(
  "Inside a process that sends: milliseconds, medians of each step",
  ["", ...names.flatMap((name) => [`${name}, plain`, "ours"])],
  ...Object.keys(columns[1]?.[0] ?? {}).map((step) => [
    step,
    ...columns.map((times) =>
      quantile(
        times.map((one) => one[step] ?? 0),
        0.5,
      ).toFixed(2),
    ),
  ]),
);
if (options.write) report.write();
