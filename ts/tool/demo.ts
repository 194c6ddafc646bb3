/**
 * `make demo`: pkg/hook.ts, run as Authgear runs it, in three scenes, with a mail API on loopback in a provider's place.
 * Ends with an error when a scene does not hold. `--deno=2` takes the newer Deno.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { deno1, deno2, host, type Outcome, runHook, withConfig } from "../../tests/deno/contract.ts";
import { guide, selfSignUp } from "../../tests/fixtures/events.ts";
import { MailApi } from "../../tests/servers/mail-api.ts";
import type { HookEvent } from "../authgear.ts";

const AUTHGEAR_LIMIT = 100 * 1024;
const KEY = "re_demo_key";
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HOOK = join(ROOT, "pkg/hook.ts");
const HTML = join(ROOT, "build/demo/message.html");

const isTerminal = process.stdout.isTTY === true;
const hasColour = isTerminal && !process.env.NO_COLOR;
const paint = (code: number) => (text: string) => (hasColour && text ? `\x1b[${code}m${text}\x1b[0m` : text);
const [bold, dim, red, green] = [paint(1), paint(2), paint(31), paint(32)];

const runtime = process.argv.includes("--deno=2") ? deno2 : deno1;
let failures = 0;

function say(line = ""): void {
  process.stdout.write(`${line}\n`);
}

function check(holds: boolean, what: string, instead: string): void {
  if (!holds) failures += 1;
  say(holds ? `   ${green("✓")} ${what}` : `   ${red("✗")} ${what}\n     ${red("instead:")} ${instead}`);
}

function field(name: string, value: string): void {
  say(`     ${dim(name.padEnd(8))} ${value}`.trimEnd());
}

/** Lines that a terminal need not break; where no terminal is, the text as it is. */
function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((line) => {
    const rows = [""];
    for (const word of line.split(" ")) {
      const row = rows.at(-1) ?? "";
      if (row !== "" && row.length + 1 + word.length > width) rows.push(word);
      else rows[rows.length - 1] = row === "" ? word : `${row} ${word}`;
    }
    return rows;
  });
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const count = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;

/** Shows on a terminal that time passes. */
async function waiting<T>(what: string, work: Promise<T>): Promise<T> {
  if (!isTerminal) return work;
  const start = performance.now();
  const ticker = setInterval(() => {
    process.stdout.write(`\r   … ${what}, ${seconds(performance.now() - start)}`);
  }, 100);
  try {
    return await work;
  } finally {
    clearInterval(ticker);
    process.stdout.write("\r\x1b[K");
  }
}

type Scene = { api: MailApi; outcome: Outcome; line: { [name: string]: unknown } };

async function play(source: string, event: HookEvent, fail: number[], show: (scene: Scene) => void): Promise<void> {
  const api = await new MailApi({ key: KEY, fail }).start();
  try {
    const hook = withConfig(source, {
      serviceName: "Acme",
      url: "https://accounts.acme.example",
      email: [{ provider: "resend", apiKey: KEY, from: "Acme <no-reply@acme.example>", endpoint: api.url }],
    });
    const outcome = await waiting("the hook runs", runHook(runtime, hook, event, { net: [host(api.url)] }));
    if (outcome.code !== 0) check(false, "the hook ends well", outcome.stderr.trim());
    show({ api, outcome, line: lastLine(outcome.stdout) });
  } finally {
    await api.stop();
  }
}

function lastLine(stdout: string): Scene["line"] {
  try {
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  } catch {
    return {};
  }
}

function showMessage({ api, outcome }: Scene): void {
  const [message] = api.messages;
  check(
    api.messages.length === 1 && message?.to.join() === "newuser@newuser.example",
    `one message arrived, ${seconds(outcome.ms)} after the event`,
    `${count(api.messages.length, "message")}, ${count(api.requests.length, "request")}`,
  );
  if (message === undefined) return;
  field("To", bold(message.to.join(", ")));
  field("From", message.from);
  field("Subject", bold(message.subject));
  const width = isTerminal ? Math.max(40, process.stdout.columns - 16) : Number.POSITIVE_INFINITY;
  for (const [i, line] of wrap(message.text ?? "", width).entries()) field(i === 0 ? "Text" : "", line);
  if (message.html === undefined) {
    check(false, "the message has an HTML part", "it has none");
    return;
  }
  mkdirSync(join(HTML, ".."), { recursive: true });
  writeFileSync(HTML, message.html);
  field("HTML", `${bold(relative(process.cwd(), HTML))} ${dim("(open it in a browser)")}`);
}

function showSkip({ api, line }: Scene): void {
  check(
    line["authgear-invite"] === "skipped" && line.reason === "triggered_by",
    `skipped: ${line.reason}, ${line.detail}`,
    `the log says ${JSON.stringify(line)}`,
  );
  check(api.requests.length === 0, "the mail API was not even asked", count(api.requests.length, "request"));
}

function showRecovery({ api }: Scene): void {
  api.requests.forEach((request, i) => {
    const before = api.requests[i - 1];
    const status = request.status === 200 ? green("200") : red(String(request.status));
    const wait = before ? `, ${seconds(request.at - before.at)} after the one before` : "";
    field(`try ${i + 1}`, `${status}, Idempotency-Key ${request.headers["idempotency-key"]}${dim(wait)}`);
  });
  const same = (what: (string | undefined)[]) => new Set(what).size === 1;
  check(
    api.requests.map((request) => request.status).join() === "503,503,200" &&
      same(api.requests.map((request) => request.headers["idempotency-key"])) &&
      same(api.requests.map((request) => request.body)),
    "three tries with one key and the same bytes",
    api.requests.map((request) => request.status).join(", ") || "no request",
  );
  check(api.messages.length === 1, "one message arrived, not three", count(api.messages.length, "message"));
}

async function main(): Promise<void> {
  if (!existsSync(HOOK)) {
    process.stderr.write("pkg/hook.ts is not there; `make build` makes it.\n");
    process.exitCode = 1;
    return;
  }
  const start = performance.now();
  const source = readFileSync(HOOK, "utf8");
  const size = Buffer.byteLength(source);
  const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;

  say(bold(`authgear-invite: pkg/hook.ts in ${runtime.name}`));
  say("Run as Authgear runs a hook: a fresh process for each event, reaching no host but the mail API.");
  say("Only the configuration at its top is the demo's: a made-up key, and a mail API on loopback.");
  say();
  say(bold("1  An admin creates an account for newuser@newuser.example"));
  await play(source, guide, [], showMessage);
  say();
  say(bold('2  The same account, but its owner signed up (triggered_by: "user")'));
  await play(source, selfSignUp, [], showSkip);
  say();
  say(bold("3  The admin again, and a provider that answers 503 twice before it recovers"));
  await play(source, guide, [503, 503], showRecovery);
  say();
  say(bold("The file itself"));
  check(size <= AUTHGEAR_LIMIT, `pkg/hook.ts has ${kib(size)} of the 100 KiB that Authgear allows`, kib(size));
  say("     Fill in the configuration at its top and paste it as it is: Portal > Advanced > Hooks.");
  say();
  const took = seconds(performance.now() - start);
  say(failures === 0 ? green(`All of it holds (${took}).`) : red(`${count(failures, "check")} failed (${took}).`));
  if (failures > 0) process.exitCode = 1;
}

await main();
