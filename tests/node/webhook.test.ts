/** The webhook as a handler: what it answers, what it sends, and what it never says. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";
import fc from "fast-check";
import type { Config } from "../../ts/config.ts";
import { ConfigError, createEngine } from "../../ts/engine.ts";
import { HOST, type Host } from "../../ts/host.ts";
import { BUILT_IN } from "../../ts/locales.ts";
import { type Accepted, createWebhook, type WebhookOptions } from "../../ts/webhook.ts";
import { delivery, SIGNATURE, signatureOf } from "../fixtures/delivery.ts";
import { blockingTypes, guide, otherTypes, unknownType, usernameOnly } from "../fixtures/events.ts";
import { type Behaviour, HANG, World } from "./world.ts";

const OLD = "whsec-0ld-canary";
const NEW = "whsec-n3w-canary";
const KEY = "re_canary_5521";
const TO = "newuser@newuser.example";
const MIB = 1024 * 1024;
const URL = "https://hook.acme.example/authgear";

const config: Config = {
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [{ provider: "resend", apiKey: KEY, from: "Acme <no-reply@acme.example>" }],
  webhook: { secrets: [OLD, NEW] },
};

const SENT: Behaviour = { status: 200, body: `{"id":"m1"}` };
const REFUSED: Behaviour = { status: 422, body: `{"name":"validation_error","message":"${TO} is wrong"}` };

/** All that was said in a test: answers and logs. */
let said: string[] = [];
beforeEach(() => {
  said = [];
  for (const level of ["log", "error", "warn", "info"] as const) {
    mock.method(console, level, (...words: unknown[]) => said.push(words.join(" ")));
  }
});
afterEach(() => {
  mock.restoreAll();
  for (const line of said) {
    for (const secret of [OLD, NEW, KEY, TO, "newuser@", "canary"]) assert.ok(!line.includes(secret), line);
    assert.doesNotMatch(line, /\bat .*:\d+:\d+|\.ts\b|file:|node_modules|wasm/);
  }
});

type Answer = { status: number; headers: Headers; body: { [name: string]: unknown } };
type Door = { world: World; hook: (request: Request) => Promise<Response> };

function door(script: Behaviour[] = [SENT], change: Partial<Config> = {}, options: WebhookOptions = {}): Door {
  const world = new World(script);
  return { world, hook: createWebhook({ ...config, ...change }, { host: world.host, ...options }) };
}

async function call({ hook }: Door, init: RequestInit & { duplex?: "half" }): Promise<Answer> {
  const response = await hook(new Request(URL, init));
  const text = await response.text();
  said.push(`${text} ${JSON.stringify([...response.headers])}`);
  assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
  return { status: response.status, headers: response.headers, body: JSON.parse(text) };
}

const deliver = (to: Door, event: unknown, secret = NEW) => call(to, delivery(event, secret));
const logs = () => said.filter((line) => line.startsWith(`{"authgear-invite"`)).map((line) => JSON.parse(line));

/** The guide's event with another id, or with other members. */
const event = (id: string | undefined, change: object = {}) => ({ ...guide, id, ...change });
const at = (timestamp: unknown, id = "e-time") => event(id, { context: { ...guide.context, timestamp } });

function streamOf(chunks: Iterable<Uint8Array>, onCancel = () => {}): ReadableStream<Uint8Array> {
  const source = chunks[Symbol.iterator]();
  return new ReadableStream(
    {
      pull(controller) {
        const { done, value } = source.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: onCancel,
    },
    { highWaterMark: 0 },
  );
}

describe("what is refused", () => {
  test("every method but POST", async () => {
    for (const method of ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"]) {
      const { status, headers, body } = await call(door(), { method });
      assert.deepEqual([status, headers.get("allow")], [405, "POST"], method);
      assert.deepEqual(body, { outcome: "refused", reason: "method" });
    }
  });

  test("every content type but JSON's", async () => {
    const { headers, ...rest } = delivery(guide, NEW);
    for (const [type, status] of [
      ["application/json", 200],
      ["Application/JSON; charset=utf-8", 200],
      ["application/json;charset=utf-8", 200],
      ["", 415],
      ["text/plain", 415],
      ["application/jsonp", 415],
      ["application/json, text/plain", 415],
      ["application/x-www-form-urlencoded", 415],
      ["multipart/form-data; boundary=application/json", 415],
      ["text/application/json", 415],
    ] as const) {
      const answer = await call(door(), { ...rest, headers: { ...headers, "content-type": type } });
      assert.equal(answer.status, status, type);
      if (status === 415) assert.deepEqual(answer.body, { outcome: "refused", reason: "content_type" });
    }
  });

  const padded = (size: number) => JSON.stringify(guide).padEnd(size);

  test("a body of more than a MiB, to the byte", async () => {
    assert.equal((await deliver(door(), padded(MIB))).body.outcome, "sent");
    const { status, body } = await deliver(door(), padded(MIB + 1));
    assert.deepEqual([status, body], [413, { outcome: "refused", reason: "too_large" }]);
  });

  test("a large body by its length, before a byte of it is read", async () => {
    const { headers } = delivery(guide, NEW);
    const body = streamOf(
      (function* () {
        assert.fail("was read");
        yield new Uint8Array();
      })(),
    );
    const init = { method: "POST", headers: { ...headers, "content-length": `${MIB + 1}` }, body } as const;
    assert.equal((await call(door(), { ...init, duplex: "half" })).status, 413);
  });

  test("a large body without a length while it is read, and the rest is not", async () => {
    let [given, cancelled] = [0, 0];
    const endless = function* () {
      for (;;) {
        given += 1;
        yield new Uint8Array(64 * 1024);
      }
    };
    const { headers } = delivery(guide, NEW);
    for (const length of [undefined, "0", "12", "-5", "many"]) {
      [given, cancelled] = [0, 0];
      const body = streamOf(endless(), () => {
        cancelled += 1;
      });
      const all = length === undefined ? headers : { ...headers, "content-length": length };
      assert.equal((await call(door(), { method: "POST", headers: all, body, duplex: "half" })).status, 413, length);
      assert.deepEqual([given, cancelled], [17, 1]);
    }
  });

  test("a body that comes byte by byte is the same body", async () => {
    const { headers, body } = delivery(guide, NEW);
    const bytes = new TextEncoder().encode(body as string);
    const drops = Array.from(bytes, (byte) => Uint8Array.of(byte));
    assert.equal(
      (await call(door(), { method: "POST", headers, body: streamOf(drops), duplex: "half" })).body.outcome,
      "sent",
    );
  });

  test("a body that does not come", async () => {
    const rang: number[] = [];
    const timeout: Host["timeout"] = (ms) => {
      rang.push(ms);
      return AbortSignal.timeout(20);
    };
    let cancelled = 0;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Uint8Array.of(123)),
      cancel: () => {
        cancelled += 1;
      },
    });
    const slow = door([SENT], {}, { host: { ...HOST, timeout } });
    const { headers } = delivery(guide, NEW);
    // An unreferenced timer is all that waits here: something must keep the process alive.
    const alive = setInterval(() => {}, 1000);
    const answer = await call(slow, { method: "POST", headers, body, duplex: "half" });
    clearInterval(alive);
    assert.deepEqual([answer.status, answer.body.reason, cancelled, rang], [408, "too_slow", 1, [10_000]]);
  });

  test("a body that breaks off", async () => {
    const body = streamOf(
      (function* () {
        yield Uint8Array.of(123);
        throw new Error(`${TO} ${NEW}`);
      })(),
    );
    const { headers } = delivery(guide, NEW);
    const { status, body: told } = await call(door(), { method: "POST", headers, body, duplex: "half" });
    assert.deepEqual([status, told.reason], [400, "broken_body"]);
  });

  test("with a line in the log, once a minute for each reason", async () => {
    const to = door();
    const forged = () => deliver(to, guide, "whsec-of-nobody");
    await forged();
    for (let i = 0; i < 1000; i++) await forged();
    await deliver(to, at(1));
    await call(to, { method: "GET" });
    to.world.time += 60_000;
    await forged();
    await forged();
    assert.deepEqual(
      logs().map(({ "authgear-invite": what, ...rest }) => [what, rest]),
      [
        ["refused", { reason: "signature" }],
        ["refused", { reason: "too_old" }],
        ["refused", { reason: "method" }],
        ["refused", { reason: "signature", left_out: 1000 }],
      ],
    );
  });

  test("every signature but those of the two secrets", async () => {
    const text = JSON.stringify(guide);
    const good = signatureOf(text, NEW);
    const send = (signature?: string) =>
      call(door(), {
        method: "POST",
        body: text,
        headers: { "content-type": "application/json", ...(signature === undefined ? {} : { [SIGNATURE]: signature }) },
      });
    for (const signature of [good, signatureOf(text, OLD), good.toUpperCase(), ` ${good} `]) {
      assert.equal((await send(signature)).status, 200, signature);
    }
    for (const signature of [
      undefined,
      "",
      good.slice(1),
      `${good}0`,
      `sha256=${good}`,
      `${good}, ${good}`,
      good.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
      signatureOf(text, ""),
      signatureOf(text, "whsec"),
      signatureOf(`${text} `, NEW),
      Buffer.from(good, "hex").toString("base64"),
      "g".repeat(64),
      "é".repeat(32),
      "0".repeat(16_000),
    ]) {
      const { status, body, headers } = await send(signature);
      assert.deepEqual([status, body], [401, { outcome: "refused", reason: "signature" }], signature);
      assert.ok(headers.get("www-authenticate"));
    }
  });

  test("a signed body that is no event", async () => {
    for (const body of [
      "",
      " ",
      "null",
      "7",
      "[]",
      "{}",
      `"user.created"`,
      `{"type":""}`,
      `{"type":7}`,
      `{"type":["user.created"]}`,
      `{"type":"user.created"`,
      `{"type":"user.created"} {}`,
      `{'type':'user.created'}`,
      `{"type":"user.created",}`,
      `${"[".repeat(500_000)}`,
      `{"type":"user.created","a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
      `{"type":"user.created","a":${`{"a":`.repeat(100_000)}1${"}".repeat(100_000)}}`,
      new Uint8Array([0xff, 0xfe, 0x7b, 0x00]),
      new Uint8Array(Buffer.from(JSON.stringify(guide).replace("Z", "\xff"), "latin1")),
      new Uint8Array(Buffer.from(JSON.stringify(guide), "utf16le")),
      `\ufeff${JSON.stringify(guide)}`,
    ]) {
      const answer = await deliver(door(), body);
      assert.deepEqual(
        [answer.status, answer.body],
        [400, { outcome: "refused", reason: "no_event" }],
        `${body}`.slice(0, 80),
      );
    }
  });

  test("an event whose time is not known or too far away, either way", async () => {
    const now = guide.context.timestamp;
    for (const [timestamp, maxAgeSeconds, reason] of [
      [now, undefined, undefined],
      [now - 86_400, undefined, undefined],
      [now - 86_401, undefined, "too_old"],
      [now + 86_400, undefined, undefined],
      [now + 86_401, undefined, "from_the_future"],
      [now - 60, 60, undefined],
      [now - 61, 60, "too_old"],
      [now - 61.5, 60, "too_old"],
      [now + 61, 60, "from_the_future"],
      // What 32 bits would cut to a good time.
      [now + 2 ** 32, undefined, "from_the_future"],
      [1, undefined, "too_old"],
      [-now, undefined, "too_old"],
      [Number.MAX_SAFE_INTEGER, undefined, "from_the_future"],
      [0, undefined, "no_timestamp"],
      [null, undefined, "no_timestamp"],
      [undefined, undefined, "no_timestamp"],
      [`${now}`, undefined, "no_timestamp"],
      [[now], undefined, "no_timestamp"],
    ] as const) {
      const to = door([SENT], { webhook: { secrets: [NEW], maxAgeSeconds } });
      const { status, body } = await deliver(to, at(timestamp));
      const expected = reason ? [403, { outcome: "refused", reason }] : [200, { outcome: "sent" }];
      assert.deepEqual([status, body], expected, `${timestamp}`);
      assert.equal(to.world.requests.length, reason ? 0 : 1);
    }
    const text = JSON.stringify(at(now)).replace(`${now}`, "1e999");
    assert.equal((await deliver(door(), text)).body.reason, "from_the_future");
  });

  test("a configuration that cannot work, with all that is wrong", () => {
    const problems = (config: unknown, options?: WebhookOptions) => {
      try {
        createWebhook(config as Config, options);
      } catch (error) {
        assert.ok(error instanceof ConfigError, `${error}`);
        return error.problems;
      }
      return [];
    };
    const missing = "webhook.secrets: is missing; give the project's webhook secret";
    const noSender = "config: has no sender; give one in email or in sms";
    assert.deepEqual(problems({ ...config, webhook: undefined }), [missing]);
    assert.deepEqual(problems({ ...config, webhook: { secrets: [] } }), [missing]);
    assert.deepEqual(problems({ ...config, webhook: {} }), ["webhook.secrets: is missing"]);
    assert.deepEqual(problems({}), ["serviceName: is missing", "url: is missing", noSender, missing]);
    for (const nothing of [null, undefined, 5, "x", []]) assert.ok(problems(nothing).length > 0, `${nothing}`);
    for (const webhook of [null, 5, { secrets: "abc" }, { secrets: [""] }, { secrets: [5] }, { secrets: [NEW, ""] }]) {
      const [first, ...others] = problems({ ...config, webhook });
      assert.match(first ?? "", /^webhook/, JSON.stringify(webhook));
      assert.deepEqual(others, []);
    }
    for (const maxAgeSeconds of [0, -1, "60"]) {
      assert.match(
        `${problems({ ...config, webhook: { secrets: [NEW], maxAgeSeconds } })}`,
        /^webhook.maxAgeSeconds: /,
      );
    }
    assert.match(
      `${problems(config, { locales: ["en", "xx", "toString"] })}`,
      /^locales\[1\]: is not .*locales\[2\]: is not /,
    );
    assert.deepEqual(problems(config, { locales: ["en"] }), []);
  });
});

describe("what is answered", () => {
  test("a message that was sent, with one line in the log", async () => {
    const to = door();
    const { status, body } = await deliver(to, guide);
    assert.deepEqual([status, body], [200, { outcome: "sent" }]);
    assert.equal(to.world.requests.length, 1);
    assert.equal(JSON.parse(to.world.requests[0]?.body ?? "").to[0], TO);
    const { "authgear-invite": outcome, event: id, provider, attempts } = logs()[0];
    assert.deepEqual([outcome, id, provider, attempts, logs().length], ["sent", guide.id, "resend", 1, 1]);
  });

  test("why nothing is sent", async () => {
    const self = event("e-self", { context: { ...guide.context, triggered_by: "user" } });
    const to = door([], { signIn: "code" });
    const told = [];
    for (const one of [self, usernameOnly]) told.push(await deliver(to, one));
    assert.deepEqual(
      told.map(({ status, body }) => [status, body]),
      [
        [200, { outcome: "skipped", reason: "triggered_by" }],
        [200, { outcome: "skipped", reason: "no_way_in" }],
      ],
    );
    assert.deepEqual(
      logs().map((line) => line.reason),
      ["triggered_by", "no_way_in"],
    );
  });

  test("an event that no rule names, in silence", async () => {
    const grave = { url: "https://grave.example/", secret: "s" };
    for (const one of [...otherTypes, unknownType]) {
      const to = door([SENT], { receipt: grave, deadLetter: grave });
      const { status, body } = await deliver(to, one);
      assert.deepEqual([status, body], [200, { outcome: "skipped", reason: "event_type" }], one.type);
      assert.deepEqual([to.world.requests.length, logs().length], [0, 0]);
    }
  });

  test("a blocking event is allowed, however old, if Authgear signed it", async () => {
    for (const one of blockingTypes) {
      const to = door([SENT], {}, { enqueue: () => assert.fail("was queued") });
      for (const timestamp of [one.context.timestamp, 0]) {
        const { status, body } = await deliver(to, { ...one, context: { ...one.context, timestamp } });
        assert.deepEqual([status, body], [200, { is_allowed: true }], one.type);
      }
      assert.equal((await deliver(to, one, "wrong")).status, 401);
      assert.equal(to.world.requests.length, 0);
    }
  });

  test("of two members with the same name the last one counts", async () => {
    const text = JSON.stringify(guide);
    const to = door();
    const twice = text.replace(`"triggered_by":"admin_api"`, `"triggered_by":"user",$&`);
    assert.equal((await deliver(to, twice)).body.outcome, "sent");
    const other = text.replace(`"triggered_by":"admin_api"`, `$&,"triggered_by":"user"`).replace(guide.id, "other");
    assert.equal((await deliver(to, other)).body.reason, "triggered_by");
    const ids = text.replace(`"id":"${guide.id}"`, `"id":"first",$&`);
    assert.deepEqual((await deliver(to, ids)).body, { outcome: "duplicate", reason: "sent" });
  });

  test("a message that was not sent, and a redelivery sends it", async () => {
    const to = door([REFUSED, SENT]);
    const { status, body, headers } = await deliver(to, guide);
    assert.deepEqual([status, body], [502, { outcome: "not_sent", reason: "no_provider_took_it" }]);
    assert.equal(headers.get("retry-after"), "60");
    assert.equal(logs()[0].reason, "resend: 422 validation_error");
    assert.deepEqual((await deliver(to, guide)).body, { outcome: "sent" });
    assert.deepEqual((await deliver(to, guide)).body, { outcome: "duplicate", reason: "sent" });
    assert.equal(to.world.requests.length, 2);
  });

  test("a provider that hangs ends in time, and what may have been sent is not sent again", async () => {
    const to = door([HANG], { delivery: { budgetSeconds: 20, attemptSeconds: 4 } });
    const start = to.world.time;
    const { status, body, headers } = await deliver(to, guide);
    assert.deepEqual([status, body], [200, { outcome: "unknown", reason: "may_have_been_sent" }]);
    assert.equal(headers.get("retry-after"), null);
    assert.ok(to.world.time - start <= 20_000);
    const requests = to.world.requests.length;
    assert.ok(requests > 1, "under the provider's idempotency key");
    assert.deepEqual((await deliver(to, guide)).body, { outcome: "duplicate", reason: "unknown" });
    assert.equal(to.world.requests.length, requests);
  });

  test("a fault inside is a 500, and nothing else stops", async () => {
    const { host } = new World([SENT]);
    const faults = [new WebAssembly.RuntimeError(`unreachable ${TO} at x.ts:1:1`), new Error(NEW), undefined, "text"];
    const to = door([SENT], {}, { host: { ...host, now: () => (faults.length > 0 ? fail() : host.now()) } });
    const fail = () => {
      throw faults.shift();
    };
    while (faults.length > 0) {
      const { status, body } = await deliver(to, guide);
      assert.deepEqual([status, body], [500, { outcome: "failed", reason: "internal" }]);
    }
    assert.deepEqual((await deliver(to, guide)).body, { outcome: "sent" });
  });
});

describe("what others hear", () => {
  const SECRET = "hmac-canary-V1nEy4rd";
  const receipt = { url: "https://receipts.example/", secret: SECRET };
  const deadLetter = { url: "https://grave.example/", secret: SECRET };
  const told = ({ world }: Door, url: string) =>
    world.requests.filter((it) => it.url === url).map((it) => JSON.parse(it.body));

  test("a receipt for each decision, a dead letter for each failure, and none for a duplicate", async () => {
    const thanks: Behaviour = { status: 200, body: "" };
    const to = door([REFUSED, thanks, thanks, SENT, thanks], { receipt, deadLetter });
    for (let i = 0; i < 4; i++) await deliver(to, guide);
    await deliver(to, event("e-self", { context: { ...guide.context, triggered_by: "user" } }));
    assert.deepEqual(
      told(to, receipt.url).map((it) => [it.event_id, it.outcome]),
      [
        [guide.id, "not_sent"],
        [guide.id, "sent"],
        ["e-self", "skipped"],
      ],
    );
    const [letter, ...others] = told(to, deadLetter.url);
    assert.deepEqual([letter.outcome, letter.user_id, others], ["not_sent", guide.context.user_id, []]);
  });

  test("the user's id, where the context has none", async () => {
    const to = door([SENT], { receipt });
    const { user_id, ...context } = guide.context;
    await deliver(to, event("e-no-user", { context: { ...context, user_id: null } }));
    assert.equal(told(to, receipt.url)[0].user_id, user_id);
  });

  test("ids of a strange shape are left out", async () => {
    for (const id of [undefined, null, 7, "", {}, ["a"], "x".repeat(257), "é".repeat(129)]) {
      const to = door([SENT], { receipt });
      assert.equal((await deliver(to, event(id as string))).body.outcome, "sent");
      assert.ok(!("event_id" in told(to, receipt.url)[0]), `${id}`);
    }
    for (const id of ["x".repeat(256), "\u0000\n\u2028<b>", "__proto__", "💌"]) {
      const to = door([SENT], { receipt });
      await deliver(to, event(id));
      assert.equal(told(to, receipt.url)[0].event_id, id);
    }
  });
});

describe("an event that comes again", () => {
  test("at the same time: one message, and everybody hears of it", async () => {
    const to = door();
    const answers = await Promise.all(Array.from({ length: 100 }, () => deliver(to, guide)));
    assert.equal(to.world.requests.length, 1);
    assert.equal(answers.filter(({ body }) => body.outcome === "sent").length, 1);
    assert.equal(answers.filter(({ body }) => body.outcome === "duplicate" && body.reason === "sent").length, 99);
    assert.ok(answers.every(({ status }) => status === 200));
  });

  test("at the same time, when it is not sent: one attempt, and everybody is told to come again", async () => {
    const to = door([REFUSED, SENT]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => deliver(to, guide)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [502]);
    assert.equal(to.world.requests.length, 1);
    assert.equal((await deliver(to, guide)).body.outcome, "sent");
  });

  test("is known by its id, whatever else it says", async () => {
    const to = door();
    await deliver(to, guide);
    for (const again of [at(guide.context.timestamp + 60, guide.id), event(guide.id, { seq: 5, payload: {} })]) {
      const { body } = await deliver(to, again);
      assert.ok(body.outcome === "duplicate" || body.outcome === "skipped");
    }
    assert.equal(to.world.requests.length, 1);
  });

  test("is known without an id by its user, moment and recipient", async () => {
    const to = door();
    const second = (timestamp: number, user: string, email = TO) => ({
      ...guide,
      id: undefined,
      context: { ...guide.context, user_id: user, timestamp },
      payload: {
        user: { ...guide.payload.user, id: user, standard_attributes: { email } },
        identities: [],
      },
    });
    const now = guide.context.timestamp;
    const outcomes = [];
    for (const one of [
      second(now, "u1"),
      second(now, "u1"),
      second(now - 1, "u1"),
      second(now, "u2"),
      second(now, "u1", "other@newuser.example"),
    ]) {
      outcomes.push((await deliver(to, one)).body.outcome);
    }
    assert.deepEqual(outcomes, ["sent", "duplicate", "sent", "sent", "sent"]);
  });

  test("of 10,000 messages the first is still known", async () => {
    const to = door();
    for (let i = 0; i < 10_000; i++) await to.hook(new Request(URL, delivery(event(`e${i}`), NEW)));
    assert.equal((await deliver(to, event("e0"))).body.outcome, "duplicate");
    assert.equal(to.world.requests.length, 10_000);
    assert.equal((await deliver(to, event("e-new"))).body.outcome, "sent");
    assert.equal((await deliver(to, event("e0"))).body.outcome, "duplicate", "it was used lately");
    assert.equal((await deliver(to, event("e1"))).body.outcome, "sent", "it is the one that made room");
    said = said.slice(-10);
  });
});

describe("a queue", () => {
  test("is given the event as it came and what was decided; nothing is sent", async () => {
    const given: Accepted[] = [];
    const answers: ("queued" | "duplicate")[] = ["queued", "duplicate"];
    const to = door([], {}, { enqueue: async (one) => answers[given.push(one) - 1] as "queued" });
    const text = ` ${JSON.stringify(guide)}\n`;
    const first = await deliver(to, text);
    assert.deepEqual([first.status, first.body], [202, { outcome: "queued" }]);
    const second = await deliver(to, text);
    assert.deepEqual([second.status, second.body], [202, { outcome: "duplicate" }]);
    assert.equal(to.world.requests.length, 0);
    const decision = createEngine(config, BUILT_IN).decide(guide);
    const about = { id: guide.id, type: guide.type, userId: guide.context.user_id, start: to.world.time };
    assert.deepEqual(given[0], { body: Uint8Array.from(Buffer.from(text)), about, decision });
  });

  test("that fails is answered with 503, each time", async () => {
    for (const error of [new Error(`SQLITE_FULL ${TO}`), undefined, "disk full"]) {
      const to = door([], {}, { enqueue: () => Promise.reject(error) });
      for (let i = 0; i < 2; i++) {
        const { status, body, headers } = await deliver(to, guide);
        assert.deepEqual([status, body], [503, { outcome: "not_queued", reason: "queue" }]);
        assert.equal(headers.get("retry-after"), "60");
      }
      const throws = door([], {}, { enqueue: () => assert.fail(TO) });
      assert.equal((await deliver(throws, guide)).status, 503);
    }
  });

  test("gets what is to be sent and nothing else", async () => {
    const to = door([], {}, { enqueue: () => assert.fail("was queued") });
    const self = event("e-self", { context: { ...guide.context, triggered_by: "user" } });
    assert.equal((await deliver(to, self)).body.reason, "triggered_by");
    assert.equal((await deliver(to, otherTypes[0])).body.reason, "event_type");
    assert.equal((await deliver(to, at(1))).body.reason, "too_old");
  });
});

describe("whatever comes", () => {
  const RUNS = { numRuns: 3000 };
  test("no signature passes but the right ones", async () => {
    const one = door();
    const text = JSON.stringify(guide);
    const bytes = fc.string({ unit: fc.integer({ min: 32, max: 255 }).map((code) => String.fromCharCode(code)) });
    const hex = fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEF"), minLength: 60, maxLength: 68 });
    const near = fc.tuple(fc.nat(63), fc.nat(15)).map(([place, digit]) => {
      const good = signatureOf(text, NEW);
      return good.slice(0, place) + digit.toString(16) + good.slice(place + 1);
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, hex, near), async (signature) => {
        fc.pre(!/\u007f/.test(signature) && signature.trim() !== signatureOf(text, NEW));
        const headers = { "content-type": "application/json", [SIGNATURE]: signature };
        assert.equal((await one.hook(new Request(URL, { method: "POST", body: text, headers }))).status, 401);
      }),
      RUNS,
    );
    assert.equal(one.world.requests.length, 0);
  });

  test("a body that was changed on the way is not read", async () => {
    const one = door();
    const text = JSON.stringify(guide);
    const change = fc.tuple(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), fc.nat(3));
    await fc.assert(
      fc.asyncProperty(change, async ([place, put, cut]) => {
        const changed = text.slice(0, place) + put + text.slice(place + cut);
        fc.pre(changed !== text);
        const { headers } = delivery(text, NEW);
        assert.equal((await one.hook(new Request(URL, { method: "POST", body: changed, headers }))).status, 401);
      }),
      RUNS,
    );
    assert.equal(one.world.requests.length, 0);
  });

  /** What a signed body may be answered: never a fault of ours. */
  const SOUND = new Set([200, 400, 403, 502]);

  async function check(one: Door, body: unknown): Promise<void> {
    const before = one.world.requests.length;
    const response = await one.hook(new Request(URL, delivery(body, NEW)));
    assert.ok(SOUND.has(response.status), `${response.status}`);
    said.push(await response.text());
    assert.ok(one.world.requests.length - before <= 1);
  }

  test("signed bytes are answered", async () => {
    const one = door();
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string(), fc.json()), (body) => check(one, body)),
      RUNS,
    );
  });

  test("signed events with anything anywhere are answered, and lead to one message at the most", async () => {
    const one = door();
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom(1e300, -1, 2 ** 63, Number.MAX_SAFE_INTEGER, "\u0000", "__proto__", "é".repeat(500)),
    );
    const places = pathsOf(guide);
    const changes = fc.array(fc.tuple(fc.constantFrom(...places), anything), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(changes, fc.uuid(), async (changes, id) => {
        const changed = structuredClone({ ...guide, id });
        for (const [path, value] of changes) put(changed, path, value);
        await check(one, changed);
      }),
      RUNS,
    );
  });

  test("headers of any shape are answered", async () => {
    const one = door();
    const name = fc.string({ unit: fc.constantFrom(..."abcxyz-0189"), minLength: 1, maxLength: 20 });
    const value = fc.string({ unit: fc.integer({ min: 33, max: 255 }).map((code) => String.fromCharCode(code)) });
    const known = fc.constantFrom("content-type", "content-length", SIGNATURE, "content-encoding", "expect");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.oneof(name, known), value)), async (pairs) => {
        const headers = new Headers();
        for (const [name, value] of pairs) headers.append(name, value);
        const response = await one.hook(new Request(URL, { method: "POST", body: "{}", headers }));
        assert.ok([401, 413, 415].includes(response.status), `${response.status}`);
      }),
      { numRuns: 1000 },
    );
  });
});

type Path = (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([name, one]) => pathsOf(one, [...path, name]));
  return path.length > 0 ? [path, ...inner] : inner;
}

function put(tree: unknown, path: Path, value: unknown): void {
  const [last, ...rest] = [...path].reverse();
  let place = tree as { [name: string]: unknown };
  for (const step of rest.reverse()) {
    if (typeof place[step] !== "object" || place[step] === null) return;
    place = place[step] as typeof place;
  }
  place[last as string] = value;
}
