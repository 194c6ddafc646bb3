/** The command `authgear-invite` as a real process, and what a test sends it. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { guide } from "../fixtures/events.ts";
import { eventually } from "./support.ts";

export const SECRET = "whsec-5521-tests";
export const KEY = "re_tests_5521";

/** A Node.js with SQLite of its own; npm has it for Linux on x64 alone. */
const NODE_24 = fileURLToPath(new URL("../../node_modules/node-24/bin/node", import.meta.url));
export const nodes = [process.execPath, NODE_24].filter(existsSync);

/** The command as one file: what is published, and what starts fast enough to be killed often. */
export const CLI = fileURLToPath(new URL(`../../build/tests/cli-${process.pid}.mjs`, import.meta.url));
buildSync({
  entryPoints: [fileURLToPath(new URL("../../ts/cli/main.ts", import.meta.url))],
  outfile: CLI,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
});

process.on("exit", () => rmSync(CLI, { force: true }));

/** A configuration for one provider at `origin`. */
export function configFor(provider: string, origin: string, more: object = {}) {
  return {
    serviceName: "Acme",
    url: "https://accounts.acme.example",
    email: [{ provider, apiKey: KEY, from: "Acme <no-reply@acme.example>", endpoint: origin }],
    webhook: { secrets: [SECRET] },
    delivery: { attemptSeconds: 2 },
    ...more,
  };
}

export function writeConfig(path: string, config: object): string {
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

export type Line = { level: string; "authgear-invite": string; [fact: string]: unknown };

type StartOptions = {
  config: string;
  data: string;
  args?: string[];
  node?: string;
  env?: NodeJS.ProcessEnv;
  under?: string[];
};

/** `authgear-invite serve`, as long as the test lasts. */
export class Served {
  readonly lines: Line[] = [];
  origin = "";
  stderr = "";
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  #rest = "";

  constructor({ config, data, args = [], node = process.execPath, env, under = [] }: StartOptions) {
    const line = [...under, node, CLI, "serve", "--config", config, "--data", data, "--port", "0", ...args];
    this.child = spawn(line[0] as string, line.slice(1), {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.ended = once(this.child, "close").then(([code, signal]) => ({ code, signal }));
  }

  /** Starts it and waits until it listens. */
  static async start(options: StartOptions): Promise<Served> {
    const served = new Served(options);
    after(() => served.kill("SIGKILL"));
    await Promise.race([served.said("listening"), served.ended]);
    const listening = served.lines.find((it) => it["authgear-invite"] === "listening");
    if (!listening) throw new Error(`it did not start: ${served.stderr}${JSON.stringify(served.lines)}`);
    served.origin = String(listening.url);
    return served;
  }

  kill(signal: NodeJS.Signals): void {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
  }

  /** Waits for the next line of a kind, or one that was there. */
  async said(what: string, test: (line: Line) => boolean = () => true, seconds = 20): Promise<Line> {
    return eventually(
      () => this.lines.find((it) => it["authgear-invite"] === what && test(it)),
      `a line "${what}"`,
      seconds,
    );
  }

  async get(path: string): Promise<{ status: number; text: string }> {
    const response = await fetch(this.origin + path);
    return { status: response.status, text: await response.text() };
  }

  /** The value of a metric, 0 when it is not there. */
  async metric(name: string): Promise<number> {
    const { text } = await this.get("/metrics");
    const line = text.split("\n").find((it) => it.startsWith(`authgear_invite_${name} `));
    return Number(line?.split(" ").at(-1) ?? 0);
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.lines.push(JSON.parse(line));
  }
}

/** Runs another command to its end. */
export function cli(args: string[], options: { node?: string; cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const { node = process.execPath, cwd, env } = options;
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(node, [CLI, ...args], { cwd, env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
}

/** Runs another command to its end, while nobody reads what it says; its exit code. */
export async function unread(args: string[]): Promise<number | null> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  child.stderr.destroy();
  return (await once(child, "exit"))[0];
}

export type Rows = { key: string; state: string; outcome?: string; reason?: string; passes: number; next?: string }[];

/** What the outbox holds. */
export async function rows(data: string, ...args: string[]): Promise<Rows> {
  const all = [
    "outbox",
    "list",
    "--data",
    data,
    "--state",
    "queued,sending,sent,dead",
    "--limit",
    "0",
    "--json",
    ...args,
  ];
  const { stdout } = await cli(all);
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** An event for a recipient of its own; the recipient's address holds the event's id. */
export function newEvent(id: string = randomUUID()) {
  const address = `${id}@newuser.example`;
  const event = structuredClone(guide);
  event.id = id;
  event.context.timestamp = Math.floor(Date.now() / 1000);
  event.payload.user.standard_attributes = { email: address };
  for (const identity of event.payload.identities) {
    identity.claims.email = address;
    identity.claims["https://authgear.com/claims/login_id/value"] = address;
    identity.claims["https://authgear.com/claims/login_id/original_value"] = address;
  }
  return { event, address };
}

export const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export function sign(body: string): string {
  return createHmac("sha256", SECRET).update(body).digest("hex");
}

/** Delivers an event as Authgear does; rejects when the connection breaks. */
export function deliver(origin: string, event: object): Promise<{ status: number; outcome?: string; ms: number }> {
  const body = JSON.stringify(event);
  const headers = { "content-type": "application/json", "x-authgear-body-signature": sign(body) };
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(origin, { method: "POST", headers, agent, timeout: 30_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("error", reject);
      response.on("close", () => (response.complete ? undefined : reject(new Error("cut off"))));
      response.on("end", () => {
        const outcome = text.startsWith("{") ? JSON.parse(text).outcome : undefined;
        resolve({ status: response.statusCode ?? 0, outcome, ms: performance.now() - start });
      });
    });
    outgoing.on("error", reject);
    outgoing.on("timeout", () => outgoing.destroy(new Error("timeout")));
    outgoing.end(body);
  });
}
