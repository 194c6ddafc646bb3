/** `authgear-invite create --password we-send` as a real process: the account by a real GraphQL server, the mail by another. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { Config } from "../../ts/config.ts";
import { decide } from "../../ts/index.ts";
import { created, loginId } from "../../ts/samples.ts";
import { AdminApi, type Fault, IDS, newKey } from "../servers/admin-api.ts";
import { type Answer, startCapture } from "../servers/capture.ts";
import { cli, configFor, KEY, writeConfig } from "./served.ts";
import { folder } from "./support.ts";

const { pkcs8, verifier } = await newKey();
const EMAIL = "New.5521@user.example";
const ENVELOPE = { secrets: ["an envelope's secret, 32 or more 5521"] };
const TAKEN: Answer = { status: 200, body: '{"id":"m1"}' };

async function serving({ answer = TAKEN, faults = [] as Fault[], change = {} as object } = {}) {
  const api = await new AdminApi(verifier).start();
  const mail = await startCapture(answer);
  after(() => Promise.all([api.stop(), mail.close()]));
  api.faults.push(...faults);
  const dir = folder();
  writeFileSync(join(dir, "key.pem"), pkcs8, { mode: 0o600 });
  const admin = { ...IDS, endpoint: api.origin, privateKey: { file: "key.pem" } };
  const parts = configFor("resend", mail.origin, { envelope: ENVELOPE, ...change });
  const config = writeConfig(join(dir, "invite.config.json"), { ...parts, admin });
  const run = async (...args: string[]) => {
    const result = await cli(["create", "--config", config, "--email", EMAIL, "--password", "we-send", ...args]);
    const printed = result.stdout + result.stderr;
    for (const secret of [KEY, EMAIL, ...api.bearers, ...api.accounts.map((it) => it.password ?? "-")])
      assert.ok(!printed.includes(secret), printed);
    return result;
  };
  return { api, mail, parts: parts as Config, run };
}

/** The event that Authgear would fire for the last call. */
function eventOf({ api }: Awaited<ReturnType<typeof serving>>) {
  const x_state = api.requests.at(-1)?.url.searchParams.get("x_state") ?? undefined;
  const timestamp = Math.floor(Date.now() / 1000);
  return created("e1", { identities: [loginId("email", EMAIL)], context: { timestamp, oauth: { x_state } } });
}

describe("authgear-invite create --password we-send", { concurrency: 2 }, () => {
  test("one mail carries the password, and the hook keeps silent", async () => {
    const world = await serving();
    const { code, stdout, stderr } = await world.run("--locale", "ja", "--name", "Ada");
    const [account] = world.api.accounts;
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(
      stdout,
      `Created ${account?.id} with a password that was mailed to its owner; the hook sends no message.\n`,
    );
    assert.equal(world.api.requests[0]?.variables?.input?.setPasswordExpired, true);
    assert.deepEqual(world.api.mails, []);

    assert.equal(world.mail.requests.length, 1);
    const { to, subject, text, html } = JSON.parse(`${world.mail.requests[0]?.body}`);
    const password = account?.password ?? "";
    assert.ok(password.length >= 32);
    assert.deepEqual(to, [EMAIL]);
    assert.ok(text.split("\n").includes(password) && html.includes(">".concat(password, "</code>")));
    assert.ok(!subject.includes(password));
    assert.match(text, /^Ada様、こんにちは。[\s\S]*パスワード/);

    const silent = decide(eventOf(world), world.parts);
    assert.deepEqual([silent.type, silent.type === "skip" && silent.reason], ["skip", "suppressed"]);
  });

  test("the password may stay, the hook may speak; the result as JSON", async () => {
    const world = await serving({ change: { envelope: undefined } });
    const { code, stdout } = await world.run("--keep-password", "--also-invite", "--json");
    const { outcome, user_id, password, mail } = JSON.parse(stdout);
    assert.deepEqual(
      [code, outcome, user_id, password, mail.outcome, mail.provider, mail.message],
      [0, "created", world.api.accounts[0]?.id, "we-send", "sent", "resend", "password"],
    );
    assert.equal(world.api.requests[0]?.variables?.input?.setPasswordExpired, false);
    assert.equal(decide(eventOf(world), world.parts).type, "send");
  });

  test("a lost answer of the Admin API: the account that was made has the password that is mailed", async () => {
    const world = await serving({ faults: [{ does: "reset", done: true }] });
    assert.equal((await world.run()).code, 0);
    assert.equal(world.api.accounts.length, 1);
    const { text } = JSON.parse(`${world.mail.requests[0]?.body}`);
    assert.ok(text.includes(world.api.accounts[0]?.password));
  });

  test("a mail that was not sent is told, with the way out", async () => {
    const refused = await serving({ answer: { status: 401, body: '{"message":"bad key"}' } });
    const { code, stdout, stderr } = await refused.run();
    const id = refused.api.accounts[0]?.id;
    assert.deepEqual([code, stdout], [1, ""]);
    assert.ok(
      stderr.startsWith(`authgear-invite: made ${id}, but its password was not mailed, and nobody knows it: resend`),
    );
    assert.ok(
      stderr.endsWith(
        `; "authgear-invite resend --user ${id}" sends the invitation, with which its owner can set another\n`,
      ),
    );

    const vague = await startCapture({ status: 500 });
    after(() => vague.close());
    const email = [{ provider: "sendgrid", apiKey: KEY, from: "no-reply@acme.example", endpoint: vague.origin }];
    const doubt = await serving({ change: { email } });
    const { code: doubtful, stdout: json } = await doubt.run("--json");
    assert.deepEqual([doubtful, JSON.parse(json).mail.outcome], [1, "unknown"]);
    assert.equal(vague.requests.length, 1);
  });

  test("nothing is made when no mail could be sent", async () => {
    const sms = [{ provider: "vonage", apiKey: "k", apiSecret: "s", from: "Acme" }];
    const cases: [change: object, expected: RegExp][] = [
      [
        { envelope: undefined },
        /--password: we-send takes an "envelope" in the configuration, .* or say --also-invite/,
      ],
      [{ signIn: "code" }, /signIn: is code, and such a project has no passwords/],
      [{ email: undefined, sms }, /the mail cannot be sent: no sender is configured/],
      [{ url: "acme" }, /invite\.config\.json: url: must be a URL/],
      [
        { messages: { password: { en: { subject: "{password}" } } } },
        /messages\.password\.en\.subject: .* unknown placeholder/,
      ],
    ];
    for (const [change, expected] of cases) {
      const world = await serving({ change });
      const { code, stdout, stderr } = await world.run();
      assert.deepEqual([code, stdout, world.api.requests.length, world.mail.requests.length], [2, "", 0, 0]);
      assert.match(stderr, expected);
    }
  });

  test("never by SMS, never without an address, and no stray option", async () => {
    const world = await serving();
    const config = writeConfig(join(folder(), "c.json"), {});
    for (const [args, expected] of [
      [["--phone", "+85251000001", "--password", "we-send"], /--password: we-send goes with --email/],
      [["--username", "new", "--password", "we-send"], /--password: we-send goes with --email/],
      [["--email", EMAIL, "--keep-password"], /--keep-password: goes with --password we-send/],
      [["--email", EMAIL, "--also-invite"], /--also-invite: goes with --password we-send/],
    ] as const) {
      const { code, stderr } = await cli(["create", "--config", config, ...args]);
      assert.deepEqual([code, world.api.requests.length], [2, 0]);
      assert.match(stderr, expected);
    }
  });
});
