/** The parts of `import` on their own: pace, rows, what is kept of them, the result. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import fc from "fast-check";
import { AdminApiError, type AdminFault } from "../../ts/admin.ts";
import { checkRows, rowsToDo } from "../../ts/cli/import/check.ts";
import type { Row } from "../../ts/cli/import/fields.ts";
import type { Line } from "../../ts/cli/import/journal.ts";
import { Ledger, rowHash } from "../../ts/cli/import/ledger.ts";
import { forEach, Pace, persist, Stopped } from "../../ts/cli/import/pace.ts";
import { describe as describeProgress, startProgress } from "../../ts/cli/import/progress.ts";
import { cell } from "../../ts/cli/import/result.ts";
import { newColumns, readRows } from "../../ts/cli/import/rows.ts";
import { Seen } from "../../ts/cli/import/seen.ts";
import { folder } from "./support.ts";

/** A clock that stands still but for sleeps. */
function stillClock() {
  let now = 0;
  const clock = {
    now: () => now,
    random: () => 1,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  return clock;
}

const failure = (fault: AdminFault, retryAfterMs?: number) =>
  new AdminApiError("createUser", { fault, detail: fault, retryAfterMs }, false);
const idle = new AbortController().signal;

describe("pace", () => {
  test("turns come at the rate, which is halved by each refusal and grows by each success, within its bounds", async () => {
    const clock = stillClock();
    const pace = new Pace(10, 8, clock);
    for (let i = 0; i < 11; i++) await pace.turn();
    assert.equal(clock.now(), 1000);
    pace.ok();
    assert.deepEqual([pace.perSecond, pace.atOnce, pace.note], [10, 8, ""]);
    pace.slow(await pace.turn());
    assert.deepEqual([pace.perSecond, pace.atOnce, pace.note], [5, 4, "slowed to 5.0/s"]);
    for (let i = 0; i < 20; i++) pace.slow((await pace.turn()) + 1);
    assert.ok(pace.perSecond > 0 && pace.perSecond < 0.2);
    assert.equal(pace.atOnce, 1);
    const before = pace.perSecond;
    pace.ok();
    assert.ok(pace.perSecond > before && pace.perSecond < before + 1);
    for (let i = 0; i < 100; i++) pace.ok();
    assert.deepEqual([pace.perSecond, pace.atOnce], [10, 8]);
  });

  test("what left before the first refusal was known does not slow it again, and a wait is obeyed", async () => {
    const clock = stillClock();
    const pace = new Pace(10, 8, clock);
    const turns = [await pace.turn(), await pace.turn(), await pace.turn()];
    for (const turn of turns) pace.slow(turn, 7_000);
    assert.deepEqual([pace.perSecond, pace.note], [5, "waits 7 s, as it was asked to"]);
    const now = clock.now();
    assert.equal((await pace.turn()) - now, 7_000);
  });

  test("never more at once than there are places, and all are done", async () => {
    const pace = new Pace(1000, 3, stillClock());
    let [running, most, done] = [0, 0, 0];
    await forEach(Array.from({ length: 50 }).keys(), { pace, stop: idle }, async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      done += 1;
    });
    assert.deepEqual([most, done], [3, 50]);
  });

  test("an error, or the wish to end, lets what runs come to its end and begins nothing more", async () => {
    for (const byError of [true, false]) {
      const pace = new Pace(1000, 4, stillClock());
      const controller = new AbortController();
      let [begun, ended] = [0, 0];
      const work = forEach(Array.from({ length: 50 }).keys(), { pace, stop: controller.signal }, async (i) => {
        begun += 1;
        if (i === 5 && byError) throw new Error("five");
        if (i === 5) controller.abort();
        await new Promise((resolve) => setImmediate(resolve));
        ended += 1;
      });
      if (byError) await assert.rejects(work, /five/);
      else await work;
      assert.ok(begun < 15 && ended === begun - (byError ? 1 : 0), `${begun} ${ended}`);
    }
  });

  const ends: [AdminFault, string, number][] = [
    ["refused", "AdminApiError", 1],
    ["forbidden", "Halt", 1],
    ["unreachable", "Halt", 4],
    ["no_answer", "AdminApiError", 4],
    ["rate_limited", "Halt", 40],
  ];
  for (const [fault, name, times] of ends)
    test(`${fault}: ${times} requests, then ${name}`, async () => {
      const clock = stillClock();
      let asked = 0;
      const work = persist(
        async () => {
          asked += 1;
          throw failure(fault);
        },
        { pace: new Pace(10, 4, clock), clock, stop: idle },
      );
      await assert.rejects(work, { name });
      assert.equal(asked, times);
    });

  test("nothing is tried again when it is to end", async () => {
    const clock = stillClock();
    const stop = AbortSignal.abort();
    const work = persist(() => Promise.reject(failure("rate_limited")), { pace: new Pace(10, 4, clock), clock, stop });
    await assert.rejects(work, Stopped);
  });
});

const sourceOf = (...chunks: Uint8Array[]) => ({ name: "f", read: () => Readable.from(chunks), close: () => {} });

async function rowsOf(text: string, format: "csv" | "jsonl", cut = text.length): Promise<Row[]> {
  const bytes = new TextEncoder().encode(text);
  const at = Math.min(cut, bytes.length);
  const rows: Row[] = [];
  const options = { format, delimiter: ",", map: new Map(), placeholders: [], messageProblem: () => undefined };
  for await (const row of readRows(sourceOf(bytes.subarray(0, at), bytes.subarray(at)), options, newColumns()))
    rows.push(row);
  return rows;
}

describe("rows", () => {
  const value = fc.string({ unit: fc.constantFrom("a", "é", "日", "😀", " ", ",", ";", '"', "\n", "\r\n", "=", "'") });
  const table = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 8 });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const kept = (text: string) => text.trim() || undefined;

  test("whatever stands in quotes comes out as it was, on the line where its row begins", async () => {
    const property = fc.asyncProperty(table, fc.nat(400), fc.constantFrom("\n", "\r\n"), async (rows, cut, end) => {
      const lines = rows.map(([name, nickname], i) => `u${i},${quoted(name)},${quoted(nickname)}${end}`);
      const read = await rowsOf(`\ufeffusername,name,nickname${end}${lines.join("")}`, "csv", cut);
      assert.deepEqual(
        read.map(({ fields }) => [fields.username, fields.name, fields.nickname]),
        rows.map((it, i) => [`u${i}`, ...it.map(kept)]),
      );
      const breaks = (text: string) => text.split("\n").length - 1;
      let line = 2;
      for (const [i, text] of lines.entries()) {
        assert.equal(read[i]?.line, line);
        line += breaks(text);
      }
    });
    await fc.assert(property, { numRuns: 200 });
  });

  test("JSON Lines come out as they were, wherever they are cut", async () => {
    const property = fc.asyncProperty(table, fc.nat(400), async (rows, cut) => {
      const lines = rows.map(([name, nickname], i) => JSON.stringify({ username: `u${i}`, name, nickname }));
      const read = await rowsOf(lines.join("\n"), "jsonl", cut);
      assert.deepEqual(
        read.map(({ fields, line }) => [line, fields.username, fields.name, fields.nickname]),
        rows.map((it, i) => [i + 1, `u${i}`, ...it.map(kept)]),
      );
    });
    await fc.assert(property, { numRuns: 200 });
  });

  test("anything at all is rows with problems that hold nothing of it, or an error for people", async () => {
    const property = fc.asyncProperty(
      fc.string({ unit: "binary" }),
      fc.constantFrom("csv", "jsonl"),
      async (text, format) => {
        const secret = "never-told-5521";
        const head = format === "csv" ? "email,phone,locale\n" : "";
        try {
          const rows = await rowsOf(`${head}${secret}@@${text}`, format as "csv");
          for (const { problems } of rows) assert.ok(!problems.join().includes(secret));
        } catch (error) {
          assert.equal((error as Error).name, "UsageError");
          assert.ok(!(error as Error).message.includes(secret));
        }
      },
    );
    await fc.assert(property, { numRuns: 300 });
  });

  test("what is wrong with a line of JSON", async () => {
    const lines: [string, string[]][] = [
      ["{", ["is no JSON"]],
      ["[]", ['must be an object, as {"email": "new@user.example"}']],
      ['{"phone": 85251000001}', ["phone: must be text, in quotes", "has no email, phone or username"]],
      ['{"email": "a@user.example", "e-mail": "b@user.example"}', ["email: stands there twice"]],
      ['{"username": "ada", "name": null}', []],
      [`{"username": "ada", "name": "${"x".repeat(101)}"}`, ["name: must have at most 100 characters"]],
    ];
    for (const [text, problems] of lines) assert.deepEqual((await rowsOf(text, "jsonl"))[0]?.problems, problems);
    await assert.rejects(rowsOf(`{"email": "${"x".repeat(2 ** 20)}`, "jsonl"), /longer than 1 MiB|is no JSON/);
  });
});

test("a file that changes between its two readings is not gone on with", async () => {
  const texts = ["username\nada\nbob\n", "username\nada\nbert\n", "username\nada\nbob\ncy\n"];
  for (const [i, text] of texts.entries()) {
    let readings = 0;
    const read = () => Readable.from([Buffer.from(readings++ === 0 ? (texts[0] as string) : text)]);
    const format = {
      format: "csv" as const,
      delimiter: ",",
      map: new Map(),
      placeholders: [],
      messageProblem: () => undefined,
    };
    const source = { name: "f", read, close: () => {} };
    const input = { source, format, columns: newColumns(), salt: "s", via: "create" as const };
    const ledger = await checkRows(input, () => assert.fail());
    const journal = { write: () => {}, flush: async () => {} };
    const rows: number[] = [];
    const reading = (async () => {
      for await (const row of rowsToDo(input, ledger, journal)) rows.push(row.number);
    })();
    if (i === 0) await reading;
    else await assert.rejects(reading, /f: was changed in the meantime; run it again/);
    assert.deepEqual(rows, i === 1 ? [1] : [1, 2]);
  }
});

test("a login is found again among as many as there are, with other keys in its place", () => {
  const keys = fc.array(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((it) => it & 0xff000000000000ffn),
    { minLength: 1500, maxLength: 2000, size: "max" },
  );
  fc.assert(
    fc.property(keys, (all) => {
      const seen = new Seen();
      const known = new Map<bigint, number>();
      for (const [i, key] of all.entries()) {
        assert.equal(seen.add(key, i + 1), known.get(key));
        if (!known.has(key)) known.set(key, i + 1);
      }
    }),
    { numRuns: 20 },
  );
});

describe("what is kept of the rows", () => {
  test("is 21 bytes for each and the room to grow, at any number of rows, whatever became of them", () => {
    const ledger = new Ledger();
    const rows = 100_000;
    for (let row = 1; row <= rows; row++) ledger.add(row, BigInt(row), false);
    for (let row = 1; row <= rows; row++) {
      ledger.apply({ is: "begun", row, hash: ledger.hash(row), since: 1 }, row * 100);
      ledger.apply({ is: "ended", row, outcome: "created", user: "u", message: "by hook" }, row * 100 + 50);
    }
    assert.ok(ledger.bytes <= 2 * 21 * rows, `${ledger.bytes}`);
    assert.deepEqual([ledger.counts("done"), ledger.counts("new"), ledger.openBatches], [rows, 0, 0]);
  });

  test("a batch is kept while some of its rows are open", () => {
    const ledger = new Ledger();
    for (let row = 1; row <= 4; row++) ledger.add(row, BigInt(row), false);
    const batch = (number: number, rows: number[], offset: number) =>
      ledger.apply({ is: "batch", batch: number, since: 5, rows, hashes: rows.map(ledger.hash) }, offset);
    batch(1, [1, 2, 3], 100);
    ledger.apply({ is: "task", batch: 1, task: "t1" }, 200);
    assert.deepEqual(ledger.batchOf(2), { batch: 1, since: 5, rows: [1, 2, 3], open: 3, task: "t1" });
    ledger.apply({ is: "made", row: 2, user: "u", created: "c" }, 300);
    ledger.apply({ is: "ended", row: 3, outcome: "exists" }, 400);
    assert.equal(ledger.batchOf(1)?.open, 1);
    batch(2, [1], 500);
    assert.deepEqual([ledger.openBatches, ledger.batchOf(1)?.batch, ledger.batchOf(2)], [1, 2, undefined]);
    ledger.apply({ is: "ended", row: 1, outcome: "failed" }, 600);
    assert.deepEqual([ledger.openBatches, ledger.state(1), ledger.state(4)], [0, "failed", "new"]);
  });

  const mark = { provider: "resend", sender: 0, first: 1, keySeconds: 1, hash: "h" };
  const states: [Extract<Line, { is: "ended" }>, string][] = [
    [{ is: "ended", row: 1, outcome: "created", message: "sent" }, "done"],
    [{ is: "ended", row: 1, outcome: "created", message: "not sent" }, "made"],
    [{ is: "ended", row: 1, outcome: "created", message: "unknown", mark }, "leaving"],
    [{ is: "ended", row: 1, outcome: "created", message: "unknown", mark: { ...mark, keySeconds: 0 } }, "done"],
    [{ is: "ended", row: 1, outcome: "unknown", since: 1 }, "begun"],
    [{ is: "ended", row: 1, outcome: "failed" }, "failed"],
    [{ is: "ended", row: 1, outcome: "exists" }, "done"],
  ];
  for (const [line, state] of states)
    test(`${line.outcome} ${line.message ?? ""}: ${state}`, () => {
      const ledger = new Ledger();
      ledger.add(1, 1n, false);
      ledger.apply(line, 9);
      assert.equal(ledger.state(1), state);
    });

  test("a row's hash is that of all its fields, under the salt", () => {
    const hashes = [
      rowHash("a", { email: "x@user.example" }),
      rowHash("b", { email: "x@user.example" }),
      rowHash("a", { phone: "x@user.example" }),
      rowHash("a", { email: "x@user.example", name: "A" }),
    ];
    assert.equal(new Set(hashes).size, 4);
  });
});

test("a result for which the disk has no room is not taken for whole", { skip: process.platform === "win32" }, () => {
  const dir = folder();
  const bundle = join(dir, "result.mjs");
  const entry = new URL("../../ts/cli/import/result.ts", import.meta.url);
  buildSync({ entryPoints: [fileURLToPath(entry)], outfile: bundle, bundle: true, platform: "node", format: "esm" });
  const path = join(dir, "r.csv");
  const code = `import { resultFile } from ${JSON.stringify(bundle)}; resultFile(${JSON.stringify(path)}, (write) => write("x".repeat(5000)));`;
  // No file of more than 2 blocks, be they of 512 or 1024 bytes.
  const args = ["-c", 'ulimit -f 2; exec "$0" "$@"', process.execPath, "--input-type=module", "-e", code];
  const { status, stderr } = spawnSync("sh", args, { encoding: "utf8" });
  assert.deepEqual([status, /r\.csv: the result cannot be written \(EFBIG\)/.test(stderr)], [1, true], stderr);
  assert.deepEqual(readdirSync(dir), ["result.mjs"]);
});

test("no cell of the result is a formula, and each comes out of a parser as it is", async () => {
  for (const text of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]) assert.match(cell(text), /^"?'/);
  for (const text of ["created", "u-1", "a=1"]) assert.equal(cell(text), text);
  const { parse } = await import("csv-parse/sync");
  const property = fc.property(fc.string(), (text) => {
    assert.deepEqual(parse(`${cell(text)},x\r\n`), [[/^[=+\-@\t\r]/.test(text) ? `'${text}` : text, "x"]]);
  });
  fc.assert(property);
});

describe("progress", () => {
  test("a bar, how many, how fast, and how long it will be", () => {
    assert.equal(describeProgress(25, 100, 2.5), "██████░░░░░░░░░░░░░░░░░░ 25 % · 25 of 100 · 2.5/s · 30 s left");
    assert.equal(describeProgress(0, 100_000, 5), `${"░".repeat(24)} 0 % · 0 of 100,000 · 5.0/s · 5 h 33 min left`);
    assert.equal(describeProgress(7, 7, 0), `${"█".repeat(24)} 100 % · 7 of 7 · 0.0/s`);
    assert.equal(describeProgress(1, 0, 0), `${"█".repeat(24)} 100 % · 1 of 0 · 0.0/s`);
  });

  test("on a terminal a line that is written over itself and then gone; elsewhere a line now and then", (t) => {
    t.mock.timers.enable({ apis: ["setInterval", "Date"] });
    for (const isTTY of [true, false]) {
      const written: string[] = [];
      const progress = startProgress({ write: (text) => written.push(text), isTTY, columns: 80 }, 4, 0, () => "note");
      progress.done();
      t.mock.timers.tick(29_000);
      if (!isTTY) assert.deepEqual(written, []);
      t.mock.timers.tick(2_000);
      progress.end();
      if (isTTY) {
        assert.match(written[0] ?? "", /25 % · 1 of 4/);
        assert.equal(written.at(-1), "\r\x1b[K");
      } else assert.match(written.join(""), /^█{6}░{18} 25 % · 1 of 4 · [\d.]+\/s · .* left · note\n$/);
    }
  });
});
