/** The journal of an import: what a crash, a second process, another file and a full disk do to it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFileSync, chmodSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Header, Journal, type Line, readHeader, toldUsers } from "../../ts/cli/import/journal.ts";
import { lock } from "../../ts/cli/import/lock.ts";
import { folder } from "./support.ts";

const header: Header = { journal: "authgear-invite import", version: 1, via: "create", salt: "5521" };
const begun = (row: number): Line => ({ is: "begun", row, hash: "0123456789abcdef", since: 1_788_251_400_000 });

async function load(path: string, own = header) {
  const lines: Line[] = [];
  const journal = await Journal.open(path, own, (line) => lines.push(line));
  const written = lines.length;
  return { journal, lines: lines.slice(0, written) };
}

/** What is in a journal, which is closed again. */
async function contents(path: string): Promise<Line[]> {
  const { journal, lines } = await load(path);
  await journal.close();
  return lines;
}

async function fresh(...lines: Line[]) {
  const path = join(folder(), "users.csv.journal");
  const { journal } = await load(path);
  for (const line of lines) journal.write(line);
  await journal.close();
  return path;
}

test("what was written is read, by offset too, and only its owner can", async () => {
  const path = join(folder(), "j");
  assert.equal(await readHeader(path), undefined);
  const offsets: number[] = [];
  const journal = await Journal.open(path, header, (_, offset) => offsets.push(offset));
  const reason = "ü".repeat(900);
  const lines: Line[] = [begun(1), { is: "ended", row: 1, outcome: "failed", reason }, begun(2)];
  for (const line of lines) journal.write(line);
  await journal.flush();
  assert.deepEqual(
    offsets.map((it) => journal.read(it)),
    lines,
  );
  await journal.close();
  assert.deepEqual(await readHeader(path), header);
  assert.deepEqual(await contents(path), lines);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("lines that come while the disk works are on it when their flush says so", async () => {
  const path = join(folder(), "j");
  const { journal } = await load(path);
  await Promise.all(
    Array.from({ length: 200 }, async (_, row) => {
      await new Promise((resolve) => setTimeout(resolve, row % 7));
      journal.write(begun(row));
      await journal.flush();
      assert.ok(readFileSync(path, "utf8").includes(`"row":${row},`));
    }),
  );
  await journal.close();
  assert.equal((await contents(path)).length, 200);
});

test("cut anywhere, it holds the lines before", async () => {
  const whole = await fresh(begun(1), begun(2), begun(3));
  const { size } = statSync(whole);
  const ends = [...readFileSync(whole).entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);
  for (let cut = size; cut >= 0; cut--) {
    const path = join(folder(), "j");
    writeFileSync(path, readFileSync(whole).subarray(0, cut));
    const { journal, lines } = await load(path);
    assert.equal(lines.length, Math.max(0, ends.filter((it) => it <= cut).length - 1), `cut at ${cut}`);
    journal.write(begun(9));
    await journal.close();
    assert.deepEqual(await contents(path), [...lines, begun(9)]);
  }
});

test("damage, another kind of file and a newer version are refused, and left as they are", async () => {
  const path = await fresh(begun(1));
  const text = readFileSync(path, "utf8");
  const cases: [string, RegExp][] = [
    [`${text}{"is":\n${text}`, /line 3 is damaged; restore a copy, or name another --journal/],
    ["email\na@user.example\n", /line 1 is damaged/],
    ["a text without a line break", /is no journal of an import; name another --journal/],
    ['{"email":"a@user.example"}'.padEnd(200_000), /is no journal of an import/],
    ['{"journal":"x"}\n', /is no journal of an import; name another --journal/],
    [text.replace('"version":1', '"version":2'), /newer version of authgear-invite/],
    [text.replace("5521", "5522"), /begun by another process in this moment/],
  ];
  for (const [content, expected] of cases) {
    writeFileSync(path, content);
    await assert.rejects(load(path), { name: "JournalError", message: expected });
    assert.equal(readFileSync(path, "utf8"), content);
  }
  if (process.getuid?.() !== 0) {
    chmodSync(path, 0o400);
    await assert.rejects(load(path), /cannot be read or written \(EACCES\)/);
  }
});

test("a second process is refused, also by another name of the file, until the first has ended or was killed", async () => {
  const path = await fresh(begun(1));
  const source = `import { Journal } from ${JSON.stringify(new URL("../../ts/cli/import/journal.ts", import.meta.url).href)};
    await Journal.open(${JSON.stringify(path)}, ${JSON.stringify(header)}, () => {}); console.log("open"); setInterval(() => {}, 1000);`;
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", source], { cwd: root });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  await assert.rejects(load(path), /another process imports with this journal/);
  await assert.rejects(load(join(path, "..", ".", "users.csv.journal")), /another process imports/);
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  const { journal } = await load(path);
  await assert.rejects(load(path), /another process imports with this journal/);
  await journal.close();
  assert.equal((await contents(path)).length, 1);
});

test("where a lock is a file, one that a killed process left behind does not count", async () => {
  const name = `authgear-invite-test-${process.pid}`;
  const source = `import { createServer } from "node:net"; createServer().listen("/tmp/${name}.sock", () => console.log("on"));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source]);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  assert.equal(await lock(name, "darwin"), undefined);
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  const release = await lock(name, "darwin");
  assert.ok(release);
  assert.equal(await lock(name, "darwin"), undefined);
  release();
  (await lock(name, "darwin"))?.();
});

describe("what others do to the file", () => {
  test("who writes to it from another machine is seen before anything else is promised", async () => {
    const path = await fresh(begun(1));
    const { journal } = await load(path);
    appendFileSync(path, `${JSON.stringify(begun(2))}\n`);
    journal.write(begun(3));
    await assert.rejects(journal.flush(), /another process writes to it/);
    await assert.rejects(journal.flush(), /another process writes to it/);
    await assert.rejects(journal.close());
    assert.ok(!readFileSync(path, "utf8").includes('"row":3'));
  });

  test("who cuts it off is seen as well", async () => {
    const path = await fresh(begun(1));
    const { journal } = await load(path);
    truncateSync(path, 10);
    journal.write(begun(3));
    await assert.rejects(journal.flush(), /another process writes to it/);
  });
});

test("tells which users an import made and what it did about their messages", async () => {
  const mark = { provider: "resend", sender: 0, first: 1, keySeconds: 86_400, hash: "h" };
  const created = "2026-09-01T08:30:00.123Z";
  const path = await fresh(
    begun(1),
    { is: "ended", row: 1, outcome: "created", user: "u1", message: "by hook" },
    { is: "ended", row: 2, outcome: "exists", user: "u2" },
    { is: "made", row: 3, user: "u3", created },
    { is: "leaving", row: 3, user: "u3", created, mark },
    { is: "ended", row: 3, outcome: "created", user: "u3", message: "sent" },
  );
  appendFileSync(path, '{"is":"ended","row":4,"outcome":"created","user":"u4"');
  const told = [];
  for await (const { userId, message } of toldUsers(path)) told.push([userId, message]);
  assert.deepEqual(told, [
    ["u1", "by hook"],
    ["u3", "pending"],
    ["u3", "leaving"],
    ["u3", "sent"],
  ]);
  for (const text of ["[]\n", "[]"]) {
    writeFileSync(path, text);
    await assert.rejects(toldUsers(path).next(), /is no journal/);
  }
});
