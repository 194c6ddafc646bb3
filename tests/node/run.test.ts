/** The hook's flow: what is answered, logged, handed on and thrown. */
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { describe, mock, test } from "node:test";
import fc from "fast-check";
import { announce } from "../../ts/announce.ts";
import type { Config } from "../../ts/config.ts";
import type { Core, Decision } from "../../ts/core.ts";
import { HOST } from "../../ts/host.ts";
import { type Outcome, run } from "../../ts/run.ts";
import { guide } from "../fixtures/events.ts";
import { startCapture } from "../servers/capture.ts";
import {
  type Behaviour,
  core,
  HANG,
  message,
  REFUSED,
  REFUSED_PORT,
  RETRY,
  request,
  SENT,
  UNKNOWN,
  World,
} from "./world.ts";

const SECRET = "hmac-V1nEy4rdW4tch3r";
const config: Config = {
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [{ provider: "resend", apiKey: "key-5521", from: "no-reply@acme.example" }],
  deadLetter: { url: "https://grave.example/letters", secret: SECRET },
};
const SKIP: Decision = { type: "skip", reason: "triggered_by", detail: "the user signed up", rule: null };

type Result = { outcome: Outcome; error?: Error; logs: string[]; loads: number; world: World };
type Options = { config?: unknown; decide?: Core["decide"]; world?: World; loader?: () => Core; builtin?: string };

/** Runs the hook in a world where providers behave by script, and keeps all that it says. */
async function hook(
  event: unknown,
  decision: Decision,
  script: Behaviour[] = [SENT],
  options: Options = {},
): Promise<Result> {
  const world = options.world ?? new World(script);
  const logs: string[] = [];
  let loads = 0;
  const load = () => {
    loads += 1;
    return { ...core, decide: options.decide ?? (() => decision) };
  };
  const used = ("config" in options ? options.config : config) as Config;
  const setup = { config: used, builtin: options.builtin ?? "{}", host: world.host };
  const outcome = await run(event, options.loader ?? load, setup);
  const result = { outcome, logs, loads, world };
  const print = mock.method(console, "log", (line: string) => logs.push(line));
  try {
    announce(event, outcome);
    return result;
  } catch (error) {
    return { ...result, error: error as Error };
  } finally {
    print.mock.restore();
  }
}

const event = (world: World, ageMs = 1000) => ({
  ...guide,
  context: { ...guide.context, timestamp: (world.time - ageMs) / 1000 },
});
const lines = ({ logs }: Result) => logs.map((line) => JSON.parse(line));
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const sign = (secret: string, text: string) => createHmac("sha256", secret).update(text).digest("hex");
const letters = ({ world }: Result) => world.requests.filter((it) => it.url === config.deadLetter?.url);

describe("what is not for this hook", () => {
  for (const type of [
    "user.pre_create",
    "user.profile.pre_update",
    "oidc.jwt.pre_create",
    "oidc.id_token.pre_create",
    "authentication.pre_initialize",
    "authentication.post_identified",
  ]) {
    test(`${type} is allowed at once, whatever the configuration`, async () => {
      for (const broken of [config, null, { rules: 5 }]) {
        const { outcome, loads, logs } = await hook({ ...guide, type }, SKIP, [], { config: broken });
        assert.deepEqual(outcome, { is_allowed: true });
        assert.deepEqual([loads, logs.length], [0, 0]);
      }
    });
  }

  test("an event that no rule names costs nothing and says nothing", async () => {
    const rules = [{ on: "user.disabled" }, { on: "user.deleted" }];
    for (const [type, change] of [
      ["user.authenticated", {}],
      ["user.created", { rules }],
      ["user.created", { rules: [] }],
      ["user.creat", {}],
    ] as const) {
      const options = { config: { ...config, ...change } };
      const { outcome, loads, logs, world } = await hook({ ...guide, type }, SKIP, [], options);
      assert.deepEqual(outcome, { outcome: "skipped", reason: "event_type" });
      assert.deepEqual([loads, logs.length, world.requests.length], [0, 0, 0]);
    }
  });

  test("a rule may name any type", async () => {
    const rules = [{ on: "user.deleted" }, { on: "user.disabled" }];
    assert.equal(
      (await hook({ ...guide, type: "user.disabled" }, SKIP, [], { config: { ...config, rules } })).loads,
      1,
    );
  });

  test("rules of a wrong shape are left to the core", async () => {
    for (const rules of [5, "user.created", {}, [null], [{}], [5]]) {
      assert.equal((await hook(guide, SKIP, [], { config: { ...config, rules } })).loads, 1);
    }
    for (const none of [null, undefined, 5]) {
      assert.equal((await hook(guide, SKIP, [], { config: none })).loads, 1);
    }
  });
});

describe("what is skipped", () => {
  test("one line says why", async () => {
    const result = await hook(guide, SKIP);
    const why = { reason: "triggered_by", detail: "the user signed up", rule: null };
    assert.deepEqual(result.outcome, { outcome: "skipped", ...why });
    assert.deepEqual(lines(result), [{ "authgear-invite": "skipped", event: guide.id, ...why }]);
    assert.equal(result.world.requests.length, 0);
  });

  test("garbage never ends in an error", async () => {
    const plain = fc.anything({ withNullPrototype: true, maxDepth: 3 });
    const withType = fc
      .record({ id: plain, context: plain, payload: plain, seq: plain }, { requiredKeys: [] })
      .map((it) => ({ ...it, type: "user.created" }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(plain, withType, fc.string()), async (garbage) => {
        const event = JSON.parse(JSON.stringify(garbage) ?? "null");
        const { outcome, error } = await hook(event, SKIP);
        assert.equal(error, undefined);
        assert.ok(outcome && "outcome" in outcome && outcome.outcome === "skipped");
      }),
    );
    for (const nothing of [undefined, null, "", "user.created", 0, true, []]) {
      assert.deepEqual((await hook(nothing, SKIP)).outcome, { outcome: "skipped", reason: "event_type" });
    }
  });

  test("garbage that leads to a failure ends in the same error", async () => {
    const strange = { toString: 1, valueOf: 1 };
    const odd = { id: strange, type: "user.created", context: { timestamp: strange, user_id: strange }, payload: null };
    const { error } = await hook(odd, message(0), [REFUSED]);
    assert.match(error?.message ?? "", /^authgear-invite: not_sent \(event undefined, dead letter failed\): p0: 422$/);
  });
});

describe("what is sent", () => {
  test("one line says how", async () => {
    const sent = { ...message(0), warnings: ["two SMS segments"] };
    const result = await hook(guide, sent, [RETRY, SENT]);
    assert.ok("attempts" in result.outcome && result.outcome.outcome === "sent");
    assert.equal(result.outcome.provider, "p0");
    assert.equal(result.outcome.attempts.length, 2);
    assert.deepEqual(lines(result), [
      {
        "authgear-invite": "sent",
        event: guide.id,
        provider: "p0",
        id: "m1",
        attempts: 2,
        rule: 0,
        message: "invite",
        channel: "email",
        to: "user",
        locale: "en",
        warnings: ["two SMS segments"],
      },
    ]);
    assert.equal(letters(result).length, 0);
  });
});

describe("what fails", () => {
  /** Providers behave by the script; the dead letter's receiver always takes it. */
  const kind = (script: Behaviour[]) => {
    const world = new World(script);
    const { fetch } = world.host;
    const graves: RequestInit[] = [];
    world.host.fetch = async (url, init) => {
      if (url !== config.deadLetter?.url) return fetch(url, init);
      graves.push(init);
      return new Response("thanks");
    };
    return { world, graves };
  };

  test("a message that was not sent is handed on, signed, and thrown", async () => {
    const { world, graves } = kind([REFUSED, RETRY]);
    const { error, logs } = await hook(event(world), message(0, 0), [], { world });
    assert.equal(error?.message, `authgear-invite: not_sent (event ${guide.id}, dead letter taken): p0: 422; p1: 503`);
    assert.equal(error?.cause, undefined);
    assert.deepEqual(logs, []);
    assert.equal(graves.length, 1);
    const { method, body, headers, redirect } = graves[0] ?? {};
    assert.deepEqual([method, redirect], ["POST", "manual"]);
    assert.deepEqual(headers, {
      "content-type": "application/json",
      "x-authgear-body-signature": createHmac("sha256", SECRET).update(String(body)).digest("hex"),
    });
    assert.deepEqual(JSON.parse(String(body)), {
      event_id: guide.id,
      event_type: "user.created",
      user_id: guide.context.user_id,
      rule: 0,
      message: "invite",
      channel: "email",
      to: "user",
      locale: "en",
      locale_from: "default",
      outcome: "not_sent",
      reason: "p0: 422; p1: 503",
      attempts: [
        { provider: "p0", result: "refused", status: 422, detail: "422", ms: 0 },
        ...Array(12).fill({ provider: "p1", result: "retry", status: 503, detail: "503", ms: 0 }),
      ],
      template_hash: sha256("[null,null]"),
      recipient_hash: createHmac("sha256", SECRET).update("newuser@newuser.example").digest("hex"),
    });
  });

  test("a message in doubt is called so", async () => {
    const { world, graves } = kind([HANG]);
    const { error } = await hook(event(world), message(0, 0), [], { world });
    assert.equal(error?.message, `authgear-invite: unknown (event ${guide.id}, dead letter taken): p0: timeout`);
    assert.equal(JSON.parse(String(graves[0]?.body)).outcome, "unknown");
  });

  test("a wrong configuration lists all that is wrong", async () => {
    const { world, graves } = kind([]);
    const problems = ["url: missing; give the address", "rules[0].on: not a string"];
    const { error } = await hook(event(world), { type: "invalid", problems }, [], { world });
    assert.equal(
      error?.message,
      `authgear-invite: invalid_config (event ${guide.id}, dead letter taken): ${problems.join("\n")}`,
    );
    const letter = JSON.parse(String(graves[0]?.body));
    assert.deepEqual([letter.outcome, letter.reason, letter.attempts], ["invalid_config", problems.join("\n"), []]);
  });

  test("a core that stops is a failure like others", async () => {
    const trap = () => {
      throw new WebAssembly.RuntimeError("unreachable");
    };
    const nothing = () => {
      throw undefined;
    };
    for (const [options, name] of [
      [{ decide: trap }, "RuntimeError"],
      [{ loader: trap }, "RuntimeError"],
      [{ decide: () => JSON.parse("") }, "SyntaxError"],
      [{ decide: nothing }, "undefined"],
    ] as const) {
      const { world, graves } = kind([SENT]);
      const { error } = await hook(event(world), SKIP, [], { world, ...options });
      assert.equal(error?.message, `authgear-invite: not_sent (event ${guide.id}, dead letter taken): core: ${name}`);
      assert.equal(JSON.parse(String(graves[0]?.body)).outcome, "not_sent");
    }
  });

  test("the user's id is taken from the payload when the context has none", async () => {
    const { world, graves } = kind([REFUSED]);
    await hook({ ...guide, context: { user_id: null } }, message(0), [], { world });
    assert.equal(JSON.parse(String(graves[0]?.body)).user_id, guide.payload.user.id);
  });

  test("without a dead letter the error says so", async () => {
    const { error } = await hook(guide, message(0), [REFUSED], { config: { ...config, deadLetter: undefined } });
    assert.match(error?.message ?? "", /dead letter none/);
  });

  test("a dead letter that is unusable does not hide the failure", async () => {
    for (const deadLetter of [{}, { url: "", secret: "s" }, { url: "https://grave.example", secret: "" }, 5, "x"]) {
      const host = new World([{ throws: new TypeError("Invalid URL") }]);
      const { error } = await hook(guide, { type: "invalid", problems: ["x"] }, [], {
        config: { ...config, deadLetter },
        world: host,
      });
      assert.match(error?.message ?? "", /^authgear-invite: invalid_config .*dead letter failed\): x$/);
    }
  });

  test("the dead letter is tried three times, whatever goes wrong", async () => {
    for (const behaviour of [RETRY, UNKNOWN, REFUSED, REFUSED_PORT, { ...HANG }, { throws: new TypeError("?") }]) {
      const world = new World([{ ...REFUSED, takesMs: 100 }, behaviour]);
      const result = await hook(event(world), message(0), [], { world });
      assert.equal(letters(result).length, 3);
      assert.match(result.error?.message ?? "", /dead letter failed/);
      assert.equal(new Set(letters(result).map((it) => it.body)).size, 1);
    }
  });

  test("a letter has two seconds, however late it is", async () => {
    for (const [takesMs, buried] of [
      [1900, "taken"],
      [2100, "failed"],
    ] as const) {
      const world = new World([
        { ...REFUSED, takesMs: 100 },
        { ...SENT, takesMs },
      ]);
      const { error } = await hook(event(world, 59_000), message(0), [], { world });
      assert.match(error?.message ?? "", new RegExp(`dead letter ${buried}`));
    }
  });

  test("a body that speaks of a status does not make a letter taken", async () => {
    const { error } = await hook(guide, message(0), [REFUSED, { status: 500, body: `{"status":200}` }]);
    assert.match(error?.message ?? "", /dead letter failed/);
  });

  test("the letter reaches a real server", async () => {
    const grave = await startCapture((_, number) => ({ status: number === 0 ? 500 : 204 }));
    try {
      const deadLetter = { url: `${grave.origin}/letters`, secret: SECRET };
      const world = new World([REFUSED]);
      const { fetch } = world.host;
      Object.assign(world.host, HOST, {
        sleep: async () => {},
        fetch: (url: string, init: RequestInit) => (url === deadLetter.url ? HOST.fetch : fetch)(url, init),
      });
      const { error } = await hook(guide, message(0), [], { config: { ...config, deadLetter }, world });
      assert.match(error?.message ?? "", /dead letter taken/);
      assert.equal(grave.requests.length, 2);
      for (const { body, headers } of grave.requests) {
        const signature = createHmac("sha256", SECRET).update(body).digest("hex");
        assert.equal(headers["x-authgear-body-signature"], signature);
      }
    } finally {
      await grave.close();
    }
  });
});

describe("receipts", () => {
  const RECEIPT = { url: "https://audit.example/receipts", secret: "r3ceipt-0f-delivery" };
  const audited = { ...config, receipt: RECEIPT };
  const receipts = ({ world }: Result) => world.requests.filter((it) => it.url === RECEIPT.url);
  const told = (result: Result) => receipts(result).map((it) => JSON.parse(it.body));
  const about = { event_id: guide.id, event_type: "user.created", user_id: guide.context.user_id };

  test("a message that was sent leads to one, signed and without an address", async () => {
    const own = { subject: "Hi", text: "é" };
    const messages = { invite: { en: own } };
    const builtin = `{"en":{"invite":{"subject":"built in"}}}`;
    const send = { ...message(0), localeFrom: "user" as const };
    const result = await hook(guide, send, [RETRY, SENT], { config: { ...audited, messages }, builtin });
    assert.equal(receipts(result).length, 1);
    const [{ init, body }] = receipts(result) as [World["requests"][0]];
    assert.deepEqual(new Headers(init.headers).get("x-authgear-body-signature"), sign(RECEIPT.secret, body));
    assert.deepEqual(JSON.parse(body), {
      ...about,
      outcome: "sent",
      rule: 0,
      message: "invite",
      channel: "email",
      to: "user",
      locale: "en",
      locale_from: "user",
      provider: "p0",
      provider_message_id: "m1",
      attempts: [
        { provider: "p0", result: "retry", status: 503, detail: "503", ms: 0 },
        { provider: "p0", result: "sent", status: 200, ms: 0 },
      ],
      template_hash: sha256(JSON.stringify([{ subject: "built in" }, own])),
      recipient_hash: sign(RECEIPT.secret, "newuser@newuser.example"),
    });
    assert.ok("receipt" in result.outcome && result.outcome.receipt === "taken");
    assert.equal(letters(result).length, 0);
  });

  test("a skip, a failure and a wrong configuration have theirs", async () => {
    const skipped = await hook(guide, SKIP, [SENT], { config: audited });
    const why = { outcome: "skipped", reason: "triggered_by", rule: null, attempts: [] };
    assert.deepEqual(told(skipped), [{ ...about, ...why }]);

    const refused = await hook(guide, message(0), [REFUSED, SENT], { config: audited });
    assert.deepEqual(told(refused)[0].outcome, "not_sent");
    assert.deepEqual([told(refused).length, letters(refused).length], [1, 1]);
    assert.match(refused.error?.message ?? "", /dead letter taken, receipt taken\): p0: 422$/);

    const invalid = await hook(guide, { type: "invalid", problems: ["a", "b"] }, [SENT], { config: audited });
    assert.deepEqual(told(invalid), [{ ...about, outcome: "invalid_config", reason: "a\nb", attempts: [] }]);
  });

  test("an event that no rule names has none", async () => {
    assert.deepEqual(told(await hook({ ...guide, type: "user.deleted" }, SKIP, [SENT], { config: audited })), []);
  });

  test("one that fails changes nothing for the message", async () => {
    const result = await hook(guide, message(0), [SENT, REFUSED], { config: audited });
    assert.ok("receipt" in result.outcome);
    assert.deepEqual([result.outcome.outcome, result.outcome.receipt], ["sent", "failed"]);
    assert.equal(result.error, undefined);
    assert.equal(receipts(result).length, 3);
    assert.equal(lines(result)[0]?.receipt, "failed");
  });
});

describe("time", () => {
  const spent = async (ageMs: number, change: Partial<Config> = {}) => {
    const world = new World([RETRY], () => 0.999);
    const begin = world.time;
    const delivery = { attempts: 100, ...change.delivery };
    const options = { world, config: { ...config, deadLetter: undefined, delivery } };
    await hook(event(world, ageMs), message(DAY), [], options);
    return { ms: world.time - begin, requests: world.requests.length };
  };
  const DAY = 86_400;

  test("the event's age counts", async () => {
    for (const [age, budget] of [
      [0, 50],
      [10, 40],
      [40, 10],
    ] as const) {
      const { ms, requests } = await spent(age * 1000);
      assert.ok(ms <= budget * 1000, `${ms} ms at the age of ${age} s`);
      assert.ok(ms > (budget - 10) * 1000, `only ${ms} ms at the age of ${age} s`);
      assert.ok(requests > 2);
    }
  });

  test("an old event has one attempt", async () => {
    for (const age of [45.5, 50, 59, 60]) {
      assert.deepEqual(await spent(age * 1000), { ms: 0, requests: 1 });
      const world = new World([HANG]);
      const begin = world.time;
      await hook(event(world, age * 1000), message(0), [], { world, config: { ...config, deadLetter: undefined } });
      const most = Math.max(5000, 50_000 - age * 1000);
      assert.equal(world.time - begin, most);
    }
  });

  test("a redelivery, a wrong clock or no time at all begins anew", async () => {
    for (const age of [60.001, 3600, -0.001, -3600, Number.NaN]) {
      const { ms } = await spent(age * 1000);
      assert.ok(ms > 40_000 && ms <= 50_000, `${ms} ms at the age of ${age} s`);
    }
  });

  test("the configuration may set the budget", async () => {
    const { ms } = await spent(0, { delivery: { budgetSeconds: 20 } });
    assert.ok(ms > 10_000 && ms <= 20_000, `${ms} ms`);
    assert.equal((await spent(0, { delivery: { budgetSeconds: 3 } })).requests, 1);
  });

  test("all is over 58 seconds after the event, or 7 after the hook's start when it came late", async () => {
    const behaviour = fc.constantFrom(RETRY, UNKNOWN, REFUSED, REFUSED_PORT, HANG, { ...RETRY, takesMs: 2500 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.array(behaviour, { minLength: 1, maxLength: 10 }),
        fc.array(fc.constantFrom(0, DAY), { minLength: 1, maxLength: 3 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        async (age, script, keys, random) => {
          const world = new World(script, () => random.next().value);
          const begin = world.time;
          const { error } = await hook(event(world, age * 1000), message(...keys), [], { world });
          assert.match(error?.message ?? "", /dead letter failed/);
          assert.ok(world.time - begin <= Math.max(58_000 - age * 1000, 7000) + 1e-6, `${world.time - begin} ms`);
        },
      ),
    );
  });
});

test("no address and no key is in anything that is said", async () => {
  const secrets = ["newuser", "no-reply@", "key-5521", SECRET, "AC00000001", "api.example", "grave.example"];
  const leaky: Behaviour[] = [
    { throws: new TypeError(`error sending request for url (https://api.example/AC00000001?key=key-5521)`) },
    { throws: Object.assign(new TypeError("fetch failed"), { cause: { message: "newuser@newuser.example" } }) },
    { ...REFUSED, headers: { "x-echo": "key-5521" } },
    REFUSED_PORT,
    HANG,
    UNKNOWN,
    SENT,
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...leaky), { minLength: 1, maxLength: 6 }),
      fc.array(fc.constantFrom(0, 86_400), { minLength: 1, maxLength: 3 }),
      async (script, keys) => {
        const send = message(...keys);
        send.attempts.push({
          provider: "p9",
          sender: 9,
          keySeconds: 0,
          request: request("https://api.example/AC00000001"),
        });
        const result = await hook(guide, send, script);
        const said = [
          ...result.logs,
          JSON.stringify(result.outcome ?? null),
          `${result.error?.stack} ${JSON.stringify(result.error)} ${result.error?.cause}`,
          ...letters(result).map((it) => it.body + JSON.stringify(it.init.headers)),
        ];
        for (const text of said) {
          for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} in ${text}`);
        }
      },
    ),
  );
});
