/** Envelopes in the paste-in file, whose core has no HMAC: the shim makes the MACs, and only for an envelope. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sealEnvelope } from "../../ts/envelope.ts";
import { guide, HOSTILE_NAME } from "../fixtures/events.ts";
import { MailApi, type Message } from "../servers/mail-api.ts";
import { type Runtime, runtimes } from "./contract.ts";
import { acme, assertCalm, hook, log, RESEND_KEY, resendSender, run, sesHook } from "./hook.ts";

const SECRET = "an envelope's secret, of more than 32 characters";
const TO = "newuser@newuser.example";
const expires = new Date(((guide.context.timestamp ?? 0) + 60) * 1000);
const envelope = { secrets: ["the secret of before, of 32 characters", SECRET], placeholders: ["team"] };
const texts = {
  subject: "Hi {name}",
  text: "{name} by {inviter}, {team}",
  html: '<p title="{team}">{name} by {inviter}',
};

/** WebCrypto cannot be had: whoever asks for it fails. */
const WITHOUT_CRYPTO = `
Object.defineProperty(globalThis.crypto, "subtle", { get() { throw new RangeError("nobody needs it"); } });`;

const eventOf = (x_state?: string) => ({ ...guide, context: { ...guide.context, oauth: { x_state } } });

async function send(runtime: Runtime, event: unknown, known: object, source = hook) {
  const api = await new MailApi({ key: RESEND_KEY }).start();
  try {
    const config = acme({ email: [resendSender(api.url)], messages: { welcome: { en: texts } }, ...known });
    const outcome = await run(runtime, config, event, { source });
    return { outcome, messages: [...api.messages] as Message[] };
  } finally {
    await api.stop();
  }
}

for (const runtime of runtimes) {
  describe(`envelopes in ${runtime.name}`, { concurrency: 3 }, () => {
    for (const [name, source] of Object.entries({ hook, sesHook }))
      it(`are opened: ${name}`, async () => {
        const content = { expires, name: "Ada", inviter: "Grace", message: "welcome", values: { team: "R&D" } };
        const event = eventOf(await sealEnvelope(content, TO, SECRET));
        const { outcome, messages } = await send(runtime, event, { envelope }, source);
        assertCalm(outcome);
        assert.deepEqual(
          messages.map(({ subject, text }) => [subject, text]),
          [["Hi Ada", "Ada by Grace, R&D"]],
        );
        assert.deepEqual(log(outcome)[0]?.warnings, []);
      });

    it("are ignored where they are not sound, and the log says why", async () => {
      const [forAnother, tooLate] = await Promise.all([
        sealEnvelope({ expires, name: "Ada", suppress: true }, "x@evil.example", SECRET),
        sealEnvelope({ expires: new Date((guide.context.timestamp ?? 0) * 1000), suppress: true }, TO, SECRET),
      ]);
      for (const [x_state, why] of [
        [forAnother, "signature"],
        [tooLate, "expired"],
        ["eyJhIjoxfQ", "malformed"],
      ] as const) {
        const { outcome, messages } = await send(runtime, eventOf(x_state), { envelope });
        assertCalm(outcome);
        assert.equal(messages.length, 1);
        assert.deepEqual(log(outcome)[0]?.warnings, [`the envelope was ignored: ${why}`]);
      }
    });

    it("can keep a message from being sent", async () => {
      const event = eventOf(await sealEnvelope({ expires, suppress: true }, TO, SECRET));
      const { outcome, messages } = await send(runtime, event, { envelope });
      assertCalm(outcome);
      assert.deepEqual([messages.length, log(outcome)[0]?.reason], [0, "suppressed"]);
    });

    it("cannot inject", async () => {
      const content = { expires, name: HOSTILE_NAME, inviter: HOSTILE_NAME, values: { team: HOSTILE_NAME } };
      const event = eventOf(await sealEnvelope({ ...content, message: "welcome" }, TO, SECRET));
      const { outcome, messages } = await send(runtime, event, { envelope });
      assertCalm(outcome);
      const [message] = messages;
      assert.deepEqual([message?.to, message?.subject], [[TO], "Hi"]);
      assert.doesNotMatch(JSON.stringify(message), /evil\.example|<b>|Bcc/i);
    });

    it("cost nothing where there is none, or nobody asked for one", async () => {
      const x_state = await sealEnvelope({ expires, name: "Ada" }, TO, SECRET);
      for (const [event, known] of [
        [guide, { envelope }],
        [eventOf("eyJhIjoxfQ"), { envelope }],
        [eventOf(x_state), { messages: {} }],
      ] as const) {
        const { outcome, messages } = await send(runtime, event, known, hook + WITHOUT_CRYPTO);
        assertCalm(outcome);
        assert.equal(messages.length, 1);
      }
      const { outcome, messages } = await send(runtime, eventOf(x_state), { envelope }, hook + WITHOUT_CRYPTO);
      assert.match(outcome.stderr, /not_sent .*core: RangeError/);
      assert.equal(messages.length, 0);
    });
  });
}
