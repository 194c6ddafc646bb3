/** What the page reads back from a pasted file is what was printed into it, and nothing in it is run. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { sourceOf, withConfig } from "../../ts/assemble.ts";
import { chooseLocales } from "../../ts/locales.ts";
import { pasteIn } from "../../ts/paste-in.ts";
import { readConfiguration } from "../../ts/playground/import.ts";
import { withoutSecrets } from "../../ts/playground/share.ts";
import { anyConfig } from "../fixtures/any-config.ts";
import { ACME, KEY } from "./acme.ts";

const read = (name: string) => readFileSync(new URL(`../../pkg/${name}`, import.meta.url), "utf8");
const hook = read("hook.ts");

/** Its keys are not those that an import leaves out, and none of its values is kept elsewhere. */
const config = anyConfig.filter((it) => !["$schema", "admin", "webhook"].some((key) => Object.hasOwn(it, key)));

test("any configuration reads back equal, as a pasted file and as JSON", () => {
  fc.assert(
    fc.property(config, (its) => {
      for (const text of [withConfig(hook, sourceOf(its)), JSON.stringify(its)]) {
        const imported = readConfiguration(text);
        assert.ok("config" in imported, JSON.stringify(imported));
        assert.deepEqual(imported.config, its);
        assert.deepEqual(imported.notes, []);
      }
    }),
    { numRuns: 300 },
  );
});

test("a built file reads back with the languages that it carries", () => {
  const locales = ["ja", "en", "ar"];
  const imported = readConfiguration(pasteIn(ACME, chooseLocales(locales), read));
  assert.ok("config" in imported);
  assert.deepEqual(imported.config, ACME);
  assert.deepEqual(imported.locales.sort(), locales.sort());
});

test("what people write by hand is read", () => {
  const literal =
    "{\n  // ours\n  serviceName: 'Ac' + \"me\", /* */ url: `https://a.example`,\n  delivery: { attempts: -0x2 }, vars: { ['a b']: 'c', 1: 'd' }, sms: undefined,\n}";
  const imported = readConfiguration(hook.replace(/(?<=^const config: Config = )[\s\S]*?(?=;\n\n\/\/ ----)/m, literal));
  assert.ok("config" in imported, JSON.stringify(imported));
  assert.deepEqual(imported.config, {
    serviceName: "Acme",
    url: "https://a.example",
    delivery: { attempts: -2 },
    vars: { "1": "d", "a b": "c" },
  });
});

test("nothing is run, and what is no plain value is told with its place", () => {
  const run = "globalThis.wasRun = true";
  for (const [literal, wrong] of [
    [`{ a: (${run}) }`, /^line 1, column 7: only plain values/],
    [`{ get a() { ${run} } }`, /^line 1, column 3: only plain values/],
    [`{ a: (() => { ${run} })() }`, /^line 1, column 6: only plain values/],
    [`{\n  a: \`\${${run}}\` }`, /^line 2, column 6: only plain values/],
    [`{ ...{ a: 1 } }`, /^line 1, column 3: only plain values/],
    [`{ [${run}]: 1 }`, /only plain values/],
    ["{ a: process }", /only plain values/],
    ["{ a: /a/, b: 1n }", /only plain values/],
    ["{ a: 1", /^line 1, column 7: Unexpected token/],
    ["[1]", /must be an object/],
    ["hello", /neither a pasted file/],
    ["", /neither a pasted file/],
  ] as const) {
    const imported = readConfiguration(literal);
    assert.ok("wrong" in imported, literal);
    assert.match(imported.wrong, wrong);
  }
  assert.ok(!("wasRun" in globalThis));
});

test("what the command keeps elsewhere is asked for", () => {
  const imported = readConfiguration(
    JSON.stringify({
      $schema: "s",
      ...ACME,
      email: [{ ...ACME.email[0], apiKey: { env: "KEY" } }],
      vars: { env: "production" },
      webhook: { secrets: [{ file: "f" }] },
      admin: {},
    }),
  );
  assert.ok("config" in imported);
  const { apiKey, ...sender } = ACME.email[0] ?? {};
  assert.deepEqual(imported.config, { ...ACME, email: [sender], vars: { env: "production" } });
  assert.deepEqual(imported.notes, [
    "webhook was left out; the pasted file has no use for it",
    "email[0].apiKey is kept elsewhere; fill it in",
  ]);
});

test("a reference is what the command takes for one: texts of messages, and no key of one's own", () => {
  const own = {
    vars: { file: "f" },
    rules: [{ on: "user.created", when: { customAttributes: { env: "production" } } }],
  };
  const messages = {
    env: { en: { text: "t" } },
    invite: { file: "f", en: { subject: "s", html: { file: "en.html" } } },
  };
  const imported = readConfiguration(JSON.stringify({ ...own, messages }));
  assert.ok("config" in imported);
  const kept = { ...messages, invite: { file: "f", en: { subject: "s" } } };
  assert.deepEqual(imported.config, { ...own, messages: kept });
  assert.deepEqual(imported.notes, ["messages.invite.en.html is kept elsewhere; fill it in"]);
});

test("no secret is kept or shared, under whatever name or type", () => {
  const secret = fc.constantFrom(KEY, 5521, [KEY], { key: KEY }, true);
  const key = fc.constantFrom("apiKey", "authToken", "apikey", "secretAccessKey", "serverToken", "password", "token");
  const sender = fc.tuple(fc.constantFrom("resend", "ses", "twilio", "none", 7), fc.dictionary(key, secret));
  const senders = fc.array(sender.map(([provider, more]) => ({ ...more, provider, from: "a@acme.example" })));
  const receiver = fc.record({ url: fc.constant(`https://hooks.example/${KEY}`), secret }, { requiredKeys: [] });
  const all = fc.record(
    {
      email: senders,
      sms: senders,
      deadLetter: receiver,
      receipt: receiver,
      envelope: fc.record({ secrets: fc.constant([KEY]) }),
      webhook: fc.record({ secrets: fc.constant([KEY]) }),
      apiKey: secret,
      other: secret,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(all, (more) => {
      const kept = withoutSecrets(JSON.parse(JSON.stringify({ ...ACME, ...more })));
      const printed = JSON.stringify(kept);
      assert.ok(!printed.includes(KEY) && !printed.includes("5521"), printed);
      assert.equal(kept.serviceName, "Acme");
    }),
  );
});
