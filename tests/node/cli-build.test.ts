/** `authgear-invite build` as a real process, and the file that it writes. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { sourceOf, withConfig } from "../../ts/assemble.ts";
import type { Config } from "../../ts/config.ts";
import { decide, preview } from "../../ts/index.ts";
import { configOf, denoCheck, host, runHook, runtimes, tscCheck } from "../deno/contract.ts";
import { anyConfig, HOSTILE } from "../fixtures/any-config.ts";
import { guide } from "../fixtures/events.ts";
import { startCapture } from "../servers/capture.ts";
import { cli, configFor, KEY, writeConfig } from "./served.ts";
import { folder } from "./support.ts";

const home = folder();
let files = 0;

async function build(config: object, args: string[] = [], env = {}) {
  const [path, out] = [join(home, `${++files}.json`), join(home, `${files}.ts`)];
  writeConfig(path, config);
  const result = await cli(["build", "--config", path, "--out", out, ...args], { env });
  assert.ok(!`${result.stdout}${result.stderr}`.includes(KEY), "no key is printed");
  const text = result.code === 0 ? readFileSync(out, "utf8") : undefined;
  return { ...result, out, text };
}

/** The configuration in a paste-in file, evaluated. */
const evaluate = (source: string): unknown => new Function(`return (${configOf(source)});`)();

const SES = { provider: "ses", region: "eu-west-1", accessKeyId: "AKIA", secretAccessKey: KEY, from: "a@acme.example" };

describe("authgear-invite build", { concurrency: 2 }, () => {
  test("writes a file that the Portal takes and that sends what preview shows", async () => {
    const server = await startCapture({ status: 200, body: '{"id":"m1"}' });
    try {
      const config = configFor("resend", server.origin, {
        $schema: "./schema.json",
        replyTo: undefined,
        vars: { odd: HOSTILE },
        messages: {
          invite: { ja: { text: `こんにちは {odd}\n\n{url}` } },
          password: { ja: { text: "No event has a {password}" } },
        },
        rules: [{ on: "user.created", locale: "ja" }],
      }) as Config & { $schema?: string };
      const { code, stdout, stderr, text = "", out } = await build(config, ["--json"]);
      assert.deepEqual([code, stderr], [0, ""]);
      const { warnings, ...told } = JSON.parse(stdout);
      assert.deepEqual(told, { out, bytes: Buffer.byteLength(text), locales: ["en", "ja"], ses: false });
      assert.match(warnings.join("\n"), /^\S+: webhook is left out; the pasted file has no use for it$/);

      const { $schema, webhook, ...sent } = config;
      const { password, ...messages } = sent.messages ?? {};
      assert.ok(password);
      assert.deepEqual(evaluate(text), JSON.parse(JSON.stringify({ ...sent, messages })));
      for (const check of [tscCheck, ...runtimes.map((it) => denoCheck.bind(undefined, it))]) {
        const { code, stdout, stderr } = await check({ "hook.ts": text });
        assert.equal(code, 0, stdout + stderr);
      }
      const [runtime] = runtimes;
      assert.ok(runtime);
      const ran = await runHook(runtime, text, guide, { net: [host(server.origin)] });
      assert.equal(ran.code, 0, ran.stderr);
      const decision = decide(guide, sent as Config);
      assert.ok(decision.type === "send");
      assert.equal(`${server.requests[0]?.body}`, decision.attempts[0]?.request?.body);
      const shown = preview(sent as Config, guide);
      assert.ok(shown.type === "message" && shown.text.startsWith("こんにちは"));
      assert.equal(JSON.parse(`${server.requests[0]?.body}`).text, shown.text);
    } finally {
      await server.close();
    }
  });

  test("takes the file that can sign where SES is used", async () => {
    const { text = "", stdout } = await build({ ...configFor("resend", "https://a.example"), email: [SES] });
    assert.match(stdout, /bytes of 102400, with en\n$/);
    const [runtime] = runtimes;
    assert.ok(runtime);
    const { code, stderr } = await denoCheck(runtime, { "hook.ts": text });
    assert.equal(code, 0, stderr);
    assert.match(text, /AWS4-HMAC-SHA256/);
  });

  test("makes the same bytes again, and its owner alone can read them", async () => {
    const path = writeConfig(join(home, "twice.json"), configFor("resend", "https://a.example"));
    const out = join(home, "twice.ts");
    const args = ["build", "--config", path, "--out", out, "--locales", "ja,en"];
    await cli(args);
    const first = readFileSync(out, "utf8");
    writeFileSync(out, "/*\nauthgear-invite: an older one", { mode: 0o666 });
    assert.equal((await cli(args)).code, 0);
    assert.equal(readFileSync(out, "utf8"), first);
    if (process.platform !== "win32") assert.equal(statSync(out).mode & 0o777, 0o600);
    assert.deepEqual(
      readdirSync(home).filter((it) => it.endsWith(".tmp")),
      [],
    );
  });

  test("takes secrets from where they are kept", async () => {
    writeFileSync(join(home, "key.txt"), `${KEY}\n`);
    const from = "Acme <a@acme.example>";
    const email = [
      { provider: "resend", apiKey: { env: "INVITE_KEY" }, from },
      { provider: "sendgrid", apiKey: { file: "key.txt" }, from },
    ];
    const config = {
      ...configFor("resend", "https://a.example"),
      email,
      webhook: { secrets: [{ env: "NOT_SET_5521" }] },
    };
    const { text = "" } = await build(config, [], { INVITE_KEY: KEY });
    assert.deepEqual(
      (evaluate(text) as Config).email,
      email.map((it) => ({ ...it, apiKey: KEY })),
    );
    const without = await build(config);
    assert.equal(without.code, 2);
    assert.match(without.stderr, /email\[0\]\.apiKey: the environment variable INVITE_KEY is not set/);
  });

  const warned = (ignore: string) => async () => {
    const repository = join(home, `git${ignore.length}`);
    mkdirSync(repository);
    execFileSync("git", ["init", "--quiet"], { cwd: repository });
    writeFileSync(join(repository, ".gitignore"), ignore);
    writeConfig(join(repository, "invite.config.json"), configFor("resend", "https://a.example"));
    return cli(["build"], { cwd: repository });
  };
  test("warns where git would take the file", async () => {
    assert.match((await warned("")()).stderr, /invite\.hook\.ts: holds keys, and git does not ignore it/);
    assert.doesNotMatch((await warned("*.hook.ts\n")()).stderr, /git/);
  });

  test("says what users of other languages get, unless somebody chose", async () => {
    const config = configFor("resend", "https://a.example");
    const told = /--locales: not given, so users of other languages get en/;
    const [silent, chosen, json] = await Promise.all([
      build(config),
      build(config, ["--locales", "en"]),
      build({ ...config, rules: [{ on: "user.created", locale: "ja" }] }, ["--json"]),
    ]);
    assert.match(silent.stderr, told);
    for (const { code, stderr, stdout } of [chosen, json])
      assert.deepEqual([code, told.test(stderr + stdout)], [0, false]);
  });

  test("refuses what Authgear would refuse, and writes nothing", async () => {
    const long = { messages: { invite: { en: { text: `{url} ${"x".repeat(60_000)}` } } } };
    const { code, stderr, out } = await build(configFor("resend", "https://a.example", long));
    assert.equal(code, 1);
    assert.match(stderr, /would have \d{6} bytes, and Authgear takes 102400; .* Nothing was written\.\n$/);
    assert.throws(() => statSync(out));
  });

  test("refuses to overwrite what is no paste-in file, locales that are not built in, and a text that is missing", async () => {
    const path = writeConfig(join(home, "mine.json"), configFor("resend", "https://a.example"));
    const [over, locale, missing] = await Promise.all([
      cli(["build", "--config", path, "--out", path]),
      build(configFor("resend", "https://a.example"), ["--locales", "en,xx"]),
      build(configFor("resend", "https://a.example", { defaultLocale: "ja" }), ["--locales", "en"]),
    ]);
    assert.deepEqual([over.code, locale.code, missing.code], [2, 2, 2]);
    assert.match(over.stderr, /mine\.json is there, and no paste-in file/);
    assert.match(locale.stderr, /--locales: "xx" is not built in; the built-in locales are ar, de/);
    assert.match(missing.stderr, /--locales: lacks ja, the default locale; add it, or set defaultLocale/);
  });
});

test("any configuration reads back equal", () => {
  const hook = readFileSync(new URL("../../pkg/hook.ts", import.meta.url), "utf8");
  fc.assert(
    fc.property(anyConfig, (json) => {
      const built = withConfig(hook, sourceOf(json));
      assert.match(built, /^[\n -~]*$/);
      assert.deepEqual(evaluate(built), json);
      assert.equal(
        built.slice(built.indexOf("\n// ---- Generated:")),
        hook.slice(hook.indexOf("\n// ---- Generated:")),
      );
    }),
    { numRuns: 300 },
  );
});
