/**
 * `make bench`: what the hook weighs, and what it costs in a fresh Deno process as Authgear starts one. `--rounds N`,
 * `--markdown` for the README. Every variant runs once in each round, in random order; ratios are of one round. Nothing
 * is asserted about times.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { cpus, release, tmpdir, type } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { deno1, host, type Runtime, runHook, runtimes, withConfig } from "../deno/contract.ts";
import { aged, guide, otherTypes, selfSignUp } from "../fixtures/events.ts";
import { type ApiRequest, MailApi, type Message } from "../servers/mail-api.ts";
import { type Sizes, sizesOf, sizesOfLocales } from "./sizes.ts";
import { median, spread, table, verdict } from "./statistics.ts";

const WARM_UP_ROUNDS = 2;
const BREAKDOWN_ROUNDS = 10;
const KIB = 1024;
const KEY = "re_bench_key";

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "40" }, markdown: { type: "boolean", default: false } },
});
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error("--rounds takes a number, at least 1");

const api = await new MailApi({ key: KEY }).start();
const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const empty = read("./empty-hook.ts");
const plain = read("./plain-hook.ts").replace("https://api.resend.com", api.url).replace("re_...", KEY);
const ours = withConfig(read("../../pkg/hook.ts"), {
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [{ provider: "resend", apiKey: KEY, from: "Acme <no-reply@acme.example>", endpoint: api.url }],
});
const unnamedType = otherTypes.find((event) => event.type === "user.authenticated") ?? assert.fail();

type Variant = { name: string; source: string; event: object; sends?: boolean; log: RegExp };

const VARIANTS = {
  a: { name: "(a) empty hook", source: empty, event: guide, log: /^$/ },
  b: { name: "(b) ours, a type that no rule names", source: ours, event: unnamedType, log: /^$/ },
  c: { name: "(c) ours, skipped by the core", source: ours, event: selfSignUp, log: /"skipped"/ },
  d: { name: "(d) plain hook, sends", source: plain, event: guide, sends: true, log: /sent/ },
  e: { name: "(e) ours, sends", source: ours, event: guide, sends: true, log: /"sent"/ },
} satisfies { [letter: string]: Variant };

const RATIOS = [
  { name: "(b)/(a)", of: VARIANTS.b, to: VARIANTS.a, aim: 1.03, bound: 1.1 },
  { name: "(c)/(a)", of: VARIANTS.c, to: VARIANTS.a, aim: 1.03, bound: 1.1 },
  { name: "(e)/(d)", of: VARIANTS.e, to: VARIANTS.d, aim: 1.05, bound: 1.15 },
];

/** The steps of a run by timed-runner.ts, each with the marks between which it lies. */
const STEPS = {
  "script imported: transpiled, evaluated": ["import", "imported"],
  "base64 decoded": ["imported", "compile"],
  "wasm compiled": ["compile", "compiled"],
  "wasm instantiated": ["instantiate", "instantiated"],
  "first decision: JSON in, core, JSON out": ["instantiated", "fetch"],
  "fetch, to the answer's head": ["fetch", "answered"],
} satisfies { [step: string]: [from: string, to: string] };
const REST = "rest of the hook";
const DENO = "Deno itself: start, event, end";

type Run = { runtime: Runtime; variant: Variant };
type Samples = Map<string, number[]>;

const runsOf = (variants: Variant[]): Run[] =>
  runtimes.flatMap((runtime) => variants.map((variant) => ({ runtime, variant })));
const keyOf = ({ runtime, variant }: Run) => `${runtime.name} ${variant.name}`;

/** Deno's hosts and the event of one run: an event of its own, so that no idempotency key comes twice. */
const netOf = (variant: Variant) => (variant.sends ? [host(api.url)] : []);
const eventOf = (variant: Variant) => ({ ...aged(variant.event as typeof guide, 0), id: randomUUID() });

/** Milliseconds of whole processes. */
async function measure(): Promise<Samples> {
  const samples: Samples = new Map();
  await inRounds("whole processes", rounds + WARM_UP_ROUNDS, runsOf(Object.values(VARIANTS)), async (run, round) => {
    const { runtime, variant } = run;
    const outcome = await runHook(runtime, variant.source, eventOf(variant), { net: netOf(variant) });
    assert.equal(outcome.code, 0, `${keyOf(run)}: ${outcome.stderr}`);
    if (round >= WARM_UP_ROUNDS) add(samples, keyOf(run), outcome.ms);
  });
  return samples;
}

/** Each variant does what its name says, and (d) and (e) send the same message. */
async function verify(): Promise<void> {
  for (const runtime of runtimes) {
    const sent: { request: ApiRequest; message: Message }[] = [];
    for (const variant of Object.values<Variant>(VARIANTS)) {
      const [requests, messages] = [api.requests.length, api.messages.length];
      const outcome = await runHook(runtime, variant.source, eventOf(variant), { net: netOf(variant) });
      const what = keyOf({ runtime, variant });
      assert.deepEqual({ code: outcome.code, output: outcome.output }, { code: 0, output: null }, what + outcome.stderr);
      assert.match(outcome.stdout, variant.log, what);
      assert.equal(api.requests.length - requests, variant.sends ? 1 : 0, `${what}: requests`);
      assert.equal(api.messages.length - messages, variant.sends ? 1 : 0, `${what}: messages`);
      const [request, message] = [api.requests.at(-1), api.messages.at(-1)];
      if (variant.sends && request && message) sent.push({ request, message });
    }
    const [byPlain, byOurs] = sent.map(({ request, message: { id, html, idempotencyKey, ...message } }) => ({
      headers: Object.keys(request.headers).sort(),
      message,
      html: html !== undefined,
    }));
    assert.deepEqual(byPlain, byOurs, "plain-hook.ts does not send what pkg/hook.ts sends");
  }
}

/** Milliseconds of each step inside the processes that send. */
async function breakDown(): Promise<Samples> {
  const samples: Samples = new Map();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "authgear-invite-bench-")));
  const runner = join(folder, "timed-runner.ts");
  copyFileSync(fileURLToPath(new URL("./timed-runner.ts", import.meta.url)), runner);
  const count = Math.min(rounds, BREAKDOWN_ROUNDS) + WARM_UP_ROUNDS;
  await inRounds("steps", count, runsOf([VARIANTS.d, VARIANTS.e]), async (run, round) => {
    const script = join(folder, `${randomBytes(8).toString("hex")}.ts`);
    const [input, output] = [join(folder, "input.json"), join(folder, "output.json")];
    writeFileSync(script, run.variant.source);
    writeFileSync(input, JSON.stringify(eventOf(run.variant)));
    const flags = "--quiet --no-prompt --no-config --no-remote".split(" ");
    // Deno 2 measures finely unasked, and warns of the flag.
    if (run.runtime === deno1) flags.push("--allow-hrtime");
    flags.push(`--allow-read=${script},${input}`, `--allow-write=${output}`, `--allow-net=${netOf(run.variant)}`);
    const env = { DENO_DIR: join(folder, "cache"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
    const start = performance.now();
    await promisify(execFile)(run.runtime.path, ["run", ...flags, runner, script, input, output], { cwd: folder, env });
    const whole = performance.now() - start;
    if (round < WARM_UP_ROUNDS) return;
    const marks = JSON.parse(readFileSync(output, "utf8"));
    const inHook = marks.done - marks.import;
    let rest = inHook;
    for (const [step, [from, to]] of Object.entries(STEPS)) {
      if (marks[from] === undefined || marks[to] === undefined) continue;
      add(samples, `${keyOf(run)} ${step}`, marks[to] - marks[from]);
      rest -= marks[to] - marks[from];
    }
    add(samples, `${keyOf(run)} ${REST}`, rest);
    add(samples, `${keyOf(run)} ${DENO}`, whole - inHook);
  });
  rmSync(folder, { recursive: true });
  return samples;
}

async function inRounds(what: string, count: number, runs: Run[], one: (run: Run, round: number) => Promise<void>) {
  for (let round = 0; round < count; round++) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what}: round ${round + 1} of ${count}`);
    for (const run of shuffled(runs)) await one(run, round);
  }
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
}

function shuffled<T>(items: T[]): T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(randomInt(left.length), 1));
}

function add(samples: Samples, key: string, value: number): void {
  samples.set(key, [...(samples.get(key) ?? []), value]);
}

function print(title: string, head: string[], rows: string[][]): void {
  const text = table(head, rows, options.markdown);
  console.log(options.markdown ? `**${title}**\n\n${text}\n` : `${title}\n\n${text}\n`);
}

const bytes = (count: number | undefined) => (count ?? 0).toLocaleString("en");
const inEach = (cell: (runtime: Runtime) => string) => runtimes.map(cell);

function printSizes(hook: Sizes, ses: Sizes): void {
  const row = (name: string, size: number, aim: number, bound: number) => [
    name,
    bytes(size),
    `${aim} KiB`,
    `${bound} KiB`,
    verdict(size, aim * KIB, bound * KIB),
  ];
  print(
    "Sizes, in bytes",
    ["", "size", "aim", "bound", ""],
    [
      row("pkg/hook.ts", hook.total, 32, 48),
      row("pkg/hook-ses.ts", ses.total, 32, 48),
      row("the wasm inside", hook.wasm, 20, 32),
    ],
  );
}
