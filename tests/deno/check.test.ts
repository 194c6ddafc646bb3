/** What the Portal checks when the file is saved: its size, and its types by `deno check`. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { type Checked, denoCheck, runtimes, tscCheck, withConfig } from "./contract.ts";
import { hook, sesHook } from "./hook.ts";

const OWN_LIMIT = 48 * 1024;

type Check = (files: { [name: string]: string }, roots?: string[]) => Promise<Checked>;

const checkers: { name: string; check: Check }[] = [
  ...runtimes.map((runtime) => ({
    name: runtime.name,
    check: (files: { [name: string]: string }, roots?: string[]) => denoCheck(runtime, files, roots),
  })),
  { name: "TypeScript 5.3.3", check: tscCheck },
];

const SES = `{ provider: "ses", region: "eu-west-1", accessKeyId: "k", secretAccessKey: "s", from: "a@acme.example" }`;

/** Everything that can be configured, each sender once. */
const full = (oneMore = "") => `{
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [
    { provider: "resend", apiKey: "k", from: "Acme <a@acme.example>", replyTo: "b@acme.example" },
    { provider: "sendgrid", apiKey: "k", from: "a@acme.example", endpoint: "https://api.eu.sendgrid.com" },
    { provider: "brevo", apiKey: "k", from: "a@acme.example" },
    { provider: "sparkpost", apiKey: "k", from: "a@acme.example" },
    { provider: "postmark", serverToken: "k", messageStream: "outbound", from: "a@acme.example" },
    { provider: "mailgun", apiKey: "k", domain: "mg.acme.example", region: "eu", from: "a@acme.example" },
    { provider: "mailjet", apiKey: "k", secretKey: "s", from: "a@acme.example" },
    ${oneMore}
    {
      provider: "custom",
      from: "a@acme.example",
      request: ({ to, subject, text, idempotencyKey }) => ({
        url: "https://mail.acme.example/send",
        headers: { "idempotency-key": idempotencyKey },
        body: JSON.stringify({ to, subject, text }),
        keySeconds: 60,
      }),
    },
  ],
  sms: [
    { provider: "twilio", accountSid: "AC", authToken: "t", from: "+15550100100" },
    { provider: "twilio", accountSid: "AC", apiKeySid: "SK", apiKeySecret: "s", messagingServiceSid: "MG" },
    { provider: "vonage", apiKey: "k", apiSecret: "s", from: "Acme" },
    { provider: "messagebird", accessKey: "k", from: "Acme" },
    { provider: "bird", apiKey: "k", from: "Acme" },
    { provider: "custom", request: (message) => ({ url: "https://sms.acme.example", headers: {}, body: message.text }) },
  ],
  rules: [
    {
      on: "user.created",
      when: {
        triggeredBy: ["admin_api"],
        origin: ["portal", "admin_api_direct"],
        identity: ["email"],
        emailDomain: { allow: ["acme.example"], deny: ["old.acme.example"] },
        clientId: ["web"],
        roles: ["staff"],
        groups: ["hk"],
        standardAttributes: { "address.country": "HK" },
        customAttributes: { level: 3, vip: true },
        disabled: false,
        anonymous: false,
        deactivated: false,
      },
      message: "invite",
      locale: "zh-Hant",
    },
  ],
  messages: { invite: { en: { subject: "{service_name}", text: "{url}", html: "<p>{url}</p>", sms: "{url}" } } },
  vars: { team: "Support" },
  defaultLocale: "en",
  signIn: "code",
  channels: ["sms", "email"],
  envelope: { secrets: ["a secret of at least 32 characters", "another one, while it is replaced"], placeholders: ["team"] },
  oauthEmail: true,
  unreachable: { email: "it@acme.example" },
  deadLetter: { url: "https://dead.acme.example", secret: "s" },
  delimiters: "{{ }}",
  strictNames: false,
  delivery: { budgetSeconds: 40, attemptSeconds: 5, attempts: 2 },
}`;

/** Each in place of one line of a good configuration. */
const mistakes: { [name: string]: string } = {
  "a misspelt key": `servicename: "Acme", serviceName: "Acme", url: "https://a.example",`,
  "a missing field": `serviceName: "Acme",`,
  "a wrong type": `serviceName: 5, url: "https://a.example",`,
  "no such setting": `serviceName: "Acme", url: "https://a.example", retries: 3,`,
  "an unknown provider": line(`email: [{ provider: "sendmail", apiKey: "k", from: "a@a.example" }]`),
  "a sender without its key": line(`email: [{ provider: "sendgrid", from: "a@a.example" }]`),
  "a sender without from": line(`email: [{ provider: "resend", apiKey: "k" }]`),
  "a sender with a misspelt key": line(
    `email: [{ provider: "resend", apiKey: "k", from: "a@a.example", replyto: "b" }]`,
  ),
  "a sender with another's key": line(`email: [{ provider: "postmark", apiKey: "k", from: "a@a.example" }]`),
  "Mailgun without a domain": line(`email: [{ provider: "mailgun", apiKey: "k", from: "a@a.example" }]`),
  "a wrong region": line(
    `email: [{ provider: "mailgun", apiKey: "k", domain: "d", region: "asia", from: "a@a.example" }]`,
  ),
  "Twilio without a sender": line(`sms: [{ provider: "twilio", accountSid: "AC", authToken: "t" }]`),
  "a custom sender that makes no request": line(
    `email: [{ provider: "custom", from: "a@a.example", request: () => 5 }]`,
  ),
  "Amazon SES in the file that cannot sign for it": line(`email: [${SES}]`),
  "one sender without its list": line(`email: { provider: "resend", apiKey: "k", from: "a@a.example" }`),
  "a rule with a misspelt key": line(`rules: [{ on: "user.created", wen: {} }]`),
  "a rule without on": line(`rules: [{ message: "invite" }]`),
  "an unknown trigger": line(`rules: [{ on: "user.created", when: { triggeredBy: ["admin"] } }]`),
  "an unknown condition": line(`rules: [{ on: "user.created", when: { country: ["HK"] } }]`),
  "a misspelt part of a message": line(`messages: { invite: { en: { txt: "Hello" } } }`),
  "a text in place of the parts": line(`messages: { invite: { en: "Hello" } }`),
  "an envelope without secrets": line(`envelope: { placeholders: ["team"] }`),
  "an unknown channel": line(`channels: ["email", "fax"]`),
  "a dead letter without its secret": line(`deadLetter: { url: "https://d.example" }`),
  "unknown delimiters": line(`delimiters: "[ ]"`),
  "a limit as text": line(`delivery: { attempts: "3" }`),
};

function line(text: string): string {
  return `serviceName: "Acme", url: "https://a.example", ${text},`;
}

describe("pkg/hook.ts", { concurrency: 2 }, () => {
  it("is at most 48 KiB, with and without SES", () => {
    for (const bytes of [Buffer.byteLength(hook), Buffer.byteLength(sesHook)]) {
      assert.ok(bytes <= OWN_LIMIT, `${bytes} bytes`);
    }
  });

  it("imports nothing, and lets the checker see the configuration", () => {
    assert.doesNotMatch(hook, /^\s*import\b|\bimport\s*\(|\brequire\s*\(/m);
    assert.doesNotMatch(hook, /@ts-nocheck/);
  });

  it("is ASCII, begins with a block comment and the configuration, and ends every line as a text file does", () => {
    assert.match(hook, /^\/\*\n(?:[^*].*\n)+\*\/\nconst config: Config = \{\n/);
    assert.match(hook, /\n$/);
    assert.match(hook, /^[\n -~]+$/);
  });

  for (const { name, check } of checkers) {
    it(`passes ${name}`, async () => {
      assertPasses(await check({ "hook.ts": hook }));
    });

    it(`passes ${name} with every setting used`, async () => {
      assertPasses(
        await check({ "hook.ts": withConfig(hook, full()), "hook-ses.ts": withConfig(sesHook, full(`${SES},`)) }),
      );
    });

    it(`is a hook of Authgear's declared type for ${name}`, async () => {
      const types = readFileSync(new URL("../../ts/authgear.ts", import.meta.url), "utf8");
      const assign = `import hook from "./hook.ts";
import type { HookEvent } from "./authgear.ts";
export const declared: (event: HookEvent) => Promise<void> = hook;
`;
      assertPasses(await check({ "hook.ts": hook, "authgear.ts": types, "assign.ts": assign }, ["assign.ts"]));
    });

    it(`does not pass ${name} with a mistake in the configuration`, async () => {
      const files: { [name: string]: string } = {};
      const names = Object.keys(mistakes);
      names.forEach((one, i) => {
        files[`mistake-${i}.ts`] = withConfig(hook, `{\n${mistakes[one]}\n}`);
      });
      const outcome = await check(files);
      assert.notEqual(outcome.code, 0);
      const said = outcome.stdout + outcome.stderr;
      names.forEach((one, i) => {
        // file.ts:12:3 by Deno, file.ts(12,3) by TypeScript
        const [, found] = new RegExp(`mistake-${i}\\.ts[:(](\\d+)`).exec(said) ?? [];
        assert.ok(found !== undefined, `${one} passes ${name}`);
        const lines = (files[`mistake-${i}.ts`] ?? "").split("\n");
        const end = lines.indexOf("};") + 1;
        assert.ok(Number(found) <= end, `${one} is reported at line ${found}, below the configuration`);
      });
    });
  }
});

function assertPasses(outcome: Checked): void {
  assert.equal(outcome.code, 0, outcome.stdout + outcome.stderr);
}
