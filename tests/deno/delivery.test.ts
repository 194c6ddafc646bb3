/**
 * `pkg/hook.ts` against providers that misbehave. Every case has a second provider behind the first, so that the outcome
 * shows: a message that was proven not sent goes there, one in doubt does not. Counts are exact.
 */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, it } from "node:test";
import * as events from "../fixtures/events.ts";
import { type CaptureServer, startCapture } from "../servers/capture.ts";
import { postmark, resend, sendgrid, sparkpost } from "../servers/dialects.ts";
import { type Behaviour, type Dialect, FaultyServer } from "../servers/faulty.ts";
import { runtimes } from "./contract.ts";
import {
  acme,
  assertCalm,
  assertNoSecret,
  DEAD_LETTER_SECRET,
  log,
  postmarkSender,
  resendSender,
  run,
  sendgridSender,
  sparkpostSender,
} from "./hook.ts";

const ATTEMPTS = 3;
const ATTEMPT_MS = 1000;
const delivery = { budgetSeconds: 20, attemptSeconds: ATTEMPT_MS / 1000, attempts: ATTEMPTS };

/** Resend and SparkPost honour idempotency keys. SendGrid's proof of success is its status, the others' is in the body. */
const providers: { [name in Name]: { dialect: Dialect; sender: typeof resendSender } } = {
  resend: { dialect: resend, sender: resendSender },
  sendgrid: { dialect: sendgrid, sender: sendgridSender },
  sparkpost: { dialect: sparkpost, sender: sparkpostSender },
  postmark: { dialect: postmark, sender: postmarkSender },
};

type Name = "resend" | "sendgrid" | "sparkpost" | "postmark";

type Expected = {
  /** What the provider accepted. */
  messages: number;
  /** What the provider was asked. */
  requests: number;
  outcome: "sent" | "unknown" | "not sent";
};

type Case = {
  name: string;
  script: () => Behaviour[];
  /** For so long the port is closed. */
  closedMs?: number;
  /** At least so long between the first two requests. */
  waitMs?: number;
} & { [name in Name]?: Expected };

const sent = (messages: number, requests: number): Expected => ({ messages, requests, outcome: "sent" });
const unknown = (messages: number, requests: number): Expected => ({ messages, requests, outcome: "unknown" });
const notSent = (messages: number, requests: number): Expected => ({ messages, requests, outcome: "not sent" });

const answer = (status: number, headers: { [name: string]: string } = {}, body = "{}"): Behaviour => ({
  does: "answer",
  status,
  headers,
  body,
});
const once = (behaviour: Behaviour) => () => [behaviour];
const always = (behaviour: Behaviour) => () => Array<Behaviour>(10).fill(behaviour);
const inSeconds = (seconds: number) => new Date(Math.ceil(Date.now() / 1000 + seconds) * 1000).toUTCString();

const cases: Case[] = [
  {
    name: "refuses connections",
    script: () => [],
    closedMs: Number.POSITIVE_INFINITY,
    resend: notSent(0, 0),
    sendgrid: notSent(0, 0),
  },
  {
    name: "refuses connections at first",
    script: () => [],
    closedMs: 150,
    resend: sent(1, 1),
    sendgrid: sent(1, 1),
  },
  {
    name: "resets the connection before it has accepted the message",
    script: once({ does: "reset", accepted: false }),
    resend: sent(1, 2),
    sendgrid: unknown(0, 1),
  },
  {
    name: "resets the connection after it has accepted the message",
    script: once({ does: "reset", accepted: true }),
    resend: sent(1, 2),
    sendgrid: unknown(1, 1),
  },
  {
    name: "closes the connection after it has accepted the message",
    script: once({ does: "close", accepted: true }),
    resend: sent(1, 2),
    sendgrid: unknown(1, 1),
  },
  {
    // The second request travels on the first one's connection, where Deno 2 repeats a lost POST by itself.
    name: "is busy, then resets the kept-alive connection after it has accepted the message",
    script: () => [answer(429), { does: "reset", accepted: true }],
    resend: sent(1, 3),
    sendgrid: unknown(1, 2),
  },
  {
    name: "is busy, then closes the kept-alive connection after it has accepted the message",
    script: () => [answer(429), { does: "close", accepted: true }],
    resend: sent(1, 3),
    sendgrid: unknown(1, 2),
  },
  {
    name: "resets every connection after it has accepted the message",
    script: always({ does: "reset", accepted: true }),
    resend: unknown(1, ATTEMPTS),
    sendgrid: unknown(1, 1),
  },
  {
    name: "hangs, and has not accepted the message",
    script: once({ does: "hang", accepted: false }),
    waitMs: ATTEMPT_MS,
    resend: sent(1, 2),
    sendgrid: unknown(0, 1),
  },
  {
    name: "hangs, and has accepted the message",
    script: once({ does: "hang", accepted: true }),
    waitMs: ATTEMPT_MS,
    resend: sent(1, 2),
    sendgrid: unknown(1, 1),
  },
  {
    name: "sends its answer's body too slowly",
    script: once({ does: "drip", everyMs: 100 }),
    resend: sent(1, 2),
    sendgrid: sent(1, 1),
    sparkpost: sent(1, 2),
    postmark: unknown(1, 1),
  },
  {
    name: "cuts its answer short",
    script: once({ does: "truncate" }),
    resend: sent(1, 2),
    sendgrid: sent(1, 1),
    sparkpost: sent(1, 2),
    postmark: unknown(1, 1),
  },
  {
    name: "floods the client with 100 MB",
    script: once({ does: "flood", bytes: 100_000_000 }),
    resend: sent(1, 2),
    sendgrid: sent(1, 1),
    sparkpost: sent(1, 2),
    postmark: unknown(1, 1),
  },
  { name: "answers 400", script: once(answer(400)), resend: notSent(0, 1), sendgrid: notSent(0, 1) },
  { name: "answers 401", script: once(answer(401)), resend: notSent(0, 1), sendgrid: notSent(0, 1) },
  { name: "answers 422", script: once(answer(422)), resend: notSent(0, 1), sendgrid: notSent(0, 1) },
  {
    name: "answers 429 with Retry-After in seconds",
    script: once(answer(429, { "retry-after": "2" })),
    waitMs: 2000,
    resend: sent(1, 2),
    sendgrid: sent(1, 2),
  },
  {
    name: "answers 429 with Retry-After as a date",
    script: () => [answer(429, { "retry-after": inSeconds(3) })],
    waitMs: 2000,
    resend: sent(1, 2),
    sendgrid: sent(1, 2),
  },
  {
    name: "answers 429 with a Retry-After that no budget has room for",
    script: once(answer(429, { "retry-after": "3600" })),
    resend: notSent(0, 1),
    sendgrid: notSent(0, 1),
  },
  {
    name: "answers 429 for ever",
    script: always(answer(429)),
    resend: notSent(0, ATTEMPTS),
    sendgrid: notSent(0, ATTEMPTS),
  },
  // A 503 is a no; behind every other 5xx the message may have been sent.
  { name: "answers 500 once", script: once(answer(500)), resend: sent(1, 2), sendgrid: unknown(0, 1) },
  { name: "answers 502 once", script: once(answer(502)), resend: sent(1, 2), sendgrid: unknown(0, 1) },
  { name: "answers 503 once", script: once(answer(503)), resend: sent(1, 2), sendgrid: sent(1, 2) },
  { name: "answers 504 once", script: once(answer(504)), resend: sent(1, 2), sendgrid: unknown(0, 1) },
  {
    name: "answers 500 for ever",
    script: always(answer(500)),
    resend: unknown(0, ATTEMPTS),
    sendgrid: unknown(0, 1),
  },
  {
    name: "answers 503 for ever",
    script: always(answer(503)),
    resend: notSent(0, ATTEMPTS),
    sendgrid: notSent(0, ATTEMPTS),
  },
];

for (const runtime of runtimes) {
  describe(`delivery in ${runtime.name}`, { concurrency: 6 }, () => {
    for (const [name, { dialect, sender }] of entries(providers)) {
      for (const one of cases) {
        const expected = one[name];
        if (expected === undefined) continue;
        it(`${name} ${one.name}`, async () => {
          const first = await new FaultyServer(dialect, one.script()).start(one.closedMs);
          const second = await new FaultyServer(postmark).start();
          const grave = await startCapture({ status: 200 });
          try {
            const outcome = await run(
              runtime,
              acme({
                email: [sender(first.url), postmarkSender(second.url)],
                deadLetter: { url: grave.origin, secret: DEAD_LETTER_SECRET },
                delivery,
              }),
              events.guide,
            );
            const requests = first.requests;
            assert.deepEqual(
              {
                messages: first.accepted,
                requests: requests.length,
                conflicts: first.conflicts,
                second: second.requests.length,
                letters: grave.requests.length,
                code: outcome.code,
              },
              {
                messages: expected.messages,
                requests: expected.requests,
                conflicts: 0,
                second: expected.outcome === "not sent" ? 1 : 0,
                letters: expected.outcome === "unknown" ? 1 : 0,
                code: expected.outcome === "unknown" ? 1 : 0,
              },
              outcome.stdout + outcome.stderr,
            );
            assert.ok(new Set(requests.map((request) => request.body)).size <= 1);
            assert.ok(new Set(requests.map((request) => request.headers["idempotency-key"])).size <= 1);
            const [once, twice] = requests;
            if (one.waitMs && once && twice) {
              // Node's timers and the event loop may shave a little off what was waited.
              assert.ok(twice.at - once.at >= one.waitMs - 50, `only ${twice.at - once.at} ms`);
            }
            assert.ok(first.flooded < 20_000_000, `${first.flooded} bytes read`);
            if (expected.outcome !== "unknown") assertCalm(outcome);
            else assert.match(outcome.stderr, /authgear-invite: unknown/);
          } finally {
            await Promise.all([first.stop(), second.stop(), grave.close()]);
          }
        });
      }
    }

    for (const [name, { dialect, sender }] of entries(providers)) {
      it(`${name} resets the connection before it has read anything: one message at most`, async () => {
        const first = await new FaultyServer(dialect, [{ does: "reset on connect" }]).start();
        try {
          await run(runtime, acme({ email: [sender(first.url)], delivery }), events.guide);
          // The break may show while connecting, which proves that nothing left, or later, which does not.
          if (dialect.keyed) assert.equal(first.accepted, 1);
          else assert.ok(first.accepted <= 1);
        } finally {
          await first.stop();
        }
      });

      for (const status of [301, 302, 303, 307, 308]) {
        it(`${name} redirects with ${status}: nothing goes to the other origin`, async () => {
          const elsewhere = await startCapture({ status: 200 });
          const to = `${elsewhere.origin}/emails`;
          const first = await new FaultyServer(dialect, always({ does: "redirect", status, to })()).start();
          try {
            const config = acme({ email: [sender(first.url)], delivery });
            const outcome = await run(runtime, config, events.guide, { alsoAllow: [elsewhere.origin] });
            assert.equal(outcome.code, 1);
            assert.match(outcome.stderr, /authgear-invite: not_sent/);
            assert.equal(first.requests.length, 1);
            assert.equal(elsewhere.requests.length, 0);
          } finally {
            await Promise.all([first.stop(), elsewhere.close()]);
          }
        });
      }
    }

    describe("a 2xx whose body is a failure", { concurrency: 2 }, () => {
      const from = "no-reply@acme.example";
      const liars = {
        postmark: {
          body: `{"ErrorCode":406,"Message":"You tried to send to a recipient that has been marked as inactive."}`,
          sender: postmarkSender,
        },
        mailjet: {
          body: `{"Messages":[{"Status":"error","Errors":[{"ErrorCode":"send-0003","StatusCode":400}]}]}`,
          sender: (endpoint: string) => ({
            provider: "mailjet" as const,
            apiKey: "mj-key-5521",
            secretKey: "mj-secret-8812",
            from,
            endpoint,
          }),
        },
        sparkpost: {
          body: `{"results":{"total_rejected_recipients":1,"total_accepted_recipients":0,"id":"1"}}`,
          sender: (endpoint: string) => ({ provider: "sparkpost" as const, apiKey: "sp-key-7731", from, endpoint }),
        },
      };
      for (const [name, { body, sender }] of Object.entries(liars)) {
        it(`is not taken for success: ${name}`, async () => {
          const liar = await startCapture({ status: 200, headers: { "content-type": "application/json" }, body });
          const second = await new FaultyServer(resend).start();
          try {
            const email = [sender(liar.origin), resendSender(second.url)];
            const outcome = await run(runtime, acme({ email, delivery }), events.guide);
            assertCalm(outcome);
            assert.equal(liar.requests.length, 1);
            assert.equal(second.accepted, 1);
            assert.equal(log(outcome)[0]?.provider, "resend");
          } finally {
            await Promise.all([liar.close(), second.stop()]);
          }
        });
      }
    });

    describe("time", { concurrency: 2 }, () => {
      it("leaves an event that is nearly a minute old one short attempt", async () => {
        const first = await new FaultyServer(resend, always(answer(503))()).start();
        try {
          const outcome = await run(runtime, acme({ email: [resendSender(first.url)] }), events.aged(events.guide, 56));
          assert.equal(outcome.code, 1);
          assert.equal(first.requests.length, 1);
          assert.ok(outcome.ms < 3000, `${outcome.ms} ms`);
        } finally {
          await first.stop();
        }
      });

      it("gives a redelivered event its whole time again", async () => {
        const first = await new FaultyServer(resend, [answer(503)]).start();
        try {
          assertCalm(await run(runtime, acme({ email: [resendSender(first.url)] }), events.aged(events.guide, 3600)));
          assert.equal(first.requests.length, 2);
          assert.equal(first.accepted, 1);
        } finally {
          await first.stop();
        }
      });
    });

    describe("the dead letter", { concurrency: 2 }, () => {
      let grave: CaptureServer;
      before(async () => {
        grave = await startCapture({ status: 200 });
      });
      after(() => grave.close());

      it("is signed as Authgear signs its webhooks, and names nobody", async () => {
        const first = await new FaultyServer(resend, always(answer(403))()).start();
        try {
          const outcome = await run(
            runtime,
            acme({
              email: [resendSender(first.url)],
              deadLetter: { url: `${grave.origin}/dead`, secret: DEAD_LETTER_SECRET },
              delivery,
            }),
            events.guide,
          );
          assert.equal(outcome.code, 1);
          assert.match(outcome.stderr, /authgear-invite: not_sent .*\btaken\b/);
          assert.equal(grave.requests.length, 1);
          const [letter] = grave.requests;
          assert.ok(letter);
          assert.equal(letter.method, "POST");
          assert.equal(letter.path, "/dead");
          assert.equal(letter.headers["content-type"], "application/json");
          const signature = createHmac("sha256", DEAD_LETTER_SECRET).update(letter.body).digest("hex");
          assert.equal(letter.headers["x-authgear-body-signature"], signature);
          const text = letter.body.toString();
          assertNoSecret(text, "the dead letter");
          assertNoSecret(JSON.stringify(letter.headers), "the dead letter's headers");
          const body = JSON.parse(text);
          assert.equal(body.event_id, events.guide.id);
          assert.equal(body.user_id, events.guide.context.user_id);
          assert.equal(body.rule, 0);
          assert.equal(body.outcome, "not_sent");
          assert.equal(body.attempts.length, 1);
          assert.equal(body.attempts[0].provider, "resend");
          assert.equal(body.attempts[0].status, 403);
        } finally {
          await first.stop();
        }
      });

      it("that nobody takes does not hide the failure", async () => {
        const first = await new FaultyServer(resend, always(answer(403))()).start();
        const closed = await new FaultyServer(resend).start(Number.POSITIVE_INFINITY);
        try {
          const deadLetter = { url: closed.url, secret: DEAD_LETTER_SECRET };
          const config = acme({ email: [resendSender(first.url)], deadLetter, delivery });
          const outcome = await run(runtime, config, events.guide);
          assert.equal(outcome.code, 1);
          assert.match(outcome.stderr, /authgear-invite: not_sent .*\bfailed\b/);
        } finally {
          await Promise.all([first.stop(), closed.stop()]);
        }
      });
    });

    describe("the receipt", { concurrency: 2 }, () => {
      let audit: CaptureServer;
      before(async () => {
        audit = await startCapture({ status: 204 });
      });
      after(() => audit.close());

      for (const [what, event, expected] of [
        ["a message that was sent", events.guide, { outcome: "sent", provider: "resend", locale_from: "project" }],
        ["a self sign-up", events.selfSignUp, { outcome: "skipped", reason: "triggered_by" }],
      ] as const) {
        it(`tells of ${what}, signed, and names nobody`, async () => {
          const first = await new FaultyServer(resend).start();
          try {
            const receipt = { url: `${audit.origin}/${event.type}/${expected.outcome}`, secret: DEAD_LETTER_SECRET };
            assertCalm(await run(runtime, acme({ email: [resendSender(first.url)], receipt }), event));
            const receipts = audit.requests.filter(({ path }) => path === new URL(receipt.url).pathname);
            assert.equal(receipts.length, 1);
            const [{ body, headers }] = receipts as [(typeof receipts)[0]];
            const signature = createHmac("sha256", DEAD_LETTER_SECRET).update(body).digest("hex");
            assert.equal(headers["x-authgear-body-signature"], signature);
            assertNoSecret(body.toString(), "the receipt");
            const told = JSON.parse(body.toString());
            assert.deepEqual(told, { ...told, ...expected, event_id: event.id });
          } finally {
            await first.stop();
          }
        });
      }
    });
  });
}

function entries<K extends string, V>(object: { [key in K]: V }): [K, V][] {
  return Object.entries(object) as [K, V][];
}
