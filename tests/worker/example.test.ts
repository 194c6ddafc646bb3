/** The project to start from, `ts/worker/`: as it stands, with its own wrangler configuration, in real workerd. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Request, Response, type WorkerOptions } from "miniflare";
import ts from "typescript";
import { aged, guide } from "../fixtures/events.ts";
import { startCapture } from "../servers/capture.ts";
import { MailApi } from "../servers/mail-api.ts";
import { SECRET, Stage, settled } from "./stage.ts";

type Wrangler = {
  main: string;
  queues: {
    producers: { binding: string; queue: string }[];
    consumers: {
      queue: string;
      max_batch_size: number;
      max_batch_timeout: number;
      max_retries: number;
      dead_letter_queue?: string;
    }[];
  };
  durable_objects: { bindings: { name: string; class_name: string }[] };
  migrations: { new_sqlite_classes: string[] }[];
};

const FILE = "ts/worker/wrangler.jsonc";
const { config: wrangler, error } = ts.parseConfigFileTextToJson(FILE, readFileSync(FILE, "utf8")) as {
  config: Wrangler;
  error?: ts.Diagnostic;
};

/** What wrangler would make of its file. */
function workerOptions({ queues, durable_objects, migrations }: Wrangler): Partial<WorkerOptions> {
  return {
    queueProducers: Object.fromEntries(queues.producers.map(({ binding, queue }) => [binding, queue])),
    queueConsumers: Object.fromEntries(
      queues.consumers.map((it) => [
        it.queue,
        {
          maxBatchSize: it.max_batch_size,
          maxBatchTimeout: it.max_batch_timeout,
          maxRetries: it.max_retries,
          deadLetterQueue: it.dead_letter_queue,
        },
      ]),
    ),
    durableObjects: Object.fromEntries(
      durable_objects.bindings.map(({ name, class_name: className }) => [
        name,
        { className, useSQLite: migrations.some((it) => it.new_sqlite_classes.includes(className)) },
      ]),
    ),
  };
}

test("it sends, drops a copy, and tells its receiver of what waits in its dead-letter queue", async () => {
  assert.equal(error, undefined);
  const [api, hub] = [await new MailApi({ key: "re_key" }).start(), await startCapture({ status: 204 })];
  const bindings = { RESEND_KEY: "re_key", WEBHOOK_SECRET: SECRET, REPORT_SECRET: "hmac-V1nEy4rdW4tch3r" };
  const stage = await Stage.start({
    entry: `ts/worker/${wrangler.main}`,
    bindings,
    worker: {
      ...workerOptions(wrangler),
      outboundService: async (request: Request) => {
        const { host, pathname } = new URL(request.url);
        const origin = host === "api.resend.com" ? api.url : host === "it.acme.example" ? hub.origin : undefined;
        assert.ok(origin, `${host} is asked`);
        const { method, headers } = request;
        const body = await request.text();
        const answer = await fetch(origin + pathname, { method, headers: Object.fromEntries(headers), body });
        return new Response(answer.status === 204 ? null : await answer.text(), answer as never);
      },
    },
  });
  try {
    const event = aged(guide, 1);
    assert.equal((await stage.post(event)).status, 202);
    await settled(() => stage.lines("sent").length === 1, "the message");
    assert.equal((await stage.post(event)).status, 202);
    await settled(() => stage.lines("duplicate").length === 1, "the copy");
    assert.equal(api.requests.length, 1);
    assert.deepEqual(api.messages[0]?.to, ["newuser@newuser.example"]);

    const worker = await stage.mf.getWorker();
    const dead = wrangler.queues.consumers[0]?.dead_letter_queue ?? "";
    const body = { event: { ...event, id: "event-dead" }, id: "event-dead", type: event.type };
    const result = await worker.queue(dead, [{ id: "m1", timestamp: new Date(), attempts: 1, body }]);
    assert.deepEqual(result.explicitAcks, ["m1"]);
    assert.equal(JSON.parse(hub.requests[0]?.body.toString() ?? "{}").outcome, "not_sent");
  } finally {
    await Promise.all([stage.stop(), api.stop(), hub.close()]);
  }
});
