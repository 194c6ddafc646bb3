/** Bodies as real servers send them: read whole, and never more than the limit. */
import assert from "node:assert/strict";
import dns from "node:dns";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, mock, test } from "node:test";
import { gzipSync } from "node:zlib";
import { lost, readText } from "../../ts/http.ts";

const LIMIT = 1000;

async function read(answer: (response: ServerResponse) => void): Promise<string | null> {
  const server = createServer((_, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    return await readText(await fetch(`http://127.0.0.1:${port}`), LIMIT);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const withLength = (body: Buffer, headers: { [name: string]: string } = {}) =>
  read((response) => response.writeHead(200, { ...headers, "content-length": body.length }).end(body));
const inPieces = (...pieces: Buffer[]) =>
  read((response) => {
    for (const piece of pieces) response.write(piece);
    response.end();
  });
const gzipped = (body: Buffer) => withLength(gzipSync(body), { "content-encoding": "gzip" });

describe("a body", () => {
  const text = Buffer.from(`{"id":"grüße 🎉"}`);
  const [most, more] = [Buffer.alloc(LIMIT, "x"), Buffer.alloc(LIMIT + 1, "x")];

  test("is read whole, however it comes", async () => {
    for (const send of [withLength, inPieces, gzipped]) assert.equal(await send(text), text.toString());
    assert.equal(await inPieces(text.subarray(0, 10), text.subarray(10)), text.toString());
    assert.equal(await read((response) => response.writeHead(204).end()), "");
    assert.equal(await withLength(Buffer.alloc(0)), "");
  });

  test("of more than the limit is not", async () => {
    for (const send of [withLength, inPieces, gzipped]) {
      assert.equal(await send(most), most.toString());
      assert.equal(await send(more), null);
    }
  });

  test("that unpacks to a thousand times its length is not", async () => {
    const bomb = gzipSync(Buffer.alloc(700_000));
    assert.ok(bomb.length < LIMIT);
    assert.equal(await withLength(bomb, { "content-encoding": "gzip" }), null);
  });

  test("that breaks off is not", async () => {
    const cut = (headers: { [name: string]: string }) =>
      read((response) => {
        response.writeHead(200, headers).write(text);
        setTimeout(() => response.destroy(), 20);
      });
    for (const headers of [{ "content-length": "100" }, { "content-length": "100000" }, {}])
      assert.equal(await cut(headers as { [name: string]: string }), null);
  });
});

describe("a host with several addresses", () => {
  /** What is said of a request to a port that is closed on each of them. */
  async function request(...addresses: string[]) {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const all = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    const lookup = mock.method(dns, "lookup", (_name: string, _options: object, done: (...args: unknown[]) => void) =>
      done(null, all),
    );
    const signal = AbortSignal.timeout(5_000);
    try {
      return await fetch(`http://several.example:${port}`, { signal }).catch((error) => lost(error, signal));
    } finally {
      lookup.mock.restore();
    }
  }

  test("none of which takes a connection: nothing left", async () => {
    const expected = { verdict: "retry", detail: "no connection" };
    assert.deepEqual(await request("127.0.0.1", "127.0.0.2"), expected);
    assert.deepEqual(await request("2001:db8::1", "127.0.0.1"), expected);
  });

  test("that fail for another reason, or for none: in doubt", () => {
    const refused = { code: "ECONNREFUSED", syscall: "connect" };
    const { signal } = new AbortController();
    for (const errors of [[refused, { code: "ECONNRESET", syscall: "read" }], []])
      assert.equal(lost(new TypeError("fetch failed", { cause: { errors } }), signal).verdict, "unknown");
  });
});
