/** The outbox's file: group commit, locks, full and damaged disks, forgetting. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { OutboxError } from "../../ts/outbox/file.ts";
import { type Database, loadSqlite, type Open } from "../../ts/outbox/sqlite.ts";
import { Store, type StoreOptions } from "../../ts/outbox/store.ts";
import { folder, sleep } from "./support.ts";

const sqlite: Open = await loadSqlite();
const BODY = new TextEncoder().encode(`{"address":"newuser@newuser.example"}${" ".repeat(1500)}`);
const event = { eventId: "e1", type: "user.created", userId: "u1", body: BODY };
const path = () => join(folder(), "outbox.db");

async function opened(options: Partial<StoreOptions> = {}, file = path()): Promise<Store<object>> {
  return Store.open<object>(file, { as: "serve", ...options });
}

const fault = (expected: OutboxError["fault"], text: RegExp) => (error: unknown) => {
  assert.ok(error instanceof OutboxError);
  assert.equal(error.fault, expected);
  assert.match(error.message, text);
  return true;
};

describe("a message in the store", () => {
  test("is there once, whole, for whoever opens the file later", async () => {
    const file = path();
    const first = await opened({}, file);
    const results = await Promise.all([
      first.insert("k", 5, event),
      first.insert("k", 6, event),
      first.insert("l", 7, event),
    ]);
    assert.deepEqual(results, ["queued", "duplicate", "queued"]);
    first.close();
    const second = await opened({}, file);
    assert.equal(await second.insert("k", 8, event), "duplicate");
    const entry = second.entry({ key: "k" });
    assert.deepEqual(entry, { id: 1, key: "k", state: "queued", since: 5, due: 5, passes: 0, mark: null, last: null });
    const kept = second.event(1);
    assert.deepEqual({ ...kept, body: Buffer.from(kept?.body ?? []) }, { ...event, body: Buffer.from(BODY) });
    assert.deepEqual(second.due(6, 10), [1]);
    assert.deepEqual(second.due(7, 10), [1, 2]);
    assert.deepEqual(second.counts(), { open: 2, oldest: 5, dead: 0 });
    second.close();
  });

  test("loses its event when it was sent, and nothing of it stays in the file", async () => {
    const file = path();
    const store = await opened({}, file);
    await store.insert("k", 5, event);
    const entry = store.entry({ key: "k" }) ?? assert.fail();
    await store.change(entry, { state: "sent", due: null, last: { outcome: "sent" } });
    assert.equal(store.event(1), undefined);
    assert.equal(await store.insert("k", 9, event), "duplicate");
    store.close();
    for (const side of ["", "-wal"].filter((it) => existsSync(file + it)))
      assert.ok(!readFileSync(file + side).includes("newuser@newuser.example"), side);
  });

  test("keeps its event as a dead letter, and can be retried; one that was sent cannot", async () => {
    const store = await opened();
    await store.insert("k", 5, event);
    const entry = store.entry({ key: "k" }) ?? assert.fail();
    await store.change(entry, { state: "dead", due: null, passes: 9, last: { outcome: "not_sent" } });
    assert.deepEqual(store.counts(), { open: 0, oldest: null, dead: 1 });
    assert.equal(await store.retry(1, 50), true);
    const { state, since, due, passes } = store.entry({ id: 1 }) ?? assert.fail();
    assert.deepEqual([state, since, due, passes], ["queued", 50, 50, 0]);
    await store.change({ id: 1, state: "queued" }, { state: "sent", due: null });
    assert.equal(await store.retry(1, 60), false);
    store.close();
  });

  test("is not changed by who has not heard of its retry", async () => {
    const store = await opened();
    await store.insert("k", 5, event);
    await store.change({ id: 1, state: "queued" }, { state: "dead", due: 5 });
    await store.retry(1, 50);
    await store.change({ id: 1, state: "dead" }, { due: null });
    assert.equal(store.entry({ id: 1 })?.due, 50);
    store.close();
  });

  test("is forgotten when it is done and old, not before", async () => {
    const store = await opened();
    for (const key of ["sent", "dead", "open", "young"]) await store.insert(key, key === "young" ? 900 : 5, event);
    await store.change({ id: 1, state: "queued" }, { state: "sent", due: null });
    await store.change({ id: 2, state: "queued" }, { state: "dead", due: null });
    await store.change({ id: 4, state: "queued" }, { state: "sent", due: null });
    assert.deepEqual(await store.sweep(5), { sent: 0, dead: 0 });
    assert.deepEqual(await store.sweep(100), { sent: 1, dead: 1 });
    assert.deepEqual(
      ["sent", "dead", "open", "young"].map((key) => store.entry({ key })?.id),
      [undefined, undefined, 3, 4],
    );
    assert.equal(store.event(2), undefined);
    store.close();
  });

  test("does not trust its key, nor waits for long, when the clock was set back", async () => {
    const store = await opened();
    const mark = { provider: "p", sender: 0, first: 5, keySeconds: 60, hash: "" };
    await store.insert("k", 5, event);
    await store.insert("l", 5, event);
    await store.change({ id: 1, state: "queued" }, { state: "sending", mark, due: 10 });
    await store.change({ id: 2, state: "queued" }, { due: 9_000 });
    await store.distrustClock(7, 5_000);
    assert.deepEqual([store.entry({ id: 1 })?.mark, store.entry({ id: 1 })?.due], [{ ...mark, keySeconds: 0 }, 10]);
    assert.equal(store.entry({ id: 2 })?.due, 7);
    store.close();
  });
});

describe("group commit", () => {
  test("nobody hears of a change before it is on the disk", async () => {
    let synced = () => {};
    const store = await opened({ sync: () => new Promise((resolve) => (synced = resolve)) });
    let answered = false;
    const inserting = store.insert("k", 5, event).then(() => (answered = true));
    await sleep(50);
    assert.equal(answered, false);
    synced();
    await inserting;
    store.close();
  });

  test("what comes while the disk works shares the next transaction", async () => {
    const commits: number[] = [];
    const store = await opened({
      onCommit: (changes) => commits.push(changes),
      sync: () => sleep(30) as Promise<void>,
    });
    const first = store.insert("first", 5, event);
    await sleep(10);
    await Promise.all([first, ...Array.from({ length: 100 }, (_, i) => store.insert(`k${i}`, 5, event))]);
    assert.deepEqual(commits, [1, 100]);
    store.close();
  });

  test("after a sync that failed nothing is promised any more", async () => {
    let good = true;
    const sync = async () => {
      if (!good) throw Object.assign(new Error(), { code: "EIO" });
    };
    const store = await opened({ sync });
    await store.insert("k", 5, event);
    good = false;
    await assert.rejects(store.insert("l", 5, event), fault("io", /the disk failed \(EIO\)/));
    good = true;
    await assert.rejects(store.insert("m", 5, event), fault("io", /the disk failed \(EIO\)/));
    await assert.rejects(store.pulse(5), fault("io", /the disk failed/));
    store.close();
  });
});

describe("a disk that is full", () => {
  test("refuses what adds, takes what changes, and goes on when there is room", async () => {
    let db: Database | undefined;
    const store = await opened({ sqlite: (file) => (db = sqlite(file)) });
    for (let i = 0; i < 20; i++) await store.insert(`k${i}`, 5, event);
    const pages = Object.values(db?.prepare("PRAGMA page_count").get() as object)[0];
    db?.exec(`PRAGMA max_page_count = ${pages}`);
    const adds = Array.from({ length: 200 }, (_, i) => store.insert(`m${i}`, 5, event));
    const erases = Array.from({ length: 10 }, (_, i) =>
      store.change({ id: i + 1, state: "queued" }, { state: "sent", due: null }),
    );
    const [added, erased] = [await Promise.allSettled(adds), await Promise.allSettled(erases)];
    const refused = added.filter((it) => it.status === "rejected");
    assert.ok(refused.length > 0);
    for (const { reason } of refused as PromiseRejectedResult[])
      fault("full", /the disk is full; free some space/)(reason);
    assert.ok(erased.every(({ status }) => status === "fulfilled"));
    assert.equal(
      added.filter((it) => it.status === "fulfilled").length + 20,
      store.list({ states: ["queued", "sent"], after: 0, limit: 999 }).length,
    );
    db?.exec("PRAGMA max_page_count = 1000000");
    assert.equal(await store.insert("after", 5, event), "queued");
    store.close();
  });
});

describe("a database that somebody else holds", () => {
  test("is waited for without holding up the process, and then refused", { timeout: 20_000 }, async () => {
    const file = path();
    const store = await opened({}, file);
    const other = sqlite(file);
    other.exec("BEGIN IMMEDIATE");
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 10);
    const released = store.insert("k", 5, event);
    await sleep(300);
    other.exec("ROLLBACK");
    assert.equal(await released, "queued");
    assert.ok(turns > 10, "the process stood still");
    other.exec("BEGIN IMMEDIATE");
    await assert.rejects(store.insert("l", 5, event), fault("busy", /another process holds it locked/));
    other.exec("ROLLBACK");
    clearInterval(timer);
    assert.equal(await store.insert("l", 5, event), "queued");
    other.close();
    store.close();
  });
});

describe("a file", () => {
  test("is for its owner alone, with all that belongs to it", async () => {
    const store = await opened();
    await store.insert("k", 5, event);
    for (const side of ["", "-wal", "-shm", ".lock"])
      assert.equal(statSync(store.path + side).mode & 0o777, 0o600, side);
    store.close();
  });

  test("has one server, and any number of visitors", async () => {
    const file = path();
    const store = await opened({}, file);
    await assert.rejects(opened({}, file), fault("in_use", /another server sends from this outbox/));
    const visitor = await opened({ as: "visit" }, file);
    await store.insert("k", 5, event);
    assert.equal(visitor.entry({ key: "k" })?.id, 1);
    await visitor.retry(1, 9);
    visitor.close();
    assert.equal(store.entry({ key: "k" })?.due, 9);
    store.close();
    (await opened({}, file)).close();
  });

  for (const [name, bytes, expected, text] of [
    [
      "that is no database",
      Buffer.from("plain text ".repeat(500)),
      "corrupt",
      /damaged, or no SQLite database; nothing was changed/,
    ],
    ["that is half a database", undefined, "corrupt", /damaged, or no SQLite database; nothing was changed/],
  ] as const) {
    test(`${name} is refused and left as it is`, async () => {
      const file = path();
      if (bytes) writeFileSync(file, bytes);
      else {
        const store = await opened({}, file);
        for (let i = 0; i < 200; i++) await store.insert(`k${i}`, 5, event);
        store.close();
        writeFileSync(file, readFileSync(file).fill(0x5a, 4096 * 3, 4096 * 60));
      }
      const before = readFileSync(file);
      await assert.rejects(opened({}, file), fault(expected, text));
      assert.deepEqual(readFileSync(file), before);
    });
  }

  test("of somebody else's, or of a later version, is refused", async () => {
    const [theirs, newer] = [path(), path()];
    const db = sqlite(theirs);
    db.exec("CREATE TABLE accounts (a)");
    db.close();
    await assert.rejects(opened({}, theirs), fault("foreign", /is a database, but no outbox/));
    (await opened({}, newer)).close();
    const later = sqlite(newer);
    later.exec("PRAGMA user_version = 99");
    later.close();
    await assert.rejects(opened({}, newer), fault("newer", /newer version/));
  });

  test("that cannot be is refused", async () => {
    await assert.rejects(
      opened({}, join(folder(), "no", "such", "outbox.db")),
      fault("io", /cannot be opened \(ENOENT\)/),
    );
    await assert.rejects(opened({ as: "visit" }), fault("missing", /there is no such outbox/));
    await assert.rejects(opened({}, folder()), fault("io", /cannot be opened \(EISDIR\)/));
  });
});
