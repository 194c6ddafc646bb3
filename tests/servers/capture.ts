/** A loopback HTTP server that keeps every request it gets and answers what it is told. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type Captured = {
  method: string;
  /** Path and query, as they stood in the request line. */
  path: string;
  /** Names in lower case; a repeated header is joined by commas, as Node does. */
  headers: { [name: string]: string };
  body: Buffer;
};

export type Answer = { status: number; headers?: { [name: string]: string }; body?: string };

export type CaptureServer = { origin: string; requests: Captured[]; close: () => Promise<void> };

/** `answer` is the answer to every request, or makes one from the request and its number (from 0). */
export async function startCapture(
  answer: Answer | ((request: Captured, number: number) => Answer),
): Promise<CaptureServer> {
  const requests: Captured[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers: Captured["headers"] = {};
    for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
    const captured = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers,
      body: Buffer.concat(chunks),
    };
    requests.push(captured);
    const {
      status,
      headers: extra,
      body,
    } = typeof answer === "function" ? answer(captured, requests.length - 1) : answer;
    // No kept-alive connection may outlive the server: a client would reuse it for the next one.
    response.writeHead(status, { connection: "close", ...extra }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
