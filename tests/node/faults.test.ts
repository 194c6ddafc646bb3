/**
 * Every provider × every fault × every moment, over HTTP on loopback: what is promised of each, whatever it is, and
 * docs/faults.md, which tells what came of it. `WRITE_DOCS=1` writes that file; otherwise it must be as it is.
 *
 * Time-outs are rung when the server has nothing more to say, so that none is waited for and none comes too early.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Config, EmailMessage, EmailSender, SmsMessage, SmsSender } from "../../ts/config.ts";
import { createHook } from "../../ts/index.ts";
import type { Conclusion } from "../../ts/run.ts";
import { table } from "../bench/statistics.ts";
import { guide, phoneOnly } from "../fixtures/events.ts";
import { type CaptureServer, startCapture } from "../servers/capture.ts";
import * as dialects from "../servers/dialects.ts";
import { type Behaviour, type Dialect, FaultyServer } from "../servers/faulty.ts";

const DOC = fileURLToPath(new URL("../../docs/faults.md", import.meta.url));
const ATTEMPTS = 3;

// --- Providers ---------------------------------------------------------------------------------------------------------

type Subject = { name: string; dialect: Dialect; channel: "email" | "sms"; sender: (endpoint: string) => object };

const from = "no-reply@acme.example";
const email = (provider: Exclude<EmailSender["provider"], "custom">, dialect: Dialect, options: object): Subject => ({
  name: provider,
  dialect,
  channel: "email",
  sender: (endpoint) => ({ provider, from, endpoint, ...options }),
});
const sms = (provider: Exclude<SmsSender["provider"], "custom">, dialect: Dialect, options: object): Subject => ({
  name: provider,
  dialect,
  channel: "sms",
  sender: (endpoint) => ({ provider, from: "+15005550006", endpoint, ...options }),
});
const custom = (name: string, keyed: boolean): Subject => ({
  name,
  dialect: { keyed, success: { status: 201, headers: {}, body: `{"queued":true}` } },
  channel: "email",
  sender: (url) => ({
    provider: "custom",
    from,
    request: ({ idempotencyKey, ...message }: EmailMessage | SmsMessage) => ({
      url,
      headers: { "content-type": "application/json", "idempotency-key": idempotencyKey },
      body: JSON.stringify(message),
      keySeconds: keyed ? 3600 : undefined,
    }),
  }),
});

const subjects: Subject[] = [
  email("resend", dialects.resend, { apiKey: "re_5521" }),
  email("brevo", dialects.brevo, { apiKey: "xkeysib-5521" }),
  email("sparkpost", dialects.sparkpost, { apiKey: "sp-5521" }),
  sms("bird", dialects.bird, { apiKey: "bk_us1_5521" }),
  custom("custom with keySeconds", true),
  email("sendgrid", dialects.sendgrid, { apiKey: "SG.5521" }),
  email("postmark", dialects.postmark, { serverToken: "5521" }),
  email("mailgun", dialects.mailgun, { apiKey: "key-5521", domain: "mg.acme.example" }),
  email("mailjet", dialects.mailjet, { apiKey: "5521", secretKey: "8812" }),
  email("ses", dialects.ses, { region: "eu-west-1", accessKeyId: "AKIA5521", secretAccessKey: "8812" }),
  sms("twilio", dialects.twilio, { accountSid: "AC5521", authToken: "8812" }),
  sms("vonage", dialects.vonage, { apiKey: "5521", apiSecret: "8812" }),
  sms("messagebird", dialects.messagebird, { accessKey: "5521" }),
  custom("custom", false),
];
const byName = (name: string) => subjects.find((it) => it.name === name) as Subject;
/** Honours no key, so that a message handed to it by mistake is a second one. */
const secondOf = ({ name, channel }: Subject) =>
  byName(
    channel === "email" ? (name === "postmark" ? "sendgrid" : "postmark") : name === "twilio" ? "vonage" : "twilio",
  );

// --- Faults ------------------------------------------------------------------------------------------------------------

/** What a request meets: a behaviour of the provider's server, or another server in its place. */
type Fault = Behaviour | "closed port" | "broken handshake";

const answer = (status: number, headers: { [name: string]: string } = {}): Fault => ({
  does: "answer",
  status,
  headers,
  body: "{}",
});
const taken = (status: number): Fault => ({ does: "answer", status, body: "{}", accepted: true });
const ok = ({ dialect }: Subject, change: object): Fault => ({ does: "answer", ...dialect.success, ...change });
const html = { "content-type": "text/html" };
const PAGE = "<!doctype html><title>Welcome</title>";

const isCustom = ({ name }: Subject) => name.startsWith("custom");

/** `undefined`: no such fault for this provider. A custom provider's every 2xx is a yes, by its contract. */
const faults: { [name: string]: (subject: Subject) => Fault | undefined } = {
  "connection refused": () => "closed port",
  "TLS handshake broken off": () => "broken handshake",
  "reset, the request unread": () => ({ does: "reset", accepted: false, unread: true }),
  "reset, the request read": () => ({ does: "reset", accepted: false }),
  "reset, the message taken": () => ({ does: "reset", accepted: true }),
  "closed in order, the message taken": () => ({ does: "close", accepted: true }),
  "reset in the middle of the answer": () => ({ does: "reset in the answer" }),
  "time-out, the request unread": () => ({ does: "hang", accepted: false, unread: true }),
  "time-out, the request read": () => ({ does: "hang", accepted: false }),
  "time-out, the message taken": () => ({ does: "hang", accepted: true }),
  "time-out while the answer drips": () => ({ does: "drip", everyMs: 50 }),
  ...Object.fromEntries([408, 425, 429, 503].map((status) => [`status ${status}`, () => answer(status)])),
  "status 429, Retry-After in budget": () => answer(429, { "retry-after": "2" }),
  "status 429, Retry-After beyond it": () => answer(429, { "retry-after": "3600" }),
  "status 503, Retry-After in budget": () => answer(503, { "retry-after": "2" }),
  ...Object.fromEntries(
    [500, 502, 504].flatMap((status) => [
      [`status ${status}`, () => answer(status)],
      [`status ${status}, the message taken`, () => taken(status)],
    ]),
  ),
  ...Object.fromEntries([400, 401, 403, 413, 422].map((status) => [`status ${status}`, () => answer(status)])),
  "status 302 to elsewhere": () => ({ does: "redirect", status: 302, to: "http://127.0.0.1:9/elsewhere" }),
  "status 307 to elsewhere": () => ({ does: "redirect", status: 307, to: "http://127.0.0.1:9/elsewhere" }),
  "2xx that says no": ({ dialect }) => dialect.failure && { does: "answer", ...dialect.failure },
  "2xx of somebody else: a page": (subject) =>
    isCustom(subject) ? undefined : ok(subject, { headers: html, body: PAGE }),
  "2xx of somebody else: JSON": (subject) => (isCustom(subject) ? undefined : ok(subject, { body: `{"ok":true}` })),
  "2xx under another content type": (subject) =>
    ok(subject, { headers: { ...subject.dialect.success.headers, ...html }, accepted: true }),
  "2xx, shorter than its length": () => ({ does: "truncate" }),
  "2xx, its JSON cut off": (subject) => {
    const { body } = subject.dialect.success;
    return body ? ok(subject, { body: body.slice(0, -5), accepted: true }) : undefined;
  },
  "2xx with 100 MB": () => ({ does: "flood", bytes: 100_000_000 }),
};

// --- Moments -----------------------------------------------------------------------------------------------------------

/** What each request to the first provider meets; after that it takes what comes. */
type Moment = { name: string; script: (fault: Fault) => Fault[]; second?: true };

const lost = (accepted: boolean): Fault => ({ does: "reset", accepted });
const moments: Moment[] = [
  { name: "At the first of three attempts", script: (fault) => [fault] },
  { name: "At the last of three attempts", script: (fault) => [answer(503), answer(503), fault] },
  { name: "At every attempt, with a second sender", script: (fault) => Array(ATTEMPTS).fill(fault), second: true },
  { name: "After a lost answer, the message taken", script: (fault) => [lost(true), fault], second: true },
  { name: "After a lost answer, the message not taken", script: (fault) => [lost(false), fault], second: true },
];

// --- The run -----------------------------------------------------------------------------------------------------------

/** Accepts connections and ends them at the first byte, so that no handshake comes to its end. */
let mute: Server;
let muteOrigin = "";
let closedOrigin = "";
let grave: CaptureServer;
before(async () => {
  mute = createServer((socket) => socket.once("data", () => socket.end()).on("error", () => {}));
  await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
  muteOrigin = `https://127.0.0.1:${(mute.address() as { port: number }).port}`;
  closedOrigin = (await new FaultyServer(dialects.resend).start(Number.POSITIVE_INFINITY)).url;
  grave = await startCapture({ status: 200 });
});
after(async () => {
  mute.close();
  await grave.close();
});

type Result = { outcome: string; messages: number; requests: number; handedOn: number };

/** One event whose first provider behaves by `script`. Asserts what is promised of any. */
async function run(subject: Subject, script: Fault[], withSecond: boolean): Promise<Result> {
  const inPlace = script.map((it): Behaviour[] => (typeof it === "string" ? [] : [it]));
  const first = await new FaultyServer(subject.dialect, inPlace.flat()).start();
  const other = secondOf(subject);
  const second = await new FaultyServer(other.dialect).start();
  const alarms = new Map<AbortSignal, () => void>();
  let requests = 0;
  const fetchByScript = async (url: string, init: RequestInit): Promise<Response> => {
    if (!url.startsWith(first.url)) return fetch(url, init);
    const fault = script[requests++];
    const origin = { "closed port": closedOrigin, "broken handshake": muteOrigin }[String(fault)];
    if (origin) return fetch(url.replace(first.url, origin), init);
    const ring = alarms.get(init.signal as AbortSignal) as () => void;
    first.stalled = ring;
    const response = await fetch(url, init);
    if (typeof fault === "object" && fault.does === "drip") setImmediate(ring);
    return response;
  };
  const host = {
    fetch: fetchByScript,
    sleep: async () => {},
    timeout: () => {
      const alarm = new AbortController();
      alarms.set(alarm.signal, () => alarm.abort(new DOMException("", "TimeoutError")));
      return alarm.signal;
    },
  };
  const letter = crypto.randomUUID();
  const senders = [subject.sender(first.url), ...(withSecond ? [other.sender(second.url)] : [])];
  const config = {
    serviceName: "Acme",
    url: "https://accounts.acme.example",
    [subject.channel]: senders,
    deadLetter: { url: `${grave.origin}/${letter}`, secret: "hmac-5521" },
    delivery: { attempts: ATTEMPTS },
  } as Config;
  try {
    const event = subject.channel === "email" ? guide : phoneOnly;
    const end = (await createHook(config, { host, locales: ["en"] })(event)) as Conclusion;
    assertPromises({ end, subject, first, second, requests, letters: lettersFor(letter) });
    return { outcome: end.outcome, messages: first.accepted, requests, handedOn: second.accepted };
  } finally {
    await Promise.all([first.stop(), second.stop()]);
  }
}

const lettersFor = (letter: string) =>
  grave.requests.filter(({ path }) => path === `/${letter}`).map(({ body }) => JSON.parse(body.toString()).outcome);

type Seen = {
  end: Conclusion;
  subject: Subject;
  first: FaultyServer;
  second: FaultyServer;
  requests: number;
  letters: string[];
};

function assertPromises({ end, subject, first, second, requests, letters }: Seen): void {
  const { outcome } = end;
  assert.ok(["sent", "not_sent", "unknown"].includes(outcome), outcome);
  const messages = first.accepted + second.accepted;
  assert.ok(messages <= 1, `${messages} messages`);
  if (outcome === "sent") assert.equal(messages, 1, "sent, and nobody has taken it");
  if (outcome === "not_sent") assert.equal(messages, 0, "not sent, and somebody has taken it");
  assert.deepEqual(letters, outcome === "sent" ? [] : [outcome], "whoever is not sent to is told of");

  assert.equal(first.conflicts, 0, "a key came again with other bytes");
  const tries = "attempts" in end ? end.attempts : [];
  assert.equal(tries.length, requests + second.requests.length);
  assert.ok(requests <= ATTEMPTS);
  const doubt = tries.findIndex(({ result }) => result === "unknown");
  if (doubt >= 0) {
    assert.equal(second.requests.length, 0, "handed on in doubt");
    if (!subject.dialect.keyed) assert.equal(tries.length, doubt + 1, "repeated without a key");
  }
  const same = ({ path, headers, body }: FaultyServer["requests"][0]) =>
    JSON.stringify([path, headers.authorization, headers["idempotency-key"], body]);
  const read = first.requests.filter(({ body }) => body !== "");
  assert.ok(new Set(read.map(same)).size <= 1, "a repetition with other bytes");
  // Bodies have their length, also those that Deno must not repeat by itself.
  for (const { headers, body } of read) assert.equal(headers["content-length"], `${Buffer.byteLength(body)}`);
  assert.ok(first.flooded < 20_000_000, `${first.flooded} bytes were read`);
}

const results = new Map<Moment, Map<Subject, Map<string, Result>>>();

for (const moment of moments) {
  const columns = new Map<Subject, Map<string, Result>>();
  results.set(moment, columns);
  describe(moment.name, { concurrency: 4 }, () => {
    for (const subject of subjects) {
      test(subject.name, async () => {
        const cells = new Map<string, Result>();
        columns.set(subject, cells);
        for (const [name, make] of Object.entries(faults)) {
          const fault = make(subject);
          if (!fault) continue;
          try {
            cells.set(name, await run(subject, moment.script(fault), moment.second ?? false));
          } catch (error) {
            throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
          }
        }
      });
    }
  });
}

describe("nothing is given up too early", () => {
  const final = /^(status (4(00|01|03|13|22)|30[27] |429, Retry-After beyond)|2xx that says no)/;
  test("with a key one fault of any kind does no harm, unless it is a refusal", () => {
    for (const [subject, cells] of results.get(moments[0] as Moment) ?? [])
      for (const [name, { outcome }] of cells)
        if (subject.dialect.keyed && !final.test(name)) assert.equal(outcome, "sent", `${subject.name}: ${name}`);
  });
  test("what was certainly not taken goes to the second sender", () => {
    const certain = /^(connection refused|TLS|status ([34]|503)|2xx that says no)/;
    for (const [subject, cells] of results.get(moments[2] as Moment) ?? [])
      for (const [name, { handedOn }] of cells)
        if (certain.test(name)) assert.equal(handedOn, 1, `${subject.name}: ${name}`);
  });
});

// --- The page ----------------------------------------------------------------------------------------------------------

const cell = (result: Result | undefined) => {
  if (!result) return "–";
  const { outcome, messages, requests, handedOn } = result;
  return `${outcome.replace("_", " ")} ${messages}/${requests}${handedOn ? ` +${handedOn}` : ""}`;
};

/** Providers to which the same happens share a column. */
function tableOf(columns: Map<Subject, Map<string, Result>>): string {
  const groups = new Map<string, string[]>();
  for (const subject of subjects) {
    const cells = Object.keys(faults).map((name) => cell(columns.get(subject)?.get(name)));
    groups.set(cells.join("|"), [...(groups.get(cells.join("|")) ?? []), subject.name]);
  }
  const [names, cells] = [[...groups.values()], [...groups.keys()].map((it) => it.split("|"))];
  const rows = Object.keys(faults).map((name, row) => [name, ...cells.map((column) => column[row] ?? "")]);
  return table([["", ...names.map((it) => it.join(", "))], ...rows], true);
}

const page = () => `# What comes of a fault

Written by \`make faults\`: each cell is a run of the hook against that provider's API on loopback, by
[tests/node/faults.test.ts](../tests/node/faults.test.ts), which asserts of all of them:

- there are never two messages, neither by one provider nor by two; under a key any number of requests is one message;
- *sent* is never said when nobody has taken the message, *not sent* never when somebody has;
- in doubt (*unknown*) nobody is asked again but the provider that honours the key, with the same bytes;
- whatever is not *sent* is told to the dead letter's receiver, once.

A cell says what the hook concludes, the messages that the first provider has taken, and the requests it was asked for;
\`+1\` is the message of the second sender. Of three attempts for one provider those after the fault are answered with success.
Providers with the same results share a column.

What a *no* rests on: the statuses 408, 425, 429, 503 and all of 3xx and 4xx are taken for one, and so is a 2xx in which the
provider itself says that it failed; a broken handshake is taken for one too. Whoever takes a message and says such a *no*
makes a second one possible. A 2xx whose body is somebody else's says nothing.
${moments.map((moment) => `\n## ${moment.name}\n\n${tableOf(results.get(moment) ?? new Map())}\n`).join("")}`;

test("docs/faults.md tells what came of each", () => {
  if (process.env.WRITE_DOCS) writeFileSync(DOC, page());
  assert.equal(readFileSync(DOC, "utf8"), page(), "make faults writes it anew");
});
