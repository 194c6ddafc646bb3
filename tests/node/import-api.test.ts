/** `authgear-invite import --via import-api` as a real process: batches, their outcomes, and the messages sent from here. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import type { Fault } from "../servers/admin-api.ts";
import { startCapture } from "../servers/capture.ts";
import { importing, type ResultRow, read, runImport, startImport, type World } from "./imported.ts";
import { eventually, sleep } from "./support.ts";

const VIA = ["--via", "import-api"];
const address = (i: number) => `new.user${i}@newuser.example`;
const csv = (count: number) =>
  `email,name,locale\n${Array.from({ length: count }, (_, i) => `${address(i + 1)},Ada ${i + 1},ja`).join("\n")}\n`;
const brief = (rows: ResultRow[]) => rows.map(({ outcome, message }) => [outcome, message].filter(Boolean).join(": "));
const answer = (status: number, more: object = {}): Fault => ({ does: "answer", status, ...more });
const bodies = ({ api }: World) =>
  api.requests.filter(({ method, query }) => method === "POST" && !query).map((it) => JSON.parse(it.body));

describe("authgear-invite import --via import-api", { concurrency: 2 }, () => {
  test("makes the accounts with all that the row says, and sends each its message in its language", async () => {
    const world = await importing({
      more: { messages: { invite: { en: {}, ja: { subject: "JA {given_name}", text: "{name} {url}" } } } },
    });
    const text = `email,phone,username,name,given_name,family_name,nickname,locale,inviter\n${address(1)},+85251000001,ada,Ada L,Ada,L,Addy,ja,Grace\n,,bob,,,,,,\n`;
    const { code, rows, stderr } = await runImport(world, text, ...VIA);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /inviter: will not reach the message/);
    assert.deepEqual(
      bodies(world).sort((a, b) => (a.identifier < b.identifier ? -1 : 1)),
      [
        {
          identifier: "email",
          records: [
            {
              email: address(1),
              phone_number: "+85251000001",
              preferred_username: "ada",
              name: "Ada L",
              given_name: "Ada",
              family_name: "L",
              nickname: "Addy",
              locale: "ja",
            },
          ],
        },
        { identifier: "preferred_username", records: [{ preferred_username: "bob" }] },
      ],
    );
    assert.deepEqual(brief(rows), ["created: sent", "created: skipped"]);
    assert.equal(rows[1]?.reason.includes("@"), false);
    assert.deepEqual([...world.mail.messages], [[address(1), 1]]);
    const [mail] = world.mail.bodies.map((it) => JSON.parse(it));
    assert.equal(mail.subject, "JA Ada");
    assert.match(mail.text, /^Ada L /);
    assert.deepEqual(
      rows.map((it) => it.user),
      ["email", "username"].map((key) => world.api.accounts.find((it) => it.key === key)?.id),
    );
    assert.equal(world.api.events.length, 0);
  });

  test("who invites, and another message than the rule's, stand in the envelope, as they would for the hook", async () => {
    const text = "{name}, {inviter} invites you: {url}";
    const messages = { invite: { en: { text } }, welcome: { en: { subject: "Welcome", text: `Welcome ${text}` } } };
    const envelope = { secrets: ["envelope-secret-of-5521-tests-0123456789"] };
    const world = await importing({ more: { messages, envelope } });
    const rows = `email,name,inviter,message\n${address(1)},Ada,Grace,\n${address(2)},Bob,Grace,welcome\n`;
    const { code, stderr } = await runImport(world, rows, ...VIA);
    assert.equal(code, 0, stderr);
    assert.ok(!/will not reach/.test(stderr), stderr);
    const texts = world.mail.bodies.map((it) => JSON.parse(it).text.split("\n")[0]).sort();
    assert.match(texts[0], /^Ada, Grace invites you/);
    assert.match(texts[1], /^Welcome Bob, Grace invites you/);
  });

  test("in batches of 500 rows and less than 500 KB; who was there before is left alone and told nothing", async () => {
    const world = await importing();
    const old = world.api.add("email", address(7));
    const { code, rows } = await runImport(world, csv(1010), ...VIA, "--concurrency", "32");
    assert.equal(code, 0);
    assert.deepEqual(
      bodies(world).map((it) => it.records.length),
      [500, 500, 10],
    );
    assert.deepEqual([rows[6]?.outcome, rows[6]?.user, rows[6]?.message], ["exists", old.id, ""]);
    assert.equal(world.mail.total, 1009);
    assert.ok([...world.mail.messages.values()].every((it) => it === 1));
    const again = await runImport(world, undefined, ...VIA);
    assert.deepEqual([again.code, world.mail.total, bodies(world).length], [0, 1009, 3]);

    const long = await importing();
    const wide = "日".repeat(100);
    const line = (i: number) =>
      JSON.stringify({
        email: address(i),
        name: wide,
        given_name: wide,
        family_name: wide,
        nickname: wide,
      });
    await runImport(
      long,
      Array.from({ length: 450 }, (_, i) => line(i)).join("\n"),
      ...VIA,
      "--format",
      "jsonl",
      "--concurrency",
      "32",
    );
    assert.deepEqual([long.api.accounts.length, long.mail.total], [450, 450]);
    const sizes = bodies(long).map((it) => Buffer.byteLength(JSON.stringify(it)));
    assert.equal(sizes.length, 2);
    assert.ok(sizes.every((it) => it <= 500_000) && Math.max(...sizes) > 490_000, `${sizes}`);
  });

  test("a record that Authgear does not take fails alone, with its reason", async () => {
    const world = await importing();
    world.api.refuses = new Set([address(2)]);
    const { code, rows } = await runImport(world, csv(3), ...VIA);
    assert.equal(code, 1);
    assert.deepEqual(brief(rows), ["created: sent", "failed", "created: sent"]);
    assert.equal(rows[1]?.reason, "ValidationFailed");
    world.api.refuses.clear();
    assert.deepEqual(
      [(await runImport(world, undefined, ...VIA)).code, world.mail.total, world.mail.repeated],
      [0, 3, 0],
    );
  });

  test("an import whose answer is lost is begun again, and those that it made are invited all the same", async () => {
    const world = await importing({ faults: [{ does: "reset", done: true }] });
    const old = world.api.add("email", address(3));
    const { code, rows } = await runImport(world, csv(5), ...VIA);
    assert.equal(code, 0);
    assert.deepEqual([world.api.imports.size, world.api.accounts.length, world.mail.total], [2, 5, 4]);
    assert.deepEqual(
      brief(rows),
      [1, 2, 3, 4, 5].map((i) => (i === 3 ? "exists" : "created: sent")),
    );
    assert.equal(rows[2]?.user, old.id);
  });

  test("an import that Authgear has forgotten since is begun again", async () => {
    const world = await importing({ faults: [undefined, answer(403)] });
    const first = await runImport(world, csv(5), ...VIA);
    assert.deepEqual([first.code, brief(first.rows)[0]], [1, "begun"]);
    world.api.imports.clear();
    const { code } = await runImport(world, undefined, ...VIA);
    assert.deepEqual([code, world.api.accounts.length, world.mail.total], [0, 5, 5]);
  });

  test("too much, says the provider: it goes slower and sends all", async () => {
    const world = await importing({ more: { delivery: { attempts: 1 } } });
    world.mail.statuses.push(429, 200, 429, 429);
    const { code, rows } = await runImport(world, csv(5), ...VIA);
    assert.deepEqual([code, new Set(brief(rows)), world.mail.total], [0, new Set(["created: sent"]), 5]);
  });

  for (const signal of ["SIGINT", "SIGKILL"] as const)
    test(`${signal} while a message waits for its turn after a 429: the next run sends it, also without keys`, async () => {
      const world = await importing({ dialect: "sendgrid", more: { delivery: { attempts: 1 } } });
      world.mail.status = 429;
      writeFileSync(world.file, csv(1));
      const { child, ended } = startImport(world, ...VIA, "--rate", "1");
      await eventually(() => world.mail.requests > 0, "request");
      await sleep(300);
      child.kill(signal);
      assert.equal(await ended, signal === "SIGINT" ? 1 : signal);
      world.mail.status = undefined;
      const { code, rows } = await runImport(world, undefined, ...VIA);
      assert.deepEqual([code, brief(rows), world.mail.total], [0, ["created: sent"], 1]);
    });

  test("a refused key stops the messages, which another run sends", async () => {
    const world = await importing();
    world.mail.status = 401;
    const { code, stderr, rows } = await runImport(world, csv(20), ...VIA, "--concurrency", "1");
    assert.equal(code, 1);
    assert.match(stderr, /no message can be sent: resend: /);
    assert.deepEqual([world.api.accounts.length, world.mail.total], [20, 0]);
    assert.equal(rows.filter((it) => it.message === "not sent").length, 1);
    world.mail.status = undefined;
    assert.deepEqual([(await runImport(world, undefined, ...VIA)).code, world.mail.total], [0, 20]);
  });

  test("one message that is not sent is sent by the next run", async () => {
    const world = await importing();
    world.mail.statuses.push(422);
    const first = await runImport(world, csv(3), ...VIA, "--concurrency", "1");
    assert.deepEqual([first.code, brief(first.rows)], [1, ["created: not sent", "created: sent", "created: sent"]]);
    const { stdout } = await runImport(world, undefined, ...VIA, "--dry-run");
    assert.match(stdout, /^Would make 0 accounts .*; 1 message to be sent for accounts made before; 2 rows done/);
    const dry = JSON.parse((await runImport(world, undefined, ...VIA, "--dry-run", "--json")).stdout);
    assert.deepEqual(dry.outcomes, { bad: 0, done: 2, unsent: 1, todo: 0 });
    const again = await runImport(world, undefined, ...VIA);
    assert.deepEqual([again.code, world.mail.total, world.api.accounts.length], [0, 3, 3]);
  });

  test("in doubt without a key: the dead letter is told once, not by each run", async () => {
    const graves = await startCapture({ status: 200 });
    after(() => graves.close());
    const deadLetter = { url: graves.origin, secret: "grave-digger-5521" };
    const world = await importing({ dialect: "sendgrid", more: { delivery: { attempts: 1 }, deadLetter } });
    world.mail.statuses.push(500);
    for (const text of [csv(1), undefined, undefined]) {
      const { code, rows } = await runImport(world, text, ...VIA);
      assert.deepEqual([code, brief(rows), graves.requests.length], [1, ["created: unknown"], 1]);
    }
    const { stdout } = await runImport(world, undefined, ...VIA, "--dry-run");
    assert.match(stdout, /^Would make 0 accounts .*; 1 row done before$/m);
  });

  test("in doubt: repeated under its key by the next run, with the same bytes; without a key never", async () => {
    for (const dialect of ["resend", "sendgrid"] as const) {
      const world = await importing({ dialect, more: { delivery: { attempts: 1 } } });
      world.mail.statuses.push(500);
      const first = await runImport(world, csv(3), ...VIA, "--concurrency", "1");
      assert.deepEqual([first.code, brief(first.rows)], [1, ["created: unknown", "created: sent", "created: sent"]]);
      assert.match(first.stderr, /look into your provider's log/);
      assert.ok(!/[^ ]@/.test(read(`${world.file}.journal`)));
      const again = await runImport(world, undefined, ...VIA);
      if (dialect === "resend") assert.deepEqual([again.code, world.mail.total, world.mail.conflicts], [0, 3, 0]);
      else assert.deepEqual([again.code, brief(again.rows)[0], world.mail.total], [1, "created: unknown", 2]);
    }
  });

  test("Ctrl-C ends the wait for Authgear at once, and the messages after those that are being sent", async () => {
    const world = await importing();
    writeFileSync(world.file, csv(30));
    world.api.takesMs = () => 40;
    world.mail.takesMs = () => 40;
    const begun: (() => boolean)[] = [() => world.api.imports.size > 0, () => world.mail.total > 0];
    for (const condition of begun) {
      const { child, ended } = startImport(world, ...VIA, "--concurrency", "2");
      await eventually(condition, "request");
      child.kill("SIGINT");
      assert.equal(await ended, 1);
    }
    const sent = world.mail.total;
    assert.ok(sent < 30, `${sent}`);
    world.api.takesMs = () => 0;
    const { code, rows } = await runImport(world, undefined, ...VIA);
    assert.deepEqual([code, world.mail.total, world.mail.repeated, world.api.accounts.length], [0, 30, 0, 30]);
    assert.ok(rows.every(({ message }) => message === "sent"));
  });

  test("a changed configuration repeats nothing that is in doubt", async () => {
    const world = await importing({ more: { delivery: { attempts: 1 } } });
    world.mail.statuses.push(500);
    await runImport(world, csv(2), ...VIA, "--concurrency", "1");
    const config = JSON.parse(read(world.config));
    writeFileSync(world.config, JSON.stringify({ ...config, serviceName: "Other" }));
    const { code, rows } = await runImport(world, undefined, ...VIA);
    assert.deepEqual([code, rows[0]?.message, world.mail.total], [1, "unknown", 1]);
    assert.match(rows[0]?.reason ?? "", /the configuration has changed since/);
  });
});
