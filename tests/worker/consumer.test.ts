/** The consumer in a world where time passes only when told: waits, keys that expire, bindings that fail. */
import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import fc from "fast-check";
import type { Claim, Claimed, ClaimsClient, End } from "../../ts/cloudflare/claims.ts";
import { bury, type Consumer, consume, type Queued } from "../../ts/cloudflare/consumer.ts";
import type { Config } from "../../ts/config.ts";
import type { Decision } from "../../ts/core.ts";
import type { Engine } from "../../ts/engine.ts";
import { type Behaviour, core, HANG, message, REFUSED, RETRY, request, SENT, UNKNOWN, World } from "../node/world.ts";

const DAY = 86_400;
const BACKOFF = { firstSeconds: 30, mostSeconds: 3600 };
const DEAD_LETTER = { url: "https://grave.example/letters", secret: "hmac-V1nEy4rdW4tch3r" };
const config: Config = {
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [{ provider: "resend", apiKey: "key-5521", from: "no-reply@acme.example" }],
};

type Setting = {
  decision?: Decision;
  config?: Config;
  claims?: Partial<ClaimsClient>;
  queueFails?: boolean;
  random?: () => number;
  deadLetters?: boolean;
};

/** A queue of one message, worked off as Cloudflare would. */
class Belt {
  readonly world: World;
  readonly sent: { body: Queued; delaySeconds?: number; to: "queue" | "dead letters" }[] = [];
  readonly consumer: Consumer;

  constructor(script: Behaviour[], setting: Setting = {}) {
    const { decision = message(DAY), claims, queueFails = false, random, deadLetters } = setting;
    this.world = new World(script, random);
    const binding = (to: "queue" | "dead letters") => ({
      send: async (body: unknown, options?: { delaySeconds?: number }) => {
        if (queueFails) throw new Error("Queue send failed");
        this.sent.push({ body: body as Queued, delaySeconds: options?.delaySeconds, to });
      },
    });
    const none: ClaimsClient = {
      take: async () => ({ granted: true }),
      end: async () => {},
      read: async () => undefined,
    };
    this.consumer = {
      engine: { ...core, decide: () => decision } as unknown as Engine,
      setup: { config: setting.config ?? config, builtin: "{}", host: this.world.host },
      queue: binding("queue"),
      ...(deadLetters && { deadLetters: binding("dead letters") }),
      ...(claims && { claims: { ...none, ...claims } }),
      backoff: BACKOFF,
    };
  }

  async deliver(body: unknown = { event: {}, id: "e1", type: "user.created" }, attempts = 1, handle = consume) {
    const ends: (string | number | undefined)[] = [];
    const print = [mock.method(console, "log", () => {}), mock.method(console, "error", () => {})];
    const queued = {
      body,
      attempts,
      ack: () => void ends.push("ack"),
      retry: (options?: { delaySeconds?: number }) => void ends.push(options?.delaySeconds),
    };
    await handle(queued, this.consumer);
    for (const it of print) it.mock.restore();
    assert.equal(ends.length, 1, "acknowledged or retried, once");
    return ends[0];
  }

  letters() {
    const letters = this.world.requests.filter((it) => it.url === DEAD_LETTER.url);
    return letters.map((it) => JSON.parse(it.body));
  }
}

describe("the wait before the next attempt", () => {
  test("doubles from attempt to attempt, up to an hour", async () => {
    const belt = new Belt([RETRY], { random: () => 0.999999 });
    const waits = [];
    for (let attempts = 1; attempts <= 9; attempts++) waits.push(await belt.deliver(undefined, attempts));
    assert.deepEqual(waits, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    assert.equal(await new Belt([RETRY], { random: () => 0 }).deliver(undefined, 3), 60);
  });

  test("is as long as a provider asks, within what Queues take", async () => {
    for (const [header, least] of [
      ["600", 600],
      ["7200", 7200],
      ["999999", 43_200],
      ["1", 15],
      ["soon", 15],
    ] as const) {
      const belt = new Belt([{ ...RETRY, headers: { "retry-after": header } }], { random: () => 0 });
      assert.equal(await belt.deliver(), least, header);
    }
  });

  test("one request for each sender: the queue waits, not the Worker", async () => {
    const belt = new Belt([RETRY], { decision: message(DAY, 0) });
    await belt.deliver();
    assert.equal(belt.world.requests.length, 2);
    assert.deepEqual(belt.world.sleeps, []);
    const patient = new Belt([RETRY], { config: { ...config, delivery: { attempts: 3 } } });
    await patient.deliver();
    assert.equal(patient.world.requests.length, 3);
  });
});

describe("in doubt", () => {
  test("the message comes back with its mark; then it is that sender's alone", async () => {
    const belt = new Belt([RETRY, HANG, SENT], { decision: message(DAY, DAY, DAY) });
    assert.equal(await belt.deliver(), "ack");
    const [back] = belt.sent;
    assert.deepEqual([back?.to, back?.body.mark?.sender, back?.body.mark?.keySeconds], ["queue", 1, DAY]);
    assert.ok((back?.delaySeconds ?? 0) >= 15);
    assert.equal(await belt.deliver(back?.body), "ack");
    assert.deepEqual(
      belt.world.requests.map((it) => new URL(it.url).host),
      ["p0.example", "p1.example", "p1.example"],
    );
    assert.equal(belt.world.requests[1]?.body, belt.world.requests[2]?.body);
  });

  test("it is repeated while the key holds, and not a minute longer", async () => {
    for (const [passed, requests] of [
      [1700, 2],
      [1741, 1],
      [90_000, 1],
    ] as const) {
      const belt = new Belt([UNKNOWN, SENT], {
        decision: message(1800),
        config: { ...config, deadLetter: DEAD_LETTER },
      });
      await belt.deliver();
      belt.world.time += passed * 1000;
      assert.equal(await belt.deliver(belt.sent[0]?.body), "ack");
      const letters = belt.letters();
      assert.equal(belt.world.requests.length - letters.length, requests, `${passed}`);
      assert.deepEqual(
        letters.map((it) => it.outcome),
        requests === 1 ? ["unknown"] : [],
      );
    }
  });

  test("a key that would have run out by the next attempt is no key", async () => {
    const belt = new Belt([UNKNOWN, SENT], { decision: message(80), config: { ...config, deadLetter: DEAD_LETTER } });
    assert.equal(await belt.deliver(undefined, 3), "ack");
    assert.deepEqual([belt.sent.length, belt.letters().length], [0, 1]);
  });

  test("with other bytes, another sender or no decision any more it stays unknown, and nothing leaves", async () => {
    const before = new Belt([UNKNOWN]);
    await before.deliver();
    const changed = { ...message(DAY) };
    changed.attempts = changed.attempts.map((it) => ({ ...it, request: request("https://p0.example/v2") }));
    const skip: Decision = { type: "skip", reason: "triggered_by", detail: "", rule: null };
    for (const decision of [changed, { ...changed, attempts: [] }, skip]) {
      const belt = new Belt([SENT], { decision, config: { ...config, deadLetter: DEAD_LETTER } });
      assert.equal(await belt.deliver(before.sent[0]?.body), "ack");
      assert.deepEqual(
        belt.letters().map((it) => it.outcome),
        ["unknown"],
      );
      assert.equal(belt.world.requests.length, 1);
    }
  });

  test("when the queue does not take it back, it is told rather than sent anew", async () => {
    const belt = new Belt([UNKNOWN, SENT], { queueFails: true, config: { ...config, deadLetter: DEAD_LETTER } });
    assert.equal(await belt.deliver(), "ack");
    assert.deepEqual(
      belt.letters().map((it) => it.outcome),
      ["unknown"],
    );
  });
});

describe("claims", () => {
  test("that cannot be made keep the request from leaving", async () => {
    const belt = new Belt([SENT], { claims: { take: () => Promise.reject(new Error("overloaded")) } });
    assert.equal(typeof (await belt.deliver()), "number");
    assert.equal(belt.world.requests.length, 0);
  });

  test("that cannot be ended change nothing", async () => {
    for (const [script, end] of [
      [[SENT], "ack"],
      [[RETRY], 23],
    ] as const) {
      const belt = new Belt([...script], { claims: { end: () => Promise.reject(new Error("overloaded")) } });
      assert.equal(await belt.deliver(), end);
    }
  });

  test("hear of every request before it leaves, and of the end", async () => {
    const said: string[] = [];
    const claims = {
      take: async ({ mark, again }: { mark: { sender: number }; again: boolean }): Promise<Claimed> => {
        said.push(`take ${mark.sender} ${again} after ${belt.world.requests.length}`);
        return { granted: true };
      },
      end: async ({ state, note, mark }: End) => void said.push(`${state} ${note} ${mark?.sender}`),
    };
    const belt = new Belt([REFUSED, RETRY, SENT], { decision: message(DAY, DAY), claims });
    await belt.deliver();
    await belt.deliver();
    assert.deepEqual(said, [
      "take 0 false after 0",
      "take 1 false after 1",
      "waiting p0: 422; p1: 503 undefined",
      "take 0 false after 2",
      "sent undefined undefined",
    ]);
  });

  test("of somebody else make the message wait, of an ended message drop it", async () => {
    const busy = new Belt([SENT], { claims: { take: async () => ({ granted: false, why: "busy", waitMs: 41_001 }) } });
    assert.equal(await busy.deliver(), 42);
    const ended = new Belt([SENT], { claims: { take: async () => ({ granted: false, why: "ended" }) } });
    assert.equal(await ended.deliver(), "ack");
    assert.equal(busy.world.requests.length + ended.world.requests.length, 0);
  });
});

describe("the dead-letter queue", () => {
  const told = { ...config, deadLetter: DEAD_LETTER };

  test("tells not_sent, and unknown of what may have been sent", async () => {
    const mark = { provider: "p0", sender: 0, first: 0, keySeconds: DAY, hash: "" };
    for (const [body, claim, outcome] of [
      [{ event: {}, type: "" }, undefined, "not_sent"],
      [{ event: {}, type: "", mark }, undefined, "unknown"],
      [{ event: {}, type: "" }, { state: "sending", mark }, "unknown"],
      [{ event: {}, type: "" }, { state: "waiting", note: "p0: 401" }, "not_sent"],
    ] as [Queued, Claim | undefined, string][]) {
      const belt = new Belt([SENT], { config: told, claims: { read: async () => claim } });
      assert.equal(await belt.deliver(body, 1, bury), "ack");
      assert.equal(belt.letters()[0]?.outcome, outcome);
      assert.equal(belt.letters()[0]?.reason.includes("p0: 401"), claim?.note !== undefined);
    }
  });

  test("of what was sent after all says nothing", async () => {
    const belt = new Belt([SENT], { config: told, claims: { read: async () => ({ state: "sent" }) } });
    assert.equal(await belt.deliver(undefined, 1, bury), "ack");
    assert.equal(belt.world.requests.length, 0);
  });

  test("keeps a letter that nobody takes", async () => {
    const belt = new Belt([{ status: 500 }], { config: told });
    assert.equal(typeof (await belt.deliver(undefined, 1, bury)), "number");
  });

  test("gets what no receiver has taken; without it the queue does, if there is a receiver", async () => {
    for (const [deadLetter, deadLetters, to] of [
      [undefined, true, ["dead letters"]],
      [undefined, false, []],
      [DEAD_LETTER, true, ["dead letters"]],
      [DEAD_LETTER, false, ["queue"]],
    ] as const) {
      const belt = new Belt([UNKNOWN, { status: 500 }], {
        decision: message(0),
        config: { ...config, deadLetter },
        deadLetters,
      });
      assert.equal(await belt.deliver(), "ack");
      assert.deepEqual(
        belt.sent.map((it) => it.to),
        to,
      );
      for (const { body } of belt.sent) {
        const later = new Belt([{ status: 204 }], { config: told });
        assert.equal(await later.deliver(body), "ack");
        assert.deepEqual(
          later.letters().map((it) => [it.outcome, it.reason, it.attempts.length]),
          [["unknown", "p0: 502", 1]],
        );
        assert.equal(later.world.requests.length, 1, "only told, not sent");
      }
    }
  });
});

test("whatever lies in the queue is acknowledged or retried, once, and never throws", async () => {
  const any = fc.anything({ withNullPrototype: true, maxDepth: 3 });
  const body = fc.oneof(any, fc.record({ event: any, id: any, type: any, mark: any, end: any }, { requiredKeys: [] }));
  const behaviours = fc.array(fc.constantFrom(SENT, RETRY, REFUSED, UNKNOWN), { minLength: 1, maxLength: 4 });
  const property = fc.asyncProperty(body, behaviours, fc.boolean(), async (it, script, dead) => {
    await new Belt(script, { decision: message(DAY, 0) }).deliver(it, 1, dead ? bury : consume);
  });
  await fc.assert(property, { numRuns: 300 });
});
