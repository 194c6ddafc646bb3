/** What happens once: the promise, against a model and under every interleaving that fast-check finds. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createOnce } from "../../ts/replay.ts";

type Result = "sent" | "not_sent";
const isSent = (result: Result) => result === "sent";

test("an act is done once, and whoever comes meanwhile or later shares its result", async () => {
  const once = createOnce<Result>(10, isSent);
  let acts = 0;
  let finish = (_: Result) => {};
  const act = () => {
    acts += 1;
    return new Promise<Result>((resolve) => {
      finish = resolve;
    });
  };
  const all = [once("a", act), once("a", act), once("a", act)];
  assert.equal(acts, 1);
  finish("sent");
  const shared = { result: "sent", repeated: true };
  assert.deepEqual(await Promise.all(all), [{ result: "sent", repeated: false }, shared, shared]);
  assert.deepEqual(await once("a", act), shared);
  assert.equal(acts, 1);
});

test("what is not final is shared by those who wait and then forgotten, as is what was thrown", async () => {
  const once = createOnce<Result>(10, isSent);
  const results = await Promise.all([once("a", async () => "not_sent"), once("a", async () => "sent")]);
  assert.deepEqual(
    results.map((it) => it.result),
    ["not_sent", "not_sent"],
  );
  const fail = once("a", async () => {
    throw new Error("no");
  });
  await assert.rejects(fail, /no/);
  assert.deepEqual(await once("a", async () => "sent"), { result: "sent", repeated: false });
});

test("the least lately used is forgotten first, and what is under way never", async () => {
  const once = createOnce<Result>(2, isSent);
  const sent = async (): Promise<Result> => "sent";
  let finish = () => {};
  const slow = once("slow", () => new Promise((resolve) => (finish = () => resolve("sent"))));
  for (const id of ["a", "b"]) await once(id, sent);
  await once("a", sent);
  await once("c", sent);
  assert.equal((await once("a", sent)).repeated, true);
  assert.equal((await once("c", sent)).repeated, true);
  assert.equal((await once("b", sent)).repeated, false);
  const second = once("slow", sent);
  finish();
  assert.equal((await slow).repeated, false);
  assert.equal((await second).repeated, true);
});

test("it does what a list of the last final ids does", async () => {
  const step = fc.record({ id: fc.constantFrom("a", "b", "c", "d", "__proto__"), sends: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), async (steps, size) => {
      const once = createOnce<Result>(size, isSent);
      let kept: string[] = [];
      for (const { id, sends } of steps) {
        const known = kept.includes(id);
        const { result, repeated } = await once(id, async () => (sends ? "sent" : "not_sent"));
        assert.deepEqual([result, repeated], known ? ["sent", true] : [sends ? "sent" : "not_sent", false]);
        if (known || sends) kept = [...kept.filter((it) => it !== id), id].slice(-size);
      }
    }),
  );
});

test("however deliveries interleave, nothing final is done twice and two never run at once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.record({ id: fc.constantFrom("a", "b"), sends: fc.boolean() }), { maxLength: 12 }),
      async (scheduler, deliveries) => {
        const once = createOnce<Result>(10, isSent);
        const sent = new Map<string, number>();
        const running = new Map<string, number>();
        const deliver = async ({ id, sends }: (typeof deliveries)[number]) => {
          await scheduler.schedule(Promise.resolve(), "arrives");
          await once(id, async () => {
            running.set(id, (running.get(id) ?? 0) + 1);
            assert.equal(running.get(id), 1);
            await scheduler.schedule(Promise.resolve(), "is sent");
            running.set(id, 0);
            if (sends) sent.set(id, (sent.get(id) ?? 0) + 1);
            return sends ? "sent" : "not_sent";
          });
        };
        const all = Promise.all(deliveries.map(deliver));
        await scheduler.waitFor(all);
        for (const times of sent.values()) assert.equal(times, 1);
      },
    ),
  );
});
