/** The package's functions, on whatever they are given. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Config } from "../../ts/config.ts";
import {
  ConfigError,
  checkConfig,
  createHook,
  decide,
  preview,
  renderTemplate,
  TemplateError,
} from "../../ts/index.ts";
import { guide, phoneOnly, selfSignUp } from "../fixtures/events.ts";
import { builtIn, decide as decideAsText } from "./core.ts";
import { UNKNOWN, World } from "./world.ts";

const config: Config = {
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [{ provider: "resend", apiKey: "key-5521", from: "Acme <no-reply@acme.example>" }],
};
const world = new World([UNKNOWN]);

/** All kinds of values, and those that JSON.stringify throws on. */
function anything() {
  const cycle: { [name: string]: unknown } = { type: "user.created" };
  cycle.payload = cycle;
  const throwing = Object.defineProperty({ type: "user.created" }, "payload", {
    enumerable: true,
    get: () => assert.fail("a getter"),
  });
  const closed = new Proxy({}, { ownKeys: () => assert.fail("a trap") });
  const deep = Array.from({ length: 100_000 }).reduce((inner) => ({ payload: inner }), {});
  const odds = [cycle, throwing, closed, deep, 1n, Symbol("s"), () => {}, new Map([[1, 2]])];
  const odd = fc.nat(odds.length - 1).map((i) => odds[i]);
  const any = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
    odd,
  );
  const event = fc.record({ id: any, type: fc.constant("user.created"), context: any, payload: any });
  return fc.oneof(any, event, fc.dictionary(fc.constantFrom(...Object.keys(guide), ...Object.keys(config)), any));
}

/** A wrong argument is told by one of these, never by a trap. */
function isClear(error: unknown): boolean {
  return error instanceof ConfigError || error instanceof TemplateError || (error as Error).name === "TypeError";
}

describe("decide", () => {
  test("is what the paste-in file decides", () => {
    for (const event of [guide, selfSignUp, phoneOnly])
      assert.deepEqual(decide(event, config, { locales: ["en"] }), decideAsText(event, config));
    assert.deepEqual(decide(guide, { ...config, defaultLocale: "ja" }), {
      ...decideAsText(guide, { ...config, defaultLocale: "ja" }, builtIn("en", "ja")),
    });
  });

  test("answers whatever it is given", () => {
    fc.assert(
      fc.property(anything(), anything(), (event, wrong) => {
        assert.match(decide(event, config).type, /^(skip|send)$/);
        assert.match(decide(guide, wrong as Config).type, /^(invalid|skip|send)$/);
      }),
      { numRuns: 300 },
    );
    assert.deepEqual(decide(1n, config), decide(undefined, config));
    assert.equal(decide(guide, config).type, "send", "no input has broken it");
  });

  test("gives the memory of each call back", () => {
    const before = process.memoryUsage().external;
    for (let i = 0; i < 1000; i++) decide(guide, config);
    // What is kept is 30 KB a call.
    assert.ok(process.memoryUsage().external - before < 10e6);
  });
});

describe("preview", () => {
  test("needs no provider and shows any locale", () => {
    const { email: _, ...bare } = config;
    const shown = preview(bare, guide, "de-AT");
    assert.ok(shown.type === "message" && shown.channel === "email");
    assert.deepEqual([shown.locale, shown.localeFrom, shown.from], ["de", "user", undefined]);
    assert.match(shown.subject, /Acme/);
    assert.match(shown.html, /<html lang="de"/);
    const sms = preview(bare, phoneOnly, "ja");
    assert.ok(sms.type === "message" && sms.channel === "sms");
    assert.equal(sms.encoding, "UCS-2");
    assert.equal(sms.segments, Math.ceil(sms.text.length / 67));
  });

  test("shows what the hook sends", () => {
    const decision = decide(guide, config);
    const shown = preview(config, guide);
    assert.ok(decision.type === "send" && shown.type === "message" && shown.channel === "email");
    const { from, to, subject, text, html } = JSON.parse(decision.attempts[0]?.request?.body ?? "");
    assert.deepEqual(
      { from, to: [to].flat(), subject, text, html },
      {
        from: shown.from,
        to: [shown.address],
        subject: shown.subject,
        text: shown.text,
        html: shown.html,
      },
    );
  });

  test("tells why nothing would be sent, and what is wrong", () => {
    assert.deepEqual(preview(config, selfSignUp), decide(selfSignUp, config));
    assert.deepEqual(preview({ ...config, url: "acme" }, guide), decide(guide, { ...config, url: "acme" }));
    assert.throws(() => preview(config, guide, 7 as never), new TypeError("locale: must be a string"));
  });

  test("answers whatever it is given", () => {
    fc.assert(
      fc.property(anything(), anything(), fc.string(), (event, wrong, locale) => {
        assert.match(preview(config, event, locale).type, /^(skip|message)$/);
        assert.match(preview(wrong as Config, guide, locale).type, /^(invalid|skip|message)$/);
      }),
      { numRuns: 300 },
    );
  });
});

describe("checkConfig", () => {
  test("tells every problem", () => {
    assert.deepEqual(checkConfig(config), []);
    const problems = checkConfig({ ...config, url: "acme", serviceNmae: "" } as Config);
    assert.deepEqual(
      problems.map((it) => it.split(":")[0]),
      ["url", "serviceNmae"],
    );
  });

  test("what cannot be read is a problem", () => {
    const cycle: { email?: unknown } = { ...config };
    cycle.email = [cycle];
    for (const wrong of [
      cycle,
      { ...config, vars: { n: 1n } },
      { ...config, vars: JSON.parse(`${"[".repeat(99)}${"]".repeat(99)}`) },
    ])
      assert.match(checkConfig(wrong as Config).join(), /^config: must be plain data/);
  });

  test("locales that are not built in are told at once", () => {
    const wrong = { locales: ["en", "tlh"] };
    for (const use of [checkConfig, createHook, (it: Config, options: object) => decide(guide, it, options)])
      assert.throws(
        () => use(config, wrong),
        (error) =>
          error instanceof ConfigError && /^locales\[1\]: is not built in; use ar, de/.test(error.problems[0] ?? ""),
      );
    assert.throws(() => createHook(config, { locales: "en" as never }), /locales: must be a list of ar, de/);
  });
});

describe("createHook", () => {
  test("throws on a wrong configuration, before any event", () => {
    assert.throws(
      () => createHook({ ...config, url: "acme" }),
      (error) => {
        assert.ok(error instanceof ConfigError);
        return error.problems.length === 1 && /^url: must be a URL/.test(error.problems[0] ?? "");
      },
    );
    fc.assert(
      fc.property(anything(), (wrong) => {
        try {
          createHook(wrong as Config);
        } catch (error) {
          assert.ok(error instanceof ConfigError, `${error}`);
        }
      }),
    );
  });

  test("sends, and says what became of it", async () => {
    const host = new World([{ verdict: undefined, body: '{"id":"m1"}' }]);
    const outcome = await createHook(config, { host: host.host })(guide);
    assert.ok("outcome" in outcome && outcome.outcome === "sent");
    assert.equal(outcome.id, "m1");
    const decision = decide(guide, config);
    assert.equal(host.requests[0]?.body, decision.type === "send" && decision.attempts[0]?.request?.body);
  });

  test("signs for Amazon", async () => {
    const host = new World([{ body: '{"MessageId":"m1"}' }]);
    const keys = { region: "eu-west-1", accessKeyId: "AKIA", secretAccessKey: "secret" };
    const email = [{ provider: "ses" as const, ...keys, from: "no-reply@acme.example" }];
    await createHook({ ...config, email }, { host: host.host })(guide);
    assert.match(new Headers(host.requests[0]?.init.headers).get("authorization") ?? "", /^AWS4-HMAC-SHA256/);
  });

  test("never rejects, whatever the event", async () => {
    const hook = createHook(config, { host: world.host });
    await fc.assert(
      fc.asyncProperty(anything(), async (event) => {
        const outcome = await hook(event);
        assert.ok("is_allowed" in outcome || /^(skipped|not_sent|unknown)$/.test(outcome.outcome));
      }),
      { numRuns: 300 },
    );
  });
});

describe("renderTemplate", () => {
  test("prints by its options", () => {
    assert.equal(renderTemplate("Hello{#name} {name}{/name}!", { name: "Ada" }), "Hello Ada!");
    assert.equal(
      renderTemplate("<b>{{a}}</b>{b}", { a: "&" }, { delimiters: "{{ }}", html: true }),
      "<b><bdi>&amp;</bdi></b>{b}",
    );
    assert.equal(renderTemplate("{nobody}", {}, { strict: false }), "");
  });

  test("tells every error with its place", () => {
    assert.throws(() => renderTemplate("{nmae}\n {x}", { name: "" }), {
      name: "TemplateError",
      errors: [
        { line: 1, column: 1, message: "unknown placeholder {nmae}; did you mean {name}?" },
        { line: 2, column: 2, message: "unknown placeholder {x}" },
      ],
    });
    assert.throws(() => renderTemplate(7 as never, { a: 1n }, {}), {
      name: "TypeError",
      message: /^values: must be plain/,
    });
    assert.throws(() => renderTemplate(7 as never, {}, {}), new TypeError("template: must be a string, not a number"));
  });

  test("prints or tells, whatever it is given", () => {
    const template = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."{}#^/&!= .ab<>\"'\n") }), anything());
    fc.assert(
      fc.property(template, anything(), anything(), (template, values, options) => {
        try {
          const text = renderTemplate(template as string, values as never, options as never);
          assert.equal(typeof text, "string");
        } catch (error) {
          assert.ok(isClear(error), `${error}`);
        }
      }),
      { numRuns: 500 },
    );
  });
});
