/** The event of an account that no event told of. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventFor } from "../../ts/cli/invitation.ts";
import type { Config } from "../../ts/config.ts";
import { decide, preview } from "../../ts/index.ts";

const config: Config = {
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [{ provider: "resend", apiKey: "re_5521", from: "no-reply@acme.example" }],
  sms: [{ provider: "vonage", apiKey: "k", apiSecret: "s", from: "Acme" }],
};
const account = { id: "7b3c1c3e-52a5-4e0f-8f0b-6d1a9e0f4c11", createdAt: "2026-09-01T08:30:00.123Z" };

test("leads to what Authgear's own event would", () => {
  const logins = [{ kind: "email" as const, typed: "New.User@user.example" }];
  const sent = decide(eventFor({ ...account, logins }, { locale: "ja" }), config);
  assert.ok(sent.type === "send");
  assert.deepEqual(
    [sent.address, sent.locale, sent.localeFrom, sent.key],
    [
      "New.User@user.example",
      "ja",
      "event",
      "authgear-invite.account-7b3c1c3e-52a5-4e0f-8f0b-6d1a9e0f4c11.1788251400.0.email",
    ],
  );
  assert.deepEqual(decide(eventFor({ ...account, logins }, { locale: "ja" }), config), sent);
});

test("with every kind of login, and with none", () => {
  const reached = (change: Partial<Parameters<typeof eventFor>[0]>) => {
    const decision = decide(eventFor({ ...account, logins: [], ...change }), { ...config, oauthEmail: true });
    return decision.type === "send" ? decision.channel : decision.type === "skip" ? decision.reason : decision;
  };
  assert.equal(reached({ logins: [{ kind: "phone", typed: "+85251234567" }] }), "sms");
  assert.equal(reached({ logins: [{ kind: "username", typed: "ada" }] }), "no_reachable_identity");
  assert.equal(reached({ oauthEmails: ["ada@social.example"] }), "email");
  assert.equal(reached({ logins: [{ kind: "email", typed: "a@user.example" }], disabled: true }), "user_disabled");
});

test("the text says what the account lacks", () => {
  const logins = [{ kind: "email" as const, typed: "a@user.example" }];
  const text = (canReauthenticate: boolean) => {
    const shown = preview(config, eventFor({ ...account, logins, canReauthenticate }));
    return shown.type === "message" ? shown.text : "";
  };
  assert.match(text(false), /to set a password/);
  assert.match(text(true), /to set a new password/);
});
