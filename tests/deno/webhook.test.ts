/** The webhook under `Deno.serve`, in every Deno that is supported: real processes and sockets. */
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { afterEach, beforeEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Config } from "../../ts/config.ts";
import { delivery, SIGNATURE } from "../fixtures/delivery.ts";
import { aged, blockingTypes, guide, otherTypes } from "../fixtures/events.ts";
import { sendgrid } from "../servers/dialects.ts";
import { type Behaviour, FaultyServer } from "../servers/faulty.ts";
import { ServerProcess } from "../servers/process.ts";
import { converse, drip, pour } from "../servers/socket.ts";
import { runtimes } from "./contract.ts";

const SECRETS = ["whsec-0ld-canary", "whsec-n3w-canary"] as const;
const KEY = "SG.canary-5521";
const MIB = 1024 * 1024;
const SERVE = fileURLToPath(new URL("./serve.ts", import.meta.url));

/** Deno 2 answers, and leaves it to the client to close. */
const hangUp = (socket: Socket) => socket.once("data", () => socket.destroy());

let ids = 0;
const fresh = () => ({ ...aged(guide, 1), id: `event-${process.pid}-${ids++}` });

for (const runtime of runtimes) {
  describe(runtime.name, () => {
    let provider: FaultyServer;
    let server: ServerProcess;
    const answers: string[] = [];

    async function start(script: Behaviour[] = []): Promise<void> {
      provider = await new FaultyServer(sendgrid, script).start();
      const config: Config = {
        serviceName: "Acme",
        url: "https://accounts.acme.example",
        email: [{ provider: "sendgrid", apiKey: KEY, from: "no-reply@acme.example", endpoint: provider.url }],
        webhook: { secrets: [...SECRETS] },
        delivery: { budgetSeconds: 3, attemptSeconds: 1, attempts: 1 },
      };
      const flags = ["run", "--quiet", "--no-prompt", "--no-config", "--no-remote", "--allow-net=127.0.0.1"];
      server = await ServerProcess.start(runtime.path, [...flags, SERVE, JSON.stringify(config)]);
    }

    async function deliver(event: unknown, secret: string = SECRETS[1]) {
      const response = await fetch(server.origin, delivery(event, secret));
      const text = await response.text();
      answers.push(text);
      return { status: response.status, body: JSON.parse(text), headers: response.headers };
    }

    const head = (headers: { [name: string]: string }) =>
      `POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n${SIGNATURE}: ${"0".repeat(64)}\r\n${Object.entries(
        headers,
      )
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join("")}\r\n`;

    beforeEach(() => start());
    afterEach(async () => {
      assert.ok(server.running, server.output);
      for (const said of [server.output, ...answers.splice(0)]) {
        for (const secret of [...SECRETS, KEY, "newuser@", "canary"]) assert.ok(!said.includes(secret), said);
        assert.doesNotMatch(said, /\bat .*:\d+:\d+|Error|\.ts\b/);
      }
      await server.stop();
      await provider.stop();
    });

    test("sends once, and says what it did with everything else", async () => {
      const event = fresh();
      const told = await Promise.all(Array.from({ length: 20 }, () => deliver(event)));
      assert.deepEqual(told.map(({ body }) => body.outcome).sort(), [...Array(19).fill("duplicate"), "sent"]);
      const others = [
        await deliver(fresh(), SECRETS[0]),
        await deliver(fresh(), "whsec"),
        await deliver(otherTypes[0] && aged(otherTypes[0], 1)),
        await deliver(blockingTypes[0]),
        await deliver(aged(guide, 90_000)),
        await deliver(new Uint8Array([0xff, 0x00])),
        await deliver(`${"[".repeat(MIB)}`),
        await deliver(`${"[".repeat(MIB + 1)}`),
      ];
      assert.deepEqual(
        others.map(({ status, body }) => [status, body.outcome ?? body.is_allowed]),
        [
          [200, "sent"],
          [401, "refused"],
          [200, "skipped"],
          [200, true],
          [403, "refused"],
          [400, "refused"],
          [400, "refused"],
          [413, "refused"],
        ],
      );
      assert.equal((await fetch(server.origin)).status, 405);
      assert.equal((await fetch(server.origin, { method: "POST", body: "{}" })).status, 415);
      assert.equal(provider.accepted, 2);
    });

    test("a slow body is given up, an endless one refused while it comes, and others are served", async () => {
      const slow = Array.from({ length: 20 }, () =>
        converse(server.origin, (socket) => {
          socket.write(head({ "content-length": "100000", connection: "close" }));
          drip(socket, "{", 50);
          hangUp(socket);
        }),
      );
      const piece = Buffer.from(`10000\r\n${"x".repeat(65_536)}\r\n`);
      const large = await converse(server.origin, (socket) => {
        socket.write(head({ "transfer-encoding": "chunked", connection: "close" }));
        hangUp(socket);
        return pour(socket, piece, 100 * MIB);
      });
      // Deno 1 closes without waiting for the client to read: the answer may be lost with the reset, the server is not.
      assert.ok([0, 413].includes(large.status), large.answer);
      assert.ok(large.written < 50 * MIB, `${large.written}`);
      assert.equal((await deliver(fresh())).body.outcome, "sent");
      for (const { status, answer } of await Promise.all(slow)) assert.equal(status, 408, answer);
      assert.equal((await deliver(fresh())).body.outcome, "sent");
    });

    test("a provider that fails is asked again on redelivery, one that hangs is not", async () => {
      await server.stop();
      await provider.stop();
      await start([
        { does: "answer", status: 500 },
        { does: "answer", status: 503 },
        { does: "accept" },
        { does: "hang", accepted: true },
      ]);
      const [doubtful, failing, hanging] = [fresh(), fresh(), fresh()];
      const outcomes = [];
      for (const event of [doubtful, doubtful, failing, failing, failing, hanging, hanging]) {
        const { status, body } = await deliver(event);
        outcomes.push([status, body.outcome, body.reason]);
      }
      assert.deepEqual(outcomes, [
        [200, "unknown", "may_have_been_sent"],
        [200, "duplicate", "unknown"],
        [502, "not_sent", "no_provider_took_it"],
        [200, "sent", undefined],
        [200, "duplicate", "sent"],
        [200, "unknown", "may_have_been_sent"],
        [200, "duplicate", "unknown"],
      ]);
      assert.equal(provider.requests.length, 4);
    });
  });
}
