/** `authgear-invite create` as a real process, against a real GraphQL server. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { type Config, checkPassword, type Decision, decide } from "../../ts/index.ts";
import { created, loginId } from "../../ts/samples.ts";
import { AdminApi, type Fault, IDS, newKey } from "../servers/admin-api.ts";
import { cli, configFor, writeConfig } from "./served.ts";
import { folder } from "./support.ts";

const { pkcs8, pkcs1, verifier } = await newKey();
const EMAIL = "new.5521@user.example";
const BODY = pkcs8.split("\n")[2] as string;

async function serving(...faults: Fault[]) {
  const api = await new AdminApi(verifier).start();
  after(() => api.stop());
  api.faults.push(...faults);
  const dir = folder();
  writeFileSync(join(dir, "key.pem"), pkcs8, { mode: 0o600 });
  const admin = { ...IDS, endpoint: `${api.origin}/_api/admin/graphql`, privateKey: { file: "key.pem" } };
  return { api, dir, admin };
}

type Serving = Awaited<ReturnType<typeof serving>>;

/** Runs it, and searches all that it prints for what it must not hold. */
async function create(
  { api, dir, admin }: Serving,
  args: string[],
  change: object = {},
  env?: NodeJS.ProcessEnv,
  rest: object = {},
) {
  const config = writeConfig(join(dir, "invite.config.json"), { ...rest, admin: { ...admin, ...change } });
  const result = await cli(["create", "--config", config, ...args], { env });
  const printed = result.stdout + result.stderr;
  for (const secret of [BODY, EMAIL, "BEGIN", ...api.bearers, ...api.accounts.flatMap((it) => it.password || [])])
    assert.ok(!printed.includes(secret), printed);
  return { ...result, json: () => JSON.parse(result.stdout) };
}

describe("authgear-invite create", { concurrency: 2 }, () => {
  test("makes an account with a password that nobody knows", async () => {
    const world = await serving();
    const { code, stdout, stderr } = await create(world, ["--email", EMAIL]);
    const [made] = world.api.accounts;
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(
      stdout,
      `Created ${made?.id} with a random password that nobody knows; the hook sends the invitation.\n`,
    );
    assert.deepEqual([made?.key, made?.value, world.api.mails], ["email", EMAIL, []]);
    assert.match(made?.password ?? "", /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[-_])[\w-]{32}$/);
    assert.equal(world.api.requests.length, 1);
    assert.equal(world.api.requests[0]?.url.search, "");
  });

  test("under the project's policy, by a key from the environment, each password another", async () => {
    const world = await serving();
    const passwordPolicy = { min_length: 40, digit_required: true, excluded_keywords: ["acme"] };
    const change = { passwordPolicy, privateKey: { env: "ADMIN_KEY_5521" } };
    for (const [i, key] of [pkcs8, pkcs1, pkcs1.replaceAll("\n", "\\n")].entries())
      assert.equal((await create(world, ["--username", `new${i}`], change, { ADMIN_KEY_5521: key })).code, 0);
    const passwords = world.api.accounts.map((it) => it.password ?? "");
    assert.equal(new Set(passwords).size, 3);
    for (const password of passwords) assert.deepEqual(checkPassword(password, passwordPolicy), []);
  });

  test("in the new user's language; the result as JSON", async () => {
    const world = await serving();
    const args = ["--phone", "+85251000001", "--locale", "zh-hant", "--password", "none", "--json"];
    const { code, json } = await create(world, args);
    const [made] = world.api.accounts;
    assert.deepEqual([code, made?.key, made?.value, made?.password], [0, "phone", "+85251000001", null]);
    const node_id = Buffer.from(`User:${made?.id}`).toString("base64url");
    assert.deepEqual(json(), { outcome: "created", user_id: made?.id, node_id, password: "none" });
    assert.equal(world.api.requests[0]?.url.search, "?ui_locales=zh-Hant");
  });

  test("has Authgear mail the password", async () => {
    const world = await serving();
    const args = ["--email", EMAIL, "--password", "authgear-sends"];
    assert.equal((await create(world, args)).code, 0);
    world.api.accounts[0] = { ...world.api.add("email", "x"), value: "other" };
    assert.equal((await create(world, [...args, "--change-at-login"])).code, 0);
    assert.equal(world.api.mails.length, 2);
    const inputs = world.api.requests.map((it) => it.variables?.input);
    assert.deepEqual(
      inputs.map((it) => [it?.password, it?.sendPassword, it?.setPasswordExpired]),
      [
        ["", true, false],
        ["", true, true],
      ],
    );
  });

  test("a lost answer: one account, and the truth about it", async () => {
    const world = await serving({ does: "reset", done: true });
    assert.equal((await create(world, ["--email", EMAIL])).code, 0);
    assert.equal(world.api.accounts.length, 1);
    world.api.faults.push({ does: "reset" });
    const args = ["--email", `2${EMAIL}`, "--password", "authgear-sends", "--json"];
    const { code, json, stderr } = await create(world, args);
    assert.equal(code, 1);
    assert.deepEqual(json(), { outcome: "failed", fault: "no_answer", causes: [], in_doubt: true });
    assert.equal(stderr, "authgear-invite: createUser: connection lost; it may have been done nonetheless\n");
  });

  test("what Authgear refuses is said in a line, and as JSON", async () => {
    const world = await serving();
    world.api.add("email", EMAIL);
    const duplicate = await create(world, ["--email", EMAIL]);
    assert.deepEqual(
      [duplicate.code, duplicate.stdout, duplicate.stderr],
      [1, "", "authgear-invite: there is an account with this login already; nothing was changed\n"],
    );
    const { json } = await create(world, ["--email", EMAIL, "--json"]);
    const causes = ["DuplicatedIdentity"];
    assert.deepEqual(json(), {
      outcome: "failed",
      fault: "refused",
      reason: "InvariantViolated",
      causes,
      status: 200,
      in_doubt: false,
    });
    world.api.minLength = 50;
    const weak = await create(world, ["--username", "new"]);
    assert.match(
      weak.stderr,
      /policy does not take the password \(PasswordTooShort\); tell it in admin\.passwordPolicy/,
    );
    const forbidden = await create(world, ["--username", "new"], { keyId: "other" });
    assert.match(forbidden.stderr, /does not take the token \(403\); compare endpoint, project ID, key ID/);
  });

  describe("says what createUser cannot", () => {
    const secret = "an envelope's secret, 5521 characters short";
    const envelope = { secrets: [{ env: "ENVELOPE_5521" }, secret], placeholders: ["team"] };
    const env = { ENVELOPE_5521: `${secret} 2` };
    const hook: Config = {
      ...(configFor("resend", "https://api.example") as Config),
      messages: {
        welcome: { en: { subject: "Welcome", text: "{name}/{given_name}/{family_name}/{nickname}/{inviter}/{team}" } },
      },
      envelope: { secrets: [`${secret} 2`], placeholders: ["team"] },
    };

    /** What the hook makes of the account's event. */
    function hooked({ api }: Serving): Decision {
      const { url } = api.requests[0] ?? assert.fail();
      const [made] = api.accounts;
      assert.equal(url.searchParams.get("ui_locales"), "ja");
      const event = created("e-5521", { identities: [loginId("email", made?.value ?? "", made?.value ?? "")] });
      const timestamp = Math.floor(Date.now() / 1000);
      const context = { ...event.context, timestamp, oauth: { x_state: url.searchParams.get("x_state") ?? undefined } };
      return decide({ ...event, context }, hook);
    }

    test("and the hook reads it", async () => {
      const world = await serving();
      const told = ["--name", "Ada Łovelace", "--given-name", "Ada", "--family-name", "Łovelace", "--nickname", "愛達"];
      const more = ["--inviter", "Grace Hopper", "--message", "welcome", "--set", "team=R=D", "--locale", "ja"];
      const { code, stdout, stderr } = await create(world, ["--email", EMAIL, ...told, ...more], {}, env, { envelope });
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /; the hook sends the invitation\.$/m);
      const sent = hooked(world);
      assert.ok(sent.type === "send");
      assert.deepEqual([sent.message, sent.warnings], ["welcome", []]);
      const { text } = JSON.parse(sent.attempts[0]?.request?.body ?? "");
      assert.equal(text, "Ada Łovelace/Ada/Łovelace/愛達/Grace Hopper/R=D");
      const x_state = world.api.requests[0]?.url.searchParams.get("x_state") ?? "";
      assert.ok(!x_state.includes(EMAIL));
      const life = JSON.parse(x_state.slice(0, -65)).exp - Date.now() / 1000;
      assert.ok(life > 3000 && life <= 3600, `${life}`);
    });

    test("that no message is to be sent", async () => {
      const world = await serving();
      const args = ["--email", EMAIL, "--no-message", "--locale", "ja"];
      const { code, stdout } = await create(world, args, {}, env, { envelope });
      assert.deepEqual([code, /; the hook sends no message\.$/m.test(stdout)], [0, true]);
      const skipped = hooked(world);
      assert.deepEqual([skipped.type, skipped.type === "skip" && skipped.reason], ["skip", "suppressed"]);
    });

    const wrong: [string, string[], object, RegExp][] = [
      ["no secret to seal with", ["--name", "Ada"], {}, /create: what createUser cannot say .* "envelope": \{/],
      [
        "a secret that is not there",
        ["--name", "Ada"],
        { envelope },
        /envelope\.secrets\[0\]: the environment variable/,
      ],
      ["a short secret", ["--name", "Ada"], { envelope: { secrets: ["x"] } }, /secrets\[0\]: must have at least 32/],
      ["an unknown placeholder", ["--set", "tema=x"], { envelope: { secrets: [secret] } }, /--set: tema is not in/],
      ["a placeholder without its text", ["--set", "team"], { envelope }, /--set: must be a placeholder, = and/],
      [
        "an inviter that is no name",
        ["--inviter", "Grace & Co."],
        { envelope },
        /--inviter: the message would leave it/,
      ],
      ["a link for a name", ["--nickname", "evil.example"], { envelope }, /--nickname: the message would leave it out/],
      [
        "a message that the hook has not",
        ["--message", "welcom"],
        { serviceName: "Acme", messages: hook.messages, envelope: { secrets: [secret] } },
        /--message: there is no such message in messages/,
      ],
      ["a message and none", ["--message", "welcome", "--no-message"], { envelope }, /--no-message: does not go/],
    ];
    for (const [what, args, block, expected] of wrong)
      test(`but not with ${what}`, async () => {
        const world = await serving();
        const { code, stdout, stderr } = await create(world, ["--email", EMAIL, ...args], {}, {}, block);
        assert.deepEqual([code, stdout, world.api.requests.length], [2, "", 0]);
        assert.match(stderr, expected);
        assert.ok(!stderr.includes(secret));
      });
  });

  const wrong: [string, string[], RegExp][] = [
    ["no login", [], /give one of --email, --phone and --username/],
    ["two logins", ["--email", EMAIL, "--username", "new"], /give one of/],
    ["no address", ["--email", "new.5521"], /^authgear-invite: --email: must be an e-mail address/],
    ["no number", ["--phone", "51000001"], /--phone: must be \+ and digits/],
    ["no name", ["--username", " "], /--username: must not be empty/],
    ["no locale", ["--email", EMAIL, "--locale", "not a tag"], /--locale: must be a BCP 47 tag/],
    [
      "no mode",
      ["--email", EMAIL, "--password", "hunter2"],
      /--password: must be throwaway or authgear-sends or we-send or none/,
    ],
    ["a password by SMS", ["--phone", "+85251000001", "--password", "authgear-sends"], /goes with --email/],
    ["a change of no password", ["--email", EMAIL, "--change-at-login"], /goes with --password authgear-sends/],
    ["an argument", ["--email", EMAIL, "more"], /Unexpected argument/],
  ];
  for (const [what, args, expected] of wrong)
    test(`wrong on the command line: ${what}`, async () => {
      const world = await serving();
      const { code, stdout, stderr } = await create(world, args);
      assert.deepEqual([code, stdout, world.api.requests.length], [2, "", 0]);
      assert.match(stderr, expected);
    });

  test("all that is wrong in the block is told at once, with its path, before anything is asked", async () => {
    const world = await serving();
    const change = {
      endpoint: "http://acme.authgear.example",
      projectId: { env: "NOT_SET_5521" },
      keyId: 7,
      privateKey: pkcs8,
      passwordPolicy: { min_length: "8" },
      keyid: "x",
    };
    const { code, stderr } = await create(world, ["--email", EMAIL], change);
    assert.equal(code, 2);
    for (const path of ["endpoint", "projectId", "keyId", "privateKey", "passwordPolicy.min_length", "keyid"])
      assert.equal(stderr.split(`invite.config.json: admin.${path}: `).length, 2, `${path} in ${stderr}`);
    assert.match(stderr, /admin\.privateKey: must be \{"env": "NAME"\} or \{"file": "path"\}/);
    assert.equal(world.api.requests.length, 0);

    const none = writeConfig(join(world.dir, "none.json"), {});
    const lacking = await cli(["create", "--config", none, "--email", EMAIL]);
    assert.deepEqual([lacking.code, /none\.json: admin: must be an object/.test(lacking.stderr)], [2, true]);
    writeFileSync(join(world.dir, "key.pem"), pkcs8.replace(/\n.{8}/, "\nMIIEvAAA"));
    const broken = await create(world, ["--email", EMAIL]);
    assert.deepEqual([broken.code, /admin\.privateKey: is no RSA private key/.test(broken.stderr)], [2, true]);
  });

  test("the rest of the file is not looked at, and of the other commands check alone looks at the block", async () => {
    const world = await serving();
    const { dir, admin } = world;
    const rest = configFor("resend", "https://api.example", {
      email: [{ provider: "resend", apiKey: { env: "NOT_SET" } }],
    });
    const mixed = writeConfig(join(dir, "mixed.json"), { ...rest, admin });
    assert.equal((await cli(["create", "--config", mixed, "--username", "new"])).code, 0);

    const block = { ...admin, projectId: "never-inlined-5521", privateKey: { env: "NOT_SET" }, keyid: 1 };
    const config = writeConfig(join(dir, "whole.json"), {
      ...configFor("resend", "https://api.example"),
      admin: block,
    });
    const checked = await cli(["check", "--config", config]);
    assert.equal(checked.code, 1);
    assert.match(checked.stdout, /admin\.keyid: unknown key/);
    assert.match(checked.stdout, /2 problems/);
    const out = join(dir, "hook.ts");
    assert.equal((await cli(["build", "--config", config, "--out", out])).code, 0);
    const hook = readFileSync(out, "utf8");
    for (const text of ["never-inlined-5521", "privateKey", "_api/admin", IDS.keyId])
      assert.ok(!hook.includes(text), text);
  });

  test("--help has examples", async () => {
    const { code, stdout } = await cli(["create", "--help"]);
    assert.equal(code, 0);
    for (const text of ["throwaway", "--change-at-login", "create --email new@user.example", '"admin": {'])
      assert.ok(stdout.includes(text), text);
  });
});
