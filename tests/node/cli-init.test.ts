/** `authgear-invite init` as a real process, and the schema that its configuration names. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Ajv } from "ajv";
import type { Config } from "../../ts/config.ts";
import { checkConfig } from "../../ts/index.ts";
import { CLI, cli, configFor, writeConfig } from "./served.ts";
import { folder } from "./support.ts";

const home = folder();
const schema = JSON.parse(readFileSync(new URL("../../pkg/config.schema.json", import.meta.url), "utf8"));
const isValid = new Ajv({ allErrors: true }).compile(schema);
const ACME = ["--service-name", "Acme", "--url", "https://accounts.acme.example"];
const FROM = ["--from", "Acme <no-reply@acme.example>"];
const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));

describe("authgear-invite init", { concurrency: 2 }, () => {
  const providers: { [name: string]: string[] } = {
    resend: FROM,
    postmark: FROM,
    mailgun: [...FROM, "--domain", "mg.acme.example", "--region", "eu"],
    mailjet: FROM,
    ses: [...FROM, "--region", "eu-west-1"],
    twilio: ["--from", "+15005550006"],
    vonage: ["--from", "Acme"],
  };
  for (const [provider, args] of Object.entries(providers))
    test(`writes a sound configuration for ${provider}`, async () => {
      const config = join(home, `${provider}.json`);
      const made = await cli(["init", "--yes", "--json", "--config", config, ...ACME, "--provider", provider, ...args]);
      assert.deepEqual([made.code, made.stderr], [0, ""]);
      const { variables } = JSON.parse(made.stdout);
      assert.ok(isValid(read(config)), JSON.stringify(isValid.errors));
      const env = Object.fromEntries(variables.map((it: string) => [it, "secret"]));
      const checked = await cli(["check", "--json", "--config", config], { env });
      assert.deepEqual(JSON.parse(checked.stdout).problems, []);
      if (provider === "mailgun") assert.equal(read(config).email[0].region, "eu");
    });

  test("names the next steps as they have to be typed", async () => {
    const cwd = folder();
    const start = ["init", "--yes", ...ACME];
    const mail = await cli([...start, "--provider", "resend", ...FROM], { cwd });
    assert.match(mail.stdout, /^ {2}authgear-invite preview\n {2}authgear-invite send --to YOUR-ADDRESS\n/m);
    assert.match(mail.stdout, /^ {2}authgear-invite build --locales en,ja\n/m);
    const twilio = [...start, "--provider", "twilio", "--from", "+15005550006", "--config", "my sms.json"];
    const sms = await cli(twilio, { cwd });
    assert.match(sms.stdout, /^ {2}authgear-invite preview --event phone --config "my sms\.json"\n/m);
    assert.match(sms.stdout, /^ {2}authgear-invite build --locales en,ja --config "my sms\.json"\n/m);
  });

  test("holds no key, but says which variables hold it", async () => {
    const config = join(home, "plain.json");
    const { stdout } = await cli([
      "init",
      "--yes",
      "--config",
      config,
      ...ACME,
      "--provider",
      "resend",
      ...FROM,
      "--portal-passwords",
    ]);
    assert.match(
      stdout,
      /plain\.json is written\. Set RESEND_API_KEY, then:\n {2}authgear-invite check --config \S+plain\.json\n/,
    );
    assert.deepEqual(read(config), {
      $schema: "./node_modules/authgear-invite/config.schema.json",
      serviceName: "Acme",
      url: "https://accounts.acme.example",
      email: [{ provider: "resend", from: "Acme <no-reply@acme.example>", apiKey: { env: "RESEND_API_KEY" } }],
      rules: [{ on: "user.created", when: { origin: ["admin_api_direct"] } }],
    });
  });

  test("overwrites nothing unless it is forced to", async () => {
    const config = join(home, "mine.json");
    writeFileSync(config, "mine");
    const args = ["init", "--yes", "--config", config, ...ACME, "--provider", "resend", ...FROM];
    const refused = await cli(args);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /mine\.json is there already; --force overwrites it/);
    assert.equal(readFileSync(config, "utf8"), "mine");
    assert.equal((await cli([...args, "--force"])).code, 0);
    assert.equal(read(config).serviceName, "Acme");
  });

  const wrong: [string[], RegExp][] = [
    [["--yes"], /--service-name: is needed: the name of your site/],
    [[...ACME], /--provider: is needed/],
    [["--service-name", "A", "--url", "acme"], /--url: must be a URL that starts with https/],
    [[...ACME, "--provider", "rsend"], /--provider: must be one of resend, sendgrid/],
    [[...ACME, "--provider", "resend", "--from", "acme"], /--from: must be an e-mail address/],
    [[...ACME, "--provider", "resend", ...FROM, "--region", "x"], /--region: resend has no such option/],
    [
      [...ACME, "--provider", "mailgun", ...FROM, "--domain", "mg.acme.example", "--region", "mars"],
      /--region: must be one of us, eu/,
    ],
  ];
  for (const [args, pattern] of wrong)
    test(`refuses ${args.join(" ")}`, async () => {
      const { code, stderr } = await cli(["init", "--config", join(home, "never.json"), ...args]);
      assert.equal(code, 2);
      assert.match(stderr, pattern);
      assert.ok(!existsSync(join(home, "never.json")));
    });

  test("asks on a terminal, and asks again", { skip: !existsSync("/usr/bin/script") }, () => {
    const config = join(home, "asked.json");
    const line = `"${process.execPath}" "${CLI}" init --config "${config}" --service-name Acme`;
    const input = "acme\nhttps://acme.example\nresend\na@acme.example\ny\n";
    const seen = execFileSync("script", ["-qec", line, "/dev/null"], { encoding: "utf8", input });
    assert.match(seen, /must be a URL that starts with https/);
    const { url, email, rules } = read(config);
    assert.deepEqual([url, email[0].from, rules.length], ["https://acme.example", "a@acme.example", 1]);
  });
});

describe("the schema", () => {
  test("takes references wherever a text stands, and refuses what is misspelt", () => {
    const sound = configFor("resend", "https://a.example", { $schema: "./x.json" });
    assert.ok(isValid(sound), JSON.stringify(isValid.errors));
    assert.ok(isValid({ ...sound, serviceName: { env: "NAME" }, vars: { a: { file: "a.txt" } } }));
    for (const wrong of [
      { ...sound, serviseName: "Acme" },
      { ...sound, serviceName: { env: "A", file: "b" } },
      { ...sound, email: [{ provider: "resend", apiKey: "k" }] },
      { ...sound, sms: [{ provider: "custom" }] },
      { ...sound, channels: ["fax"] },
    ])
      assert.ok(!isValid(wrong), JSON.stringify(wrong));
  });

  type Record = { properties: { [key: string]: { const?: string; enum?: string[] } } };
  /** The keys that the core names when it is given one that it does not know. */
  const known = (config: object, path: string) => {
    const problem = checkConfig(config as Config).find((it) => it.startsWith(`${path}: unknown key; the keys are `));
    return [...new Set(problem?.split(" the keys are ")[1]?.split(", "))].sort();
  };
  const odd = { zzzzzzzzzzzz: 1 };

  test("has the keys of the block for accounts", async () => {
    const path = writeConfig(join(home, "admin.json"), { admin: odd });
    const { stderr } = await cli(["create", "--config", path, "--email", "a@acme.example"]);
    const keys = /admin\.zzzzzzzzzzzz: unknown key; there are (.*)$/m.exec(stderr)?.[1]?.split(", ");
    assert.deepEqual(Object.keys(schema.properties.admin.properties), keys, stderr);
  });

  test("has the keys that the core knows", () => {
    const { $schema, admin, ...top } = schema.properties;
    const { rules } = schema.properties;
    assert.deepEqual(Object.keys(top).sort(), known(odd, "zzzzzzzzzzzz"));
    const when = Object.keys(rules.items.properties.when.properties);
    assert.deepEqual(when.sort(), known({ rules: [{ on: "user.created", when: odd }] }, "rules[0].when.zzzzzzzzzzzz"));
    for (const channel of ["email", "sms"]) {
      const senders: Record[] = schema.properties[channel].items.anyOf;
      const names = new Set(senders.flatMap(({ properties: { provider } }) => provider?.enum ?? provider?.const ?? []));
      for (const name of names) {
        const own = senders.filter(({ properties: { provider } }) =>
          (provider?.enum ?? [provider?.const]).includes(name),
        );
        const keys = new Set(own.flatMap(({ properties }) => Object.keys(properties)));
        const sender = { provider: name, ...odd };
        assert.deepEqual([...keys].sort(), known({ [channel]: [sender] }, `${channel}[0].zzzzzzzzzzzz`), name);
      }
    }
  });
});
