/** `authgear-invite reconcile` as a real process: a real GraphQL server, mail APIs, an outbox in use. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { masked, maskedLogin } from "../../ts/cli/mask.ts";
import type { Config } from "../../ts/config.ts";
import { createHook } from "../../ts/index.ts";
import { AdminApi, IDS, newKey } from "../servers/admin-api.ts";
import { resend, sendgrid } from "../servers/dialects.ts";
import { type Behaviour, type Dialect, FaultyServer } from "../servers/faulty.ts";
import { CLI, cli, configFor, deliver, KEY, nodes, Served, unread, writeConfig } from "./served.ts";
import { eventually, folder } from "./support.ts";

const { pkcs8, verifier } = await newKey();
const MINUTE = 60_000;
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE);

type Line = { user_id: string; status?: string; reason?: string; why?: string; outcome?: string; login?: string };

async function world({ dialect = resend, script = [] as Behaviour[], config: more = {} } = {}) {
  const provider = dialect === resend ? "resend" : "sendgrid";
  const api = await new AdminApi(verifier).start();
  const mail = await new FaultyServer(dialect, script).start();
  after(() => Promise.all([api.stop(), mail.stop()]));
  api.attributes = ["invited", "team"];
  const dir = folder();
  writeFileSync(join(dir, "key.pem"), pkcs8, { mode: 0o600 });
  const config = { ...configFor(provider, mail.url), ...more };
  const admin = { ...IDS, endpoint: api.origin, privateKey: { file: "key.pem" } };
  const file = writeConfig(join(dir, "invite.config.json"), { ...config, admin });
  const args = (...rest: string[]) => ["reconcile", "--config", file, ...rest];
  const checked = ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => {
    const addresses = api.events.flatMap(({ payload }) => payload.user.standard_attributes?.email ?? []);
    for (const secret of [KEY, "PRIVATE KEY", ...api.bearers, ...addresses])
      assert.ok(!(stdout + stderr).toLowerCase().includes(secret.toLowerCase()), stdout + stderr);
    return { code, stdout, stderr };
  };
  return {
    api,
    mail,
    config: config as Config,
    file,
    dir,
    args,
    /** To its end; the lines of its JSON by user. */
    run: async (...rest: string[]) => checked(await cli(args(...rest))),
    json: async (...rest: string[]) => {
      const { code, stdout } = checked(await cli(args(...rest, "--json")));
      const lines: Line[] = stdout
        .split("\n")
        .filter(Boolean)
        .map((it) => JSON.parse(it));
      const of = (account: { id: string }) => lines.filter((it) => it.user_id === account.id);
      return { code, lines, of, status: (account: { id: string }) => of(account)[0]?.status };
    },
  };
}

const keys = (mail: FaultyServer) => mail.requests.map(({ headers }) => headers["idempotency-key"]);

describe("authgear-invite reconcile", { concurrency: 2 }, () => {
  test("lists who was created by an admin and never told, and why the others are left alone", async () => {
    const { api, mail, run, json } = await world();
    const forgotten = api.add("email", "Ada.Forgotten@user.example", ago(60));
    const phone = api.add("phone", "+85251234567", ago(50));
    const old = api.add("email", "old@user.example", ago(60 * 72));
    const young = api.add("email", "young@user.example", ago(0));
    const gone = api.add("email", "gone@user.example", ago(40));
    const disabled = api.add("email", "disabled@user.example", ago(39));
    const inside = api.add("email", "inside@user.example", ago(38));
    const signUp = api.add("email", "sign.up@user.example", ago(37));
    const marked = api.add("email", "marked@user.example", ago(36));
    api.accounts.splice(api.accounts.indexOf(gone), 1);
    disabled.isDisabled = true;
    inside.lastLoginAt = ago(5).toISOString();
    marked.customAttributes = { invited: "by hand" };
    for (const event of api.events) if (event.payload.user.id === signUp.id) event.context.triggered_by = "user";

    const { code, stdout, stderr } = await run("--attribute", "invited");
    assert.deepEqual([code, stderr, mail.requests.length], [1, "", 0]);
    const [, last = "", ...rest] = stdout.split("\n");
    const counts =
      "1 not told, 1 told, 5 skipped (no_sender 1, user_deleted 1, user_disabled 1, logged_in 1, triggered_by 1)";
    const [counted, span = ""] = last.split("; ");
    assert.deepEqual([counted, rest], [counts, [""]]);
    const [from = "", to = ""] = span.match(/\d\S+Z/g) ?? [];
    assert.equal(span, `looked at accounts created from ${from} to ${to}`);
    assert.equal(Date.parse(to) - Date.parse(from), (48 * 60 - 2) * MINUTE, "without those of the last two minutes");
    const row = `^\\S+  ${forgotten.id}  A\\*\\*\\*@user\\.example +not told: invited is not set$`;
    assert.match(stdout.split("\n")[0] ?? "", new RegExp(row));

    const all = await json("--attribute", "invited");
    assert.deepEqual(
      [gone, disabled, inside, signUp, phone].map((it) => all.of(it)[0]?.reason),
      ["user_deleted", "user_disabled", "logged_in", "triggered_by", "no_sender"],
    );
    assert.deepEqual([all.status(old), all.status(young), all.status(marked)], [undefined, undefined, "told"]);
    assert.equal(all.of(phone)[0]?.login, "***67");
    const some = await json("--attribute", "invited", "--since", "80h", "--until", ago(45).toISOString());
    assert.deepEqual(new Set(some.lines.map((it) => it.user_id)), new Set([old.id, forgotten.id, phone.id]));
  });

  test("--send has the hook's idempotency key, and tells nobody twice", async () => {
    const { api, mail, config, run, json } = await world();
    const account = api.add("email", "Ada@user.example", ago(10));
    const other = api.add("email", "bob@user.example", ago(9));
    account.customAttributes = { team: "blue" };
    const outcome = await createHook(config)(api.events[0] as object);
    assert.ok("outcome" in outcome && outcome.outcome === "sent");
    assert.equal(mail.accepted, 1);

    const { code, stdout, stderr } = await run("--attribute", "invited", "--send", "--yes");
    assert.deepEqual([code, stderr], [0, "invited cannot know what a hook has sent.\n"]);
    assert.match(stdout, new RegExp(`^${account.id}  A\\*\\*\\*@user.example +sent by resend$`, "m"));
    assert.match(stdout, /^2 sent$/m);
    const [first, ...rest] = keys(mail);
    assert.deepEqual([rest.length, rest[0]], [2, first], "the same key as the hook's");
    assert.deepEqual([mail.accepted, mail.conflicts], [2, 0], "the provider took each once");
    assert.equal(account.customAttributes?.team, "blue");
    assert.match(`${account.customAttributes?.invited}`, /^sent 20\d\d-/);

    const again = await json("--attribute", "invited", "--send", "--yes");
    assert.deepEqual([again.code, again.status(account), again.status(other)], [0, "told", "told"]);
    assert.equal(mail.requests.length, 3);
  });

  test("--send tells everybody also when nobody reads what it says", async () => {
    const { api, mail, args } = await world();
    const accounts = [1, 2, 3].map((i) => api.add("email", `u${i}@user.example`, ago(10)));
    assert.equal(await unread(args("--attribute", "invited", "--send", "--yes")), 0);
    assert.equal(mail.accepted, 3);
    for (const { customAttributes } of accounts) assert.match(`${customAttributes?.invited}`, /^sent /);
  });

  test("--send writes nothing of Node.js's own to stderr", async () => {
    const { api, args } = await world();
    api.add("email", "ada@user.example", ago(10));
    const { stderr } = await cli(args("--attribute", "invited", "--send", "--yes"), { node: nodes.at(-1) });
    assert.equal(stderr, "invited cannot know what a hook has sent.\n");
  });

  for (const dialect of [resend, sendgrid])
    test(`killed between sending and the marker, ${dialect.keyed ? "with" : "without"} keys: told, not repeated`, async () => {
      const { api, mail, args, json } = await world({ dialect, script: [{ does: "hang", accepted: true }] });
      const account = api.add("email", "ada@user.example", ago(10));
      const child = spawn(process.execPath, [CLI, ...args("--attribute", "invited", "--send", "--yes")]);
      await eventually(() => mail.requests.length > 0, "request");
      child.kill("SIGKILL");
      await once(child, "close");
      assert.match(`${account.customAttributes?.invited}`, /^sending 20\d\d-/, "before the request left");
      const next = await json("--attribute", "invited", "--send", "--yes");
      assert.deepEqual([next.code, next.status(account)], [1, "in_doubt"]);
      assert.match(next.of(account)[0]?.why ?? "", /^invited says sending: a run ended/);
      assert.equal(mail.requests.length, 1);
    });

  const ends: [string, Dialect, Behaviour, RegExp, RegExp | undefined, string][] = [
    ["refused", resend, { does: "answer", status: 401, body: "{}" }, /not sent: resend: /, undefined, "not_told"],
    ["lost", sendgrid, { does: "reset", accepted: true }, /may have been sent: sendgrid: /, /^unknown 20/, "in_doubt"],
    [
      "the key of another message",
      resend,
      { does: "answer", status: 409, body: '{"name":"invalid_idempotent_request"}' },
      /resend: /,
      /^unknown 20/,
      "in_doubt",
    ],
  ];
  for (const [what, dialect, behaviour, expected, marker, status] of ends)
    test(`${what}: the marker says no more than what is known`, async () => {
      const { api, run, json } = await world({ dialect, script: [behaviour] });
      const account = api.add("email", "ada@user.example", ago(10));
      const { code, stdout } = await run("--attribute", "invited", "--send", "--yes");
      assert.equal(code, 1);
      assert.match(stdout, expected);
      if (marker) assert.match(`${account.customAttributes?.invited}`, marker);
      else assert.deepEqual(account.customAttributes, {});
      assert.equal((await json("--attribute", "invited")).status(account), status);
    });

  test("an attribute that the project lacks, or that cannot be set, keeps the message from leaving", async () => {
    const { api, mail, run } = await world();
    api.add("email", "ada@user.example", ago(10));
    const lacking = await run("--attribute", "unheard_of", "--send", "--yes");
    assert.deepEqual([lacking.code, mail.requests.length], [1, 0]);
    assert.match(lacking.stderr, /the project has no custom attribute unheard_of; add it in its Portal/);
    const ends = { does: "error", errorName: "Forbidden", reason: "WebHookDisallowed" } as const;
    // The log twice, the user twice, then the change.
    api.faults.push(undefined, undefined, undefined, undefined, ends);
    const refused = await run("--attribute", "invited", "--send", "--yes");
    assert.deepEqual([refused.code, mail.requests.length], [1, 0]);
    assert.match(refused.stderr, /setCustomAttribute: WebHookDisallowed/);
  });

  test("a user who has changed since the list is left alone", async () => {
    const { api, mail, args } = await world({ config: { delivery: { attemptSeconds: 5 } } });
    const [first, second] = [api.add("email", "a@user.example", ago(9)), api.add("email", "b@user.example", ago(8))];
    const child = spawn(process.execPath, [
      CLI,
      ...args("--attribute", "invited", "--send", "--yes", "--per-second", "1"),
    ]);
    await eventually(() => `${first.customAttributes?.invited}`.startsWith("sent"), "message");
    second.lastLoginAt = new Date().toISOString();
    assert.equal((await once(child, "close"))[0], 1);
    assert.equal(mail.accepted, 1);
  });

  test("asks on a terminal", { skip: !existsSync("/usr/bin/script") }, async () => {
    const { api, mail, args, run } = await world();
    const command = args("--attribute", "invited", "--send").map((it) => `"${it}"`);
    for (let i = 0; i < 3; i++) api.add("email", `u${i}@user.example`, ago(10));
    const line = `"${process.execPath}" "${CLI}" ${command.join(" ")}; echo "code $?"`;
    const child = spawn("script", ["-qec", line, "/dev/null"]);
    let seen = "";
    child.stdout.on("data", (text) => {
      seen += text;
      if (seen.includes("[y/N]")) child.stdin.end("n\n");
    });
    await once(child, "close");
    assert.match(seen, /invited cannot know what a hook has sent\.\r\nSend to 3 accounts\? \[y\/N\] /);
    assert.match(seen, /Nothing was sent\.\r\ncode 1/);
    const { code, stderr } = await run("--attribute", "invited", "--send");
    assert.deepEqual([code, /--yes: is needed where nobody can be asked/.test(stderr)], [2, true]);
    assert.equal(mail.requests.length, 0);
  });

  test("pages are read as they are needed, and each account is judged once", async () => {
    const { api, json } = await world();
    for (let i = 0; i < 260; i++) api.add("email", `u${i}@user.example`, ago(1000 - Math.floor(i / 90)));
    const { lines } = await json("--attribute", "invited");
    assert.equal(new Set(lines.map((it) => it.user_id)).size, 260);
    assert.equal(lines.length, 260);
  });

  const wrong: [string, string[], RegExp][] = [
    ["nobody knows", [], /give --outbox, --journal or --attribute/],
    ["nothing remembers", ["--journal", "x", "--send", "--yes"], /--send: goes with --attribute or --outbox/],
    ["no time", ["--since", "yesterday", "--attribute", "a"], /--since: must be as 90m, 48h or 7d/],
    ["no zone", ["--until", "2026-11-01T00:00:00", "--attribute", "a"], /--until: must be/],
    ["backwards", ["--since", "1m", "--attribute", "a"], /--since: must be before --until/],
    ["no name", ["--attribute", "No Name"], /--attribute: must be the name/],
    [
      "too long ago",
      ["--since", "30d", "--outbox", "x.db"],
      /--since: must be at most 29d ago, a day less than --keep/,
    ],
    ["a short memory", ["--keep-days", "2", "--outbox", "x.db"], /--since: must be at most 1d ago/],
    ["just not too long ago", ["--since", "29d", "--outbox", "nowhere.db"], /there is no such outbox/],
    ["no journal", ["--journal", "nowhere.journal"], /nowhere\.journal: cannot be read \(ENOENT\)/],
    ["another file", ["--journal", CLI], /is damaged; restore a copy|is no journal of an import/],
    ["no outbox", ["--outbox", "nowhere.db"], /nowhere\.db: there is no such outbox/],
  ];
  for (const [what, args, expected] of wrong)
    test(`wrong on the command line: ${what}`, async () => {
      const { api, run } = await world();
      const { code, stdout, stderr } = await run(...args);
      assert.deepEqual([code > 0, stdout, api.requests.length], [true, "", 0]);
      assert.match(stderr, expected);
    });
});

test("authgear-invite reconcile --journal: what an import says of its users", async () => {
  const { api, dir, json } = await world();
  const messages = ["sent", "unknown", "leaving", "by hook", "not sent", "skipped"];
  const users = messages.map((it, i) => api.add("email", `${it.replace(" ", "")}@user.example`, ago(10 + i)));
  const stranger = api.add("email", "stranger@user.example", ago(30));
  const header = { journal: "authgear-invite import", version: 1, via: "create", salt: "s" };
  const lines = users.map(({ id: user }, row) => {
    const message = messages[row];
    if (message === "leaving") return { is: "leaving", row, user, created: "", mark: {} };
    return { is: "ended", row, outcome: "created", user, message };
  });
  const journal = join(dir, "import.journal");
  // The last line is torn.
  writeFileSync(journal, `${[header, ...lines].map((it) => JSON.stringify(it)).join("\n")}\n{"is":"en`);
  const { code, status, of } = await json("--journal", journal);
  assert.equal(code, 1);
  assert.deepEqual(users.map(status), ["told", "in_doubt", "in_doubt", "not_told", "not_told", "not_told"]);
  assert.deepEqual([status(stranger), of(stranger)[0]?.why], ["not_told", "not in the journal"]);
});

describe("authgear-invite reconcile --outbox", { concurrency: 2 }, () => {
  for (const node of nodes.slice(-1))
    test("while the server runs: told is what it sent; the rest goes into it, once", async () => {
      const { api, mail, file, dir, json, run } = await world();
      const data = join(dir, "outbox.db");
      const served = await Served.start({ config: file, data, node });
      const told = api.add("email", "told@user.example", ago(20));
      const [event] = api.events;
      assert.equal((await deliver(served.origin, event as object)).outcome, "queued");
      await eventually(() => mail.accepted === 1, "message");
      await served.said("sent");
      const forgotten = api.add("email", "forgotten@user.example", ago(10));

      const before = await json("--outbox", data);
      assert.deepEqual([before.code, before.status(told), before.status(forgotten)], [1, "told", "not_told"]);
      const sent = await run("--outbox", data, "--send", "--yes");
      assert.deepEqual([sent.code, sent.stderr], [0, ""]);
      assert.match(sent.stdout, /^1 queued$/m);
      await eventually(() => mail.accepted === 2, "message by the server");
      // Authgear delivers it after all.
      assert.equal((await deliver(served.origin, api.events[1] as object)).outcome, "duplicate");
      await eventually(async () => (await json("--outbox", data)).code === 0, "all told");
      assert.equal(mail.requests.length, 2);
      const both = await json("--outbox", data, "--attribute", "invited");
      assert.deepEqual([both.code, both.status(told)], [0, "told"]);
      served.kill("SIGTERM");
      assert.equal((await served.ended).code, 0);
    });

  test("what is dead or waits in it is the outbox's, not sent from elsewhere", async () => {
    const script: Behaviour[] = [
      { does: "reset", accepted: true },
      { does: "answer", status: 503, headers: { "retry-after": "3000" } },
    ];
    const { api, mail, file, dir, json } = await world({ dialect: sendgrid, script });
    const data = join(dir, "outbox.db");
    const served = await Served.start({ config: file, data });
    const [lost, waiting] = [api.add("email", "l@user.example", ago(9)), api.add("email", "w@user.example", ago(8))];
    await deliver(served.origin, api.events[0] as object);
    await served.said("unknown");
    await deliver(served.origin, api.events[1] as object);
    await served.said("waiting");
    const { code, of } = await json("--outbox", data, "--attribute", "invited", "--send", "--yes");
    assert.equal(code, 1);
    assert.equal(of(lost)[0]?.status, "in_doubt");
    assert.match(of(lost)[0]?.why ?? "", /^dead in the outbox; authgear-invite outbox retry authgear-invite\./);
    assert.equal(of(waiting)[0]?.status, "outbox");
    assert.equal(mail.requests.length, 2);
    assert.deepEqual([lost.customAttributes, waiting.customAttributes], [undefined, undefined]);
  });
});

test("a masked login shows no more than a letter or two digits, and a domain", () => {
  assert.equal(masked("ada@user.example"), "a***@user.example");
  assert.equal(masked("+85251234567"), "***67");
  assert.equal(masked("ada"), "a***");
  const local = fc.stringMatching(/^[a-z.]{2,20}$/);
  fc.assert(fc.property(local, (name) => masked(`${name}@user.example`) === `${name[0]}***@user.example`));
  fc.assert(fc.property(fc.anything(), (event) => ["string", "undefined"].includes(typeof maskedLogin(event))));
  fc.assert(fc.property(fc.anything(), (payload) => ["string", "undefined"].includes(typeof maskedLogin({ payload }))));
});
