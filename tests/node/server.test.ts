/** The webhook on Node's HTTP server, with real sockets: whatever a client does, the server answers and goes on. */
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import { afterEach, beforeEach, describe, test } from "node:test";
import fc from "fast-check";
import type { Config } from "../../ts/config.ts";
import { type FetchHandler, type Listening, type ListenOptions, listen } from "../../ts/node.ts";
import { delivery, SIGNATURE } from "../fixtures/delivery.ts";
import { aged, blockingTypes, guide, otherTypes } from "../fixtures/events.ts";
import { resend } from "../servers/dialects.ts";
import { type Behaviour, FaultyServer } from "../servers/faulty.ts";
import { ServerProcess } from "../servers/process.ts";
import { converse, drip, pour } from "../servers/socket.ts";

const SECRETS = ["whsec-0ld-canary", "whsec-n3w-canary"] as const;
const KEY = "re_canary_5521";
const MIB = 1024 * 1024;
const LIMITS = { headMs: 700, requestMs: 1_500, keepAliveMs: 300, connections: 60 };

let ids = 0;
const fresh = () => ({ ...aged(guide, 1), id: `event-${process.pid}-${ids++}` });

const head = (headers: { [name: string]: string }, line = "POST /hook HTTP/1.1") =>
  `${line}\r\nhost: hook.example\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("")}\r\n`;
const JSON_HEADERS = { "content-type": "application/json", [SIGNATURE]: "0".repeat(64) };

describe("the webhook as a process", () => {
  let provider: FaultyServer;
  let server: ServerProcess;
  const answers: string[] = [];

  async function start(script: Behaviour[] = [], change: Partial<Config> = {}, limits = {}): Promise<void> {
    provider = await new FaultyServer(resend, script).start();
    const config: Config = {
      serviceName: "Acme",
      url: "https://accounts.acme.example",
      email: [{ provider: "resend", apiKey: KEY, from: "no-reply@acme.example", endpoint: provider.url }],
      webhook: { secrets: [...SECRETS] },
      delivery: { budgetSeconds: 3, attemptSeconds: 1, attempts: 2 },
      ...change,
    };
    const options: ListenOptions = { limits: { ...LIMITS, ...limits } };
    const program = ["--import", "tsx", "tests/servers/webhook.ts", JSON.stringify(config), JSON.stringify(options)];
    server = await ServerProcess.start(process.execPath, program);
  }

  async function deliver(event: unknown, secret: string = SECRETS[1]) {
    const response = await fetch(server.origin, delivery(event, secret));
    const text = await response.text();
    answers.push(text, JSON.stringify([...response.headers]));
    return { status: response.status, body: JSON.parse(text), headers: response.headers };
  }

  /** A server that goes on takes an event and sends its message. */
  async function goesOn(): Promise<void> {
    const before = provider.accepted;
    assert.deepEqual((await deliver(fresh())).body, { outcome: "sent" });
    assert.equal(provider.accepted, before + 1);
  }

  async function talk(write: (socket: Socket) => unknown, limitMs?: number) {
    const exchange = await converse(server.origin, write, limitMs);
    answers.push(exchange.answer);
    return exchange;
  }

  afterEach(async () => {
    assert.ok(server.running, server.output);
    for (const said of [server.output, ...answers.splice(0)]) {
      for (const secret of [...SECRETS, KEY, "newuser@", "canary"]) assert.ok(!said.includes(secret), said);
      assert.doesNotMatch(said, /\bat .*:\d+:\d+|Error|node_modules|\.ts\b/);
    }
    await server.stop();
    await provider.stop();
  });

  describe("with a sound provider", () => {
    beforeEach(() => start());

    test("answers over HTTP what it answers as a handler", async () => {
      const event = fresh();
      const told = [
        await deliver(event),
        await deliver(event),
        await deliver(fresh(), SECRETS[0]),
        await deliver(fresh(), "whsec"),
        await deliver(otherTypes[0] && aged(otherTypes[0], 1)),
        await deliver(blockingTypes[0]),
        await deliver(aged(guide, 90_000)),
        await deliver("{}"),
      ];
      assert.deepEqual(
        told.map(({ status, body }) => [status, body.outcome ?? body.is_allowed]),
        [
          [200, "sent"],
          [200, "duplicate"],
          [200, "sent"],
          [401, "refused"],
          [200, "skipped"],
          [200, true],
          [403, "refused"],
          [400, "refused"],
        ],
      );
      assert.equal(provider.accepted, 2);
      const get = await fetch(server.origin);
      assert.deepEqual([get.status, get.headers.get("allow")], [405, "POST"]);
      assert.equal((await fetch(server.origin, { method: "POST", body: "{}" })).status, 415);
      assert.equal((await fetch(server.origin, { method: "HEAD" })).status, 405);
    });

    test("sends one message for fifty deliveries at once", async () => {
      const event = fresh();
      const init = delivery(event, SECRETS[1]);
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, async () => (await (await fetch(server.origin, init)).json()).outcome),
      );
      assert.equal(provider.accepted, 1);
      assert.equal(outcomes.filter((it) => it === "sent").length, 1);
      assert.equal(outcomes.filter((it) => it === "duplicate").length, 49);
    });

    test("a head that comes slowly is given up", async () => {
      await server.stop();
      await provider.stop();
      await start([], {}, { requestMs: 20_000 });
      const all = await Promise.all([
        talk((socket) => drip(socket, head(JSON_HEADERS), 50)),
        talk((socket) => drip(socket, `GET / HTTP/1.1\r\n${"x-a: b\r\n".repeat(1000)}`, 20)),
        talk((socket) => socket.write("POST / HTTP/1.1\r\n")),
        // Not one byte.
        talk(() => {}),
        goesOn(),
      ]);
      for (const exchange of all.slice(0, 4)) {
        assert.ok(exchange && [0, 408].includes(exchange.status), exchange?.answer);
        assert.ok(exchange.closedMs < 5_000, `${exchange.closedMs}`);
      }
      await goesOn();
    });

    test("a body that comes slowly is given up", async () => {
      const slow = { ...JSON_HEADERS, "content-length": "100000" };
      const chunked = { ...JSON_HEADERS, "transfer-encoding": "chunked" };
      const all = await Promise.all([
        talk((socket) => {
          socket.write(head(slow));
          drip(socket, "{", 50);
        }),
        talk((socket) => {
          socket.write(head(chunked));
          drip(socket, "1\r\nx\r\n", 20);
        }),
        talk((socket) => socket.write(head(slow))),
        goesOn(),
      ]);
      for (const exchange of all.slice(0, 3)) {
        assert.equal(exchange?.status, 408, exchange?.answer);
        assert.ok((exchange?.closedMs ?? 0) < 6_000, `${exchange?.closedMs}`);
      }
    });

    test("more connections than it bears are closed, and others served again when some are given up", async () => {
      const crowd = Array.from({ length: 100 }, () => talk((socket) => socket.write("POST / HTTP/1.1\r\n")));
      const ends = await Promise.all(crowd);
      const turnedAway = ends.filter(({ answer, closedMs }) => answer === "" && closedMs < 600).length;
      assert.ok(turnedAway >= 40, `${turnedAway}`);
      await goesOn();
    });

    test("100 MB are answered with 413 at once, by their length or while they come, and take no memory", async () => {
      await goesOn();
      const before = server.peakMemory();
      const piece = Buffer.alloc(64 * 1024, "x");
      const known = head({ ...JSON_HEADERS, "content-length": `${100 * MIB}` });
      const chunk = Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n")]);
      const unknown = head({ ...JSON_HEADERS, "transfer-encoding": "chunked" });
      const uploads = Array.from({ length: 10 }, (_, i) =>
        talk((socket) => {
          socket.write(i % 2 ? known : unknown);
          return pour(socket, i % 2 ? piece : chunk, 100 * MIB);
        }),
      );
      for (const { answer, status } of await Promise.all(uploads)) {
        assert.equal(status, 413);
        assert.match(answer, /\{"outcome":"refused","reason":"too_large"\}/);
      }
      const after = server.peakMemory();
      if (before !== undefined && after !== undefined) {
        console.log(`peak memory: ${Math.round(before / MIB)} MiB before, ${Math.round(after / MIB)} after 1,000 MiB`);
        assert.ok(after - before < 150 * MIB, `${(after - before) / MIB} MiB`);
      }
      await goesOn();
    });

    test("a client that goes on after its 413 is cut off", async () => {
      await server.stop();
      await provider.stop();
      await start([], {}, { requestMs: 20_000, keepAliveMs: 20_000 });
      const { status, closedMs } = await talk((socket) => {
        socket.write(head({ ...JSON_HEADERS, "content-length": `${100 * MIB}` }));
        drip(socket, "x", 20);
      });
      assert.equal(status, 413);
      assert.ok(closedMs < 6_000, `${closedMs}`);
    });

    test("a client that waits for leave to send 2 MB gets its 413 instead", async () => {
      const { answer } = await talk((socket) =>
        socket.write(head({ ...JSON_HEADERS, expect: "100-continue", "content-length": `${2 * MIB}` })),
      );
      assert.match(answer, /^HTTP\/1\.1 413 /);
    });

    test("a client that waits for leave to send an event gets it", async () => {
      const { headers, body } = delivery(fresh(), SECRETS[1]);
      const status = await new Promise((resolve, reject) => {
        const length = `${Buffer.byteLength(body as string)}`;
        const all = { ...headers, expect: "100-continue", "content-length": length };
        const request = httpRequest(server.origin, { method: "POST", headers: all });
        request.on("continue", () => request.end(body));
        request.on("response", (response) => resolve(response.resume().statusCode)).on("error", reject);
        request.flushHeaders();
      });
      assert.equal(status, 200);
      assert.equal(provider.accepted, 1);
    });

    test("an event that comes in chunks without a length, byte by byte", async () => {
      const { headers, body } = delivery(fresh(), SECRETS[1]);
      const { answer } = await talk((socket) => {
        socket.write(head({ ...headers, "transfer-encoding": "chunked", connection: "close" }));
        for (const byte of Buffer.from(body as string))
          socket.write(Buffer.from(`1\r\n${String.fromCharCode(byte)}\r\n`));
        socket.write("0\r\n\r\n");
      });
      assert.match(answer, /^HTTP\/1\.1 200 .*"sent"/s);
    });

    test("single bytes in chunks, up to the limit, take no more memory than large ones", async () => {
      await goesOn();
      const before = server.peakMemory();
      const bytes = Buffer.from("1\r\nx\r\n".repeat(20_000));
      const uploads = Array.from({ length: 4 }, () =>
        talk(async (socket) => {
          socket.write(head({ ...JSON_HEADERS, "transfer-encoding": "chunked", connection: "close" }));
          await pour(socket, bytes, bytes.length * 10);
          socket.write("0\r\n\r\n");
        }),
      );
      for (const { status } of await Promise.all(uploads)) assert.ok([401, 408].includes(status), `${status}`);
      const after = server.peakMemory();
      if (before !== undefined && after !== undefined) {
        console.log(`peak memory: ${Math.round(before / MIB)} MiB before, ${Math.round(after / MIB)} after`);
        assert.ok(after - before < 150 * MIB, `${(after - before) / MIB} MiB`);
      }
      await goesOn();
    });

    test("heads that are too large or malformed", async () => {
      for (const [text, statuses] of [
        [head({ ...JSON_HEADERS, "x-large": "x".repeat(17_000) }), [431]],
        [
          head({ ...JSON_HEADERS, ...Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`h${i}`, "x"])) }),
          [431],
        ],
        [`POST /${"x".repeat(20_000)} HTTP/1.1\r\n\r\n`, [431]],
        ["\u0000\u0001\u0002", [400]],
        ["GET\r\n\r\n", [400]],
        ["POST / HTTP/1.1\r\ncontent-length: 5\r\ncontent-length: 6\r\nhost: a\r\n\r\n", [400]],
        ["POST / HTTP/1.1\r\ncontent-length: -5\r\nhost: a\r\n\r\n", [400]],
        ["POST / HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\nhost: a\r\n\r\n0\r\n\r\n", [400]],
        ["POST / HTTP/1.1\r\n\r\n", [400]],
        ["POST / HTTP/9.9\r\nhost: a\r\n\r\n", [400]],
        ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400]],
        [`${head({ "transfer-encoding": "chunked", ...JSON_HEADERS })}zz\r\n`, [400]],
        [head({ connection: "close" }, "TRACE / HTTP/1.1"), [400]],
        [head({ connection: "close" }, "OPTIONS * HTTP/1.1"), [400]],
        [head({ connection: "close" }, "CONNECT evil.example:443 HTTP/1.1"), [0]],
        [head({ connection: "close" }, "GET http://evil.example/ HTTP/1.1"), [405]],
        [head({ connection: "close" }, "GET //evil.example/ HTTP/1.1"), [405]],
        [head({ connection: "close", "x-note": "\u00ff\u0080" }, "GET / HTTP/1.1"), [405]],
        [head({ connection: "close, upgrade", upgrade: "websocket" }, "GET / HTTP/1.1"), [405]],
        [head({ connection: "close", expect: "the impossible" }), [417]],
        ["GET / HTTP/1.1\r\nhost: a@b/c\\d e\r\nconnection: close\r\n\r\n", [405]],
        ["GET / HTTP/1.0\r\n\r\n", [405]],
      ] as const) {
        const exchange = await talk((socket) => socket.write(Buffer.from(text, "latin1")));
        assert.ok(
          (statuses as readonly number[]).includes(exchange.status),
          `${text.slice(0, 60)}: ${exchange.answer}`,
        );
      }
      await goesOn();
    });

    test("a header that comes twice is no way around the signature", async () => {
      const { headers, body } = delivery(fresh(), SECRETS[1]);
      for (const [name, value] of [
        [SIGNATURE, "0".repeat(64)],
        ["content-type", "text/plain"],
      ]) {
        const all = { ...headers, "content-length": `${Buffer.byteLength(body as string)}`, connection: "close" };
        const text = head(all).replace("\r\n\r\n", `\r\n${name}: ${value}\r\n\r\n`) + body;
        assert.ok([401, 415].includes((await talk((socket) => socket.write(text))).status), name);
      }
      assert.equal(provider.accepted, 0);
    });

    test("any bytes", async () => {
      const piece = fc.oneof(
        fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
        fc
          .constantFrom(
            "POST / HTTP/1.1\r\n",
            "host: a\r\n",
            "content-length: 3\r\n",
            "\r\n",
            "transfer-encoding: chunked\r\n",
            "{}",
          )
          .map((text) => Buffer.from(text)),
        fc
          .constantFrom("expect: 100-continue\r\n", "connection: upgrade\r\n", "upgrade: h2c\r\n", "5\r\n", ":\r\n")
          .map((text) => Buffer.from(text)),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
          await talk((socket) => socket.end(Buffer.concat(pieces)));
        }),
        { numRuns: 300 },
      );
      await goesOn();
    });

    test("clients that go away at any moment", async () => {
      const { headers, body } = delivery(fresh(), SECRETS[0]);
      const text = head({ ...headers, "content-length": `${Buffer.byteLength(body as string)}` }) + body;
      for (let i = 0; i < 40; i++) {
        const part = text.slice(0, Math.floor((text.length * i) / 40));
        await talk((socket) => socket.write(part, () => (i % 2 ? socket.resetAndDestroy() : socket.destroy())));
      }
      assert.equal(provider.accepted, 0);
      await goesOn();
    });

    test("several requests on one connection, one after the other and all at once", async () => {
      const request = (close: boolean) => {
        const { headers, body } = delivery(fresh(), SECRETS[0]);
        const length = `${Buffer.byteLength(body as string)}`;
        return head({ ...headers, "content-length": length, ...(close && { connection: "close" }) }) + body;
      };
      const { answer } = await talk((socket) => socket.write(request(false) + request(false) + request(true)));
      assert.equal(answer.match(/HTTP\/1\.1 200 OK/g)?.length, 3);
      assert.equal(provider.accepted, 3);
    });
  });

  describe("with a provider that fails", () => {
    test("a provider that hangs ends within the budget, and is not asked again", async () => {
      await start(Array(9).fill({ does: "hang", accepted: true }));
      const event = fresh();
      const [first, second] = await Promise.all([deliver(event), deliver(event)]);
      assert.deepEqual([first.status, first.body.outcome], [200, "unknown"]);
      assert.equal(second.body.outcome, "duplicate");
      const requests = provider.requests.length;
      assert.deepEqual((await deliver(event)).body, { outcome: "duplicate", reason: "unknown" });
      assert.equal(provider.requests.length, requests);
      assert.equal(provider.accepted, 1);
    });

    test("while some deliveries hang, others are served", async () => {
      await start(Array(10).fill({ does: "hang", accepted: false }), { delivery: { attempts: 1, attemptSeconds: 2 } });
      const hanging = Array.from({ length: 10 }, () => deliver(fresh()));
      while (provider.requests.length < 10) await new Promise((resolve) => setTimeout(resolve, 10));
      await goesOn();
      for (const { body } of await Promise.all(hanging)) assert.equal(body.outcome, "unknown");
    });

    test("a provider that fails: 502 and Retry-After, and a redelivery sends", async () => {
      await start([{ does: "answer", status: 503 }]);
      const event = fresh();
      const { status, body, headers } = await deliver(event);
      assert.deepEqual([status, body.outcome, headers.get("retry-after")], [502, "not_sent", "60"]);
      assert.deepEqual((await deliver(event)).body, { outcome: "sent" });
      assert.deepEqual((await deliver(event)).body, { outcome: "duplicate", reason: "sent" });
      assert.equal(provider.accepted, 1);
    });

    test("on SIGTERM what was begun is finished, also for a client that has gone", async () => {
      await start([{ does: "drip", everyMs: 1 }], { delivery: { attempts: 1, attemptSeconds: 5 } });
      const { headers, body } = delivery(fresh(), SECRETS[0]);
      const text = head({ ...headers, "content-length": `${Buffer.byteLength(body as string)}` }) + body;
      await talk(async (socket) => {
        socket.write(text);
        while (provider.requests.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
        socket.destroy();
      });
      assert.equal(await server.stop("SIGTERM"), 0);
      assert.match(server.output, /"authgear-invite":"sent".*closed/s);
      await provider.stop();
      await start();
    });
  });
});

describe("the adapter", () => {
  const open = async (handler: FetchHandler, limits = {}): Promise<Listening> =>
    listen(handler, { port: 0, limits: { ...LIMITS, ...limits } });

  test("is a plain listener for a server of one's own", async () => {
    const { createServer } = await import("node:http");
    const { toNodeListener } = await import("../../ts/node.ts");
    const server = createServer(toNodeListener(() => Response.json({ hello: 1 })));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    assert.deepEqual(await (await fetch(`http://127.0.0.1:${port}`)).json(), { hello: 1 });
    server.closeAllConnections();
    server.close();
  });

  test("passes on method, URL, headers and body, and gives back all of the answer", async () => {
    const { origin, close } = await open(async (request) => {
      const headers = new Headers([
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
        ["x-echo", request.headers.get("x-ask") ?? ""],
      ]);
      return new Response(`${request.method} ${request.url} ${await request.text()}`, { status: 201, headers });
    });
    const response = await fetch(`${origin}/a/b?c=d`, { method: "PUT", body: "é💌", headers: { "x-ask": "yes" } });
    assert.equal(await response.text(), `PUT ${origin}/a/b?c=d é💌`);
    assert.deepEqual(response.headers.getSetCookie(), ["a=1", "b=2"]);
    assert.deepEqual([response.status, response.headers.get("x-echo")], [201, "yes"]);
    await close();
  });

  test("a handler that throws is a 500 that says nothing", async () => {
    const handlers: FetchHandler[] = [
      () => {
        throw new Error("canary");
      },
      () => Promise.reject(undefined),
    ];
    for (const handler of handlers) {
      const { origin, close } = await open(handler);
      const response = await fetch(origin);
      assert.deepEqual([response.status, await response.text()], [500, ""]);
      await close();
    }
  });

  test("an answer is made no faster than it is taken, and not at all for a client that has gone", async () => {
    let made = 0;
    let cancelled = false;
    const { origin, close } = await open(
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              made += 1;
              controller.enqueue(new Uint8Array(64 * 1024));
            },
            cancel() {
              cancelled = true;
            },
          }),
        ),
    );
    await converse(origin, async (socket) => {
      socket.pause().write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
      await new Promise((resolve) => setTimeout(resolve, 500));
      const before = made;
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.ok(before > 0 && made === before && made < 1000, `${before}, ${made}`);
      socket.destroy();
    });
    while (!cancelled) await new Promise((resolve) => setTimeout(resolve, 10));
    await close();
  });

  test("a body is read no faster than the handler reads it", async () => {
    let proceed = () => {};
    const waits = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    const { origin, close } = await open(
      async (request) => {
        const reader = (request.body as ReadableStream<Uint8Array>).getReader();
        let size = 0;
        for (let next = await reader.read(); !next.done; next = await reader.read()) {
          size += next.value.length;
          await waits;
        }
        return new Response(`${size}`);
      },
      { requestMs: 20_000 },
    );
    const { answer } = await converse(origin, async (socket) => {
      const bytes = 40 * MIB;
      socket.write(head({ "content-length": `${bytes}`, connection: "close" }));
      const poured = pour(socket, Buffer.alloc(64 * 1024), bytes);
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.ok(socket.bytesWritten < 20 * MIB, `${socket.bytesWritten}`);
      proceed();
      await poured;
    });
    assert.match(answer, new RegExp(`${40 * MIB}`));
    await close();
  });

  test("closing waits for what runs, takes no more, and cuts off what takes too long", async () => {
    let finish = () => {};
    const begun: string[] = [];
    const slow: FetchHandler = async (request) => {
      begun.push(request.url);
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return new Response("done");
    };
    const one = await open(slow);
    const answer = fetch(one.origin).then((it) => it.text());
    while (begun.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    let closed = false;
    const closing = one.close().then(() => {
      closed = true;
    });
    await assert.rejects(fetch(one.origin));
    assert.equal(closed, false);
    finish();
    assert.equal(await answer, "done");
    await closing;

    const two = await open(slow);
    const cut = fetch(two.origin);
    while (begun.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const start = performance.now();
    await Promise.all([two.close(200), assert.rejects(cut)]);
    assert.ok(performance.now() - start < 5_000);
    finish();
  });

  test("a port that is taken is an error of the caller's", async () => {
    const one = await open(() => new Response());
    const port = Number(new URL(one.origin).port);
    await assert.rejects(
      listen(() => new Response(), { port }),
      { code: "EADDRINUSE" },
    );
    await one.close();
  });
});
