/** The claims over real SQLite, with a clock that is told. */
import assert from "node:assert/strict";
import { beforeEach, describe, mock, test } from "node:test";
import fc from "fast-check";
import Database from "libsql";
import { Claims, type ClaimsClient, createClaimsClient, type End } from "../../ts/cloudflare/claims.ts";
import type { Mark } from "../../ts/mark.ts";

const DAY = 86_400_000;
const LEASE = { leaseMs: 60_000 };
const markOf = (hash: string): Mark => ({ provider: "resend", sender: 0, first: Date.now(), keySeconds: 60, hash });
const GRANTED = { granted: true };
const ENDED = { granted: false, why: "ended" };

/** A Durable Object that lives as long as its storage. */
function createObject() {
  const database = new Database(":memory:");
  const alarms: number[] = [];
  const storage = {
    sql: {
      exec: (query: string, ...values: unknown[]) => {
        const statement = database.prepare(query);
        // libsql's `all` is for what answers with rows.
        const rows = statement.reader ? statement.all(values) : [];
        if (!statement.reader) statement.run(values);
        return { toArray: () => rows };
      },
    },
    getAlarm: async () => alarms.at(-1) ?? null,
    setAlarm: async (at: number) => void alarms.push(at),
  };
  return { object: new Claims({ storage }), storage, alarms };
}

type Part = ReturnType<typeof createObject>;

/** A client over one object for every name, as a namespace has them. */
function createClient() {
  const objects = new Map<string, Part>();
  const client = createClaimsClient({
    idFromName: (name) => name,
    get: (name: string) => {
      const part = objects.get(name) ?? createObject();
      objects.set(name, part);
      return { fetch: (url, init) => part.object.fetch(new Request(url, init)) };
    },
  } as Parameters<typeof createClaimsClient>[0]);
  return { client, objects };
}

describe("claims", () => {
  let client: ClaimsClient;
  let objects: Map<string, Part>;
  const take = (holder: string, mark = markOf("a"), again = false) =>
    client.take({ key: "k", holder, mark, again, ...LEASE });
  const end = (it: Omit<End, "key">) => client.end({ key: "k", ...it });

  beforeEach(() => {
    mock.timers.reset();
    mock.timers.enable({ apis: ["Date"], now: Date.UTC(2026, 8, 1) });
    ({ client, objects } = createClient());
  });

  test("one holder at a time, until its lease is over", async () => {
    assert.deepEqual(await take("one"), GRANTED);
    mock.timers.tick(20_000);
    assert.deepEqual(await take("two"), { granted: false, why: "busy", waitMs: 40_000 });
    assert.deepEqual(await take("one", markOf("b")), GRANTED, "the next sender of the same pass");
    mock.timers.tick(59_999);
    assert.deepEqual(await take("two"), { granted: false, why: "busy", waitMs: 1 });
    mock.timers.tick(1);
    const left = await take("two");
    assert.ok(!left.granted && left.why === "doubt");
    assert.equal(left.mark.hash, "b", "what left last");
  });

  test("what is in doubt is granted only for the same bytes, by those who know, and keeps its time", async () => {
    await take("lost");
    const first = Date.now();
    mock.timers.tick(60_000);
    assert.equal((await take("two")).granted, false);
    assert.equal((await take("two", markOf("b"), true)).granted, false);
    assert.deepEqual(await take("two", markOf("a"), true), GRANTED);
    assert.equal((await client.read("k"))?.mark?.first, first);
  });

  test("what was proven not sent is free again, with a note", async () => {
    await take("one");
    await end({ holder: "one", state: "waiting", note: "resend: 503" });
    assert.deepEqual(await client.read("k"), { state: "waiting", note: "resend: 503" });
    assert.deepEqual(await take("two", markOf("b")), GRANTED);
  });

  test("an end is an end, whoever tells it; a late holder undoes nothing", async () => {
    await take("slow");
    mock.timers.tick(60_000);
    await take("two", markOf("a"), true);
    await end({ holder: "slow", state: "waiting" });
    assert.equal((await client.read("k"))?.state, "sending");
    await end({ holder: "slow", state: "sent" });
    await end({ holder: "two", state: "waiting" });
    await end({ state: "dead" });
    assert.equal((await client.read("k"))?.state, "sent");
    for (const holder of ["slow", "two", "three"]) assert.deepEqual(await take(holder), ENDED);
  });

  test("the dead are not sent either", async () => {
    await end({ state: "dead" });
    assert.deepEqual(await take("one"), ENDED);
    assert.equal(await client.read("other"), undefined);
  });

  test("are forgotten after 30 days, by one alarm a day for as long as there are any", async () => {
    await take("one");
    await take("one");
    const [{ object, alarms }] = [...objects.values()] as [Part];
    assert.deepEqual(alarms, [Date.now() + DAY]);
    mock.timers.tick(30 * DAY);
    await object.alarm();
    assert.equal(alarms.length, 2);
    assert.equal((await client.read("k"))?.state, "sending");
    mock.timers.tick(1);
    await object.alarm();
    assert.equal(alarms.length, 2);
    assert.equal(await client.read("k"), undefined);
  });

  test("outlive the object", async () => {
    await end({ state: "sent" });
    for (const part of objects.values()) part.object = new Claims({ storage: part.storage });
    assert.deepEqual(await take("one"), ENDED);
  });

  test("whatever happens, two different requests are never in flight or in doubt at once", async () => {
    const step = fc.record({
      does: fc.constantFrom("take", "repeat", "waiting", "in doubt", "sent", "dead"),
      who: fc.constantFrom("one", "two"),
      hash: fc.constantFrom("a", "b"),
      tick: fc.constantFrom(0, 30_000, 60_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        ({ client } = createClient());
        /** What may have been carried out, and by whom it was last begun. */
        let open: { hash: string; holder: string } | undefined;
        let over = false;
        for (const { does, who, hash, tick } of steps) {
          mock.timers.tick(tick);
          if (does === "take" || does === "repeat") {
            if (!(await take(who, markOf(hash), does === "repeat")).granted) continue;
            assert.ok(!over, "ended");
            assert.ok(!open || open.holder === who || (open.hash === hash && does === "repeat"), "another request");
            open = { hash, holder: who };
          } else if (open?.holder === who) {
            const mark = does === "in doubt" ? markOf(open.hash) : undefined;
            await end({ holder: who, state: does === "in doubt" ? "waiting" : (does as "sent"), mark });
            over = does === "sent" || does === "dead";
            open = does === "in doubt" ? { hash: open.hash, holder: "" } : undefined;
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
