/**
 * The promise of `import`, kept by real processes that are killed in each phase: one account for each row, one message where
 * the provider honours its keys, and never two where it does not.
 */
import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import type { Line } from "../../ts/cli/import/journal.ts";
import type { Dialect } from "../servers/counting.ts";
import { importing, runImport, startImport, type World } from "./imported.ts";
import { sleep } from "./support.ts";

/** Rows that come to the file's end whenever there is nothing left to do. */
const MORE = 16;
/** The servers take up to so long, before and after they do what they are asked. */
const TAKES_MS = 12;

/** It is killed after 1 to `most` of its requests have come. */
type Phase = { most: number; requests: (world: World) => number };

const calls = (world: World, sign: RegExp) =>
  world.api.requests.filter((it) => sign.test(it.query ?? it.url.pathname)).length;
const CREATE: Phase[] = [{ most: 16, requests: (world) => calls(world, /createUser/) }];
const IMPORT: Phase[] = [
  {
    most: 1,
    requests: (world) =>
      world.api.requests.filter((it) => it.method === "POST" && it.url.pathname.endsWith("/import")).length,
  },
  { most: 1, requests: (world) => calls(world, /import\/./) },
  { most: 5, requests: (world) => calls(world, /node\(/) },
  { most: 5, requests: ({ mail }) => mail.total + mail.repeated },
];

const address = (i: number) => `user${i}@newuser.example`;
let rows = 0;

function append(world: World): void {
  for (let i = 0; i < MORE; i++) appendFileSync(world.file, `${address(rows++)},Ada,ja\n`);
}

/** Kills it within the phase; whether it lived until then. */
async function killIn(phase: Phase, world: World, args: string[]): Promise<boolean> {
  const before = phase.requests(world);
  const more = 1 + Math.floor(Math.random() * phase.most);
  const { child, ended } = startImport(world, ...args);
  while (child.exitCode === null && phase.requests(world) < before + more) await sleep(1);
  await sleep(Math.random() * 2 * TAKES_MS);
  child.kill("SIGKILL");
  return (await ended) === "SIGKILL";
}

async function ordeal(kills: number, phases: Phase[], args: string[], dialect: Dialect = "resend") {
  const world = await importing({ dialect });
  world.api.takesMs = () => Math.random() * TAKES_MS;
  world.mail.takesMs = () => Math.random() * TAKES_MS;
  const old = [3, 20].map((i) => world.api.add("email", address(i)));
  rows = 0;
  writeFileSync(world.file, "email,name,locale\n");
  for (let i = 0; i < 2; i++) append(world);
  for (let [killed, runs] = [0, 0]; killed < kills; runs++) {
    assert.ok(runs < 5 * kills, "it ends by itself each time");
    const phase = phases[killed % phases.length] as Phase;
    if (phase === IMPORT[0]) append(world);
    if (await killIn(phase, world, args)) killed += 1;
    else append(world);
  }
  const { code, rows: result } = await runImport(world, undefined, ...args);
  return { world, code, result, old };
}

/** Each row has its one account, which the result names. */
function checkAccounts({ world, result, old }: Awaited<ReturnType<typeof ordeal>>): void {
  assert.deepEqual(
    world.api.accounts.map((it) => it.value).sort(),
    Array.from({ length: rows }, (_, i) => address(i)).sort(),
  );
  assert.equal(result.length, rows);
  for (const { row, outcome, user } of result) {
    const account = world.api.accounts.find((it) => it.value === address(row - 1));
    const before = old.some((it) => it.id === account?.id);
    assert.deepEqual([row, outcome], [row, before ? "exists" : "created"]);
    if (!before) assert.equal(user, account?.id);
  }
}

/** What the journal tells of the kills. */
function seen({ world }: Awaited<ReturnType<typeof ordeal>>): string {
  const lines: Line[] = readFileSync(`${world.file}.journal`, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((it) => JSON.parse(it));
  const many = (is: Line["is"]) => lines.filter((it) => it.is === is).length;
  return `${rows} rows; ${many("begun")} begun, ${many("batch")} batches, ${many("task")} tasks, ${many("made")} made, ${many("leaving")} left`;
}

describe("killed 50 times", () => {
  test("createUser: 26 times, and each row has its one account", async (t) => {
    const end = await ordeal(26, CREATE, []);
    const { api } = end.world;
    const asked = calls(end.world, /createUser/);
    t.diagnostic(
      `${seen(end)}; ${asked} calls of createUser, ${calls(end.world, /getUsersByStandardAttribute/)} looks`,
    );
    assert.equal(end.code, 0);
    checkAccounts(end);
    assert.ok(end.result.every(({ outcome, message }) => outcome === "exists" || message === "by hook"));
    assert.ok(asked > rows, "no kill hit a call that was under way");
    assert.ok(calls(end.world, /getUsersByStandardAttribute/) > 2, "no call had to be looked into");
    assert.equal(api.mails.length, 0);
  });

  test("the import API, 12 times, with a provider that honours keys: one message for each account", async (t) => {
    const end = await ordeal(12, IMPORT, ["--via", "import-api"]);
    const { mail, api } = end.world;
    t.diagnostic(`${seen(end)}; ${mail.repeated} repeated, ${api.imports.size} imports`);
    assert.equal(end.code, 0);
    checkAccounts(end);
    const made = end.result.filter(({ outcome }) => outcome === "created");
    assert.ok(made.every(({ message }) => message === "sent"));
    assert.deepEqual(
      [...mail.messages.values()],
      made.map(() => 1),
    );
    assert.equal(mail.conflicts, 0);
    assert.ok(mail.repeated > 0, "no kill hit a message that was being sent");
  });

  test("the import API, 12 times, with one that does not: never two, and what is unknown is told", async (t) => {
    const end = await ordeal(12, IMPORT, ["--via", "import-api"], "sendgrid");
    const { mail } = end.world;
    const unknown = end.result.filter(({ message }) => message === "unknown");
    t.diagnostic(`${seen(end)}; ${unknown.length} unknown`);
    assert.equal(end.code, 1);
    checkAccounts(end);
    assert.ok(unknown.length > 0, "no kill hit a message that was being sent");
    assert.ok(
      [...mail.messages.values()].every((it) => it === 1),
      "a message was sent twice",
    );
    for (const { row, outcome, message } of end.result) {
      const sent = mail.messages.get(address(row - 1)) ?? 0;
      if (message === "sent") assert.equal(sent, 1);
      else if (outcome === "exists") assert.equal(sent, 0);
      else assert.equal(message, "unknown");
    }
  });
});
