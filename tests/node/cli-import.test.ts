/** `authgear-invite import` as a real process: what it reads, refuses, does, tells and keeps. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Fault } from "../servers/admin-api.ts";
import { importing, lineOf, type ResultRow, read, rowsOf, runImport, startImport, type World } from "./imported.ts";
import { CLI, cli } from "./served.ts";
import { eventually, folder } from "./support.ts";

const address = (i: number) => `new.user${i}@newuser.example`;
const csv = (count: number, from = 1) =>
  `email,locale\n${Array.from({ length: count }, (_, i) => `${address(from + i)},ja`).join("\n")}\n`;
const brief = (rows: ResultRow[]) => rows.map(({ outcome, message }) => [outcome, message].filter(Boolean).join(": "));
const emails = ({ api }: World) => api.accounts.map((it) => it.value);
const error = (errorName: string, reason: string, info: object = {}): Fault => ({
  does: "error",
  errorName,
  reason,
  info,
});
const answer = (status: number, headers = {}): Fault => ({ does: "answer", status, headers });

describe("authgear-invite import", { concurrency: 2 }, () => {
  test("makes an account for each row, in its language, with a password that nobody knows", async () => {
    const world = await importing();
    const text = `\ufeffE-Mail;Phone Number;username;Locale\r\n${address(1)};;;ja\r\n;+85251000001;;zh-hant\r\n;;ada;\r\n`;
    const { code, stdout, stderr, rows } = await runImport(world, text, "--delimiter", ";");
    assert.deepEqual([code, stdout], [0, ""]);
    assert.match(
      stderr,
      /createUser makes one login[\s\S]*3 rows: 3 created; messages: 3 by hook; see .*users\.csv\.result\.csv\n$/,
    );
    const { accounts, requests } = world.api;
    assert.deepEqual(accounts.map(({ key, value, password }) => [key, value, password?.length]).sort(), [
      ["email", address(1), 32],
      ["phone", "+85251000001", 32],
      ["username", "ada", 32],
    ]);
    assert.equal(new Set(accounts.map((it) => it.password)).size, 3);
    assert.deepEqual(requests.map((it) => it.url.search).sort(), ["", "?ui_locales=ja", "?ui_locales=zh-Hant"]);
    assert.deepEqual(
      rows.map(({ row, line, user }) => [row, line, accounts.some((it) => it.id === user)]),
      [
        [1, 2, true],
        [2, 3, true],
        [3, 4, true],
      ],
    );
    for (const name of ["users.csv.journal", "users.csv.result.csv"])
      assert.equal(statSync(join(world.dir, name)).mode & 0o777, 0o600);
  });

  test("what is in quotes may hold anything; columns are mapped, others told once", async () => {
    const world = await importing();
    const text = `"Mail, private",Vorname,Notes,Notes 2\n${address(1)},"A ""B"", C","one\ntwo",x\n\n${address(2)},D,"",y\n`;
    const { code, stderr, rows } = await runImport(
      world,
      text,
      "--map",
      "Mail, private=email",
      "--map",
      "Vorname=given_name",
      "--password",
      "none",
    );
    assert.equal(code, 0, stderr);
    assert.equal(stderr.split('columns that are ignored: "Notes", "Notes 2"').length, 2);
    assert.equal(stderr.split("given_name: will not reach the message").length, 2);
    assert.deepEqual(
      rows.map((it) => it.line),
      [2, 5],
    );
    assert.deepEqual(
      world.api.accounts.map((it) => it.password),
      [null, null],
    );
  });

  test("JSON Lines, and stdin", async () => {
    const world = await importing();
    const lines = [
      { email: address(1), locale: "fr", extra: 1 },
      { phone_number: "+85251000001", name: "u2028 \u2028 is no end" },
    ];
    const text = `${lines.map((it) => JSON.stringify(it)).join("\r\n\r\n")}`;
    const journal = join(world.dir, "j");
    const args = [...lineOf(world, ["-", "--format", "jsonl", "--journal", journal, "--result", "-"])];
    const child = spawn(process.execPath, [CLI, ...args], { stdio: ["pipe", "pipe", "ignore"] });
    child.stdin?.end(text);
    let stdout = "";
    child.stdout?.on("data", (chunk) => {
      stdout += chunk;
    });
    assert.equal(await new Promise((resolve) => child.once("close", resolve)), 0);
    assert.match(
      stdout,
      /^row,line,outcome,user_id,message,reason\r\n1,1,created,[\da-f-]{36},by hook,\r\n2,3,created,/,
    );
    assert.deepEqual(emails(world).sort(), ["+85251000001", address(1)]);
    const none = await cli(["import", "-", "--config", world.config]);
    assert.deepEqual([none.code, /--journal: is needed with -/.test(none.stderr)], [2, true]);
  });

  test("one bad row, and nothing is done; each is told with its line, its reason, and no address", async () => {
    const world = await importing();
    const bad: [string, RegExp][] = [
      ["nobody,,,", /line 3: email: must be an e-mail address/],
      [",5100,,", /line 4: phone: must be \+ and digits/],
      [",,,ja", /line 5: has no email, phone or username/],
      [`${address(5)},,,not a tag`, /line 6: locale: must be a BCP 47 tag/],
      [`${address(6)},`, /line 7: has 2 values, and the header 4/],
      [`${address(1).toUpperCase()},,,`, /line 8: has the same login as row 1, line 2/],
      [`${address(7)},,"a\tb",`, /line 9: username: must be one line without control characters/],
      [`${address(8)},,,\ufffd`, /line 10: locale: is not UTF-8 text/],
    ];
    const text = `email,phone,username,locale\n${address(1)},,,ja\n${bad.map(([row]) => row).join("\n")}\n${address(9)},,,\n`;
    const { code, stderr, stdout } = await runImport(world, text);
    assert.deepEqual([code, stdout, world.api.requests.length], [2, "", 0]);
    for (const [, reason] of bad) assert.match(stderr, reason);
    assert.match(stderr, /8 rows of 10 cannot be imported; nothing was done/);
    assert.ok(!existsSync(`${world.file}.journal`));

    const json = await runImport(world, text, "--json");
    const lines = json.stdout
      .trim()
      .split("\n")
      .map((it) => JSON.parse(it));
    assert.deepEqual(lines[0], { row: 2, line: 3, problem: "email: must be an e-mail address, as new@user.example" });
    assert.deepEqual([lines.at(-1).outcome, lines.at(-1).outcomes], ["refused", { bad: 8 }]);

    const skipped = await runImport(world, text, "--skip-bad");
    assert.equal(skipped.code, 1);
    assert.deepEqual(emails(world).sort(), [address(1), address(9)]);
    assert.deepEqual(brief(skipped.rows), ["created: by hook", ...bad.map(() => "bad"), "created: by hook"]);
    assert.match(skipped.rows[1]?.reason ?? "", /^email: must be/);
    assert.equal((await runImport(world, undefined, "--skip-bad")).rows.length, 10);
  });

  const unreadable: [string, string, RegExp][] = [
    ["nothing", "", /is empty; its first line must name the columns/],
    ["a header alone", "email,name\n", /has no rows/],
    ["no header", `${address(1)}\n`, /line 1: must name a column email, phone or username/],
    ["another delimiter", "email;name\n", /try --delimiter ";"/],
    ["two columns for one field", "email,e-mail\n", /more than one column is the email/],
    ["an open quote", `email,name\n${address(1)},"x\n`, /line 2: a quote is opened and never closed/],
    ["a quote in a value", `email,name\n${address(1)},x"y\n`, /line 2: there is a quote in the midst/],
    ["more behind a quote", `email,name\n${address(1)},"x"y\n`, /line 2: behind a closing quote/],
    ["a row without end", `email,name\n${address(1)},"${"x\n".repeat(700_000)}`, /longer than 1 MiB/],
  ];
  for (const [what, text, expected] of unreadable)
    test(`not read: ${what}`, async () => {
      const world = await importing();
      const { code, stderr } = await runImport(world, text, "--skip-bad");
      assert.equal(code, 2);
      assert.match(stderr, expected);
      assert.equal(world.api.requests.length, 0);
    });

  const wrong: [string, string[], RegExp][] = [
    ["no file", [], /name one file/],
    ["a file that is not there", ["none.csv"], /none\.csv: there is no such file/],
    ["a folder", ["/"], /cannot be read \(EISDIR\)/],
    ["a way", ["x", "--via", "magic"], /--via: must be create or import-api/],
    [
      "a password for the import API",
      ["x", "--via", "import-api", "--password", "throwaway"],
      /takes no new passwords/,
    ],
    ["a rate", ["x", "--rate", "0"], /--rate: must be a whole number from 1/],
    ["a map", ["x", "--map", "Mail=mail"], /--map: must be HEADER=FIELD/],
    ["a delimiter", ["x", "--delimiter", ";;"], /--delimiter: must be one character/],
    ["the result over the file", ["x", "--result", "./x"], /must be three different files/],
    ["two things on stdout", ["x", "--json", "--result", "-"], /must be a file with --json/],
  ];
  for (const [what, args, expected] of wrong)
    test(`wrong on the command line: ${what}`, async () => {
      const world = await importing();
      const { code, stderr } = await cli(["import", "--config", world.config, ...args], { cwd: world.dir });
      assert.equal(code, 2);
      assert.match(stderr, expected);
    });

  test("a header that --map names must be there", async () => {
    const world = await importing();
    const { code, stderr } = await runImport(world, csv(1), "--map", "Mail=email");
    assert.deepEqual([code, /--map: .*users\.csv has no column "Mail"/.test(stderr)], [2, true]);
  });

  test("a dry run asks nothing, writes nothing, and says what would be done", async () => {
    const world = await importing();
    const { code, stdout } = await runImport(world, csv(3), "--dry-run", "--rate", "5");
    assert.deepEqual([code, world.api.requests.length, existsSync(`${world.file}.journal`)], [0, 0, false]);
    assert.equal(stdout, "Would make 3 accounts by createUser, and the hook would invite their owners; about 1 s\n");
    await runImport(world, undefined);
    writeFileSync(world.file, csv(4));
    const again = await runImport(world, undefined, "--dry-run", "--json");
    assert.deepEqual(JSON.parse(again.stdout), {
      outcome: "dry_run",
      rows: 4,
      outcomes: { bad: 0, done: 3, unsent: 0, todo: 1 },
    });
  });

  test("names and inviter travel in an envelope for the row's login, where there is a secret", async () => {
    const { sealEnvelope } = await import("../../ts/envelope.ts");
    const secret = "envelope-secret-of-5521-tests-0123456789";
    const world = await importing({ more: { envelope: { secrets: [secret] } } });
    const text = `email,name,inviter\n${address(1)},Ada,Grace\n${address(2)},,\n`;
    const { code, stderr } = await runImport(world, text);
    assert.equal(code, 0);
    assert.ok(!/will not reach/.test(stderr), stderr);
    const states = world.api.requests.map((it) => it.url.searchParams.get("x_state"));
    const [sealed = ""] = states.filter((it) => it !== null);
    const { exp } = JSON.parse(sealed.slice(0, sealed.lastIndexOf(".")));
    const envelope = { expires: new Date(exp * 1000), name: "Ada", inviter: "Grace" };
    assert.deepEqual(states.sort(), [await sealEnvelope(envelope, address(1), secret), null].sort());
  });

  test("a placeholder of the envelope is a column, too, and a message that the hook has not is told before anything is done", async () => {
    const secret = "envelope-secret-of-5521-tests-0123456789";
    const messages = { welcome: { en: { subject: "-", text: "{team} {desk}" } } };
    const world = await importing({
      more: { messages, envelope: { secrets: [secret], placeholders: ["team", "desk"] } },
    });
    const head = "email,team,Where,message";
    const bad = await runImport(world, `${head}\n${address(1)},R=D,2nd,welcom\n${address(2)},${"x".repeat(101)},,\n`);
    assert.deepEqual([bad.code, world.api.requests.length], [2, 0]);
    assert.match(bad.stderr, /line 2: message: there is no such message in messages/);
    assert.match(bad.stderr, /line 3: values\.team: must have at most 100 characters/);
    assert.match(bad.stderr, /columns that are ignored: "Where"/);

    const text = `${head}\n${address(1)},R=D,2nd,welcome\n${address(2)},,,\n`;
    const args = ["--map", "Where=desk"];
    const { code, stderr } = await runImport(world, text, ...args);
    assert.deepEqual([code, /ignored|will not reach/.test(stderr)], [0, false]);
    const states = world.api.requests.map((it) => it.url.searchParams.get("x_state"));
    const [sealed = ""] = states.filter((it) => it !== null);
    const { exp: _, ...envelope } = JSON.parse(sealed.slice(0, sealed.lastIndexOf(".")));
    assert.deepEqual(
      [states.length, envelope],
      [2, { v: 1, message: "welcome", values: { team: "R=D", desk: "2nd" } }],
    );

    const changed = await runImport(world, text.replace("R=D", "R"), ...args);
    assert.deepEqual([changed.code, /is about other rows/.test(changed.stderr)], [2, true]);
    const unmapped = await runImport(world, undefined, "--map", "Where=floor");
    assert.match(unmapped.stderr, /--map: must be HEADER=FIELD, as Mail=email; fields are .*message, team, desk\n/);
  });

  test("what one row fails by does not stop the others; run again, only what failed is tried, also when it was corrected", async () => {
    const world = await importing();
    const old = world.api.add("email", address(3));
    world.api.faults.push(
      undefined,
      error("Invalid", "PasswordPolicyViolated", { causes: [{ Name: "PasswordTooShort" }] }),
      undefined,
      error("Invalid", "InvariantViolated", { cause: { kind: "InvalidLoginIDKey" } }),
    );
    const { code, rows, stderr } = await runImport(world, csv(5), "--concurrency", "1");
    assert.equal(code, 1);
    assert.deepEqual(brief(rows), ["created: by hook", "failed", "exists", "failed", "created: by hook"]);
    assert.match(rows[1]?.reason ?? "", /policy does not take the password \(PasswordTooShort\)/);
    assert.match(stderr, /run the same command again to try again what failed/);
    const asked = world.api.requests.length;
    const again = await runImport(world, csv(5).replace(address(4), address(44)));
    assert.equal(again.code, 0);
    assert.deepEqual(
      brief(again.rows).map((it) => it.split(":")[0]),
      ["created", "created", "exists", "created", "created"],
    );
    assert.equal(world.api.requests.length, asked + 2);
    assert.deepEqual(emails(world).sort(), [1, 2, 3, 44, 5].map(address).sort());
    assert.deepEqual(
      world.api.accounts.filter((it) => it.value === address(3)),
      [old],
    );
  });

  test("too much: it waits as it is told, goes slower, and does all", async () => {
    const limited = error("TooManyRequest", "RateLimited");
    const world = await importing({ faults: [undefined, answer(429, { "retry-after": "1" }), limited, limited] });
    const { code, rows } = await runImport(world, csv(6));
    assert.equal(code, 0);
    assert.equal(rows.filter((it) => it.outcome === "created").length, 6);
    assert.equal(world.api.requests.length, 6 + 3);
  });

  test("what fails for everybody stops at once, and the rest is untouched", async () => {
    const world = await importing({ faults: [undefined, answer(401)] });
    const { code, rows, stderr } = await runImport(world, csv(30), "--concurrency", "1");
    assert.equal(code, 1);
    assert.match(stderr, /does not take the token \(401\)/);
    assert.deepEqual(brief(rows).slice(0, 4), ["created: by hook", "begun", "not begun", "not begun"]);
    assert.equal(world.api.requests.length, 2);
    assert.equal((await runImport(world, undefined)).code, 0);
    assert.equal(new Set(emails(world)).size, 30);

    const away = await importing();
    await away.api.stop();
    const gone = await runImport(away, csv(30), "--json");
    assert.equal(gone.code, 1);
    const end = JSON.parse(gone.stdout);
    assert.deepEqual([end.outcome, end.rows, /no connection/.test(end.reason)], ["halted", 30, true]);
  });

  test("an answer that never comes: unknown, and looked into by the next run", async () => {
    const lost: Fault = { does: "reset" };
    const world = await importing({ faults: [{ does: "reset", done: true }, answer(503), ...Array(6).fill(lost)] });
    const first = await runImport(world, csv(2), "--concurrency", "1");
    assert.equal(first.code, 1);
    assert.equal(first.rows[0]?.outcome, "unknown");
    const again = await runImport(world, undefined);
    assert.deepEqual([again.code, brief(again.rows)], [0, ["created: by hook", "created: by hook"]]);
    assert.equal(world.api.accounts.length, 2);
  });

  test("Ctrl-C ends what was begun, and says how to go on", async () => {
    const world = await importing();
    world.api.takesMs = () => 100;
    writeFileSync(world.file, csv(40));
    const { child, ended } = startImport(world, "--concurrency", "2");
    let stderr = "";
    child.stderr?.on("data", (chunk) => {
      stderr += chunk;
    });
    await eventually(() => world.api.accounts.length > 2, "accounts");
    child.kill("SIGINT");
    assert.equal(await ended, 1);
    assert.match(stderr, /ending what was begun[\s\S]*run the same command again to go on/);
    const { length } = world.api.accounts;
    const untouched = rowsOf(read(`${world.file}.result.csv`)).filter(({ outcome }) => outcome === "not begun");
    assert.ok(untouched.length > 40 - length - 3, `${length} made, ${untouched.length} untouched`);
    const asked = world.api.requests.length;
    assert.equal(asked, length);
    world.api.takesMs = () => 0;
    assert.equal((await runImport(world, undefined)).code, 0);
    assert.deepEqual([world.api.accounts.length, world.api.requests.length], [40, 40]);
  });

  test("a journal of other rows, or of another way, is refused, and rows may be added", async () => {
    const world = await importing();
    await runImport(world, csv(3));
    const journal = read(`${world.file}.journal`);
    for (const [text, expected] of [
      [csv(3, 2), /is about other rows: .*3 are not what was begun, such as row 1; give back the file/],
      [csv(2), /is about other rows: .*has 2 rows, and 1 are not/],
    ] as const) {
      const { code, stderr } = await runImport(world, text);
      assert.equal(code, 2);
      assert.match(stderr, expected);
    }
    const other = await runImport(world, csv(3), "--via", "import-api");
    assert.deepEqual([other.code, /was begun with --via create/.test(other.stderr)], [2, true]);
    assert.equal(read(`${world.file}.journal`), journal);
    const more = await runImport(world, csv(5));
    assert.deepEqual([more.code, world.api.accounts.length], [0, 5]);
    writeFileSync(`${world.file}.journal`, "email\n");
    assert.equal((await runImport(world, undefined)).code, 2);
  });

  test("a second process on the journal is refused", async () => {
    const world = await importing();
    world.api.takesMs = () => 100;
    writeFileSync(world.file, csv(20));
    const { child, ended } = startImport(world, "--concurrency", "1");
    await eventually(() => world.api.requests.length > 1, "request");
    const { code, stderr } = await runImport(world, undefined);
    assert.deepEqual([code, /another process imports with this journal/.test(stderr)], [2, true]);
    child.kill("SIGKILL");
    await ended;
    world.api.takesMs = () => 0;
    assert.equal((await runImport(world, undefined)).code, 0);
    assert.equal(new Set(emails(world)).size, world.api.accounts.length);
  });

  const mount = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o size=4096 tmpfs "$0" && exec "$@"'];
  const skip = spawnSync("unshare", ["--mount", "true"]).status !== 0 && "this user may not mount a file system";

  test("a full disk stops it, and nothing is lost", { skip }, async () => {
    const world = await importing();
    writeFileSync(world.file, csv(60));
    const disk = folder();
    const small = join(disk, "j");
    // What the small disk held is brought out of its namespace.
    const script = '"$@" --journal "$0"; code=$?; cp "$0" "$COPY"; exit $code';
    const args = [...mount, disk, "sh", "-c", script, small, process.execPath, CLI, ...lineOf(world, [world.file])];
    const copy = join(world.dir, "copy");
    const { status, stderr } = await new Promise<{ status: number | null; stderr: string }>((resolve) => {
      const child = spawn(args[0] as string, args.slice(1), {
        stdio: ["ignore", "ignore", "pipe"],
        env: { ...process.env, COPY: copy },
      });
      let text = "";
      child.stderr?.on("data", (chunk) => {
        text += chunk;
      });
      child.once("close", (code) => resolve({ status: code, stderr: text }));
    });
    assert.equal(status, 1);
    assert.match(stderr, /the disk is full; free some space and run it again, nothing is lost/);
    const begun = world.api.accounts.length;
    assert.ok(begun > 5 && begun < 60, `${begun}`);
    assert.ok(read(copy).endsWith("\n"), "a torn line was left");
    const { code, rows } = await runImport(world, undefined, "--journal", copy);
    assert.deepEqual([code, new Set(emails(world)).size, world.api.accounts.length], [0, 60, 60]);
    assert.ok(rows.every(({ outcome }) => outcome === "created"));
  });

  test("a result that cannot be written is said, and the next run writes it", async () => {
    const world = await importing();
    const first = await runImport(world, csv(2), "--result", join(world.dir, "none", "r.csv"));
    assert.deepEqual([first.code, /r\.csv: the result cannot be written \(ENOENT\)/.test(first.stderr)], [2, true]);
    const again = await runImport(world, undefined);
    assert.deepEqual([again.code, again.rows.length, world.api.requests.length], [0, 2, 2]);
  });

  test("what is wrong in the configuration is told first", async () => {
    const world = await importing();
    const text = readFileSync(world.config, "utf8");
    writeFileSync(world.config, text.replace('"keyId"', '"keyid"'));
    assert.match((await runImport(world, csv(1))).stderr, /admin\.keyid: unknown key/);
    writeFileSync(world.config, text.replace('"serviceName"', '"envelope":{"secrets":["short"]},"serviceName"'));
    const short = await runImport(world, csv(1));
    assert.deepEqual([short.code, /envelope\.secrets\[0\]: must have at least 32/.test(short.stderr)], [2, true]);
    writeFileSync(world.config, text.replace('"serviceName":"Acme",', ""));
    assert.equal((await runImport(world, csv(1))).code, 0);
    const { code, stderr } = await runImport(world, csv(1), "--via", "import-api", "--journal", join(folder(), "j"));
    assert.deepEqual([code, /serviceName/.test(stderr)], [2, true]);
  });

  test("--help has examples and says what the journal holds", async () => {
    const { code, stdout } = await cli(["import", "--help"]);
    assert.equal(code, 0);
    for (const text of ["import users.csv --dry-run", "--via import-api", "The journal has row numbers", "given_name"])
      assert.ok(stdout.includes(text), text);
  });
});
