/** The Worker in real workerd, with its queues: what users get, what is asked of providers, and who hears of it. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, test } from "node:test";
import type { Config, EmailSender } from "../../ts/config.ts";
import { markOf } from "../../ts/mark.ts";
import type { Report } from "../../ts/report.ts";
import { aged, guide, selfSignUp, unknownType } from "../fixtures/events.ts";
import { builtIn, decide } from "../node/core.ts";
import { type CaptureServer, startCapture } from "../servers/capture.ts";
import { resend, sendgrid } from "../servers/dialects.ts";
import { type Behaviour, type Dialect, FaultyServer } from "../servers/faulty.ts";
import { MailApi } from "../servers/mail-api.ts";
import { pause, QUEUE, SECRET, Stage, type StageOptions, settled } from "./stage.ts";

const KEY = "key-5521-Pr0v1der";
const REPORT_SECRET = "hmac-V1nEy4rdW4tch3r";
const ADDRESS = "newuser@newuser.example";
const REFUSED: Behaviour = { does: "answer", status: 401 };
const BUSY: Behaviour = { does: "answer", status: 503 };
/** Taken, but the answer never comes. */
const HANG: Behaviour = { does: "hang", accepted: true };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const provider = async (dialect: Dialect, script: Behaviour[] = []) => {
  const server = await new FaultyServer(dialect, script).start();
  closing.push(() => server.stop());
  return server;
};

const capture = async (status: number | (() => number)) => {
  const server = await startCapture(() => ({ status: typeof status === "number" ? status : status() }));
  closing.push(() => server.close());
  return server;
};

const sender = (name: "resend" | "sendgrid", endpoint: string, apiKey = KEY): EmailSender => ({
  provider: name,
  apiKey,
  from: "Acme <no-reply@acme.example>",
  endpoint,
});

const configOf = (email: EmailSender[], receiver?: CaptureServer, letters = receiver): Config => ({
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email,
  webhook: { secrets: [SECRET] },
  delivery: { attemptSeconds: 1 },
  ...(receiver && { receipt: { url: `${receiver.origin}/receipt`, secret: REPORT_SECRET } }),
  ...(letters && { deadLetter: { url: `${letters.origin}/dead`, secret: REPORT_SECRET } }),
});

async function start(options: StageOptions): Promise<Stage> {
  const stage = await Stage.start(options);
  closing.push(() => stage.stop());
  return stage;
}

const reports = (server: CaptureServer, path: string): Report[] =>
  server.requests.filter((it) => it.path === path).map((it) => JSON.parse(it.body.toString()));
const outcomes = (server: CaptureServer) => ({
  receipts: reports(server, "/receipt").map((it) => it.outcome),
  letters: reports(server, "/dead").map((it) => it.outcome),
});

/** One moment for all: an event's time is part of its message's key. */
const moment = aged(guide, 1);
const event = (id = guide.id) => ({ ...moment, id });
const queued = (id = guide.id) => ({ event: event(id), id, type: guide.type });

describe("from the webhook to the provider", () => {
  test("one event, one message: the bytes that the core decides on anywhere", async () => {
    const [api, hub] = [await provider(resend), await capture(204)];
    const config = configOf([sender("resend", api.url)], hub);
    const stage = await start({ config });
    const sent = event();
    const answer = await stage.post(sent);
    assert.equal(answer.status, 202);
    assert.deepEqual(await answer.json(), { outcome: "queued" });
    await settled(() => hub.requests.length > 0, "the receipt");

    const decision = decide(sent, config, builtIn("en"));
    assert.ok(decision.type === "send");
    const [request] = api.requests;
    assert.equal(api.requests.length, 1);
    assert.equal(request?.body, decision.attempts[0]?.request?.body);
    assert.equal(request?.headers["idempotency-key"], decision.key);
    assert.equal(request?.headers.authorization, `Bearer ${KEY}`);

    assert.deepEqual(outcomes(hub), { receipts: ["sent"], letters: [] });
    const [receipt] = hub.requests;
    const signature = createHmac("sha256", REPORT_SECRET)
      .update(receipt?.body ?? "")
      .digest("hex");
    assert.equal(receipt?.headers["x-authgear-body-signature"], signature);
    assert.equal(reports(hub, "/receipt")[0]?.event_id, guide.id);
    assert.equal(stage.lines("sent").length, 1);
  });

  test("what is not to be sent never reaches the queue, and is told", async () => {
    const [api, hub] = [await provider(resend), await capture(204)];
    const stage = await start({ config: configOf([sender("resend", api.url)], hub) });
    const signUp = await stage.post(aged(selfSignUp, 1));
    assert.deepEqual([signUp.status, await signUp.json()], [200, { outcome: "skipped", reason: "triggered_by" }]);
    const unknown = await stage.post(aged(unknownType as never, 1));
    assert.deepEqual([unknown.status, await unknown.json()], [200, { outcome: "skipped", reason: "event_type" }]);
    await settled(() => hub.requests.length > 0, "the receipt");
    assert.deepEqual(outcomes(hub), { receipts: ["skipped"], letters: [] });
    assert.equal(api.requests.length, 0);
  });

  test("a wrong signature, another method and a stale event get nowhere", async () => {
    const api = await provider(resend);
    const stage = await start({ config: configOf([sender("resend", api.url)]) });
    assert.equal((await stage.post(event(), { secret: "guessed" })).status, 401);
    assert.equal((await stage.mf.dispatchFetch("https://invite.acme.example/")).status, 405);
    assert.equal((await stage.post(aged(guide, 200_000))).status, 403);
    await pause(300);
    assert.equal(api.requests.length, 0);
  });

  test("an event that no message can hold is sent at once; with or without its size told before", async () => {
    const [api, hub] = [await provider(resend), await capture(204)];
    const stage = await start({ config: configOf([sender("resend", api.url)], hub) });
    const large = { ...event("event-large"), padding: "x".repeat(200_000) };
    const answer = await stage.post(large);
    assert.deepEqual([answer.status, await answer.json()], [200, { outcome: "sent" }]);
    assert.equal(api.accepted, 1);

    const streamed = await stage.post({ ...large, id: "event-streamed" }, { stream: true });
    assert.equal(streamed.status, 200);
    assert.equal(api.accepted, 2);

    // Just under the bound, and still small enough for a message.
    const size = JSON.stringify({ ...event("event-limit"), padding: "" }).length;
    const limit = await stage.post({ ...event("event-limit"), padding: "x".repeat(120_000 - size) });
    assert.equal(limit.status, 202);
    await settled(() => api.accepted === 3, "the queued event");
    assert.equal(api.requests.length, 3);
    assert.equal(outcomes(hub).receipts.length, 3);
  });

  test("what the queue does not take is answered with 503", async () => {
    const api = await provider(resend);
    const stage = await start({ config: configOf([sender("resend", api.url)]) });
    // As a number each becomes five times as long as it came.
    const longer = JSON.stringify({ ...event(), padding: [] }).replace("[]", `[${Array(20_000).fill("1e20")}]`);
    const answer = await stage.post(longer);
    assert.deepEqual([answer.status, await answer.json()], [503, { outcome: "not_queued", reason: "queue" }]);
    assert.ok(Number(answer.headers.get("retry-after")) > 0);
    await settled(() => stage.lines("not_queued").length === 1, "the log");
    assert.equal(api.requests.length, 0);
  });

  test("a wrong configuration is told in the log; what is in the queue waits", async () => {
    const stage = await start({ config: { ...configOf([]), serviceName: "" }, maxRetries: 100 });
    const answer = await stage.post(event());
    assert.deepEqual(
      [answer.status, await answer.json()],
      [500, { outcome: "invalid_config", reason: "configuration" }],
    );
    const worker = await stage.mf.getWorker();
    const message = { id: "m1", timestamp: new Date(), attempts: 1, body: queued() };
    const result = await worker.queue(QUEUE, [message]);
    assert.deepEqual(result.explicitAcks, []);
    assert.deepEqual(result.retryMessages, [{ msgId: "m1", delaySeconds: 1800 }]);
    assert.match(String(stage.lines("invalid_config")[0]?.reason), /serviceName: /);
  });
});

describe("a provider that fails", () => {
  test("twice busy, then well: one message, told once", async () => {
    const [api, hub] = [await provider(resend, [BUSY, BUSY]), await capture(204)];
    const stage = await start({ config: configOf([sender("resend", api.url)], hub) });
    await stage.post(event());
    await settled(() => hub.requests.length > 0, "the receipt");
    assert.deepEqual([api.requests.length, api.accepted], [3, 1]);
    assert.deepEqual(outcomes(hub), { receipts: ["sent"], letters: [] });
    assert.equal(new Set(api.requests.map((it) => it.body + it.headers["idempotency-key"])).size, 1);
  });

  test("refused for ever: so many retries, then the dead-letter queue, which tells once", async () => {
    const hub = await capture(204);
    const api = await new MailApi({ key: "another key" }).start();
    closing.push(() => api.stop());
    for (const claims of [false, true]) {
      const [tries, letters] = [api.requests.length, hub.requests.length];
      const stage = await start({ config: configOf([sender("resend", api.url)], hub), claims });
      await stage.post(event());
      await settled(() => hub.requests.length === letters + 2, "the dead letter and its receipt");
      assert.equal(api.requests.length - tries, 4);
      assert.deepEqual(api.messages, []);
      const letter = reports(hub, "/dead").at(-1);
      assert.equal(letter?.outcome, "not_sent");
      assert.equal(letter?.reason, `the queue's retries are used up${claims ? "; resend: 403 invalid_api_key" : ""}`);
      assert.equal(reports(hub, "/receipt").at(-1)?.outcome, "not_sent");
      assert.equal(stage.lines("deferred").length, 4);
    }
  });

  test("429 with Retry-After: not before that", async () => {
    const api = await provider(resend, [{ does: "answer", status: 429, headers: { "retry-after": "2" } }]);
    const stage = await start({ config: configOf([sender("resend", api.url)]) });
    await stage.post(event());
    await settled(() => api.accepted === 1, "the message");
    const [first, second] = api.requests;
    assert.equal(api.requests.length, 2);
    assert.ok((second?.at ?? 0) - (first?.at ?? 0) >= 2000);
  });

  test("the next sender takes what the first refuses", async () => {
    const [first, second] = [await provider(resend, [REFUSED]), await provider(sendgrid)];
    const stage = await start({ config: configOf([sender("resend", first.url), sender("sendgrid", second.url)]) });
    await stage.post(event());
    await settled(() => second.accepted === 1, "the message");
    assert.deepEqual([first.requests.length, second.requests.length], [1, 1]);
  });

  for (const claims of [false, true]) {
    test(`no answer, with idempotency keys${claims ? " and claims" : ""}: the same bytes again, to that sender only`, async () => {
      const [other, hub] = [await provider(sendgrid), await capture(204)];
      const api = await provider(resend, [HANG, BUSY, HANG]);
      const stage = await start({
        config: configOf([sender("resend", api.url), sender("sendgrid", other.url)], hub),
        claims,
      });
      await stage.post(event());
      await settled(() => hub.requests.length > 0, "the receipt");
      assert.deepEqual([api.requests.length, api.accepted, api.conflicts], [4, 1, 0]);
      assert.equal(other.requests.length, 0);
      assert.deepEqual(outcomes(hub), { receipts: ["sent"], letters: [] });
    });
  }

  test("no answer, then refused: the doubt stays, and is told", async () => {
    const [other, hub] = [await provider(sendgrid), await capture(204)];
    const api = await provider(resend, [HANG, REFUSED]);
    await (await start({ config: configOf([sender("resend", api.url), sender("sendgrid", other.url)], hub) })).post(
      event(),
    );
    await settled(() => hub.requests.length === 2, "the dead letter and its receipt");
    assert.deepEqual([api.requests.length, other.requests.length], [2, 0]);
    assert.deepEqual(outcomes(hub), { receipts: ["unknown"], letters: ["unknown"] });
  });

  test("no answer for ever, with idempotency keys: the dead letter says unknown", async () => {
    const hub = await capture(204);
    const api = await provider(resend, Array(10).fill(HANG));
    const stage = await start({ config: configOf([sender("resend", api.url)], hub), maxRetries: 1 });
    await stage.post(event());
    await settled(() => hub.requests.length === 2, "the dead letter and its receipt");
    // The first delivery, then as a message of its own with its mark one delivery and one retry.
    assert.deepEqual([api.requests.length, api.accepted], [3, 1]);
    assert.deepEqual(outcomes(hub), { receipts: ["unknown"], letters: ["unknown"] });
    assert.match(reports(hub, "/dead")[0]?.reason ?? "", /it may have been sent, and the queue's retries are used up/);
  });

  for (const claims of [false, true]) {
    test(`no answer, without keys${claims ? ", with claims" : ""}: never again, and told`, async () => {
      const [other, hub] = [await provider(resend), await capture(204)];
      const api = await provider(sendgrid, [HANG]);
      const stage = await start({
        config: configOf([sender("sendgrid", api.url), sender("resend", other.url)], hub),
        claims,
      });
      await stage.post(event());
      await settled(() => hub.requests.length === 2, "the dead letter and its receipt");
      assert.deepEqual([api.requests.length, api.accepted, other.requests.length], [1, 1, 0]);
      assert.deepEqual(outcomes(hub), { receipts: ["unknown"], letters: ["unknown"] });
    });
  }

  test("in a batch the one that fails repeats no other", async () => {
    const asked: string[] = [];
    const api = await startCapture(({ headers }) => {
      asked.push(headers["idempotency-key"]?.split(".")[1] ?? "");
      return asked.at(-1) === "event-b" ? { status: 503 } : { status: 200, body: `{"id":"1"}` };
    });
    closing.push(() => api.close());
    const hub = await capture(204);
    const stage = await start({ config: configOf([sender("resend", api.origin)], hub), maxBatchTimeout: 1 });
    for (const id of ["event-a", "event-b", "event-c"]) await stage.post(event(id));
    await settled(() => hub.requests.length === 4, "three receipts and a dead letter");
    assert.deepEqual(asked.sort(), ["event-a", "event-b", "event-b", "event-b", "event-b", "event-c"]);
    assert.deepEqual(outcomes(hub).letters, ["not_sent"]);
    assert.deepEqual(outcomes(hub).receipts.sort(), ["not_sent", "sent", "sent"]);
  });
});

describe("who hears of it", () => {
  test("a dead letter that nobody takes is laid aside and told again, its receipt only once", async () => {
    let status = 500;
    const [letters, receipts] = [await capture(() => status), await capture(204)];
    const api = await provider(sendgrid, [HANG]);
    const stage = await start({ config: configOf([sender("sendgrid", api.url)], receipts, letters), maxRetries: 50 });
    await stage.post(event());
    await settled(() => letters.requests.length >= 3, "the failing receiver");
    status = 204;
    await settled(() => stage.lines("unknown").some((it) => it.deadLetter === "taken"), "the dead letter");
    const told = stage.lines("unknown").filter((it) => it.deadLetter === "taken");
    assert.equal(told.length, 1);
    assert.deepEqual(outcomes(receipts).receipts, ["unknown"]);
    assert.equal(api.requests.length, 1);
  });

  test("neither the log nor an answer nor a report holds an address, a key or a secret", async () => {
    const hub = await capture(204);
    const api = await provider(sendgrid, [HANG, REFUSED, REFUSED, REFUSED, REFUSED]);
    const stage = await start({ config: configOf([sender("sendgrid", api.url)], hub), claims: true });
    const texts: string[] = [];
    for (const id of ["event-1", "event-2", "event-3"]) {
      texts.push(await (await stage.post(event(id))).text());
      await pause(100);
    }
    texts.push(await (await stage.post(event(), { secret: "guessed" })).text());
    await settled(() => hub.requests.length >= 4, "the reports");
    texts.push(stage.logs, ...hub.requests.map((it) => JSON.stringify([it.headers, it.body.toString()])));
    const all = texts.join("\n");
    assert.ok(stage.logs.length > 500);
    for (const secret of [ADDRESS, "newuser.example", KEY, SECRET, REPORT_SECRET, "    at "])
      assert.ok(!all.includes(secret), `${secret} is told`);
  });
});

describe("the same message twice", () => {
  test("without claims: a provider with keys sends once, one without keys twice", async () => {
    const [keyed, keyless] = [await provider(resend), await provider(sendgrid)];
    for (const [api, name, accepted] of [
      [keyed, "resend", 1],
      [keyless, "sendgrid", 2],
    ] as const) {
      const stage = await start({ config: configOf([sender(name, api.url)]) });
      await stage.enqueue(queued());
      await settled(() => stage.lines("sent").length === 1, "the message");
      await stage.enqueue(queued());
      await settled(() => stage.lines("sent").length === 2, "its copy");
      assert.deepEqual([api.requests.length, api.accepted], [2, accepted]);
    }
  });

  test("with claims: once, for a redelivered message, two at once, and a replayed webhook", async () => {
    const [api, hub] = [await provider(sendgrid), await capture(204)];
    // A copy waits for as long as the other may take.
    const config = { ...configOf([sender("sendgrid", api.url)], hub), delivery: { budgetSeconds: 1 } };
    const stage = await start({ config, claims: true });
    await stage.enqueue(queued(), queued());
    await settled(() => stage.lines("duplicate").length === 1, "the copy");
    await stage.enqueue(queued());
    await settled(() => stage.lines("duplicate").length === 2, "the redelivered copy");
    assert.equal((await stage.post(event())).status, 202);
    await settled(() => stage.lines("duplicate").length === 3, "the replay");
    await stage.post(event("event-other"));
    await settled(() => stage.lines("sent").length === 2, "another event");
    assert.deepEqual([api.requests.length, api.accepted], [2, 2]);
    assert.deepEqual(outcomes(hub), { receipts: ["sent", "sent"], letters: [] });
  });

  test("with claims two events without an id are two messages", async () => {
    const api = await provider(sendgrid);
    const stage = await start({ config: configOf([sender("sendgrid", api.url)]), claims: true });
    const other = JSON.parse(JSON.stringify(guide).replaceAll(ADDRESS, "other@newuser.example"));
    for (const one of [guide, guide, other]) {
      const { id, ...nameless } = aged(one, 1);
      await stage.enqueue({
        event: { ...nameless, context: { ...nameless.context, timestamp: 1788251400 } },
        type: nameless.type,
      });
    }
    await settled(() => stage.lines("sent").length + stage.lines("duplicate").length === 3, "all");
    assert.equal(api.accepted, 2);
  });

  test("an end is remembered while workerd restarts", async () => {
    const folder = mkdtempSync(join(tmpdir(), "claims-"));
    closing.push(async () => rmSync(folder, { recursive: true, force: true }));
    const api = await provider(sendgrid);
    const options = { config: configOf([sender("sendgrid", api.url)]), claims: true, persist: folder };
    const before = await Stage.start(options);
    await before.post(event());
    await settled(() => before.lines("sent").length === 1, "the message");
    await before.stop();
    const later = await start(options);
    await later.post(event());
    await settled(() => later.lines("duplicate").length === 1, "the copy");
    assert.equal(api.requests.length, 1);
  });
});

describe("a Worker that was lost while it was sending", () => {
  /** Leaves the claim that it had made. */
  async function lost(stage: Stage, config: Config, leaseMs: number): Promise<void> {
    const decision = decide(event(), config, builtIn("en"));
    assert.ok(decision.type === "send");
    const [attempt] = decision.attempts;
    assert.ok(attempt?.request);
    const mark = await markOf(attempt, attempt.request, attempt.keySeconds, Date.now());
    const { createClaimsClient } = await import("../../ts/cloudflare/claims.ts");
    const claims = createClaimsClient((await stage.mf.getDurableObjectNamespace("CLAIMS")) as never);
    const claimed = await claims.take({ key: decision.key, holder: "the lost one", mark, again: false, leaseMs });
    assert.deepEqual(claimed, { granted: true });
  }

  test("its message waits for the lease; with keys it is repeated", async () => {
    const [api, hub] = [await provider(resend), await capture(204)];
    const config = configOf([sender("resend", api.url)], hub);
    const stage = await start({ config, claims: true });
    await lost(stage, config, 1500);
    const left = Date.now();
    await stage.post(event());
    await settled(() => hub.requests.length > 0, "the receipt");
    assert.ok(Date.now() - left >= 1500);
    assert.deepEqual([api.requests.length, api.accepted], [1, 1]);
    assert.deepEqual(outcomes(hub), { receipts: ["sent"], letters: [] });
  });

  test("without keys there is no second mail, but a dead letter", async () => {
    const [api, hub] = [await provider(sendgrid), await capture(204)];
    const config = configOf([sender("sendgrid", api.url)], hub);
    const stage = await start({ config, claims: true });
    await lost(stage, config, 0);
    await stage.post(event());
    await settled(() => hub.requests.length === 2, "the dead letter and its receipt");
    await stage.post(event());
    await settled(() => stage.lines("duplicate").length === 1, "the copy");
    assert.equal(api.requests.length, 0);
    assert.deepEqual(outcomes(hub), { receipts: ["unknown"], letters: ["unknown"] });
  });

  test("with another configuration since, there is no second mail either", async () => {
    const [api, hub] = [await provider(resend), await capture(204)];
    const config = configOf([sender("resend", api.url)], hub);
    const stage = await start({ config: { ...config, serviceName: "Acme Ltd" }, claims: true });
    await lost(stage, config, 0);
    await stage.post(event());
    await settled(() => hub.requests.length === 2, "the dead letter and its receipt");
    assert.equal(api.requests.length, 0);
    assert.match(reports(hub, "/dead")[0]?.reason ?? "", /may have been sent, and the configuration has changed/);
  });
});
