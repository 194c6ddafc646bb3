/** What the Worker is made of: bindings, lanes, time. In Node, with bindings of our own. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mock, test } from "node:test";
import type { Config } from "../../ts/config.ts";
import { HOST, type Host } from "../../ts/host.ts";
import { createWorker, type QueueMessage, type WorkerOptions } from "../../ts/worker.ts";
import { aged, guide } from "../fixtures/events.ts";

const SECRET = "hook-s3cr3t-V1nEy4rd";
const config: Config = {
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [{ provider: "resend", apiKey: "key-5521", from: "no-reply@acme.example" }],
  webhook: { secrets: [SECRET] },
};
const event = aged(guide, 1);

function post(): Request {
  const body = JSON.stringify(event);
  const signature = createHmac("sha256", SECRET).update(body).digest("hex");
  const headers = { "content-type": "application/json", "x-authgear-body-signature": signature };
  return new Request("https://invite.acme.example/", { method: "POST", headers, body });
}

function messages(count: number) {
  const ends: string[] = [];
  const list = Array.from({ length: count }, (_, i): QueueMessage => {
    const body = { event: { ...event, id: `event-${i}` }, id: `event-${i}`, type: event.type };
    return { body, attempts: 1, ack: () => ends.push("ack"), retry: (it) => ends.push(`retry ${it?.delaySeconds}`) };
  });
  return { list, ends };
}

async function quiet<T>(run: () => Promise<T>): Promise<{ result: T; errors: string[] }> {
  const errors: string[] = [];
  const prints = [
    mock.method(console, "log", () => {}),
    mock.method(console, "error", (it: string) => errors.push(it)),
  ];
  try {
    return { result: await run(), errors };
  } finally {
    for (const it of prints) it.mock.restore();
  }
}

const sends = (host: Partial<Host> = {}): WorkerOptions => ({
  host: { ...HOST, fetch: async () => Response.json({ id: "1" }), ...host },
});
const QUEUE = { send: async () => {} };

test("bindings have the names that they are given", async () => {
  const sent: unknown[] = [];
  const env = { INVITATIONS: { send: async (body: unknown) => void sent.push(body) } };
  const worker = createWorker(config, { queue: "INVITATIONS" });
  assert.equal((await worker.fetch(post(), env)).status, 202);
  assert.deepEqual(sent, [{ event, id: event.id, type: event.type, userId: event.context.user_id }]);
});

test("a queue that is not bound is a problem of the configuration", async () => {
  const worker = createWorker(config);
  const { result, errors } = await quiet(() => worker.fetch(post(), {}));
  assert.equal(result.status, 500);
  assert.match(errors[0] ?? "", /env\.QUEUE: is missing/);
  const { list, ends } = messages(2);
  await quiet(() => worker.queue({ queue: "q", messages: list }, {}));
  assert.deepEqual(ends, ["retry 1800", "retry 1800"]);
});

test("a configuration that cannot be made is told by its error's name alone", async () => {
  const worker = createWorker(() => {
    throw new TypeError("key-5521");
  });
  const { result, errors } = await quiet(() => worker.fetch(post(), { QUEUE }));
  assert.equal(result.status, 500);
  assert.deepEqual(errors, [`{"authgear-invite":"invalid_config","reason":"TypeError"}`]);
});

test("the configuration is made once for an environment, from its secrets", async () => {
  const seen: string[] = [];
  const worker = createWorker((env: { QUEUE: unknown; KEY: string }) => {
    seen.push(env.KEY);
    return config;
  }, sends());
  const [one, other] = [
    { QUEUE, KEY: "one" },
    { QUEUE, KEY: "other" },
  ];
  await quiet(async () => {
    for (const env of [one, one, other]) await worker.fetch(post(), env);
    await worker.queue({ queue: "q", messages: messages(1).list }, one);
  });
  assert.deepEqual(seen, ["one", "other"]);
});

test("no more than three messages at once, so that none waits for a connection while its time runs", async () => {
  let [now, most] = [0, 0];
  const fetch = async () => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setTimeout(resolve, 5));
    now -= 1;
    return Response.json({ id: "1" });
  };
  const { list, ends } = messages(10);
  await quiet(() => createWorker(config, sends({ fetch })).queue({ queue: "q", messages: list }, { QUEUE }));
  assert.deepEqual(ends, Array(10).fill("ack"));
  assert.equal(most, 3);
});

test("what has not been begun after 12 minutes is left for the next invocation", async () => {
  let time = Date.now();
  const fetch = async () => {
    time += 13 * 60_000;
    return Response.json({ id: "1" });
  };
  const { list, ends } = messages(8);
  const worker = createWorker(config, sends({ fetch, now: () => time }));
  await quiet(() => worker.queue({ queue: "q", messages: list }, { QUEUE }));
  assert.deepEqual(ends.sort(), ["ack", "ack", "ack", ...Array(5).fill("retry undefined")]);
});
