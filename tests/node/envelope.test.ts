/** The envelope, from the one who seals it to the message. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { type Envelope, sealEnvelope } from "../../ts/envelope.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const LOGIN = "Ada.Lovelace@customer.example";
const expires = new Date("2026-09-01T09:30:00.999Z");

test("a sealed envelope is its JSON and the MAC of context, login ID and JSON", async () => {
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

test("what cannot be sealed is told", async () => {
  for (const [date, login, secret, message] of [
    [new Date("x"), LOGIN, SECRET, "expires: must be a date"],
    [expires, "", SECRET, "loginId: must be one line, not empty"],
    [expires, "a\nb", SECRET, "loginId: must be one line, not empty"],
    [expires, LOGIN, SECRET.slice(1), "secret: must have at least 32 characters"],
  ] as const)
    await assert.rejects(sealEnvelope({ expires: date }, login, secret), { name: "TypeError", message });
});
