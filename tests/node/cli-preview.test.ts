/** `authgear-invite preview` as a real process, and what it lets onto a terminal. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { jsonLine, visible, visibleLine } from "../../ts/cli/terminal.ts";
import type { Config } from "../../ts/config.ts";
import { preview } from "../../ts/index.ts";
import { SAMPLES } from "../../ts/samples.ts";
import { hostileName } from "../fixtures/events.ts";
import { cli, configFor, writeConfig } from "./served.ts";
import { folder } from "./support.ts";

const home = folder();
let files = 0;
const write = (config: object) => writeConfig(join(home, `${++files}.json`), config);
const show = (config: object, ...args: string[]) => cli(["preview", "--config", write(config), ...args]);

const sms = (apiKeySecret: unknown) => [
  { provider: "twilio", accountSid: "AC1", apiKeySid: "SK1", apiKeySecret, from: "+15005550006" },
];
const both = configFor("resend", "https://a.example", { sms: sms({ env: "NOT_SET_5521" }) });
/** The same as the library takes it. */
const resolved = { ...both, sms: sms("s") } as Config;
const CONTROL = /[^\P{C}\n\p{Cs}\p{Cn}\p{Co}\u200c-\u200f\u00ad]/u;

describe("authgear-invite preview", { concurrency: 2 }, () => {
  test("shows a mail as it would be read", async () => {
    const { code, stdout, stderr } = await show(both);
    assert.deepEqual([code, stderr], [0, ""]);
    const [head, ...text] = stdout.split("\n\n");
    assert.equal(
      head,
      `From:    Acme <no-reply@acme.example> (resend)
To:      newuser@newuser.example
Subject: Your new account on Acme
Message: invite, by rules[0]
Locale:  en, by project`,
    );
    const shown = preview(resolved, SAMPLES.guide);
    assert.equal(text.join("\n\n"), shown.type === "message" && `${shown.text}\n`);
  });

  test("shows an SMS and its segments", async () => {
    const { stdout } = await show(both, "--event", "phone");
    assert.match(
      stdout,
      /^From: {4}\+15005550006 \(twilio\)\nTo: {6}\+85251234567\nSMS: {5}\d+ characters of GSM-7: 1 segment\n/,
    );
  });

  const skips: { [event in keyof typeof SAMPLES]?: RegExp } = {
    username: /^Nothing is sent: .*\(no_reachable_identity, rules\[0\]\)\n$/,
    "sign-up": /^Nothing is sent: .*\(triggered_by, rules\[0\]\)\n$/,
    disabled: /^Nothing is sent: .*\(user_disabled, rules\[0\]\)\n$/,
  };
  for (const [event, pattern] of Object.entries(skips))
    test(`says why there is nothing for ${event}`, async () => {
      const { code, stdout } = await show(both, "--event", event);
      assert.equal(code, 0);
      assert.match(stdout, pattern);
    });

  test("tells as JSON what the library tells, for each sample", async () => {
    const path = write(both);
    const names = Object.keys(SAMPLES) as (keyof typeof SAMPLES)[];
    await Promise.all(
      names.map(async (name) => {
        const { stdout } = await cli(["preview", "--config", path, "--event", name, "--locale", "ja", "--json"]);
        assert.deepEqual(JSON.parse(stdout), preview(resolved, SAMPLES[name], "ja"));
      }),
    );
  });

  test("needs neither a provider nor its key, and writes the HTML", async () => {
    const html = join(home, "mail.html");
    const event = join(home, "event.json");
    writeFileSync(event, JSON.stringify(SAMPLES.portal));
    const envelope = { secrets: [{ env: "NOT_SET_5521" }] };
    const bare = { serviceName: "Acme", url: "https://acme.example", envelope };
    const { code, stdout } = await show(bare, "--event", event, "--html", html);
    assert.equal(code, 0);
    assert.match(stdout, /^To: {6}newuser@newuser\.example\nSubject: Your new account on Acme\n/);
    assert.match(readFileSync(html, "utf8"), /<a [^>]*href="https:\/\/acme\.example"/);
  });

  test("overwrites a page of its own, and nothing else", async () => {
    const [html, mine] = [join(home, "again.html"), write(both)];
    const before = readFileSync(mine, "utf8");
    const overwrite = (file: string) => cli(["preview", "--config", mine, "--html", file]);
    assert.equal((await overwrite(html)).code, 0);
    writeFileSync(html, "<!DOCTYPE html>yesterday");
    assert.equal((await overwrite(html)).code, 0);
    assert.doesNotMatch(readFileSync(html, "utf8"), /yesterday/);
    const refused = await overwrite(mine);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /--html: \S+ is there, and no HTML page; give another name/);
    assert.equal(readFileSync(mine, "utf8"), before);
  });

  test("lets neither an event nor a template rule the terminal", async () => {
    const event = join(home, "hostile.json");
    writeFileSync(event, JSON.stringify(hostileName));
    const evil = "\u001b]0;owned\u0007\u009b2J\r\u202e{name}";
    const messages = { invite: { en: { subject: evil.replace("\r", ""), text: `${evil}\n{url}` } } };
    const from = "\u202eAcme <a@acme.example>";
    const email = [{ provider: "resend", apiKey: "k", from }];
    const results = await Promise.all([
      show({ ...both, messages }, "--event", event),
      show({ ...both, messages: { invite: { en: { text: evil } } }, email }, "--event", event),
      show({ ...both, messages: { invite: { en: { text: evil } } } }, "--event", event, "--json"),
      show({ ...both, [evil]: 1 }),
      show(both, "--event", evil),
    ]);
    for (const { stdout, stderr } of results) assert.doesNotMatch(stdout + stderr, CONTROL);
    assert.ok(results.some(({ stdout }) => stdout.includes("\\u001b]0;owned\\u0007")));
  });

  test("refuses what it cannot show", async () => {
    const [event, config, html, locale] = await Promise.all([
      show(both, "--event", "gide"),
      show({ ...both, url: "acme" }),
      show(both, "--event", "phone", "--html", join(home, "x.html")),
      show(both, "--locale", "!!"),
    ]);
    assert.deepEqual([event.code, config.code, html.code, locale.code], [2, 2, 2, 2]);
    assert.match(event.stderr, /gide: there is no such file; name it with --event, or give guide, portal, phone/);
    assert.match(config.stderr, /\d\.json: url: must be a URL/);
    assert.match(html.stderr, /--html: the event leads to no mail/);
    assert.match(locale.stderr, /--locale: must be a BCP 47 tag/);
  });
});

test("any text is visible, and any JSON reads back", () => {
  const nasty = fc.constantFrom("\u001b", "\u009b", "\r", "\u202e", "\u2066", "\u2028", "\ufeff", "\n", "é", "\u0000");
  const text = fc.oneof(fc.string({ unit: nasty }), fc.string({ unit: "binary" }));
  fc.assert(
    fc.property(text, fc.jsonValue(), (text, value) => {
      const isPlain = (shown: string) =>
        [...shown].every((c) => c === "\n" || c === "\t" || !/[\p{Cc}\u202a-\u202e\u2028\u2029\u2066-\u2069]/u.test(c));
      assert.ok(isPlain(visible(text)) && isPlain(jsonLine(text)));
      assert.ok(!/[\n\t]/.test(visibleLine(text)));
      assert.equal(JSON.parse(jsonLine(text)), text);
      assert.deepEqual(JSON.parse(jsonLine(value)), JSON.parse(JSON.stringify(value)));
    }),
  );
});
