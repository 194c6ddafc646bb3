/** The model of a burst, which docs/bursts.md rests on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Burst, naive, ours, type Provider, simulate } from "../bursts/model.ts";

const burst = (events: number, provider: Partial<Provider>): Burst => ({
  events,
  places: 10,
  limit: 60,
  start: 0.1,
  provider: { latency: 0.3, outage: 0, silent: false, keySeconds: 0, ...provider },
});

test("the same seed gives the same numbers", async () => {
  const once = () => simulate(burst(100, { outage: 12 }), ours({ attempts: 4 }, 0), 7);
  const toll = await once();
  assert.ok(toll.sent > 0 && toll.told > 0, JSON.stringify(toll));
  assert.deepEqual(await once(), toll);
});

test("places and time bound what any hook can do", async () => {
  // Ten places, 60 s: a run of 3.1 s begins twenty times in each.
  for (const hook of [naive({}, 0), ours({}, 0)])
    assert.deepEqual(await simulate(burst(300, { latency: 3 }), hook, 1), { sent: 200, told: 0, unseen: 100 });
});

test("of 300 accounts at once nobody is unseen when the provider refuses for a minute", async () => {
  const refusing = burst(300, { outage: 60 });
  assert.equal((await simulate(refusing, ours({}, 0), 1)).unseen, 0);
  assert.ok((await simulate(refusing, naive({}, 0), 1)).unseen > 200);
});

test("a provider that refuses for 20 s costs one account nothing, and four attempts would", async () => {
  const refusing = burst(1, { outage: 20 });
  assert.equal((await simulate(refusing, ours({}, 0), 1)).sent, 1);
  assert.equal((await simulate(refusing, ours({ attempts: 4 }, 0), 1)).told, 1);
});
