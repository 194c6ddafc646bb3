/** `authgear-invite send` as a real process, with providers on loopback. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { describe as describeEnd } from "../../ts/cli/send.ts";
import type { Config } from "../../ts/config.ts";
import { decide } from "../../ts/index.ts";
import { addressedTo, SAMPLES } from "../../ts/samples.ts";
import { type CaptureServer, startCapture } from "../servers/capture.ts";
import { CLI, cli, configFor, KEY, writeConfig } from "./served.ts";
import { folder } from "./support.ts";

const ME = "me.myself@tester.example";
const home = folder();
let files = 0;
let server: CaptureServer;
let broken: CaptureServer;

before(async () => {
  server = await startCapture({ status: 200, body: '{"id":"m1","message_uuid":"m1"}' });
  broken = await startCapture({ status: 401, body: '{"message":"bad key"}' });
});
after(async () => {
  await server.close();
  await broken.close();
});

async function send(origin: string, args: string[], more: object = {}) {
  const path = writeConfig(join(home, `${++files}.json`), configFor("resend", origin, more));
  const result = await cli(["send", "--config", path, ...args]);
  for (const secret of [KEY, ME]) assert.ok(!`${result.stdout}${result.stderr}`.includes(secret), result.stderr);
  return result;
}

const mails = () => server.requests.map(({ body }) => JSON.parse(`${body}`));

describe("authgear-invite send", () => {
  test("sends the real message, to that address alone, each time anew", async () => {
    const args = ["--to", ME, "--yes"];
    const { code, stdout } = await send(server.origin, args);
    assert.equal(code, 0);
    assert.match(stdout, /^sent by resend, id m1: invite in en\n {2}resend: sent, HTTP 200, \d+ ms\n$/);
    const again = await send(server.origin, [...args, "--locale", "ja", "--json"], {
      receipt: { url: `${server.origin}/receipt`, secret: "s" },
    });
    const { outcome, locale, attempts } = JSON.parse(again.stdout);
    assert.deepEqual([outcome, locale, attempts.length], ["sent", "ja", 1]);
    const [first, second, ...more] = mails();
    assert.deepEqual(more, []);
    assert.deepEqual([first.to, second.to], [[ME], [ME]]);
    assert.equal(first.subject, "Your new account on Acme");
    assert.match(first.text, /me\.myself@tester\.example/);
    const [one, two] = server.requests.map(({ headers }) => headers["idempotency-key"]);
    assert.ok(one && two && one !== two);
  });

  test("sends an SMS to a phone number", async () => {
    const sms = [{ provider: "vonage", apiKey: "k", apiSecret: "s", from: "Acme", endpoint: server.origin }];
    const { code } = await send(server.origin, ["--to", "+85261234567", "--yes"], { sms });
    assert.equal(code, 0);
    assert.equal(mails().at(-1).to, "85261234567");
  });

  test("says what went wrong, and exits with 1", async () => {
    const deadLetter = { url: `${server.origin}/dead`, secret: "s" };
    const count = server.requests.length;
    const refused = await send(broken.origin, ["--to", ME, "--yes"], { deadLetter });
    assert.equal(refused.code, 1);
    assert.match(refused.stdout, /^not sent: invite in en\n {2}resend: refused, HTTP 401, /);
    const skipped = await send(server.origin, ["--to", ME, "--yes", "--event", "disabled"]);
    assert.equal(skipped.code, 1);
    assert.match(skipped.stdout, /^skipped: the user is disabled .*\(user_disabled\)\n$/);
    assert.equal(server.requests.length, count);
  });

  test("never goes to anybody else", async () => {
    const count = server.requests.length;
    const rest = { ...SAMPLES.guide, payload: { user: SAMPLES.guide.payload.user, identities: [{}] } };
    const event = join(home, "event.json");
    writeFileSync(event, JSON.stringify(rest));
    const unreachable = { unreachable: { email: "it@acme.example" }, channels: ["sms"] };
    const results = await Promise.all([
      send(server.origin, ["--to", "+85261234567", "--yes"], unreachable),
      send(server.origin, ["--to", ME, "--yes", "--event", event]),
      send(server.origin, ["--to", "me", "--yes"]),
      send(server.origin, ["--to", `${ME}, x@evil.example`, "--yes"]),
      send(server.origin, ["--yes"]),
      send(server.origin, ["--to", ME]),
      send(server.origin, ["--to", ME, "--yes", "--locale", ""]),
    ]);
    assert.deepEqual(
      results.map(({ code }) => code),
      [2, 2, 2, 2, 2, 2, 2],
    );
    for (const [i, pattern] of [
      /another address/,
      /--event: must be/,
      /--to: must/,
      /--to: must/,
      /--to: must/,
      /--yes: is needed/,
      /--locale: must be a BCP 47 tag/,
    ].entries())
      assert.match(results[i]?.stderr ?? "", pattern);
    assert.equal(server.requests.length, count);
  });

  test("says on a terminal that it goes on when it lasts", { skip: !existsSync("/usr/bin/script") }, async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const origin = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const delivery = { attempts: 1, attemptSeconds: 4 };
    const path = writeConfig(join(home, "lasting.json"), configFor("resend", origin, { delivery }));
    const line = `"${process.execPath}" "${CLI}" send --config "${path}" --to ${ME} --yes; echo "code $?"`;
    const seen = execFileSync("script", ["-qec", line, "/dev/null"], { encoding: "utf8" });
    silent.close();
    assert.match(seen, /sending, for up to 50 s/);
    assert.match(seen, /invite in en\r\n {2}resend: unknown, timeout, \d+ ms\r\ncode 1/);
  });

  test("asks on a terminal", { skip: !existsSync("/usr/bin/script") }, () => {
    const path = writeConfig(join(home, "asked.json"), configFor("resend", "http://127.0.0.1:9"));
    const line = `"${process.execPath}" "${CLI}" send --config "${path}" --to ${ME}; echo "code $?"`;
    const seen = execFileSync("script", ["-qec", line, "/dev/null"], { encoding: "utf8", input: "n\n" });
    assert.match(seen, /Send invite in en by resend to me\.myself@tester\.example\? \[y\/N\] /);
    assert.match(seen, /Nothing was sent\.\r\ncode 1/);
  });
});

test("what is tried again and again is one line", () => {
  const attempt = (result: "retry" | "sent", detail?: string) => ({ provider: "resend", result, detail, ms: 7 });
  const lost = Array.from({ length: 12 }, () => attempt("retry", "no connection"));
  const sent = { outcome: "sent" as const, provider: "resend", attempts: [...lost, attempt("sent")] };
  const expected = "sent by resend: invite in en\n  resend: retry, no connection, 12 times\n  resend: sent, 7 ms";
  assert.equal(describeEnd({ ...sent, message: "invite", locale: "en" }), expected);
});

test("an event that got an address leads there and nowhere else", () => {
  const config: Config = {
    serviceName: "Acme",
    url: "https://acme.example",
    oauthEmail: true,
    email: [{ provider: "resend", apiKey: "k", from: "a@acme.example" }],
    sms: [{ provider: "vonage", apiKey: "k", apiSecret: "s", from: "Acme" }],
  };
  const events = fc.constantFrom(...Object.values(SAMPLES));
  fc.assert(
    fc.property(events, fc.constantFrom(ME, "+85261234567"), (event, address) => {
      const before = JSON.stringify(event);
      const decision = decide(addressedTo(event, address), config);
      assert.equal(JSON.stringify(event), before);
      if (decision.type === "send") assert.equal(decision.address, address);
      else assert.match(decision.type === "skip" ? decision.reason : "", /^(triggered_by|user_disabled)$/);
    }),
  );
});
