/** `authgear-invite import` as a real process, against a real Admin API and a provider that counts. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";
import { AdminApi, type Fault, IDS, newKey } from "../servers/admin-api.ts";
import { CountingApi, type Dialect } from "../servers/counting.ts";
import { CLI, cli, configFor, writeConfig } from "./served.ts";
import { folder } from "./support.ts";

const { pkcs8, verifier } = await newKey();

export type World = Awaited<ReturnType<typeof importing>>;

/** Servers, a configuration and a folder of their own. */
export async function importing({
  dialect = "resend" as Dialect,
  more = {},
  faults = [] as (Fault | undefined)[],
} = {}) {
  const api = await new AdminApi(verifier).start();
  const mail = await new CountingApi(dialect).start();
  after(() => Promise.all([api.stop(), mail.stop()]));
  api.faults.push(...faults);
  const dir = folder();
  writeFileSync(join(dir, "key.pem"), pkcs8, { mode: 0o600 });
  const admin = { ...IDS, endpoint: `${api.origin}/_api/admin/graphql`, privateKey: { file: "key.pem" } };
  const config = writeConfig(join(dir, "invite.config.json"), { ...configFor(dialect, mail.origin, more), admin });
  return { api, mail, dir, config, file: join(dir, "users.csv") };
}

/** The command line; fast, where nothing else is said. */
export const lineOf = ({ config }: World, args: string[]) => [
  "import",
  "--config",
  config,
  "--rate",
  "1000",
  "--concurrency",
  "8",
  ...args,
];

/** Runs it to its end, and searches all that it prints and keeps for what it must not hold. */
export async function runImport(world: World, text: string | undefined, ...args: string[]) {
  if (text !== undefined) writeFileSync(world.file, text);
  const result = await cli(lineOf(world, [world.file, ...args]));
  const kept = result.stdout + result.stderr + read(`${world.file}.journal`) + read(`${world.file}.result.csv`);
  const passwords = world.api.accounts.flatMap((it) => it.password || []);
  for (const secret of ["BEGIN", ...world.api.bearers, ...passwords, ...addressesOf(read(world.file))])
    assert.ok(!kept.includes(secret), `${secret} is in ${kept}`);
  return { ...result, rows: rowsOf(read(`${world.file}.result.csv`)) };
}

const addressesOf = (text: string) => text.match(/[^\s,;"@]+@[^\s,;"@]+/g) ?? [];

export function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

export type ResultRow = { row: number; line: number; outcome: string; user: string; message: string; reason: string };

/** The result, whose values hold no quotes. */
export function rowsOf(csv: string): ResultRow[] {
  return csv
    .split("\r\n")
    .slice(1, -1)
    .map((text) => {
      const [, row, line, outcome = "", user = "", message = "", reason = ""] =
        /^(\d+),(\d+),([^,]*),([^,]*),([^,]*),"?(.*?)"?$/.exec(text) ?? [];
      return { row: Number(row), line: Number(line), outcome, user, message, reason };
    });
}

/** Starts it without waiting. */
export function startImport(world: World, ...args: string[]): { child: ChildProcess; ended: Promise<number | string> } {
  const child = spawn(process.execPath, [CLI, ...lineOf(world, [world.file, ...args])], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<number | string>((resolve) =>
    child.once("exit", (code, signal) => resolve(signal ?? code ?? -1)),
  );
  return { child, ended };
}
