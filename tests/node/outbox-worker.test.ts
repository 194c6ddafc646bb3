/** What the worker sees to beside the passes: how many at once, the clock, the end, and forgetting. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Config } from "../../ts/config.ts";
import { HOST } from "../../ts/host.ts";
import type { Last, Notice } from "../../ts/outbox/pass.ts";
import { Store } from "../../ts/outbox/store.ts";
import { type Upkeep, Worker } from "../../ts/outbox/worker.ts";
import type { Accepted } from "../../ts/webhook.ts";
import { eventually, folder } from "./support.ts";
import { core, message } from "./world.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Options = { path?: string; now?: () => number; fetch?: () => Promise<Response>; concurrency?: number };

async function working({ path = join(folder(), "outbox.db"), now = Date.now, fetch, concurrency = 4 }: Options = {}) {
  const store = await Store.open<Last>(path, { as: "serve" });
  const notices: (Notice | Upkeep)[] = [];
  const sent = async () => new Response(`{"verdict":"sent"}`);
  const worker = new Worker({
    store,
    core: { ...core, decide: () => message(86_400) },
    setup: { config: {} as Config, builtin: "{}", host: { ...HOST, now, fetch: fetch ?? sent } },
    concurrency,
    maxMs: 3 * DAY,
    keepMs: 30 * DAY,
    notify: (notice) => notices.push(notice),
  });
  const heard = (what: string) => notices.filter((it) => it.what === what);
  const stop = async () => {
    await worker.stop();
    store.close();
  };
  return { path, store, worker, heard, stop };
}

const accepted = (key: string, id?: string, address = "newuser@newuser.example"): Accepted => ({
  body: new TextEncoder().encode("{}"),
  about: { id, type: "user.created", start: Date.now() },
  decision: { ...message(86_400), key, address },
});

describe("the worker", () => {
  test("sends no more at once than it was told, and all in the end", async () => {
    let [now, most] = [0, 0];
    const fetch = async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
      return new Response(`{"verdict":"sent"}`);
    };
    const { worker, heard, stop } = await working({ fetch, concurrency: 3 });
    await worker.start();
    await Promise.all(Array.from({ length: 400 }, (_, i) => worker.accept(accepted(`k${i}`, `e${i}`))));
    await eventually(() => heard("ended").length === 400, "end of all");
    assert.equal(most, 3);
    await stop();
  });

  test("tells events without an id apart by their recipients", async () => {
    const { worker, store, stop } = await working();
    assert.equal(await worker.accept(accepted("k", undefined, "a@newuser.example")), "queued");
    assert.equal(await worker.accept(accepted("k", undefined, "b@newuser.example")), "queued");
    assert.equal(await worker.accept(accepted("k", undefined, "a@newuser.example")), "duplicate");
    const keys = store.list({ states: ["queued"], after: 0, limit: 9 }).map(({ key }) => key);
    for (const key of keys) assert.match(key, /^k\.[0-9a-f]{16}$/);
    await stop();
  });

  test("trusts no key after the clock was set back, be it while it ran or before it started", async () => {
    const mark = { provider: "p0", sender: 0, first: Date.now(), keySeconds: 86_400, hash: "" };
    for (const during of [true, false]) {
      let back = 0;
      const { worker, store, heard, stop } = await working({ now: () => Date.now() - back });
      await worker.accept(accepted("k", "e"));
      await store.change({ id: 1, state: "queued" }, { state: "sending", mark, due: Date.now() + HOUR / 2 });
      if (during) await worker.start();
      back = 2 * HOUR;
      if (!during) await worker.start();
      await eventually(() => heard("ended").length === 1, "end");
      assert.equal(heard("clock").length, 1);
      const { state, last } = store.entry({ id: 1 }) ?? assert.fail();
      assert.deepEqual([state, last?.outcome], ["dead", "unknown"]);
      await stop();
    }
  });

  test("ends while a message waits between attempts, and leaves it for the next one", async () => {
    const fetch = async () => new Response(`{"verdict":"retry","detail":"503"}`, { headers: { "retry-after": "20" } });
    const first = await working({ fetch });
    await first.worker.start();
    await first.worker.accept(accepted("k", "e"));
    await eventually(() => first.worker.sending === 1, "pass");
    const start = performance.now();
    await first.stop();
    assert.ok(performance.now() - start < 5_000);
    const second = await working({ path: first.path });
    await second.worker.start();
    await eventually(() => second.store.entry({ key: "k" })?.state === "sent", "message");
    await second.stop();
  });

  test("forgets what is done and old, and says so", async () => {
    let ahead = 0;
    const path = join(folder(), "outbox.db");
    const first = await working({ path });
    await first.worker.start();
    await Promise.all(["k", "l"].map((key) => first.worker.accept(accepted(key, key))));
    await eventually(() => first.heard("ended").length === 2, "end of both");
    await first.stop();
    ahead = 31 * DAY;
    const second = await working({ path, now: () => Date.now() + ahead });
    await second.worker.start();
    assert.deepEqual(second.heard("swept"), [{ what: "swept", sent: 2, dead: 0 }]);
    assert.equal(second.store.entry({ key: "k" }), undefined);
    await second.stop();
  });
});
