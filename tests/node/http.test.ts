/** Bodies as real servers send them: read whole, and never more than the limit. */
import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { readText } from "../../ts/http.ts";

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
