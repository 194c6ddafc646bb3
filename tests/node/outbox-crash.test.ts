/**
 * The promise of the outbox, kept by real processes that are killed: what was answered with 202 is sent once by a provider
 * that honours keys; by one that does not it is sent once or is a dead letter, and never twice.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { CountingApi, type Dialect } from "../servers/counting.ts";
import { configFor, deliver, newEvent, nodes, rows, Served, writeConfig } from "./served.ts";
import { eventually, folder, sleep } from "./support.ts";

const CLIENTS = 8;
/** Kills come between these, after the server listens; every other time after it has acknowledged something. */
const LIFE_MS = [5, 350] as const;

type Log = { acknowledged: Set<string>; duplicates: number; unanswered: ReturnType<typeof newEvent>[] };

/** Posts events until the server is gone; those that got no answer come again, as a sender that tries again would do. */
async function load(origin: string, log: Log, alive: () => boolean): Promise<void> {
  const client = async () => {
    while (alive()) {
      const next = log.unanswered.shift() ?? newEvent();
      try {
        const { status, outcome } = await deliver(origin, next.event);
        assert.equal(status, 202);
        if (outcome === "duplicate") log.duplicates += 1;
        log.acknowledged.add(next.address);
      } catch (error) {
        log.unanswered.push(next);
        if (error instanceof assert.AssertionError) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

async function ordeal(dialect: Dialect, rounds: number, node: string | undefined) {
  const dir = folder();
  const api = await new CountingApi(dialect, () => Math.random() * 30).start();
  const options = {
    config: writeConfig(join(dir, "c.json"), configFor(dialect, api.origin)),
    data: join(dir, "outbox.db"),
    node,
  };
  const log: Log = { acknowledged: new Set(), duplicates: 0, unanswered: [] };
  for (let round = 0; round < rounds; round++) {
    const served = await Served.start(options);
    let alive = true;
    const loading = load(served.origin, log, () => alive);
    const before = log.acknowledged.size;
    if (round % 2) await eventually(() => log.acknowledged.size > before, "acknowledgement");
    await sleep(LIFE_MS[0] + Math.random() * (LIFE_MS[1] - LIFE_MS[0]));
    served.kill("SIGKILL");
    alive = false;
    assert.equal((await served.ended).signal, "SIGKILL");
    await loading;
  }
  const last = await Served.start(options);
  for (const { event, address } of log.unanswered) {
    assert.equal((await deliver(last.origin, event)).status, 202);
    log.acknowledged.add(address);
  }
  await eventually(async () => (await last.metric("queue_depth")) === 0, "end of the work", 60);
  last.kill("SIGTERM");
  assert.deepEqual(await last.ended, { code: 0, signal: null });
  const all = await rows(options.data);
  await api.stop();
  return { api, log, all };
}

/** The address of a row, whose key holds the event's id. */
const addressOf = (key: string) => `${key.split(".")[1]}@newuser.example`;

for (const [node, rounds] of [
  [nodes[0], 32],
  [nodes[1], 8],
] as const) {
  describe(`killed ${rounds} times`, { skip: !node && "npm has no Node.js 24 for this machine" }, () => {
    test("a provider that honours keys sends each acknowledged message once", async (t) => {
      const { api, log, all } = await ordeal("resend", rounds, node);
      t.diagnostic(
        `${log.acknowledged.size} acknowledged, ${log.duplicates} known already, ${api.interrupted} interrupted, ${api.repeated} repeated under their keys`,
      );
      assert.ok(log.acknowledged.size > rounds, "there was no load");
      assert.ok(api.repeated > 0, "no kill hit a request that was under way");
      assert.equal(api.conflicts, 0);
      for (const address of log.acknowledged) assert.equal(api.messages.get(address), 1, address);
      assert.equal(api.total, log.acknowledged.size);
      assert.deepEqual(new Set(all.map(({ key }) => addressOf(key))), log.acknowledged);
      assert.ok(all.every(({ state }) => state === "sent"));
    });

    test("a provider without keys sends none twice, and none is unaccounted for", async (t) => {
      const { api, log, all } = await ordeal("sendgrid", rounds, node);
      const dead = all.filter(({ state }) => state === "dead");
      t.diagnostic(
        `${log.acknowledged.size} acknowledged, ${api.interrupted} interrupted, ${dead.length} dead letters`,
      );
      assert.ok(dead.length > 0, "no kill hit a request that was under way");
      assert.ok(
        [...api.messages.values()].every((count) => count === 1),
        "a message was sent twice",
      );
      assert.deepEqual(new Set(all.map(({ key }) => addressOf(key))), log.acknowledged);
      for (const { key, state, outcome } of all) {
        if (state === "sent") assert.equal(api.messages.get(addressOf(key)), 1, key);
        else assert.deepEqual([state, outcome], ["dead", "unknown"], key);
      }
    });
  });
}
