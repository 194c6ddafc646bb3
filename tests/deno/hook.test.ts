/** `pkg/hook.ts` under Authgear's contract: what is sent for which event, and what the hook says and answers. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as events from "../fixtures/events.ts";
import { startCapture } from "../servers/capture.ts";
import { MailApi } from "../servers/mail-api.ts";
import { type ConfigLiteral, code, host, type Outcome, runHook, runtimes, withConfig } from "./contract.ts";
import {
  acme,
  assertCalm,
  assertNoSecret,
  assertSilent,
  hook,
  log,
  RESEND_KEY,
  resendSender,
  run,
  SES_SECRET,
  sesHook,
} from "./hook.ts";

const SUBJECT = "Your new account on Acme";
const TEXT = `Hello,

A new account on Acme has been created for you. Please visit the page below and use “Forgot Password?” to set a new password.

https://accounts.acme.example

Your login: newuser@newuser.example

You received this message because an administrator created the account. If you did not expect it, please ignore it.`;

/** The text of Authgear's guide, as it stands there. */
const GUIDE_TEMPLATE = `Hello, a new account has been created for you on {service_name}.
Kindly visit {url}, and use Forgot Password to set a new password for your account.
Your userID is {email_address}`;

async function withApi(test: (api: MailApi) => Promise<void>, fail: number[] = []): Promise<void> {
  const api = await new MailApi({ key: RESEND_KEY, fail }).start();
  try {
    await test(api);
  } finally {
    await api.stop();
  }
}

function assertSkipped(outcome: Outcome, event: { id: string }, reason: string): void {
  assertCalm(outcome);
  const [line, ...rest] = log(outcome);
  assert.deepEqual(rest, []);
  assert.equal(line?.["authgear-invite"], "skipped");
  assert.equal(line.event, event.id);
  assert.equal(line.reason, reason);
  assert.match(String(line.detail), /\S/);
  assert.equal(outcome.output, null);
}

for (const runtime of runtimes) {
  describe(`the paste-in hook in ${runtime.name}`, { concurrency: 3 }, () => {
    const send = (api: MailApi, event: unknown, change: Partial<ConfigLiteral> = {}) =>
      run(runtime, acme({ email: [resendSender(api.url)], ...change }), event);

    it("sends the guide's event one message", () =>
      withApi(async (api) => {
        const outcome = await send(api, events.guide);
        assertCalm(outcome);
        assert.equal(outcome.output, null);
        assert.equal(api.requests.length, 1);
        assert.equal(api.messages.length, 1);
        const [message] = api.messages;
        assert.ok(message);
        assert.equal(message.from, "Acme <no-reply@acme.example>");
        assert.deepEqual(message.to, ["newuser@newuser.example"]);
        assert.equal(message.subject, SUBJECT);
        assert.equal(message.text, TEXT);
        assert.match(message.html ?? "", /href="https:\/\/accounts\.acme\.example"/);
        assert.match(message.html ?? "", /newuser@newuser\.example/);
        assert.equal(message.headers["Auto-Submitted"], "auto-generated");
        assert.match(message.idempotencyKey ?? "", /^[A-Za-z0-9._-]{1,255}$/);
        const [line, ...rest] = log(outcome);
        assert.deepEqual(rest, []);
        assert.equal(line?.["authgear-invite"], "sent");
        assert.equal(line.event, events.guide.id);
        assert.equal(line.provider, "resend");
        assert.equal(line.id, message.id);
        assert.equal(line.attempts, 1);
      }));

    it("takes the guide's own text as a template", () =>
      withApi(async (api) => {
        const messages = { invite: { en: { subject: "{service_name}", text: GUIDE_TEMPLATE } } };
        assertCalm(await send(api, events.guide, { messages }));
        assert.equal(api.messages[0]?.subject, "Acme");
        assert.equal(
          api.messages[0]?.text,
          "Hello, a new account has been created for you on Acme.\n" +
            "Kindly visit https://accounts.acme.example, and use Forgot Password to set a new password for your account.\n" +
            "Your userID is newuser@newuser.example",
        );
      }));

    it("sends for an account made in the Portal", () =>
      withApi(async (api) => {
        assertCalm(await send(api, events.portal));
        assert.deepEqual(api.messages[0]?.to, ["newuser@newuser.example"]);
      }));

    it("tells the Portal's accounts from the Admin API's", () =>
      withApi(async (api) => {
        const rules = [{ on: "user.created", when: { origin: ["admin_api_direct" as const] } }];
        assertSkipped(await send(api, events.portal, { rules }), events.portal, "origin");
        assert.equal(api.requests.length, 0);
        assertCalm(await send(api, events.guide, { rules }));
        assert.equal(api.messages.length, 1);
      }));

    it("sends to the address that was typed, not to the normalised one", () =>
      withApi(async (api) => {
        assertCalm(await send(api, events.typedAddress));
        assert.deepEqual(api.messages[0]?.to, ["New.User@newuser.example"]);
      }));

    const skipped: [string, { id: string }, string][] = [
      ["a self sign-up", events.selfSignUp, "triggered_by"],
      ["a disabled user", events.disabled, "user_disabled"],
      ["an anonymous user", events.anonymous, "user_anonymous"],
      ["a user with only a username", events.usernameOnly, "no_reachable_identity"],
      ["a user with only an OAuth identity", events.oauth, "no_reachable_identity"],
      ["a phone user, when there is no SMS sender", events.phoneOnly, "no_sender"],
      ["an address that hides a second recipient", events.secondRecipient, "invalid_address"],
    ];
    for (const [who, event, reason] of skipped) {
      it(`skips ${who}`, () =>
        withApi(async (api) => {
          assertSkipped(await send(api, event), event, reason);
          assert.equal(api.requests.length, 0);
        }));
    }

    it("sends to an OAuth identity's address when asked to", () =>
      withApi(async (api) => {
        assertCalm(await send(api, events.oauth, { oauthEmail: true }));
        assert.deepEqual(api.messages[0]?.to, ["newuser@social.example"]);
      }));

    it("sends the admin a text for a user whom nobody can reach", () =>
      withApi(async (api) => {
        const outcome = await send(api, events.usernameOnly, { unreachable: { email: "it@acme.example" } });
        assertCalm(outcome);
        assert.deepEqual(api.messages[0]?.to, ["it@acme.example"]);
        assert.match(api.messages[0]?.text ?? "", /newuser/);
        assert.match(api.messages[0]?.text ?? "", /https:\/\/accounts\.acme\.example/);
        assert.equal(log(outcome)[0]?.to, "admin");
      }));

    it("says from when a future account can be used", () =>
      withApi(async (api) => {
        assertCalm(await send(api, events.futureAccount));
        assert.match(api.messages[0]?.text ?? "", /2126.*UTC/);
      }));

    it("speaks of setting a first password where there is none", () =>
      withApi(async (api) => {
        assertCalm(await send(api, events.noPassword));
        assert.match(api.messages[0]?.text ?? "", /to set a password/);
      }));

    it("prints no name that tries to say something", () =>
      withApi(async (api) => {
        assertCalm(await send(api, events.hostileName));
        const [message] = api.messages;
        assert.deepEqual(message?.to, ["newuser@newuser.example"]);
        assert.equal(message?.subject, SUBJECT);
        assert.equal(message?.text, TEXT);
        assert.doesNotMatch(message?.html ?? "", /evil|prize|<b>now/);
      }));

    it("sends an SMS to a user with a phone", async () => {
      const twilio = await startCapture({ status: 201, body: `{"sid":"SM1","status":"queued"}` });
      try {
        const outcome = await run(
          runtime,
          acme({
            sms: [
              {
                provider: "twilio",
                accountSid: "AC00000000000000000000000000000001",
                authToken: RESEND_KEY,
                from: "+15550100100",
                endpoint: twilio.origin,
              },
            ],
          }),
          events.phoneOnly,
        );
        assertCalm(outcome);
        assert.equal(log(outcome)[0]?.id, "SM1");
        assert.equal(twilio.requests.length, 1);
        const form = new URLSearchParams(twilio.requests[0]?.body.toString());
        assert.equal(form.get("To"), "+85251234567");
        assert.match(form.get("Body") ?? "", /^Acme: .*https:\/\/accounts\.acme\.example/);
      } finally {
        await twilio.close();
      }
    });

    it("uses a custom sender's own function", async () => {
      const server = await startCapture({ status: 204 });
      try {
        const request = code(
          `(message) => ({ url: "${server.origin}/send", headers: { "x-key": "${RESEND_KEY}" }, body: JSON.stringify(message) })`,
        );
        const email = [{ provider: "custom" as const, from: "no-reply@acme.example", request }];
        const outcome = await run(runtime, acme({ email }), events.guide, { alsoAllow: [server.origin] });
        assertCalm(outcome);
        assert.equal(server.requests.length, 1);
        const message = JSON.parse(server.requests[0]?.body.toString() ?? "");
        assert.equal(message.to, "newuser@newuser.example");
        assert.equal(message.subject, SUBJECT);
        assert.equal(message.text, TEXT);
      } finally {
        await server.close();
      }
    });

    it("signs for Amazon SES, in the file that can", async () => {
      const ses = await startCapture({ status: 200, body: `{"MessageId":"0100"}` });
      try {
        const sender = {
          provider: "ses" as const,
          region: "eu-west-1",
          accessKeyId: "AKIA5EXAMPLE",
          secretAccessKey: SES_SECRET,
          from: "no-reply@acme.example",
          endpoint: ses.origin,
        };
        const outcome = await run(runtime, acme({ email: [sender] }), events.guide, { source: sesHook });
        assertCalm(outcome);
        assert.equal(log(outcome)[0]?.id, "0100");
        assert.equal(ses.requests.length, 1);
        const signature = /^AWS4-HMAC-SHA256 Credential=AKIA5EXAMPLE\/\d{8}\/eu-west-1\/ses\/aws4_request, /;
        assert.match(ses.requests[0]?.headers.authorization ?? "", signature);
        assert.equal(JSON.parse(ses.requests[0]?.body.toString() ?? "").Content.Simple.Subject.Data, SUBJECT);
      } finally {
        await ses.close();
      }
    });

    it("gives a redelivered event the same key and bytes, so that the provider sends nothing twice", () =>
      withApi(async (api) => {
        assertCalm(await send(api, events.guide));
        assertCalm(await send(api, events.guide));
        assert.equal(api.requests.length, 2);
        assert.equal(api.messages.length, 1);
      }));

    it("sends one message when the provider answers 503 twice", () =>
      withApi(
        async (api) => {
          const outcome = await send(api, events.guide);
          assertCalm(outcome);
          assert.deepEqual(
            api.requests.map((request) => request.status),
            [503, 503, 200],
          );
          assert.equal(api.messages.length, 1);
          assert.equal(new Set(api.requests.map((request) => request.headers["idempotency-key"])).size, 1);
          assert.equal(new Set(api.requests.map((request) => request.body)).size, 1);
          assert.equal(log(outcome)[0]?.attempts, 3);
        },
        [503, 503],
      ));

    it("reads 64-bit numbers, nulls and missing fields", () =>
      withApi(async (api) => {
        const { user, identities } = events.guide.payload;
        const old = {
          ...events.guide,
          seq: 0,
          payload: { user: { id: user.id, standard_attributes: null, roles: null }, identities },
          context: { timestamp: null, triggered_by: "admin_api" },
        };
        const text = JSON.stringify(old).replace(`"seq":0`, `"seq":9223372036854775807`);
        assertCalm(await send(api, text));
        assert.equal(api.messages.length, 1);
      }));

    for (const event of [...events.otherTypes, events.unknownType]) {
      it(`does nothing about ${event.type}`, () =>
        withApi(async (api) => {
          const outcome = await send(api, event);
          assertCalm(outcome);
          assert.equal(outcome.stdout, "");
          assert.equal(outcome.output, null);
          assert.equal(api.requests.length, 0);
        }));
    }

    for (const event of events.blockingTypes) {
      it(`lets ${event.type} go on`, async () => {
        const outcome = await run(runtime, acme(), event);
        assertCalm(outcome);
        assert.equal(outcome.stdout, "");
        assert.deepEqual(outcome.output, { is_allowed: true });
      });
    }

    it("lets a blocking event go on even if its configuration is wrong", async () => {
      const [event] = events.blockingTypes;
      const outcome = await run(runtime, acme({ url: "javascript:alert(1)" }), event);
      assert.deepEqual(outcome.output, { is_allowed: true });
    });

    it("names every mistake of the configuration, and no key", () =>
      withApi(async (api) => {
        const messages = { invite: { en: { text: "Hello {servce_name}" } } };
        const outcome = await send(api, events.guide, { url: "javascript:alert(1)", defaultLocale: "?", messages });
        assert.equal(outcome.code, 1);
        assert.match(outcome.stderr, /url: /);
        assert.match(outcome.stderr, /set defaultLocale/);
        assert.match(outcome.stderr, /messages\.invite\.en\.text: .*servce_name.*did you mean \{service_name\}/);
        assert.equal(api.requests.length, 0);
      }));

    it("works as it stands in the repository, up to the key", async () => {
      const outcome = await runHook(runtime, hook, events.selfSignUp);
      assertSkipped(outcome, events.selfSignUp, "triggered_by");
    });

    it("goes on to the next provider when it may not reach the first", () =>
      withApi(async (api) => {
        const forbidden = await startCapture({ status: 200 });
        try {
          const config = acme({ email: [resendSender(forbidden.origin), resendSender(api.url)] });
          const outcome = await runHook(runtime, withConfig(hook, config), events.guide, { net: [host(api.url)] });
          assertSilent(outcome);
          assertCalm(outcome);
          assert.equal(forbidden.requests.length, 0);
          assert.equal(api.messages.length, 1);
        } finally {
          await forbidden.close();
        }
      }));
  });
}

describe("the watch for secrets", () => {
  it("finds keys and addresses in plain and encoded", () => {
    for (const text of [RESEND_KEY, "mail NewUser@newuser.example", "to=newuser%40newuser.example", "+85251234567"]) {
      assert.throws(() => assertNoSecret(text, "text"));
    }
    assert.throws(() => assertNoSecret(Buffer.from(RESEND_KEY).toString("base64"), "text"));
    assertNoSecret("nothing to see", "text");
  });
});
