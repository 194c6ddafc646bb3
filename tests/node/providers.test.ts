/**
 * Each provider's request against what the provider's official SDK sends for the same message, field by field.
 *
 * Both go over the wire to a capture server. The texts come out of the core: a `custom` sender after the provider's own
 * gets the same message in plain fields, and these are handed to the SDK. Address fields go to the SDK as they stand in
 * the configuration. What may differ is listed below with its reason, and nothing else may.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { HookEvent } from "../../ts/authgear.ts";
import type { Config, EmailMessage, EmailSender, SmsMessage, SmsSender } from "../../ts/config.ts";
import type { Attempt } from "../../ts/core.ts";
import { guide, phoneOnly } from "../fixtures/events.ts";
import { type Answer, type Captured, startCapture } from "../servers/capture.ts";
import { classify, decide } from "./core.ts";
import { bird } from "./sdk/bird.ts";
import { brevo } from "./sdk/brevo.ts";
import { toLoopback } from "./sdk/loopback.ts";
import { mailgun } from "./sdk/mailgun.ts";
import { mailjet } from "./sdk/mailjet.ts";
import { messagebird } from "./sdk/messagebird.ts";
import { postmark } from "./sdk/postmark.ts";
import { resend } from "./sdk/resend.ts";
import { type EmailSdk, mailbox, type SmsSdk } from "./sdk/sdk.ts";
import { sendgrid } from "./sdk/sendgrid.ts";
import { ses } from "./sdk/ses.ts";
import { sparkpost } from "./sdk/sparkpost.ts";
import { twilio } from "./sdk/twilio.ts";
import { vonage } from "./sdk/vonage.ts";

type Json = { [key: string]: unknown };

/** What may differ for one provider, and how it answers. */
type Allowed = {
  sdk: { accepted: Answer };
  /** Headers that only the SDK sends. */
  sdkHeaders?: string[];
  /** The media type of our body, where the SDK sends the same fields in another. */
  mediaType?: string;
  /** Brings bodies that mean the same into one form. */
  same?: (body: Json) => Json;
};

/** How one provider is tested. */
type Subject<Sdk, Sender> = Allowed & {
  sdk: Sdk;
  /** The sender's configurations, by what is particular about each; without what the messages below vary. */
  senders: { [what: string]: Sender };
  /** How long at most the provider honours the idempotency key in the request; 0: it knows none. */
  keySeconds: number;
};

type EmailOptions<P> = P extends unknown ? Omit<EmailSender & { provider: P }, "from"> : never;
type EmailSubjects = {
  [P in Exclude<EmailSender["provider"], "custom">]: Subject<EmailSdk<P>, EmailOptions<P>>;
};
type SmsSubjects = {
  [P in Exclude<SmsSender["provider"], "custom">]: Subject<SmsSdk<P>, SmsSender & { provider: P }>;
};

/** The tables below without the types that tie each sender to its SDK: what the loops over them see. */
type AnySdk<Message> = { accepted: Answer; send: (message: Message, options: never) => Promise<string | undefined> };
const entries = <Message>(subjects: object) => Object.entries(subjects) as [string, Subject<AnySdk<Message>, object>][];

/** Headers of the connection, of the HTTP client or of what it would like to get: they say nothing of the message. */
const TRANSPORT = new Set([
  "host",
  "x-forwarded-host", // where `toLoopback` keeps the host; compared as such
  "connection",
  "content-length",
  "transfer-encoding",
  "user-agent",
  "accept", // Postmark alone insists on it; it has a test of its own
  "accept-charset",
  "accept-encoding",
  "accept-language",
  "sec-fetch-mode",
]);

const emailSubjects: EmailSubjects = {
  resend: {
    sdk: resend,
    senders: { "api key": { provider: "resend", apiKey: "re_1234567890" } },
    keySeconds: 86_400,
  },
  sendgrid: {
    sdk: sendgrid,
    senders: { "api key": { provider: "sendgrid", apiKey: "SG.abc.def" } },
    // The SDK puts the mail's own headers into the HTTP request too.
    sdkHeaders: ["auto-submitted"],
    keySeconds: 0,
  },
  postmark: {
    sdk: postmark,
    senders: {
      "server token": { provider: "postmark", serverToken: "0a1b-token" },
      "message stream": { provider: "postmark", serverToken: "0a1b-token", messageStream: "invitations" },
    },
    keySeconds: 0,
  },
  mailgun: {
    sdk: mailgun,
    senders: {
      "US by default": { provider: "mailgun", apiKey: "key-123", domain: "mg.acme.example" },
      EU: { provider: "mailgun", apiKey: "key-123", domain: "mg.acme.example", region: "eu" },
    },
    // The SDK sends multipart/form-data; without attachments Mailgun's own samples post urlencoded forms, as we do.
    mediaType: "application/x-www-form-urlencoded",
    keySeconds: 0,
  },
  brevo: {
    sdk: brevo,
    senders: { "api key": { provider: "brevo", apiKey: "xkeysib-123" } },
    sdkHeaders: [
      "x-fern-language",
      "x-fern-sdk-name",
      "x-fern-sdk-version",
      "x-fern-runtime",
      "x-fern-runtime-version",
    ],
    keySeconds: 1_800,
  },
  mailjet: {
    sdk: mailjet,
    senders: { "key pair": { provider: "mailjet", apiKey: "public", secretKey: "private" } },
    keySeconds: 0,
  },
  ses: {
    sdk: ses,
    senders: {
      "access key": {
        provider: "ses",
        region: "eu-central-1",
        accessKeyId: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI",
      },
      "session token and configuration set": {
        provider: "ses",
        region: "us-west-2",
        accessKeyId: "ASIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI",
        sessionToken: "IQoJb3JpZ2luX2Vj",
        configurationSet: "invitations",
      },
    },
    sdkHeaders: [
      // The shim signs later, so the core's request has no signature yet.
      "authorization",
      "x-amz-date",
      "x-amz-content-sha256",
      "x-amz-security-token",
      "x-amz-user-agent",
      "amz-sdk-invocation-id",
      "amz-sdk-request",
    ],
    // SES wants display names as encoded words, which its SDK leaves to the caller.
    same: (body) => ({
      ...body,
      FromEmailAddress: decodedMailbox(body.FromEmailAddress),
      ReplyToAddresses: (body.ReplyToAddresses as unknown[] | undefined)?.map(decodedMailbox),
    }),
    keySeconds: 0,
  },
  sparkpost: {
    sdk: sparkpost,
    senders: { "api key": { provider: "sparkpost", apiKey: "sp-123" } },
    keySeconds: 86_400,
  },
};

const smsSubjects: SmsSubjects = {
  twilio: {
    sdk: twilio,
    senders: {
      "auth token": {
        provider: "twilio",
        accountSid: "AC0123456789abcdef0123456789abcdef",
        authToken: "token",
        from: "+15005550006",
      },
      "API key and messaging service": {
        provider: "twilio",
        accountSid: "AC0123456789abcdef0123456789abcdef",
        apiKeySid: "SK0123456789abcdef0123456789abcdef",
        apiKeySecret: "secret",
        messagingServiceSid: "MG0123456789abcdef0123456789abcdef",
      },
    },
    keySeconds: 0,
  },
  vonage: {
    sdk: vonage,
    senders: { "key and secret": { provider: "vonage", apiKey: "abcd1234", apiSecret: "secret", from: "Acme" } },
    keySeconds: 0,
  },
  messagebird: {
    sdk: messagebird,
    senders: { "access key": { provider: "messagebird", accessKey: "mb-123", from: "Acme" } },
    // The API takes an array, as MessageBird's Go and PHP SDKs send it; this SDK joins it with commas.
    same: (body) => ({ ...body, recipients: [body.recipients].flat() }),
    keySeconds: 0,
  },
  bird: {
    sdk: bird,
    senders: {
      US: { provider: "bird", apiKey: "bk_us1_0123456789", from: "+15557654321" },
      EU: { provider: "bird", apiKey: "bk_eu1_0123456789", from: "Acme" },
    },
    sdkHeaders: ["bird-caller", "bird-surface", "bird-version"],
    keySeconds: 10_800,
  },
};

type EmailCase = { from: string; replyTo?: string; texts?: { subject: string; text: string; html: string } };

const emailCases: { [what: string]: EmailCase } = {
  "a bare address": { from: "no-reply@acme.example" },
  "a display name": { from: "Acme <no-reply@acme.example>", replyTo: "help@acme.example" },
  "a display name with comma, quotes and backslash": {
    from: String.raw`"Acme, \"the\" \\ Inc." <no-reply@acme.example>`,
    replyTo: `"Help, Desk" <help@acme.example>`,
  },
  "text beyond ASCII": {
    from: "Zoë 山田 <no-reply@acme.example>",
    replyTo: "Büro <help@acme.example>",
    texts: {
      subject: `Grüße – 你好 "wörtlich" & 😀`,
      text: `Zeile 1\nZeile 2: "wörtlich" \\ 你好 😀 & = + % ; --`,
      html: `<p dir="rtl" title='x'>مرحبا &amp; 你好 😀</p>\n<p>2</p>`,
    },
  },
};

const smsCases: { [what: string]: string | undefined } = {
  "the built-in text": undefined,
  "text beyond GSM-7": `Grüße ‘你好’ & 100 % + "x" \\ 😀 = ;\nZeile 2`,
};

for (const [provider, subject] of entries<EmailMessage>(emailSubjects)) {
  for (const [what, options] of Object.entries(subject.senders)) {
    for (const [message, { texts, ...addresses }] of Object.entries(emailCases)) {
      test(`${provider}, ${what}: ${message}`, async () => {
        const sender = { ...options, ...addresses } as EmailSender;
        const [attempt, plain] = emailAttempts(sender, texts);
        const rendered = plain.message as EmailMessage;
        if (texts) assert.deepEqual({ ...rendered, ...texts }, rendered);
        const given = { ...rendered, ...addresses, idempotencyKey: sdkKey(provider, attempt, rendered.idempotencyKey) };
        await compare(subject, attempt, () => subject.sdk.send(given, sender as never));
      });
    }
  }
}

for (const [provider, subject] of entries<SmsMessage>(smsSubjects)) {
  for (const [what, options] of Object.entries(subject.senders)) {
    for (const [message, sms] of Object.entries(smsCases)) {
      test(`${provider}, ${what}: ${message}`, async () => {
        const sender = options as SmsSender;
        const [attempt, plain] = smsAttempts(sender, sms);
        const rendered = plain.message as SmsMessage;
        if (sms !== undefined) assert.equal(rendered.text, sms);
        await compare(subject, attempt, () => subject.sdk.send(rendered, sender as never));
      });
    }
  }
}

const subjects = [
  ...entries<EmailMessage>(emailSubjects).map(([provider, { senders, keySeconds }]) => ({
    provider,
    keySeconds,
    attempts: (extra: object) =>
      Object.values(senders).map(
        (options) => emailAttempts({ ...options, from: "no-reply@acme.example", ...extra } as EmailSender)[0],
      ),
  })),
  ...entries<SmsMessage>(smsSubjects).map(([provider, { senders, keySeconds }]) => ({
    provider,
    keySeconds,
    attempts: (extra: object) =>
      Object.values(senders).map((options) => smsAttempts({ ...options, ...extra } as SmsSender)[0]),
  })),
];

for (const { provider, keySeconds, attempts } of subjects) {
  test(`${provider}: the endpoint replaces scheme, host and port, and nothing else`, () => {
    const endpoint = "http://127.0.0.1:8025";
    const moved = attempts({ endpoint });
    for (const [index, { request, ...rest }] of attempts({}).entries()) {
      assert.ok(request);
      const { pathname, search } = new URL(request.url);
      assert.deepEqual(moved[index], { ...rest, request: { ...request, url: `${endpoint}${pathname}${search}` } });
    }
  });

  test(`${provider}: the key is trusted for no longer than the provider keeps it`, () => {
    for (const attempt of attempts({})) {
      assert.ok(attempt.keySeconds <= keySeconds, String(attempt.keySeconds));
      assert.equal(attempt.keySeconds > 0, keySeconds > 0);
    }
  });
}

test("sendgrid: the message id is in a header", () => {
  const [attempt] = emailAttempts({ provider: "sendgrid", apiKey: "SG.abc.def", from: "a@acme.example" });
  assert.equal(attempt.idHeader?.toLowerCase(), "x-message-id");
});

test("postmark: the request asks for JSON, without which Postmark refuses it", () => {
  const [attempt] = emailAttempts({ provider: "postmark", serverToken: "token", from: "a@acme.example" });
  assert.equal(new Headers(attempt.request?.headers).get("accept"), "application/json");
});

test("ses: the shim is told how to sign, and the address fields are ASCII", () => {
  const [attempt] = emailAttempts({
    provider: "ses",
    region: "ap-northeast-1",
    accessKeyId: "AKIDEXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI",
    from: `"Zoë ${"山".repeat(60)}, Inc." <no-reply@acme.example>`,
    replyTo: "Büro <help@acme.example>",
  });
  assert.deepEqual(attempt.sign, { service: "ses", region: "ap-northeast-1" });
  const { FromEmailAddress, ReplyToAddresses } = JSON.parse(attempt.request?.body ?? "");
  for (const address of [FromEmailAddress, ...ReplyToAddresses]) {
    assert.match(address, /^[\x20-\x7e]+$/);
    for (const word of address.match(/=\?[^?]*\?[^?]*\?[^?]*\?=/g)) assert.ok(word.length <= 75, word);
  }
  assert.deepEqual(decodedMailbox(FromEmailAddress), {
    email: "no-reply@acme.example",
    name: `Zoë ${"山".repeat(60)}, Inc.`,
  });
});

test("brevo: the key is a UUID made from the event and the message", () => {
  const sender: EmailSender = { provider: "brevo", apiKey: "xkeysib-123", from: "a@acme.example" };
  const key = (event: string) => brevoKey(emailAttempts(sender, undefined, event)[0]);
  assert.equal(key("event-1"), key("event-1"));
  assert.notEqual(key("event-1"), key("event-2"));
});

/** Sends the core's request and the SDK's to capture servers, and compares what arrived and how the answer is read. */
async function compare(subject: Allowed, attempt: Attempt, sdkSend: () => Promise<string | undefined>): Promise<void> {
  const arrived = async (send: () => Promise<unknown>) => {
    const server = await startCapture(subject.sdk.accepted);
    try {
      await toLoopback(server.origin, send);
    } finally {
      await server.close();
    }
    assert.equal(server.requests.length, 1);
    return wire(server.requests[0] as Captured);
  };
  const { request } = attempt;
  assert.ok(request);
  const ours = await arrived(async () => {
    const { url, ...init } = request;
    await (await fetch(url, { ...init, redirect: "manual" })).text();
  });
  let id: string | undefined;
  const theirs = await arrived(async () => {
    id = await sdkSend();
  });
  for (const header of subject.sdkHeaders ?? []) {
    assert.ok(!(header in ours.headers), `${header} is the SDK's own`);
    delete theirs.headers[header];
  }
  if (subject.mediaType) theirs.headers["content-type"] = subject.mediaType;
  const same = subject.same ?? ((body) => body);
  assert.deepEqual({ ...ours, body: same(ours.body) }, { ...theirs, body: same(theirs.body) });

  // The answer that the SDK took for a success is one for the core too, with the same id.
  const { status, headers, body = "" } = subject.sdk.accepted;
  const { provider, idHeader } = attempt;
  const verdict = classify({ provider, status, errorType: null, body });
  assert.ok(id);
  assert.deepEqual(idHeader ? { ...verdict, id: headers?.[idHeader] } : verdict, { verdict: "sent", id });
}

/** A request with what belongs to the transport taken off and its body decoded. */
async function wire({ method, path, headers, body }: Captured) {
  const kept = Object.entries(headers).filter(([name]) => !TRANSPORT.has(name));
  const mediaType = headers["content-type"]?.split(";")[0];
  return {
    host: headers["x-forwarded-host"] ?? headers.host,
    method,
    path,
    // Parameters of the media type are left out: a boundary is random, and JSON has no charset.
    headers: { ...Object.fromEntries(kept), "content-type": mediaType } as Json,
    body: await decode(mediaType, headers["content-type"] ?? "", body),
  };
}

/** JSON as it is; forms as their fields, by name, each with the list of its values. */
async function decode(mediaType: string | undefined, contentType: string, body: Buffer): Promise<Json> {
  if (mediaType === "application/json") return JSON.parse(body.toString());
  const form =
    mediaType === "multipart/form-data"
      ? await new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData()
      : new URLSearchParams(body.toString());
  const fields: { [name: string]: string[] } = {};
  // A multipart form has CRLF line ends, in whatever form its text had them.
  for (const [name, value] of form) {
    fields[name] = [...(fields[name] ?? []), String(value).replaceAll("\r\n", "\n")];
  }
  return fields;
}

/** The idempotency key for the SDK: the message's, but for Brevo, which wants a UUID in its place. */
function sdkKey(provider: string, attempt: Attempt, key: string): string {
  return provider === "brevo" ? brevoKey(attempt) : key;
}

function brevoKey(attempt: Attempt): string {
  const key = JSON.parse(attempt.request?.body ?? "").headers.idempotencyKey;
  assert.match(key, /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  return key;
}

/** Takes an address header apart and decodes RFC 2047's encoded words (base64) in its name. */
function decodedMailbox(header: unknown): { email: string; name?: string } {
  const { email, name } = mailbox(String(header));
  if (name === undefined) return { email };
  const decoded = name
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?utf-8\?b\?([^?]*)\?=/gi, (_, base64) => Buffer.from(base64, "base64").toString());
  return { email, name: decoded };
}

/** The attempts of one e-mail: through `sender`, and in plain fields. */
function emailAttempts(sender: EmailSender, texts?: EmailCase["texts"], id = guide.id): [Attempt, Attempt] {
  const custom: EmailSender = { provider: "custom", from: sender.from, request: never };
  const messages = texts ? { messages: { invite: { en: texts } } } : {};
  return attemptsOf({ ...guide, id }, { email: [sender, custom], ...messages });
}

/** The attempts of one SMS: through `sender`, and in plain fields. */
function smsAttempts(sender: SmsSender, sms?: string): [Attempt, Attempt] {
  const custom: SmsSender = { provider: "custom", request: never };
  const messages = sms === undefined ? {} : { messages: { invite: { en: { sms } } } };
  return attemptsOf(phoneOnly, { sms: [sender, custom], ...messages });
}

function never(): never {
  throw new Error("the core calls no function of the configuration");
}

function attemptsOf(event: HookEvent, senders: Partial<Config>): [Attempt, Attempt] {
  const decision = decide(event, { serviceName: "Acme", url: "https://acme.example/login", ...senders });
  if (decision.type !== "send") assert.fail(JSON.stringify(decision));
  const [attempt, plain] = decision.attempts;
  assert.ok(attempt && plain && decision.attempts.length === 2);
  return [attempt, plain];
}
