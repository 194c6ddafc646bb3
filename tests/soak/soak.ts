/**
 * Many events, one request in five failing: through `authgear-invite serve`, whose outbox keeps them, and through createHook. What
 * a user got is counted by the provider's server, what became of each event by the receipts' receiver.
 */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Config } from "../../ts/config.ts";
import { createHook } from "../../ts/index.ts";
import { configFor, deliver, newEvent, Served, writeConfig } from "../node/served.ts";
import { eventually, folder } from "../node/support.ts";
import { CountingApi, type Dialect, type Fault } from "../servers/counting.ts";

export type Door = "serve" | "createHook";

/** What was counted. */
export type Tally = {
  events: number;
  requests: number;
  faults: number;
  messages: number;
  /** Requests under a key that was known, whose message did not go out again. */
  repeated: number;
  outcomes: { [outcome: string]: number };
  seconds: number;
};

const SHARE = 0.2;
const FAULTS: Fault[] = ["busy", "error", "error, taken", "reset", "reset, taken"];
/** Events under way at once. */
const AT_ONCE = { serve: 64, createHook: 256 };
/** Messages that `serve` sends at once, most of which wait for their next attempt. */
const CONCURRENCY = "256";

/** Lets so many events through a door, and asserts that none is lost and none doubled. */
export async function soak(door: Door, dialect: Dialect, events: number, progress = (_: string) => {}): Promise<Tally> {
  const api = await new CountingApi(dialect).start();
  let faults = 0;
  api.fault = () => {
    if (Math.random() >= SHARE) return undefined;
    faults += 1;
    return FAULTS[Math.floor(Math.random() * FAULTS.length)];
  };
  const receipts = await startReceipts();
  const receipt = { url: receipts.origin, secret: "hmac-5521" };
  const config = configFor(dialect, api.origin, { receipt, delivery: undefined });
  const made = new Map<string, string>();
  const start = performance.now();
  const through = door === "serve" ? await throughServe(config) : throughHook(config as Config);
  await inParallel(events, AT_ONCE[door], async (n) => {
    if (n % 1000 === 0) progress(`${door}, ${dialect}: ${n} of ${events}`);
    const { event, address } = newEvent();
    made.set(event.id, address);
    await through.send(event);
  });
  progress(`${door}, ${dialect}: the last of ${events}`);
  await eventually(() => receipts.outcomes.size >= events, `receipt for each of ${events}`, 600);
  const seconds = (performance.now() - start) / 1000;
  await through.end();
  await Promise.all([api.stop(), receipts.close()]);

  assert.equal(api.conflicts, 0, "a key came again with other bytes");
  assert.equal(receipts.outcomes.size, events);
  const outcomes: Tally["outcomes"] = {};
  for (const [id, address] of made) {
    const outcome = receipts.outcomes.get(id) ?? "lost";
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    const messages = api.messages.get(address) ?? 0;
    assert.ok(messages <= 1, `${messages} messages for one event`);
    if (outcome === "sent") assert.equal(messages, 1, "sent, and nobody has taken it");
    else if (outcome === "not_sent") assert.equal(messages, 0, "not sent, and somebody has taken it");
    else assert.equal(outcome, "unknown");
  }
  return { events, requests: api.requests, faults, messages: api.total, repeated: api.repeated, outcomes, seconds };
}

type Through = { send: (event: object) => Promise<void>; end: () => Promise<void> };

async function throughServe(config: object): Promise<Through> {
  const dir = folder();
  // Not `Served.start`: this runs outside of tests too.
  const served = new Served({
    config: writeConfig(join(dir, "c.json"), config),
    data: join(dir, "outbox.db"),
    args: ["--concurrency", CONCURRENCY],
  });
  process.once("exit", () => served.kill("SIGKILL"));
  const listening = await served.said("listening");
  served.origin = String(listening.url);
  return {
    send: async (event) => {
      assert.equal((await deliver(served.origin, event)).status, 202);
    },
    end: async () => {
      assert.equal(await served.metric("queue_depth"), 0);
      served.kill("SIGTERM");
      assert.deepEqual(await served.ended, { code: 0, signal: null });
    },
  };
}

function throughHook(config: Config): Through {
  const hook = createHook(config, { locales: ["en"] });
  return {
    send: async (event) => {
      const end = await hook(event);
      assert.ok("receipt" in end && end.receipt === "taken", JSON.stringify(end));
    },
    end: async () => {},
  };
}

/** Who hears what became of each event; a later word replaces an earlier one. */
async function startReceipts() {
  const outcomes = new Map<string, string>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { event_id, outcome } = JSON.parse(Buffer.concat(chunks).toString());
    outcomes.set(event_id, outcome);
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { outcomes, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function inParallel(count: number, atOnce: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
