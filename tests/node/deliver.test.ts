/** Delivery in a simulated world, and against servers that misbehave on loopback. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Config, CustomRequest, EmailMessage } from "../../ts/config.ts";
import type { Attempt, Reply, Send, Verdict } from "../../ts/core.ts";
import { type Delivery, deliver } from "../../ts/deliver.ts";
import { startCapture } from "../servers/capture.ts";
import { resend, sendgrid } from "../servers/dialects.ts";
import { FaultyServer } from "../servers/faulty.ts";
import {
  type Behaviour,
  core,
  HANG,
  impatient,
  message,
  REFUSED,
  REFUSED_PORT,
  RETRY,
  request,
  SENT,
  UNKNOWN,
  World,
} from "./world.ts";

const DAY = 86_400;
const SECOND = 1000;

const send = (world: World, message: Send, budgetMs = 50 * SECOND, config: Partial<Config> = {}) =>
  deliver(message, config, core, world.host, world.time + budgetMs);

/** Providers and results in order: `p0 retry, p0 sent`. */
const story = ({ attempts }: Delivery) => attempts.map((it) => `${it.provider} ${it.result}`).join(", ");

describe("a provider's answer", () => {
  const cases: [string, number[], Behaviour[], Delivery["outcome"], string][] = [
    ["sent", [0, 0], [SENT], "sent", "p0 sent"],
    ["refused: the next provider at once", [0, 0], [REFUSED, SENT], "sent", "p0 refused, p1 sent"],
    ["refused by all", [0, DAY], [REFUSED], "not_sent", "p0 refused, p1 refused"],
    ["retry, then sent", [0], [RETRY, RETRY, SENT], "sent", "p0 retry, p0 retry, p0 sent"],
    ["a port that is closed at first", [0], [REFUSED_PORT, SENT], "sent", "p0 retry, p0 sent"],
    [
      "an exhausted provider: the next",
      [0, 0],
      [RETRY, RETRY, RETRY, RETRY, SENT],
      "sent",
      "p0 retry, p0 retry, p0 retry, p0 retry, p1 sent",
    ],
    ["in doubt without a key: the end", [0, 0], [UNKNOWN, SENT], "unknown", "p0 unknown"],
    ["no answer without a key: the end", [0, 0], [HANG, SENT], "unknown", "p0 unknown"],
    ["in doubt with a key: again", [DAY, 0], [UNKNOWN, HANG, SENT], "sent", "p0 unknown, p0 unknown, p0 sent"],
    [
      "for ever in doubt with a key: no other provider",
      [DAY, 0],
      [UNKNOWN],
      "unknown",
      "p0 unknown, p0 unknown, p0 unknown, p0 unknown",
    ],
    [
      "in doubt, then busy for ever: still in doubt",
      [DAY, 0],
      [UNKNOWN, RETRY],
      "unknown",
      "p0 unknown, p0 retry, p0 retry, p0 retry",
    ],
    ["in doubt, then refused: still in doubt", [DAY, 0], [UNKNOWN, REFUSED, SENT], "unknown", "p0 unknown, p0 refused"],
    [
      "a key that another request had: in doubt",
      [DAY, 0],
      [{ ...REFUSED, status: 409 }, SENT],
      "unknown",
      "p0 refused",
    ],
    ["a conflict without a key", [0, 0], [{ ...REFUSED, status: 409 }, SENT], "sent", "p0 refused, p1 sent"],
    ["busy, then in doubt without a key", [0, 0], [RETRY, UNKNOWN, SENT], "unknown", "p0 retry, p0 unknown"],
    ["in doubt longer than the key holds", [2, 0], [{ ...UNKNOWN, takesMs: 1900 }], "unknown", "p0 unknown"],
  ];
  for (const [name, keys, script, outcome, expected] of cases) {
    test(name, async () => {
      const world = new World(script);
      const delivery = await send(world, message(...keys));
      assert.equal(delivery.outcome, outcome);
      assert.equal(story(delivery), expected);
      assert.equal(world.requests.length, delivery.attempts.length);
    });
  }

  test("the last sender has all the time for twelve attempts, those before it four", async () => {
    const requests = async (...keys: number[]) => {
      const world = new World([RETRY], () => 0);
      assert.equal((await send(world, message(...keys))).outcome, "not_sent");
      return keys.map((_, i) => world.requests.filter(({ url }) => url.includes(`p${i}.`)).length);
    };
    assert.deepEqual(await requests(0), [12]);
    assert.deepEqual(await requests(DAY, 0, 0), [4, 4, 12]);
  });

  test("the log of an attempt has what happened and how long it took", async () => {
    const world = new World([{ ...RETRY, takesMs: 70 }, HANG]);
    assert.deepEqual(await send(world, message(0)), {
      outcome: "unknown",
      reason: "p0: 503; p0: timeout",
      attempts: [
        { provider: "p0", result: "retry", status: 503, detail: "503", ms: 70 },
        { provider: "p0", result: "unknown", status: undefined, detail: "timeout", ms: 10 * SECOND },
      ],
    });
  });

  test("the id comes from the header that the provider's file names", async () => {
    const attempt: Attempt = { provider: "sendgrid", sender: 0, keySeconds: 0, idHeader: "x-message-id" };
    const world = new World([{ ...SENT, status: 202, headers: { "X-Message-Id": "14c5" } }]);
    const delivery = await send(world, message({ ...attempt, request: request("https://api.sendgrid.com") }));
    assert.equal(delivery.outcome === "sent" && delivery.id, "14c5");
  });

  test("the core gets the status, Amazon's error type and the body", async () => {
    const replies: Reply[] = [];
    const classify = (reply: Reply): Verdict => {
      replies.push(reply);
      return { verdict: "refused", detail: "x" };
    };
    const script = [{ status: 400, headers: { "x-amzn-ErrorType": "ThrottlingException" }, body: "grüße" }];
    const { host, time } = new World(script);
    await deliver(message(0), {}, { classify }, host, time + 50_000);
    assert.deepEqual(replies, [{ provider: "p0", status: 400, errorType: "ThrottlingException", body: "grüße" }]);
  });

  test("a character may be split between two pieces of the body", async () => {
    let seen: Reply["body"] = null;
    const classify = ({ body }: Reply): Verdict => {
      seen = body;
      return { verdict: "sent" };
    };
    const { host, time } = new World([]);
    const bytewise = new ReadableStream({
      start(stream) {
        for (const byte of new TextEncoder().encode("grüße 🎉")) stream.enqueue(Uint8Array.of(byte));
        stream.close();
      },
    });
    host.fetch = async () => new Response(bytewise);
    await deliver(message(0), {}, { classify }, host, time + 50_000);
    assert.equal(seen, "grüße 🎉");
  });

  test("a core that stops leaves the message in doubt", async () => {
    for (const classify of [
      () => {
        throw new WebAssembly.RuntimeError("unreachable");
      },
      () => null as unknown as Verdict,
      () => JSON.parse(""),
    ]) {
      const { host, time, requests } = new World([SENT]);
      const delivery = await deliver(message(0, 0), {}, { classify }, host, time + 50_000);
      assert.equal(delivery.outcome, "unknown");
      assert.equal(requests.length, 1);
    }
  });
});

describe("errors of fetch", () => {
  const error = (message: string, cause?: object) => Object.assign(new TypeError(message), { cause });
  const node = (cause: object) => error("fetch failed", cause);
  const deno = (message: string) => error("fetch failed", { message: `error sending request ${message}` });
  const url = "for url (https://api.twilio.com/AC1)";
  const from = "from 127.0.0.1:1 for https://api.twilio.com/AC1 (127.0.0.1:2)";

  // As measured in Deno 1.46.3 and 2.9.6 and Node 20; Deno until 1.44 as its issues quote it.
  const nothingLeft = [
    error(`error sending request ${url}: client error (Connect): tcp connect error: Connection refused (os error 111)`),
    error(`error sending request ${url}: client error (Connect): dns error: failed to lookup address information`),
    error(`error sending request ${url}: client error (Connect): invalid peer certificate: UnknownIssuer`),
    error(`error sending request ${url}: client error (Connect): tls handshake eof`),
    error(
      `error sending request ${url}: error trying to connect: tcp connect error: Connection refused (os error 111)`,
    ),
    deno(`${url}: client error (Connect): tcp connect error: Connection refused (os error 111)`),
    deno(`${url}: client error (Connect): Connection reset by peer (os error 104)`),
    node({ code: "ECONNREFUSED", syscall: "connect", message: "connect ECONNREFUSED 127.0.0.1:7999" }),
    node({ code: "ETIMEDOUT", syscall: "connect", message: "connect ETIMEDOUT" }),
    node({ code: "ENOTFOUND", syscall: "getaddrinfo", message: "getaddrinfo ENOTFOUND no-such-host.invalid" }),
    node({ code: "ECONNREFUSED", name: "AggregateError", message: "" }),
    node({ code: "UND_ERR_CONNECT_TIMEOUT", message: "Connect Timeout Error" }),
    node({ code: "DEPTH_ZERO_SELF_SIGNED_CERT", message: "self-signed certificate" }),
    node({ code: "CERT_HAS_EXPIRED", message: "certificate has expired" }),
    node({ code: "ERR_TLS_CERT_ALTNAME_INVALID", message: "Hostname/IP does not match certificate's altnames" }),
    node({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE", message: "unable to verify the first certificate" }),
    node({
      code: "ECONNRESET",
      message: "Client network socket disconnected before secure TLS connection was established",
    }),
  ];
  const inDoubt = [
    error(`error sending request ${from}: client error (SendRequest): connection closed before message completed`),
    error(`error sending request ${from}: client error (SendRequest): connection error: Connection reset by peer`, {
      message: "Connection reset by peer (os error 104)",
    }),
    deno(`${from}: client error (SendRequest): connection closed before message completed`),
    error("fetch failed", { message: "Connection reset by peer (os error 104)" }),
    error("error sending request for url (https://ECONNREFUSED.example/CERT/connect)"),
    node({ code: "ECONNRESET", syscall: "read", message: "read ECONNRESET" }),
    node({ code: "ETIMEDOUT", syscall: "read", message: "read ETIMEDOUT" }),
    node({ code: "UND_ERR_SOCKET", message: "other side closed" }),
    node({ code: "HPE_INVALID_CONSTANT", message: "Response does not match the HTTP/1.1 protocol" }),
    node({ code: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", message: "certificate required" }),
    error("something new"),
    "a string",
    null,
    undefined,
  ];

  const only = async (throws: unknown) => {
    const delivery = await send(new World([{ throws: throws ?? null }]), message(0), 50_000, {
      delivery: { attempts: 1 },
    });
    return `${delivery.attempts[0]?.result}: ${delivery.attempts[0]?.detail}`;
  };
  for (const it of nothingLeft) {
    test(`nothing left: ${it.message} ${JSON.stringify(it.cause ?? "")}`, async () => {
      assert.equal(await only(it), "retry: no connection");
    });
  }
  for (const it of inDoubt) {
    test(`in doubt: ${String(it)} ${JSON.stringify((it as Error | null)?.cause ?? "")}`, async () => {
      assert.equal(await only(it), "unknown: connection lost");
    });
  }
  for (const name of ["NotCapable", "PermissionDenied"]) {
    test(`no repetition after ${name}`, async () => {
      const world = new World([{ throws: Object.assign(new Error("Requires net access"), { name }) }, SENT]);
      assert.equal(story(await send(world, message(0, 0))), "p0 refused, p1 sent");
    });
  }
});

describe("waiting", () => {
  const waits = async (headers: { [name: string]: string }, budgetMs?: number) => {
    const world = new World([{ ...RETRY, headers }, SENT], () => 0);
    const delivery = await send(world, message(0, 0), budgetMs);
    return { sleeps: world.sleeps, story: story(delivery) };
  };
  const again = "p0 retry, p0 sent";
  const next = "p0 retry, p1 sent";

  test("Retry-After in seconds", async () => {
    assert.deepEqual(await waits({ "retry-after": "7" }), { sleeps: [7000], story: again });
    assert.deepEqual(await waits({ "retry-after": "0" }), { sleeps: [0], story: again });
  });
  test("Retry-After as a date", async () => {
    const date = new Date(new World([]).time + 9000).toUTCString();
    assert.deepEqual(await waits({ "retry-after": date }), { sleeps: [9000], story: again });
    assert.deepEqual(await waits({ "retry-after": "Tue, 01 Sep 2026 08:29:00 GMT" }), { sleeps: [0], story: again });
  });
  test("a Retry-After that makes no sense counts for nothing", async () => {
    for (const value of ["soon", "-5", "1.5", ""]) {
      assert.deepEqual(await waits({ "retry-after": value }), { sleeps: [0], story: again });
    }
  });
  test("a Retry-After beyond the budget leads to the next provider", async () => {
    assert.deepEqual(await waits({ "retry-after": "49" }), { sleeps: [49_000], story: again });
    assert.deepEqual(await waits({ "retry-after": "50" }), { sleeps: [], story: next });
    assert.deepEqual(await waits({ "retry-after": "99999999999999999999" }), { sleeps: [], story: next });
  });
  test("a Retry-After does not shorten the back-off", async () => {
    const world = new World([{ ...RETRY, headers: { "retry-after": "1" } }, RETRY, RETRY, SENT], () => 0.999);
    await send(world, message(0));
    assert.deepEqual(world.sleeps, [1000, 1998, 3996]);
  });
  test("rate limit headers are ignored", async () => {
    assert.deepEqual(await waits({ "ratelimit-reset": "30", "x-ratelimit-reset": "30" }), {
      sleeps: [0],
      story: again,
    });
  });
  test("full jitter: anything from nothing to twice as much each time, to a limit", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        fc.constantFrom(RETRY, REFUSED_PORT, UNKNOWN),
        async (random, behaviour) => {
          const drawn: number[] = [];
          const world = new World([behaviour], () => {
            const value: number = random.next().value;
            drawn.push(value);
            return value;
          });
          await send(world, message(DAY), 1000 * SECOND, { delivery: { attempts: 8 } });
          assert.equal(world.sleeps.length, 7);
          world.sleeps.forEach((ms, n) => {
            const most = Math.min(8000, 1000 * 2 ** n);
            assert.ok(ms >= 0 && ms < most);
            assert.equal(ms, (drawn[n] ?? Number.NaN) * most);
          });
        },
      ),
    );
  });
});

describe("time", () => {
  test("an attempt has its own time-out", async () => {
    const world = new World([HANG]);
    const start = world.time;
    await send(world, message(0), 50_000, { delivery: { attemptSeconds: 3 } });
    assert.equal(world.time - start, 3000);
  });
  test("with no more than five seconds left nobody is asked twice", async () => {
    for (const [behaviour, outcome, requests] of [
      [HANG, "unknown", 1],
      [RETRY, "not_sent", 2],
      [REFUSED, "not_sent", 2],
    ] as const) {
      const world = new World([behaviour]);
      const start = world.time;
      assert.equal((await send(world, message(DAY, DAY), 5000)).outcome, outcome);
      assert.equal(world.requests.length, requests);
      assert.ok(world.time - start <= 5000);
    }
  });
  test("a request that fetch would not make goes to the next sender", async () => {
    const world = new World([SENT]);
    const broken = message(DAY, DAY);
    const [first] = broken.attempts;
    assert.ok(first?.request);
    first.request.headers = { authorization: "Bearer re_…" };
    const delivery = await send(world, broken, 50_000);
    assert.equal(story(delivery), "p0 refused, p1 sent");
    assert.equal(world.requests.length, 1);
  });
  test("a provider that takes all the time leaves none for the next", async () => {
    const world = new World([{ ...RETRY, takesMs: 9500 }, SENT]);
    const delivery = await send(world, message(0, 0), 10_000);
    assert.equal(story(delivery), "p0 retry");
    assert.equal(delivery.outcome, "not_sent");
  });
});

describe("whatever happens", () => {
  const behaviour: fc.Arbitrary<Behaviour> = fc
    .record({
      base: fc.constantFrom(SENT, RETRY, REFUSED, UNKNOWN, HANG, REFUSED_PORT, { throws: new TypeError("?") }),
      takesMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 15_000 })),
      retryAfter: fc.oneof(fc.constant(undefined), fc.integer({ min: 0, max: 60 }).map(String)),
    })
    .map(({ base, takesMs, retryAfter }) => ({
      takesMs,
      headers: retryAfter ? { "retry-after": retryAfter } : {},
      ...base,
    }));

  test("the budget holds, and there are never two messages", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(0, 0, 3, 30, DAY), { minLength: 1, maxLength: 4 }),
        fc.array(behaviour, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 60_000 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 20 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        async (keys, script, budgetMs, most, attemptSeconds, random) => {
          const world = new World(script, () => random.next().value);
          const start = world.time;
          const delivery = await send(world, message(...keys), budgetMs, {
            delivery: { attempts: most, attemptSeconds },
          });

          assert.ok(world.time - start <= budgetMs + 1e-6, `${world.time - start} of ${budgetMs} ms`);
          const { attempts, outcome } = delivery;
          assert.equal(world.requests.length, attempts.length);
          const firstDoubt = attempts.findIndex((it) => it.result === "unknown");
          if (firstDoubt >= 0) {
            const { provider } = attempts[firstDoubt] ?? {};
            const keyMs = (keys[Number(provider?.slice(1))] ?? 0) * 1000;
            const rest = attempts.slice(firstDoubt + 1);
            assert.ok(
              rest.every((it) => it.provider === provider),
              "handed on in doubt",
            );
            if (keyMs === 0) assert.equal(rest.length, 0, "repeated without a key");
            assert.ok(outcome === "sent" || outcome === "unknown");
            const first = attempts.findIndex((it) => it.provider === provider);
            const began = world.requests[first]?.at ?? 0;
            for (const it of world.requests.slice(firstDoubt + 1)) assert.ok(it.at - began < keyMs, "the key is spent");
          } else assert.notEqual(outcome, "unknown");
          assert.equal(outcome === "sent", attempts.at(-1)?.result === "sent");
          assert.ok(
            attempts.slice(0, -1).every((it) => it.result !== "sent"),
            "went on after it was sent",
          );

          for (const [index, keySeconds] of keys.entries()) {
            const url = `https://p${index}.example/send`;
            const mine = world.requests.filter((it) => it.url === url);
            assert.ok(mine.length <= most);
            assert.ok(mine.every((it) => it.body === mine[0]?.body && it.init.headers === mine[0]?.init.headers));
            // A body that Deno repeats by itself only goes where a repetition does no harm.
            assert.ok(mine.every((it) => (typeof it.init.body === "string") === keySeconds > 0));
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("a custom sender", () => {
  const mail: EmailMessage = {
    from: "no-reply@acme.example",
    to: "newuser@newuser.example",
    subject: "Hi",
    text: "Hi",
    html: "<p>Hi</p>",
    idempotencyKey: "evt.0.email",
  };
  const custom: Attempt = { provider: "custom", sender: 0, keySeconds: 0, message: mail };
  const config = (make: (message: EmailMessage) => unknown): Partial<Config> => ({
    email: [{ provider: "custom", from: mail.from, request: make as (message: EmailMessage) => CustomRequest }],
  });
  const good = { url: "https://api.example/send", headers: { "x-key": "k" }, body: "{}" };

  test("makes its request once, for every repetition", async () => {
    const got: EmailMessage[] = [];
    const world = new World([UNKNOWN, UNKNOWN, SENT]);
    const make = (message: EmailMessage) => ({ ...good, body: `${got.push(message)}`, keySeconds: 60 });
    const delivery = await send(world, message(custom), 50_000, config(make));
    assert.equal(story(delivery), "custom unknown, custom unknown, custom sent");
    assert.deepEqual(got, [mail]);
    assert.deepEqual(
      world.requests.map((it) => it.body),
      ["1", "1", "1"],
    );
    assert.deepEqual(world.requests[0]?.init.headers, good.headers);
  });

  test("keeps its this", async () => {
    const world = new World([SENT]);
    const email = {
      provider: "custom",
      from: mail.from,
      good,
      request() {
        return this.good;
      },
    };
    assert.equal((await send(world, message(custom), 50_000, { email: [email] } as Partial<Config>)).outcome, "sent");
  });

  for (const keySeconds of [undefined, 0, -1, Number.NaN, null, "soon"]) {
    test(`is not repeated in doubt with keySeconds ${keySeconds}`, async () => {
      const world = new World([UNKNOWN, SENT]);
      assert.equal(
        (
          await send(
            world,
            message(custom),
            50_000,
            config(() => ({ ...good, keySeconds })),
          )
        ).outcome,
        "unknown",
      );
      assert.equal(world.requests.length, 1);
    });
  }

  const malformed: [string, () => unknown][] = [
    [
      "throws",
      () => {
        throw new Error("newuser@newuser.example");
      },
    ],
    ["returns nothing", () => undefined],
    ["returns null", () => null],
    ["returns a promise", async () => good],
    ["has no URL", () => ({ ...good, url: undefined })],
    ["has half a URL", () => ({ ...good, url: "/send" })],
    ["has an impossible header", () => ({ ...good, headers: { "x-key": "a\nb" } })],
    ["has headers that are none", () => ({ ...good, headers: 5 })],
    ["has no body", () => ({ ...good, body: undefined })],
    ["has an object for a body", () => ({ ...good, body: { a: 1 } })],
  ];
  for (const [what, make] of malformed) {
    test(`that ${what} is refused`, async () => {
      const world = new World([SENT]);
      const delivery = await send(world, message(custom, 0), 50_000, config(make));
      assert.deepEqual(delivery.attempts[0], {
        provider: "custom",
        result: "refused",
        status: undefined,
        detail: "custom",
        ms: 0,
      });
      assert.equal(story(delivery), "custom refused, p1 sent");
    });
  }

  test("that is missing from the configuration is refused", async () => {
    assert.equal(story(await send(new World([SENT]), message(custom, 0))), "custom refused, p1 sent");
  });
});

describe("a signed request", () => {
  const attempt: Attempt = {
    provider: "ses",
    sender: 0,
    keySeconds: 0,
    request: request("https://email.eu-west-1.amazonaws.com/v2/email/outbound-emails"),
    sign: { service: "ses", region: "eu-west-1" },
  };
  const sender = {
    provider: "ses",
    from: "a@acme.example",
    region: "x",
    accessKeyId: "AK",
    secretAccessKey: "S",
  } as const;

  test("is signed with the sender's key at the host's time", async () => {
    const world = new World([SENT]);
    world.host.sign = async (it, sender, region, now) => ({
      ...it,
      headers: { authorization: `${sender.accessKeyId} ${region} ${now}` },
    });
    await send(world, message(attempt), 50_000, { email: [sender] });
    assert.deepEqual(world.requests[0]?.init.headers, { authorization: `AK eu-west-1 ${world.time}` });
  });

  test("does not leave without its signature", async () => {
    const world = new World([SENT]);
    const unsigned = await send(world, message(attempt), 50_000, { email: [sender] });
    assert.equal(unsigned.outcome === "not_sent" && unsigned.reason, "ses: request");
    world.host.sign = async () => Promise.reject(new Error(sender.secretAccessKey));
    assert.equal((await send(world, message(attempt), 50_000, { email: [sender] })).outcome, "not_sent");
    assert.equal(world.requests.length, 0);
  });
});

describe("on loopback", { concurrency: 4 }, () => {
  /** Like the core: a 202 is proof enough, a 200 must be read. */
  const judge = {
    classify: ({ status, body }: Reply): Verdict => {
      const proven = status === 202 || (status === 200 && body?.includes('"id"'));
      const verdict = proven
        ? "sent"
        : status === 429 || status === 503
          ? "retry"
          : status < 300
            ? "unknown"
            : "refused";
      return { verdict, detail: String(status) };
    },
  };
  const delivery = { attempts: 3, attemptSeconds: 1 };
  const to = (url: string, keySeconds = 0): Attempt => ({
    provider: url,
    sender: 0,
    keySeconds,
    request: { ...request(`${url}/send`), headers: { "idempotency-key": "evt.0.email", "api-key": "key-5521" } },
  });

  // What else may happen is in faults.test.ts; this is the host's own clock.
  for (const [dialect, keySeconds, expected] of [
    [resend, DAY, "sent 2/1"],
    [sendgrid, 0, "unknown 1/1"],
  ] as const) {
    test(`${keySeconds ? "keyed" : "keyless"}: a server that hangs`, async () => {
      const server = await new FaultyServer(dialect, [{ does: "hang", accepted: true }]).start();
      try {
        const attempts = [to(server.url, keySeconds)];
        const { outcome } = await deliver(
          { channel: "email", attempts },
          { delivery },
          judge,
          impatient,
          Date.now() + 50_000,
        );
        assert.equal(`${outcome} ${server.requests.length}/${server.accepted}`, expected);
      } finally {
        await server.stop();
      }
    });
  }

  test("nothing left: a closed port, an unknown name, a broken handshake", async () => {
    const closed = await new FaultyServer(resend).start(Number.POSITIVE_INFINITY);
    const mute = createServer((socket) => socket.once("data", () => socket.end()).on("error", () => {}));
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const { port } = mute.address() as { port: number };
    const other = await new FaultyServer(sendgrid).start();
    try {
      // No resolver is asked for a label of more than 63 letters.
      const unknown = `https://${"x".repeat(64)}.invalid`;
      const urls = [closed.url, unknown, `https://127.0.0.1:${port}`, other.url];
      const attempts = urls.map((it) => to(it));
      const result = await deliver({ channel: "email", attempts }, { delivery }, judge, impatient, Date.now() + 50_000);
      assert.equal(result.outcome, "sent");
      const details = urls.map((url) => result.attempts.filter((it) => it.provider === url).map((it) => it.detail));
      assert.deepEqual(details.slice(0, 3), Array(3).fill(Array(3).fill("no connection")));
      assert.equal(other.accepted, 1);
    } finally {
      mute.close();
      await Promise.all([closed.stop(), other.stop()]);
    }
  });

  for (const status of [301, 302, 303, 307, 308]) {
    test(`a ${status} is not followed, and no key travels on`, async () => {
      const target = await startCapture({ status: 200, body: `{"id":"1"}` });
      const first = await startCapture({ status, headers: { location: `${target.origin}/send` } });
      try {
        const attempts = [to(first.origin, DAY)];
        const result = await deliver(
          { channel: "email", attempts },
          { delivery },
          judge,
          impatient,
          Date.now() + 50_000,
        );
        assert.equal(result.outcome, "not_sent");
        assert.equal(first.requests.length, 1);
        assert.equal(target.requests.length, 0);
      } finally {
        await Promise.all([first.close(), target.close()]);
      }
    });
  }
});

describe("who must remember what has left", () => {
  test("hears of each sender's request before it first leaves, and not of its repetitions", async () => {
    const world = new World([RETRY, RETRY, RETRY, RETRY, SENT]);
    const heard: [string, string | undefined, number, number][] = [];
    world.host.leaving = async ({ provider }, { request, keySeconds }) => {
      heard.push([provider, request?.url, keySeconds, world.requests.length]);
    };
    assert.equal((await send(world, message(0, DAY))).outcome, "sent");
    assert.deepEqual(heard, [
      ["p0", "https://p0.example/send", 0, 0],
      ["p1", "https://p1.example/send", DAY, 4],
    ]);
  });

  test("keeps a request from leaving by throwing", async () => {
    const world = new World([SENT]);
    world.host.leaving = () => Promise.reject(new Error("the disk is full"));
    await assert.rejects(send(world, message(0, 0)), /the disk is full/);
    assert.equal(world.requests.length, 0);
  });

  test("hears of what a custom provider's function made, or that it made none", async () => {
    const world = new World([SENT]);
    const heard: unknown[] = [];
    world.host.leaving = async (_, prepared) => void heard.push(prepared);
    const request = { url: "https://own.example/", headers: {}, body: "{}", keySeconds: 7 };
    const own = (make: () => CustomRequest) => ({ provider: "custom" as const, from: "", request: make });
    const email = [own(() => request), own(() => assert.fail())];
    const attempt: Attempt = {
      provider: "custom",
      sender: 0,
      keySeconds: 0,
      message: { to: "", text: "", idempotencyKey: "" },
    };
    await send(world, message(attempt), undefined, { email });
    await send(world, { ...message(attempt), attempts: [{ ...attempt, sender: 1 }] }, undefined, { email });
    assert.deepEqual(heard, [{ request: { ...request, method: "POST" }, keySeconds: 7 }, { keySeconds: 0 }]);
  });
});
