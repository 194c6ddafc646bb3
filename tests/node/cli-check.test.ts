/** `authgear-invite check` as a real process. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { cli, configFor, unread, writeConfig } from "./served.ts";
import { folder } from "./support.ts";

const home = folder();
let files = 0;

async function check(config: object, ...args: string[]) {
  const path = writeConfig(join(home, `${++files}.json`), config);
  const { code, stdout, stderr } = await cli(["check", "--config", path, "--json", ...args], {
    env: { INVITE_KEY: "re_secret_5521" },
  });
  assert.equal(stderr, "");
  assert.ok(!stdout.includes("re_secret"), stdout);
  return { code, ...(JSON.parse(stdout) as { problems: string[]; warnings: string[] }) };
}

const API_ONLY = { rules: [{ on: "user.created", when: { origin: ["admin_api_direct"] } }] };
const sound = configFor("resend", "https://api.example", API_ONLY);
const TWILIO = { provider: "twilio", accountSid: "AC1", apiKeySid: "SK1", apiKeySecret: "s", from: "+15005550006" };

describe("authgear-invite check", { concurrency: 2 }, () => {
  test("finds nothing in a configuration that is right", async () => {
    const email = [{ provider: "resend", apiKey: { env: "INVITE_KEY" }, from: "a@acme.example" }];
    const config = { $schema: "./schema.json", ...sound, email, sms: [TWILIO] };
    assert.deepEqual(await check(config), { code: 0, problems: [], warnings: [] });
  });

  test("tells every problem with its path, and exits with 1", async () => {
    const email = [{ provider: "resend", apiKey: { env: "NOT_SET_5521" }, from: "acme" }];
    const sms = [{ provider: "custom" }];
    const { code, problems } = await check({ url: "acme", serviseName: "Acme", email, sms });
    assert.equal(code, 1);
    for (const path of ["url", "serviseName", "serviceName", "email[0].apiKey", "email[0].from", "sms[0].provider"])
      assert.equal(problems.filter((it) => it.startsWith(`${path}: `)).length, 1, `${path} in ${problems.join("\n")}`);
  });

  test("exits with 1 also when nobody reads the problems", async () => {
    const path = writeConfig(join(home, "unread.json"), { ...sound, url: "acme" });
    assert.equal(await unread(["check", "--config", path]), 1);
  });

  test("looks into the block for accounts, where there is one", async () => {
    const { code, problems } = await check({ ...sound, admin: { endpoint: "acme", keyid: "k" } });
    assert.equal(code, 1);
    for (const path of ["admin.endpoint", "admin.keyid", "admin.privateKey"])
      assert.equal(problems.filter((it) => it.startsWith(`${path}: `)).length, 1, `${path} in ${problems.join("\n")}`);
  });

  const odd: [string, object, RegExp[]][] = [
    ["no rule", { rules: [] }, [/^rules: is empty, so nothing is ever sent/]],
    [
      "events that never come",
      { rules: [...API_ONLY.rules, { on: "user.create" }, { on: "acme.opened" }] },
      [
        /^rules\[1\]\.on: Authgear has no such event today; did you mean user\.created\?$/,
        /^rules\[2\]\.on: .*see its list/,
      ],
    ],
    [
      "rules that are never reached",
      {
        rules: [
          ...API_ONLY.rules,
          { on: "user.disabled" },
          { on: "user.disabled", when: { disabled: true } },
          { on: "user.disabled", when: { origin: ["portal"] } },
          { on: "user.disabled", when: { triggeredBy: ["user"] } },
          { on: "user.disabled", when: { triggeredBy: ["admin_api", "user"], emailDomain: { allow: ["a.example"] } } },
        ],
        messages: { invite: { en: { text: "{url}" } } },
      },
      [/^rules\[3\]: is never reached, since rules\[1\] takes all of its events$/],
    ],
    ["two mails for one account", { rules: undefined }, [/^rules\[0\]\.when\.origin: .*two mails.*admin_api_direct/]],
    ["no two mails without passwords", { rules: undefined, signIn: "code" }, []],
    [
      "links that Brevo rewrites",
      { email: [{ provider: "brevo", apiKey: "k", from: "a@acme.example" }] },
      [/^email\[0\]\.provider: Brevo rewrites links/],
    ],
    [
      "a key to a whole account",
      { sms: [{ provider: "twilio", accountSid: "AC1", authToken: "t", from: "+15005550006" }] },
      [/^sms\[0\]\.authToken: .*apiKeySid/],
    ],
    [
      "locales that a message lacks",
      { messages: { invite: { de: { text: "Hallo {url}" } }, bye: { "en-GB": { text: "Bye", subject: "Bye" } } } },
      [
        /^messages\.invite: has no text in en, en-GB; its readers get the built-in text/,
        /^messages\.bye: has no text in de, en; its readers get en/,
      ],
    ],
    ["a link with a code", { url: "https://accounts.acme.example/login?code=1" }, [/^url: has a query or a fragment/]],
    [
      "a link to a part of a page",
      { url: "https://accounts.acme.example/#login" },
      [/^url: has a query or a fragment/],
    ],
    [
      "an invitation that leads nowhere",
      { sms: [TWILIO], messages: { invite: { en: { text: "Welcome!", sms: "Welcome!" } } } },
      [
        /^messages\.invite\.en\.text: does not say where to sign in; put the placeholder url into it$/,
        /^messages\.invite\.en\.sms: does not say where to sign in/,
      ],
    ],
    [
      "nothing in an invitation that names the page by hand, or a message that is none",
      {
        messages: {
          invite: { en: { text: "See accounts.acme.example." } },
          bye: { en: { subject: "Bye", text: "Bye" } },
        },
        rules: [...API_ONLY.rules, { on: "user.disabled", message: "bye" }],
      },
      [],
    ],
    ["nothing in the built-in text with an address that only the core takes", { url: "https://%zz.example" }, []],
    ["nothing in the built-in text with an umlaut in the address", { url: "https://Müller.example/x" }, []],
    [
      "placeholders of other delimiters",
      {
        delimiters: "{{ }}",
        messages: {
          invite: { en: { subject: "{{name}} {x}", text: "Hi {name}, {{url}} {# name }", button: "{{{name}}}" } },
        },
      },
      [/^messages\.invite\.en\.text: \{name\} is printed as it stands; with these delimiters write \{\{name\}\}$/],
    ],
    [
      "an SMS that costs twice",
      { sms: [TWILIO], messages: { invite: { en: { sms: `${"word ".repeat(40)}{url}` } } } },
      [/^messages\.invite\.en: the SMS takes 2 segments/],
    ],
  ];
  for (const [what, change, expected] of odd)
    test(`warns of ${what}`, async () => {
      const { code, problems, warnings } = await check({ ...sound, ...change });
      assert.deepEqual([code, problems], [0, []]);
      assert.equal(warnings.length, expected.length, warnings.join("\n"));
      for (const [i, pattern] of expected.entries()) assert.match(warnings[i] ?? "", pattern);
    });

  test("prints for people, and lets no key of the file rule the terminal", async () => {
    const path = writeConfig(join(home, "hostile.json"), { ...sound, "\x1b[2J\x9b31m": 1, email: [] });
    const { code, stdout } = await cli(["check", "--config", path]);
    assert.equal(code, 1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
    assert.doesNotMatch(stdout, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    assert.match(stdout, /^problem {2}\\u001b\[2J\\u009b31m: unknown key/m);
    assert.match(stdout, /: 2 problems, 0 warnings\n$/);
  });

  test("tells that there is no file", async () => {
    const path = join(home, "broken.json");
    writeConfig(path, {});
    const { code, stdout } = await cli(["check", "--config", `${path}.no`]);
    assert.equal(code, 1);
    assert.match(stdout, /there is no such file; name it with --config/);
  });
});
