/** The envelope, from the one who seals it to the message: the published vectors at every door. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Config } from "../../ts/config.ts";
import type { Decision } from "../../ts/core.ts";
import { createEngine } from "../../ts/engine.ts";
import { type Envelope, sealEnvelope } from "../../ts/envelope.ts";
import { createHook, decide, preview } from "../../ts/index.ts";
import { chooseLocales } from "../../ts/locales.ts";
import { type Accepted, createWebhook } from "../../ts/webhook.ts";
import { delivery } from "../fixtures/delivery.ts";
import { guide } from "../fixtures/events.ts";
import { decideSealed } from "./core.ts";

type Vector = {
  name: string;
  secret: string;
  loginId: string;
  payload: string;
  x_state: string;
  expected: string;
  text?: string;
};
const published: { timestamp: number; config: Pick<Config, "envelope">; messages: string[]; vectors: Vector[] } =
  JSON.parse(readFileSync(new URL("../../docs/envelope-vectors.json", import.meta.url), "utf8"));

const line = (name: string) => `${name}|{name}|{given_name}|{family_name}|{nickname}|{inviter}|{team}`;
const texts = (name: string) => ({ en: { subject: "S", text: line(name), sms: line(name) } });
const config: Config = {
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [{ provider: "resend", apiKey: "re_x", from: "Acme <no-reply@acme.example>" }],
  sms: [{ provider: "twilio", accountSid: "AC1", authToken: "x", from: "+15550100" }],
  messages: Object.fromEntries(published.messages.map((name) => [name, texts(name)])),
  ...published.config,
};

const KINDS = { email: "email", phone: "phone_number", username: "preferred_username" };

/** The account's `user.created`, as Authgear makes it. */
function eventOf(login: string, x_state: string | undefined, timestamp = published.timestamp) {
  const kind = login.startsWith("+") ? "phone" : login.includes("@") ? "email" : "username";
  const claims = {
    "https://authgear.com/claims/login_id/type": kind,
    "https://authgear.com/claims/login_id/original_value": login,
    [KINDS[kind]]: login.toLowerCase(),
  };
  const user = { ...guide.payload.user, standard_attributes: { email: "ada@customer.example" } };
  const identities = [{ ...guide.payload.identities[0], type: "login_id", claims }];
  return {
    ...guide,
    context: { ...guide.context, timestamp, oauth: x_state === undefined ? undefined : { x_state } },
    payload: { user, identities },
  };
}

/** What a vector expects, and what the message prints. */
function outcomeOf(decision: Decision): Pick<Vector, "expected" | "text"> {
  if (decision.type === "skip") return { expected: decision.reason };
  if (decision.type === "invalid") assert.fail(decision.problems.join("\n"));
  const expected = decision.warnings.join().replace("the envelope was ignored", "ignored") || "accepted";
  const { body = "" } = decision.attempts[0]?.request ?? {};
  const text = decision.channel === "email" ? JSON.parse(body).text : new URLSearchParams(body).get("Body");
  return { expected, text };
}

const macOf = ({ secret, loginId, payload }: Vector) =>
  createHmac("sha256", secret).update(`authgear-invite.envelope.v1\n${loginId}\n${payload}`).digest("hex");

describe("the published vectors", () => {
  for (const vector of published.vectors) {
    const { name, loginId, x_state, expected, text } = vector;
    test(name, async () => {
      const event = eventOf(loginId, x_state);
      const wanted = text === undefined ? { expected } : { expected, text };
      const native = decide(event, config, { locales: ["en"] });
      assert.deepEqual(outcomeOf(native), wanted, "the npm package");
      assert.deepEqual(await decideSealed(event, config), native, "the paste-in file");
      const shown = preview(config, event);
      assert.deepEqual(shown.type === "message" ? shown.text : shown.type === "skip" && shown.reason, text ?? expected);
    });
  }

  test("are what sealEnvelope makes", async () => {
    let made = 0;
    for (const vector of published.vectors.filter(({ expected }) => expected === "accepted")) {
      const { exp, given_name: givenName, family_name: familyName, v: _, ...rest } = JSON.parse(vector.payload);
      const envelope: Envelope = { expires: new Date(exp * 1000), givenName, familyName, ...rest };
      const sealed = await sealEnvelope(envelope, vector.loginId, vector.secret);
      if (!sealed.startsWith(vector.payload)) continue;
      assert.equal(sealed, vector.x_state);
      made++;
    }
    assert.ok(made >= 6, `${made}`);
  });

  test("are what another language makes of the description", () => {
    const python = `
import hashlib, hmac, json, sys
def mac(v):
    text = "authgear-invite.envelope.v1\\n" + v["loginId"] + "\\n" + v["payload"]
    return hmac.new(v["secret"].encode(), text.encode(), hashlib.sha256).hexdigest()
print(json.dumps([mac(v) for v in json.load(sys.stdin)["vectors"]]))`;
    const { status, stdout } = spawnSync("python3", ["-c", python], { input: JSON.stringify(published) });
    const macs = status === 0 ? JSON.parse(`${stdout}`) : published.vectors.map(macOf);
    const sound = published.vectors.filter((it) => it.expected === "accepted" || it.expected === "suppressed");
    assert.ok(sound.length > 10);
    for (const vector of sound) {
      assert.equal(vector.x_state, `${vector.payload}.${macs[published.vectors.indexOf(vector)]}`, vector.name);
    }
  });
});

const SECRET = published.config.envelope?.secrets[0] ?? "";
const LOGIN = "Ada.Lovelace@customer.example";
const expires = new Date("2026-09-01T09:30:00.999Z");

describe("sealEnvelope", () => {
  test("writes every field under its name, and the MAC", async () => {
    const envelope: Envelope = {
      expires,
      name: "Ada Lovelace",
      givenName: "Ada",
      familyName: "Lovelace",
      nickname: "愛達",
      inviter: "Grace",
      message: "welcome",
      suppress: false,
      values: { team: "R&D" },
    };
    const payload =
      '{"v":1,"exp":1788255000,"name":"Ada Lovelace","given_name":"Ada","family_name":"Lovelace","nickname":"愛達",' +
      '"inviter":"Grace","message":"welcome","suppress":false,"values":{"team":"R&D"}}';
    const mac = createHmac("sha256", SECRET).update(`authgear-invite.envelope.v1\n${LOGIN}\n${payload}`).digest("hex");
    assert.equal(await sealEnvelope(envelope, LOGIN, SECRET), `${payload}.${mac}`);
  });

  test("tells what cannot be sealed", async () => {
    for (const [date, login, secret, message] of [
      [new Date("x"), LOGIN, SECRET, "expires: must be a date"],
      [expires, "", SECRET, "loginId: must be one line, not empty"],
      [expires, "a\nb", SECRET, "loginId: must be one line, not empty"],
      [expires, LOGIN, "x".repeat(31), "secret: must have at least 32 characters"],
    ] as const)
      await assert.rejects(sealEnvelope({ expires: date }, login, secret), { name: "TypeError", message });
  });

  test("what it seals is opened at every door, whatever stands in it", async () => {
    const login = fc.constantFrom(LOGIN, "zoe@müller.example", "+85251234567", "ada_l");
    const optional = fc.option(fc.string({ unit: "binary", maxLength: 40 }), { nil: undefined });
    const envelope = fc.record({
      name: optional,
      inviter: optional,
      givenName: optional,
      values: fc.record({ team: fc.string({ unit: "binary" }) }),
    });
    await fc.assert(
      fc.asyncProperty(login, envelope, async (login, envelope) => {
        const event = eventOf(login, await sealEnvelope({ expires, ...envelope }, login, SECRET));
        const native = decide(event, config, { locales: ["en"] });
        assert.equal(outcomeOf(native).expected, "accepted");
        assert.deepEqual(await decideSealed(event, config), native);
      }),
      { numRuns: 100 },
    );
  });
});

test("the outcome tells of an ignored envelope", async () => {
  const requests: string[] = [];
  const fetch = async (_: string, { body }: RequestInit) => {
    requests.push(await new Response(body).text());
    return Response.json({ id: "m1" });
  };
  const hook = createHook(config, { host: { fetch } });
  const outcome = await hook(eventOf(LOGIN, "somebody else's"));
  assert.ok("outcome" in outcome && outcome.outcome === "sent");
  assert.deepEqual(outcome.warnings, ["the envelope was ignored: malformed"]);
  const sealed = await sealEnvelope({ expires, suppress: true }, LOGIN, SECRET);
  assert.deepEqual(await hook(eventOf(LOGIN, sealed)), {
    outcome: "skipped",
    reason: "suppressed",
    detail: "the envelope asks for no message",
    rule: 0,
  });
  assert.equal(requests.length, 1);
});

test("a webhook hears of it, and what is kept of the event leads to the same bytes later", async () => {
  const secret = "whsec-5521";
  const kept: Accepted[] = [];
  const enqueue = async (event: Accepted) => {
    kept.push(event);
    return "queued" as const;
  };
  const known = { ...config, webhook: { secrets: [secret], maxAgeSeconds: 1e9 } };
  const hook = createWebhook(known, { enqueue, locales: ["en"] });
  const deliver = async (x_state: string) => {
    const response = await hook(new Request("https://a.example", delivery(eventOf(LOGIN, x_state), secret)));
    return [response.status, await response.json()];
  };
  const sealed = await sealEnvelope({ expires, name: "Ada", inviter: "Grace", values: { team: "R&D" } }, LOGIN, SECRET);
  assert.deepEqual(await deliver(sealed), [202, { outcome: "queued" }]);
  const [{ body, decision } = assert.fail()] = kept;
  assert.deepEqual(outcomeOf(decision), { expected: "accepted", text: "invite|Ada||||Grace|R&D" });
  const later = createEngine(known, chooseLocales(["en"])).decide(JSON.parse(new TextDecoder().decode(body)));
  assert.deepEqual(later, decision);

  const none = await sealEnvelope({ expires, suppress: true }, LOGIN, SECRET);
  assert.deepEqual(await deliver(none), [200, { outcome: "skipped", reason: "suppressed" }]);
  assert.equal(kept.length, 1);
});
