/** `authgear-invite resend` as a real process, against a real GraphQL server and a mail API. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { createHook } from "../../ts/index.ts";
import { AdminApi, IDS, newKey } from "../servers/admin-api.ts";
import { MailApi } from "../servers/mail-api.ts";
import { CLI, cli, configFor, KEY, writeConfig } from "./served.ts";
import { folder } from "./support.ts";

const { pkcs8, verifier } = await newKey();
const EMAIL = "Ada.L@user.example";
const SMS = { provider: "vonage", apiKey: "k", apiSecret: "s", from: "Acme" };

async function world(more: object = {}) {
  const api = await new AdminApi(verifier).start();
  const mail = await new MailApi({ key: KEY }).start();
  after(() => Promise.all([api.stop(), mail.stop()]));
  const dir = folder();
  writeFileSync(join(dir, "key.pem"), pkcs8, { mode: 0o600 });
  const config = configFor("resend", mail.url, more);
  const admin = { ...IDS, endpoint: api.origin, privateKey: { file: "key.pem" } };
  const file = writeConfig(join(dir, "invite.config.json"), { ...config, admin });
  const args = (...rest: string[]) => ["resend", "--config", file, ...rest];
  const run = async (...rest: string[]) => {
    const result = await cli(args(...rest));
    const printed = `${result.stdout}${result.stderr}`.toLowerCase();
    for (const secret of [KEY, "private key", EMAIL.toLowerCase(), ...api.bearers])
      assert.ok(!printed.includes(secret), printed);
    return { ...result, json: () => JSON.parse(result.stdout) };
  };
  return { api, mail, config, args, run };
}

describe("authgear-invite resend", { concurrency: 2 }, () => {
  test("finds the one user, and sends to what was typed, under another key each time", async () => {
    const { api, mail, config, run } = await world();
    const account = api.add("email", EMAIL);
    api.add("email", "bob@user.example");
    await createHook(config as never)(api.events[0] as object);
    const { code, stdout, stderr } = await run("--email", EMAIL.toUpperCase(), "--yes");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^sent by resend, id msg-2: invite in en\n {2}resend: sent, HTTP 200, \d+ ms\n$/);
    const again = await run("--user", account.id, "--locale", "ja", "--yes", "--json");
    assert.equal(again.code, 0);
    const { user_id, outcome, locale } = again.json();
    assert.deepEqual([user_id, outcome, locale], [account.id, "sent", "ja"]);
    assert.deepEqual(
      mail.messages.map(({ to }) => to),
      [[EMAIL], [EMAIL], [EMAIL]],
    );
    assert.equal(new Set(mail.messages.map(({ idempotencyKey }) => idempotencyKey)).size, 3);
    const [first, second] = mail.messages;
    assert.match(first?.text ?? "", /set a new password/);
    assert.match(second?.text ?? "", /set a password/, "the account has none");
  });

  test("by each login, by roles, and under the rules", async () => {
    const rules = [{ on: "user.created", when: { roles: ["staff"] } }];
    const { api, mail, run } = await world({ rules, sms: [{ ...SMS, endpoint: "http://127.0.0.1:9" }] });
    const phone = api.add("phone", "+85251234567");
    api.add("username", "ada");
    phone.roles = ["staff"];
    const sms = await run("--phone", "+85251234567", "--yes", "--json");
    assert.deepEqual([sms.code, sms.json().channel, sms.json().user_id], [1, "sms", phone.id]);
    const skipped = await run("--username", "ada", "--yes");
    assert.deepEqual([skipped.code, /^skipped: .*\(role\)\n$/.test(skipped.stdout)], [1, true], skipped.stdout);
    assert.equal(mail.requests.length, 0);
  });

  test("from when, to somebody whose account is not valid yet", async () => {
    const { api, mail, run } = await world();
    api.add("email", EMAIL).accountValidFrom = "2126-12-01T09:00:00Z";
    assert.equal((await run("--email", EMAIL, "--yes")).code, 0);
    assert.match(JSON.parse(`${mail.requests[0]?.body}`).text, /from 2126-12-01 09:00 UTC/);
  });

  test("nobody who is disabled, or is not there", async () => {
    const { api, mail, run } = await world();
    api.add("email", EMAIL).isDisabled = true;
    const disabled = await run("--email", EMAIL, "--yes", "--json");
    assert.deepEqual([disabled.code, disabled.json().reason], [1, "user_disabled"]);
    const unknown = await run("--email", "nobody@user.example", "--yes", "--json");
    assert.deepEqual([unknown.code, unknown.json()], [1, { outcome: "failed", reason: "not_found" }]);
    const gone = await run("--user", "7b3c1c3e-52a5-4e0f-8f0b-6d1a9e0f4c11", "--yes");
    assert.deepEqual([gone.code, gone.stderr], [1, "authgear-invite: there is no such user\n"]);
    assert.equal(mail.requests.length, 0);
  });

  test("several users match: none gets it, and their IDs are told", async () => {
    const { api, mail, run } = await world();
    const ids = [api.add("email", EMAIL), api.add("email", EMAIL.toLowerCase())].map(({ id }) => id);
    const { code, stderr } = await run("--email", EMAIL, "--yes");
    assert.equal(code, 1);
    assert.equal(stderr, `authgear-invite: several users match; give one of them as --user: ${ids.join(", ")}\n`);
    const { json } = await run("--email", EMAIL, "--yes", "--json");
    assert.deepEqual(json(), { outcome: "failed", reason: "several", user_ids: ids });
    assert.equal(mail.requests.length, 0);
  });

  test("what the Admin API refuses is told, also as JSON", async () => {
    const { api, run } = await world();
    api.faults.push({ does: "answer", status: 403 });
    const { code, json, stderr } = await run("--email", EMAIL, "--yes", "--json");
    assert.deepEqual([code, json().fault, /does not take the token \(403\)/.test(stderr)], [1, "forbidden", true]);
  });

  test("a language that is none is refused before anything is asked or sent", async () => {
    const { api, mail, run } = await world();
    api.add("email", EMAIL);
    const { code, stderr } = await run("--email", EMAIL, "--locale", "!!", "--yes");
    assert.deepEqual([code, /--locale: must be a BCP 47 tag/.test(stderr)], [2, true]);
    assert.deepEqual([api.bearers.length, mail.requests.length], [0, 0]);
  });

  test("asks on a terminal, and says who has logged in", { skip: !existsSync("/usr/bin/script") }, async () => {
    const { api, mail, args, run } = await world();
    const account = api.add("email", EMAIL);
    account.lastLoginAt = "2026-11-20T08:00:00Z";
    const line = [process.execPath, CLI, ...args("--email", EMAIL)].map((it) => `"${it}"`).join(" ");
    const child = spawn("script", ["-qec", `${line}; echo "code $?"`, "/dev/null"]);
    let seen = "";
    child.stdout.on("data", (text) => {
      seen += text;
      if (seen.includes("[y/N]")) child.stdin.end("n\n");
    });
    await once(child, "close");
    assert.match(seen, /The user has logged in already, last at 2026-11-20T08:00:00Z\.\r\n/);
    const question = `Send invite in en by resend to A***@user.example for user ${account.id}? [y/N] `;
    assert.ok(seen.includes(question), seen);
    assert.match(seen, /Nothing was sent\.\r\ncode 1/);
    assert.equal((await run("--email", EMAIL)).code, 2);
    assert.equal(mail.requests.length, 0);
  });

  const wrong: [string, string[], RegExp][] = [
    ["nobody", [], /give one of --user, --email, --phone and --username/],
    ["two", ["--user", "x", "--email", EMAIL], /give one of/],
    ["no address", ["--email", "ada"], /--email: must be an e-mail address/],
  ];
  for (const [what, rest, expected] of wrong)
    test(`wrong on the command line: ${what}`, async () => {
      const { api, run } = await world();
      const { code, stderr } = await run(...rest);
      assert.deepEqual([code, api.requests.length], [2, 0]);
      assert.match(stderr, expected);
    });
});
