/** What becomes of a message, pass by pass, in a world whose time and providers are told what to do. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Config } from "../../ts/config.ts";
import type { Decision, Send } from "../../ts/core.ts";
import type { Mark } from "../../ts/mark.ts";
import { OutboxError } from "../../ts/outbox/file.ts";
import { BACKOFF_CAP_MS, type Context, type Message, type Notice, pass, Stopped } from "../../ts/outbox/pass.ts";
import type { Change } from "../../ts/outbox/store.ts";
import { type Behaviour, core, HANG, message, REFUSED, RETRY, request, SENT, UNKNOWN, World } from "./world.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAY_SECONDS = 86_400;
const event = { eventId: "event-guide", type: "user.created", userId: "u1", body: new TextEncoder().encode("{}") };

/** A message in an outbox that remembers all that was written, in order, with the requests that had left by then. */
class Outbox {
  readonly writes: { change: Change<never>; requests: number }[] = [];
  readonly notices: Notice[] = [];
  readonly world: World;
  readonly entry: Message;
  readonly context: Context;
  decision: Decision;
  failures = 0;

  constructor(decision: Decision, script: Behaviour[], config: Partial<Config> = {}, random = () => 0.5) {
    this.world = new World(script, random);
    this.decision = decision;
    const since = this.world.time;
    this.entry = { id: 1, key: "k", state: "queued", since, due: since, passes: 0, mark: null, last: null };
    this.context = {
      store: {
        event: () => event,
        change: async (_, change) => {
          if (this.failures-- > 0) throw new OutboxError("full", "the disk is full");
          this.writes.push({ change: change as Change<never>, requests: this.world.requests.length });
        },
      },
      core: { ...core, decide: () => this.decision },
      setup: { config: { delivery: { attempts: 1 }, ...config } as Config, builtin: "{}", host: this.world.host },
      maxMs: 3 * DAY,
      notify: (notice) => this.notices.push(notice),
    };
  }

  /** A pass at the moment when it is due. */
  async pass(): Promise<Message> {
    this.world.time = Math.max(this.world.time, this.entry.due ?? 0);
    await pass(this.entry, this.context);
    return this.entry;
  }

  /** As a process that was killed and started again finds it. */
  crash(): void {
    Object.assign(this.entry, { state: "sending", mark: this.mark(), due: this.world.time });
  }

  mark(): Mark {
    const marks = this.writes.map(({ change }) => change.mark).filter((it) => it != null);
    return marks.at(-1) ?? assert.fail("nothing was marked");
  }

  get hosts(): string[] {
    return this.world.requests.map(({ url }) => new URL(url).hostname.replace(".example", ""));
  }
}

describe("a message that is sent", () => {
  test("is on the disk as sending before its request leaves, and as sent after", async () => {
    const outbox = new Outbox(message(DAY_SECONDS), [SENT]);
    const { state, due, mark, passes } = await outbox.pass();
    assert.deepEqual([state, due, mark, passes], ["sent", null, null, 1]);
    const [left, done] = outbox.writes;
    assert.deepEqual([left?.change.state, left?.requests], ["sending", 0]);
    assert.deepEqual([done?.change.state, done?.requests], ["sent", 1]);
    const { hash, ...facts } = outbox.mark();
    assert.deepEqual(facts, { provider: "p0", sender: 0, first: outbox.entry.since, keySeconds: DAY_SECONDS });
    assert.match(hash, /^[0-9a-f]{64}$/);
  });

  test("is marked anew for each sender", async () => {
    const outbox = new Outbox(message(0, DAY_SECONDS), [REFUSED, SENT]);
    assert.equal((await outbox.pass()).state, "sent");
    assert.deepEqual(
      outbox.writes.map(({ change, requests }) => [change.state, change.mark?.provider, requests]),
      [
        ["sending", "p0", 0],
        ["sending", "p1", 1],
        ["sent", undefined, 2],
      ],
    );
  });
});

describe("a message that was not sent", () => {
  test("waits, longer and longer up to an hour, and is a dead letter after its days", async () => {
    const outbox = new Outbox(message(0), [RETRY], {}, () => 0.999);
    const waits: number[] = [];
    while ((await outbox.pass()).state === "queued") {
      assert.equal(outbox.entry.mark, null);
      waits.push((outbox.entry.due ?? 0) - outbox.world.time);
    }
    assert.deepEqual(
      waits.slice(0, 4).map((ms) => Math.round(ms / 1000)),
      [5, 10, 20, 40],
    );
    assert.ok(waits.every((ms) => ms <= BACKOFF_CAP_MS));
    assert.ok((waits.at(-1) ?? 0) > 0.9 * HOUR);
    const { state, last, due } = outbox.entry;
    assert.deepEqual([state, last?.outcome, due], ["dead", "not_sent", null]);
    const age = outbox.world.time - outbox.entry.since;
    assert.ok(age > 3 * DAY - BACKOFF_CAP_MS && age < 3 * DAY, `${age / DAY} days`);
  });

  test("has a jitter from nothing to all", async () => {
    for (const [random, seconds] of [
      [0, 0],
      [0.5, 2.5],
      [0.999, 5],
    ] as const) {
      const outbox = new Outbox(message(0), [RETRY], {}, () => random);
      await outbox.pass();
      assert.equal(Math.round(((outbox.entry.due ?? 0) - outbox.world.time) / 100) / 10, seconds);
    }
  });

  test("waits as long as a provider asks, but no longer than an hour", async () => {
    for (const [seconds, ms] of [
      ["600", 600_000],
      ["86400", HOUR],
    ] as const) {
      const outbox = new Outbox(message(0), [{ ...RETRY, headers: { "retry-after": seconds } }]);
      await outbox.pass();
      assert.equal((outbox.entry.due ?? 0) - outbox.world.time, ms);
    }
  });

  test("tries all senders each time", async () => {
    const outbox = new Outbox(message(0, 0), [RETRY, REFUSED, RETRY, SENT]);
    await outbox.pass();
    assert.equal((await outbox.pass()).state, "sent");
    assert.deepEqual(outbox.hosts, ["p0", "p1", "p0", "p1"]);
  });

  test("is a dead letter when the configuration no longer sends it", async () => {
    for (const [decision, reason] of [
      [{ type: "skip", reason: "origin", detail: "", rule: null }, /no longer sends it: origin/],
      [{ type: "invalid", problems: ["url: is missing"] }, /no longer sends it: url: is missing/],
    ] as const) {
      const outbox = new Outbox(decision as Decision, []);
      const { state, last } = await outbox.pass();
      assert.equal(state, "dead");
      assert.equal(last?.outcome, "not_sent");
      assert.match((last as { reason: string }).reason, reason);
    }
  });
});

describe("a message in doubt", () => {
  test("without a key is a dead letter, in a live process and after a crash", async () => {
    const live = new Outbox(message(0, 0), [HANG]);
    assert.equal((await live.pass()).state, "dead");
    assert.equal(live.entry.last?.outcome, "unknown");
    assert.equal(live.world.requests.length, 1);

    const crashed = new Outbox(message(0, 0), [SENT]);
    await crashed.pass();
    crashed.crash();
    assert.equal((await crashed.pass()).state, "dead");
    assert.equal(crashed.entry.last?.outcome, "unknown");
    assert.equal(crashed.world.requests.length, 1, "nothing was repeated");
  });

  test("goes again to the same sender, with the same bytes, and to no other", async () => {
    const outbox = new Outbox(message(0, DAY_SECONDS, 0), [REFUSED, UNKNOWN, HANG, RETRY, SENT]);
    const states = [];
    for (let i = 0; i < 4; i++) states.push((await outbox.pass()).state);
    assert.deepEqual(states, ["sending", "sending", "sending", "sent"]);
    assert.deepEqual(outbox.hosts, ["p0", "p1", "p1", "p1", "p1"]);
    const [, ...repeated] = outbox.world.requests;
    assert.equal(new Set(repeated.map(({ body }) => body)).size, 1);
    assert.equal(outbox.writes.filter(({ change }) => change.mark).length, 2, "when it first left is not forgotten");
  });

  test("is a dead letter when the key no longer holds", async () => {
    const outbox = new Outbox(message(HOUR / 1000), [UNKNOWN], {}, () => 0.999);
    while ((await outbox.pass()).state === "sending");
    assert.deepEqual([outbox.entry.state, outbox.entry.last?.outcome], ["dead", "unknown"]);
    const last = outbox.world.requests.at(-1);
    assert.ok(last && last.at < outbox.entry.since + HOUR);
    assert.ok(outbox.world.requests.length > 3);
  });

  test("is not repeated when its key ends, also in the midst of a long pass", async () => {
    const slow: Behaviour = { ...RETRY, headers: { "retry-after": "45" } };
    const delivery = { attempts: 12, budgetSeconds: 300 };
    const outbox = new Outbox(message(600), [SENT, slow], { delivery });
    await outbox.pass();
    outbox.crash();
    outbox.world.time += 400_000;
    await outbox.pass();
    const left = outbox.world.requests.map(({ at }) => at - outbox.entry.since);
    assert.ok(left.length > 4, `${left}`);
    assert.ok(Math.max(...left) < 600_000, `${left}`);
  });

  const change = { ...request("https://p0.example/send"), body: `{"to":"else"}` };
  const again = message(DAY_SECONDS);
  for (const [name, prepare, reason] of [
    [
      "the key is over after the crash",
      (it) => {
        it.world.time += DAY;
      },
      /key no longer holds/,
    ],
    [
      "a clock was set back behind the first request",
      (it) => {
        it.world.time -= HOUR;
        it.entry.due = 0;
      },
      /key no longer holds/,
    ],
    [
      "the clock is not trusted",
      (it) => {
        it.entry.mark = { ...it.mark(), keySeconds: 0 };
      },
      /no idempotency key/,
    ],
    [
      "the texts have changed",
      (it) => {
        it.decision = { ...again, attempts: [{ ...again.attempts[0], request: change }] } as Send;
      },
      /changed/,
    ],
    [
      "the sender is gone",
      (it) => {
        it.decision = { ...again, attempts: [{ ...again.attempts[0], provider: "p7" }] } as Send;
      },
      /no longer has this sender/,
    ],
    [
      "the rule is gone",
      (it) => {
        it.decision = { type: "skip", reason: "event_type", detail: "", rule: null };
      },
      /no longer sends it/,
    ],
  ] as [string, (outbox: Outbox) => void, RegExp][]) {
    test(`is a dead letter when ${name}`, async () => {
      const outbox = new Outbox(message(DAY_SECONDS), [UNKNOWN, SENT]);
      await outbox.pass();
      outbox.crash();
      prepare(outbox);
      const { state, last } = await outbox.pass();
      assert.deepEqual([state, last?.outcome], ["dead", "unknown"]);
      assert.match((last as { reason: string }).reason, reason);
      assert.equal(outbox.world.requests.length, 1, "nothing was repeated");
    });
  }

  test("stays in doubt when its repetition is refused", async () => {
    const outbox = new Outbox(message(DAY_SECONDS, 0), [UNKNOWN, REFUSED, SENT]);
    await outbox.pass();
    const { state, last } = await outbox.pass();
    assert.deepEqual([state, last?.outcome], ["dead", "unknown"]);
    assert.equal(outbox.world.requests.length, 2);
  });

  test("whatever providers do and whenever it crashes, no second message and no silence", async () => {
    const behaviour = fc.constantFrom(SENT, RETRY, REFUSED, UNKNOWN, HANG);
    const keys = fc.array(fc.constantFrom(0, 120, DAY_SECONDS), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        keys,
        fc.array(behaviour, { minLength: 1, maxLength: 12 }),
        fc.array(fc.boolean()),
        async (keys, script, crashes) => {
          const outbox = new Outbox(message(...keys), script);
          for (let i = 0; i < 12 && outbox.entry.due !== null; i++) {
            const before = outbox.writes.length;
            await outbox.pass();
            const left =
              outbox.writes.slice(before).some(({ change }) => change.mark) || outbox.entry.state === "sending";
            // The process ended after the answer, and before that was on the disk.
            if (crashes[i] && left) outbox.crash();
          }
          // Those which a provider may have taken, without a key that would tell it of the repetition.
          const mayBeTaken = outbox.world.requests.filter((_, i) =>
            [SENT, UNKNOWN, HANG].includes(script[Math.min(i, script.length - 1)] as Behaviour),
          );
          const hosts = new Set(mayBeTaken.map(({ url }) => url));
          assert.ok(hosts.size <= 1, "two senders may have taken it");
          const sender = message(...keys).attempts.find(({ request }) => hosts.has(request?.url ?? ""));
          if (sender?.keySeconds === 0) assert.ok(mayBeTaken.length <= 1, "a keyless sender may have taken it twice");
          if (hosts.size > 0) assert.notEqual(outbox.entry.last?.outcome, "not_sent", "it may have been sent");
          if (outbox.entry.due === null) assert.ok(["sent", "dead"].includes(outbox.entry.state));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("an outbox that cannot be written", () => {
  test("keeps the request from leaving", async () => {
    const outbox = new Outbox(message(0), [SENT]);
    outbox.failures = 1;
    await assert.rejects(outbox.pass(), OutboxError);
    assert.equal(outbox.world.requests.length, 0);
    assert.equal(outbox.entry.state, "queued");
    assert.equal((await outbox.pass()).state, "sent");
  });

  test("is told of what has happened until it takes it", async () => {
    const outbox = new Outbox(message(0), [SENT]);
    const { fetch } = outbox.world.host;
    outbox.world.host.fetch = (url, init) => {
      outbox.failures = 5;
      return fetch(url, init);
    };
    assert.equal((await outbox.pass()).state, "sent");
    assert.equal(outbox.notices.filter(({ what }) => what === "fault").length, 5);
    assert.equal(outbox.world.requests.length, 1);
  });
});

describe("the end of the process", () => {
  /** Ends it while delivery waits between two attempts. */
  const stopped = async (keySeconds: number, answer: Behaviour) => {
    const outbox = new Outbox(message(keySeconds), [answer], { delivery: { attempts: 4 } });
    outbox.world.host.sleep = () => Promise.reject(new Stopped());
    await assert.rejects(outbox.pass(), Stopped);
    return outbox.entry;
  };

  test("leaves as queued what was proven not to be sent", async () => {
    const { state, mark, due } = await stopped(0, RETRY);
    assert.deepEqual([state, mark], ["queued", null]);
    assert.notEqual(due, null);
  });

  test("leaves as sending what may have been, under its key", async () => {
    const { state, mark } = await stopped(DAY_SECONDS, UNKNOWN);
    assert.deepEqual([state, mark?.keySeconds], ["sending", DAY_SECONDS]);
  });
});

describe("reports", () => {
  const receivers = {
    deadLetter: { url: "https://grave.example/", secret: "s1" },
    receipt: { url: "https://book.example/", secret: "s2" },
  };
  /** Providers by script; receivers take reports or not. */
  const told = (decision: Decision, script: Behaviour[], takes: (url: string) => boolean) => {
    const outbox = new Outbox(decision, script, receivers);
    const reports: { url: string; outcome: string }[] = [];
    const { fetch } = outbox.world.host;
    outbox.world.host.fetch = async (url, init) => {
      if (!/grave|book/.test(url)) return fetch(url, init);
      const taken = takes(url);
      if (taken) reports.push({ url, outcome: JSON.parse(String(init.body)).outcome });
      return new Response("", { status: taken ? 200 : 500 });
    };
    return { outbox, reports };
  };

  test("of a sent message: one receipt, at the end", async () => {
    const { outbox, reports } = told(message(0), [RETRY, RETRY, SENT], () => true);
    while ((await outbox.pass()).due !== null);
    assert.deepEqual(reports, [{ url: receivers.receipt.url, outcome: "sent" }]);
    assert.equal(outbox.entry.state, "sent");
  });

  test("of a dead letter: to both, once, as soon as each takes it", async () => {
    let refusals = 7;
    const { outbox, reports } = told(message(0), [HANG], (url) => !url.includes("grave") || refusals-- <= 0);
    while ((await outbox.pass()).due !== null);
    assert.deepEqual(reports, [
      { url: receivers.receipt.url, outcome: "unknown" },
      { url: receivers.deadLetter.url, outcome: "unknown" },
    ]);
    assert.equal(outbox.world.requests.length, 1, "telling is not sending");
    assert.equal(outbox.entry.state, "dead");
  });

  test("after a crash before the telling: told", async () => {
    const { outbox, reports } = told(message(0), [SENT], () => true);
    Object.assign(outbox.entry, {
      state: "sent",
      last: { outcome: "sent", provider: "p0", attempts: [], at: outbox.world.time },
    });
    assert.equal((await outbox.pass()).due, null);
    assert.deepEqual([reports.length, outbox.world.requests.length], [1, 0]);
  });

  test("that nobody takes are given up after the days of a message", async () => {
    const { outbox } = told(message(0), [SENT], () => false);
    while ((await outbox.pass()).due !== null);
    assert.ok(outbox.world.time - outbox.entry.since > 2 * DAY);
    assert.deepEqual(outbox.notices.at(-1), { ...outbox.notices.at(-1), what: "untold", final: true });
  });
});
