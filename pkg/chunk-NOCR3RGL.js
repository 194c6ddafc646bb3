// ts/node.ts
import { createServer } from "node:http";
import { pipeline } from "node:stream/promises";
var LINGER_MS = 2e3;
function toNodeListener(handler) {
  return async (incoming, outgoing) => {
    let response;
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
var LIMITS = {
  /** How long a request's head may take. */
  headMs: 1e4,
  /** How long a whole request may take, its body included. */
  requestMs: 15e3,
  /** How long a connection may be silent while a request is worked on or its answer is taken. */
  silenceMs: 9e4,
  /** How long a connection is kept for the next request. */
  keepAliveMs: 5e3,
  headBytes: 16 * 1024,
  /** Connections at once; more are closed as they come. */
  connections: 256
};
async function listen(handler, options = {}) {
  const { port = 8080, host = "127.0.0.1" } = options;
  const limits = { ...LIMITS, ...options.limits };
  const running = /* @__PURE__ */ new Set();
  let closing = false;
  const respond = toNodeListener(handler);
  const listener = (incoming, outgoing) => {
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
      connectionsCheckingInterval: 1e3
    },
    listener
  );
  server.timeout = limits.silenceMs;
  server.maxConnections = limits.connections;
  server.on("checkContinue", listener);
  await new Promise((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
  const { address, family, port: bound } = server.address();
  return {
    origin: `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`,
    server,
    close: async (graceMs = 6e4) => {
      closing = true;
      const ended = async () => {
        await new Promise((resolve) => server.close(resolve));
        await Promise.all(running);
      };
      let timer;
      const grace = new Promise((resolve) => {
        timer = setTimeout(resolve, graceMs);
      });
      await Promise.race([ended(), grace]);
      clearTimeout(timer);
      server.closeAllConnections();
    }
  };
}
function toRequest(incoming, outgoing) {
  const { method = "", url = "", rawHeaders } = incoming;
  const authority = /^[\w.-]+(:\d+)?$|^\[[\da-fA-F:.]+\](:\d+)?$/.exec(incoming.headers.host ?? "")?.[0] ?? "localhost";
  try {
    const headers = new Headers();
    for (let i = 0; i + 1 < rawHeaders.length; i += 2)
      headers.append(rawHeaders[i], rawHeaders[i + 1]);
    const body = method === "GET" || method === "HEAD" ? null : toStream(incoming, outgoing);
    const init = { method, headers, body, duplex: "half" };
    return new Request(url.startsWith("/") ? `http://${authority}${url}` : url, init);
  } catch {
    return void 0;
  }
}
function toStream(incoming, outgoing) {
  let awaitsContinue = incoming.headers.expect !== void 0;
  let detach = () => {
  };
  return new ReadableStream(
    {
      start(controller) {
        const data = (chunk) => {
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
      cancel: () => detach()
    },
    { highWaterMark: 0 }
  );
}
async function send(response, outgoing) {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value);
  if (response.body) await pipeline(response.body, outgoing);
  else outgoing.end();
}
function drain(incoming) {
  const cut = setTimeout(() => incoming.destroy(), LINGER_MS);
  incoming.once("close", () => clearTimeout(cut)).resume();
}

export {
  toNodeListener,
  listen
};
