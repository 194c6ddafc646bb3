/** Serves a fetch handler by Node's own HTTP server. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";

/** What answers requests: `createWebhook(config)`, for example. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

/** How long a client may go on uploading what nobody reads, before it is cut off. */
const LINGER_MS = 2_000;

/** For a server of your own: `http.createServer(toNodeListener(handler))`. The listener's promise never rejects. */
export function toNodeListener(handler: FetchHandler) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    let response: Response;
    try {
      const request = toRequest(incoming, outgoing);
      response = request ? await handler(request) : new Response(null, { status: 400 });
    } catch {
      response = new Response(null, { status: 500 });
    }
    await send(response, outgoing).catch(() => outgoing.destroy());
    if (!incoming.complete) drain(incoming);
  };
}

/** What {@link listen} is told. */
export type ListenOptions = {
  /** Default 8080; 0 takes a free one. */
  port?: number;
  /** The address to listen at. Default `127.0.0.1`, where a proxy on this machine reaches it and nobody else. */
  host?: string;
  /** Limits against clients that hold on. */
  limits?: Partial<typeof LIMITS>;
};

/** Authgear is one client with small requests; the defaults leave it far more than it needs. */
const LIMITS = {
  /** How long a request's head may take. */
  headMs: 10_000,
  /** How long a whole request may take, its body included. */
  requestMs: 15_000,
  /** How long a connection may be silent while a request is worked on or its answer is taken. */
  silenceMs: 90_000,
  /** How long a connection is kept for the next request. */
  keepAliveMs: 5_000,
  headBytes: 16 * 1024,
  /** Connections at once; more are closed as they come. */
  connections: 256,
};

/** A server that listens. */
export type Listening = {
  /** Where, for example `http://127.0.0.1:8080`. */
  origin: string;
  server: Server;
  /**
   * Takes no more connections and resolves when all that was begun has ended, also for clients that are gone; what is
   * not done after `graceMs` (default 60,000) is cut off.
   */
  close: (graceMs?: number) => Promise<void>;
};

/**
 * Listens, with limits that a slow or greedy client runs into before the server does.
 *
 * @throws What Node throws when it cannot listen, such as `EADDRINUSE`.
 */
export async function listen(handler: FetchHandler, options: ListenOptions = {}): Promise<Listening> {
  const { port = 8080, host = "127.0.0.1" } = options;
  const limits = { ...LIMITS, ...options.limits };
  const running = new Set<Promise<void>>();
  let closing = false;

  const respond = toNodeListener(handler);
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (closing) outgoing.setHeader("connection", "close");
    const done = respond(incoming, outgoing).finally(() => running.delete(done));
    running.add(done);
  };

  const server = createServer(
    {
      headersTimeout: limits.headMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      maxHeaderSize: limits.headBytes,
      connectionsCheckingInterval: 1_000,
    },
    listener,
  );
  server.timeout = limits.silenceMs;
  server.maxConnections = limits.connections;
  // The client is told to go on when its body is first read: never for a body that is refused by its length.
  server.on("checkContinue", listener);

  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
  const { address, family, port: bound } = server.address() as AddressInfo;
  return {
    origin: `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`,
    server,
    close: async (graceMs = 60_000) => {
      closing = true;
      const ended = async () => {
        await new Promise((resolve) => server.close(resolve));
        await Promise.all(running);
      };
      let timer: NodeJS.Timeout | undefined;
      const grace = new Promise((resolve) => {
        timer = setTimeout(resolve, graceMs);
      });
      await Promise.race([ended(), grace]);
      clearTimeout(timer);
      server.closeAllConnections();
    },
  };
}

/** The request as fetch knows it; `undefined` for what fetch does not know, such as TRACE. */
function toRequest(incoming: IncomingMessage, outgoing: ServerResponse): Request | undefined {
  const { method = "", url = "", rawHeaders } = incoming;
  const authority = /^[\w.-]+(:\d+)?$|^\[[\da-fA-F:.]+\](:\d+)?$/.exec(incoming.headers.host ?? "")?.[0] ?? "localhost";
  try {
    const headers = new Headers();
    for (let i = 0; i + 1 < rawHeaders.length; i += 2)
      headers.append(rawHeaders[i] as string, rawHeaders[i + 1] as string);
    const body = method === "GET" || method === "HEAD" ? null : toStream(incoming, outgoing);
    const init: RequestInit & { duplex: "half" } = { method, headers, body, duplex: "half" };
    return new Request(url.startsWith("/") ? `http://${authority}${url}` : url, init);
  } catch {
    return undefined;
  }
}

/** The body, read from the socket only as it is read here. */
function toStream(incoming: IncomingMessage, outgoing: ServerResponse): ReadableStream<Uint8Array> {
  let awaitsContinue = incoming.headers.expect !== undefined;
  let detach = () => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const data = (chunk: Uint8Array) => {
          incoming.pause();
          controller.enqueue(chunk);
        };
        const end = () => controller.close();
        const close = () => {
          if (!incoming.readableEnded) controller.error(new Error("the client went away"));
        };
        detach = () => void incoming.off("data", data).off("end", end).off("close", close);
        incoming.on("data", data).on("end", end).on("close", close).pause();
      },
      pull() {
        if (awaitsContinue) outgoing.writeContinue();
        awaitsContinue = false;
        incoming.resume();
      },
      cancel: () => detach(),
    },
    { highWaterMark: 0 },
  );
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value);
  if (response.body) await pipeline(response.body as unknown as AsyncIterable<Uint8Array>, outgoing);
  else outgoing.end();
}

/**
 * Throws away what the client still sends: a connection that is closed while bytes arrive is reset, and with it goes the
 * answer that the client has not read yet.
 */
function drain(incoming: IncomingMessage): void {
  const cut = setTimeout(() => incoming.destroy(), LINGER_MS);
  incoming.once("close", () => clearTimeout(cut)).resume();
}
