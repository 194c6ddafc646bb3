/**
 * A provider that misbehaves by script, request by request, and counts what a user would get: a request counts as a message
 * when the provider has accepted it, whether or not its answer arrives.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export type Behaviour =
  /** The provider's own success. */
  | { does: "accept" }
  | { does: "answer"; status: number; headers?: { [name: string]: string }; body?: string; accepted?: boolean }
  /** The connection breaks before the request is read. */
  | { does: "reset on connect" }
  /** The request is read (`unread`: its head only), then the connection breaks without an answer. */
  | { does: "reset"; accepted: boolean; unread?: true }
  /** The request is read, then the connection ends in order, without an answer. */
  | { does: "close"; accepted: boolean }
  /** The request is read (`unread`: its head only) and never answered. */
  | { does: "hang"; accepted: boolean; unread?: true }
  /** Accepts; the answer's head and a piece of its body come, then the connection breaks. */
  | { does: "reset in the answer" }
  /** Accepts; the head of the answer comes at once, its body one byte every so often. */
  | { does: "drip"; everyMs: number }
  /** Accepts; the answer ends before its content-length. */
  | { does: "truncate" }
  | { does: "redirect"; status: number; to: string }
  /** Accepts; the answer is endless, as far as anybody cares. */
  | { does: "flood"; bytes: number };

/** How a provider says yes, and whether it knows a repetition by its key. */
export type Dialect = {
  keyed: boolean;
  success: Said;
  /** Where the key stands in the body; absent: it is the header `idempotency-key`. */
  keyOf?: (body: string) => string;
  /** What a repetition under its key is told; absent: the first answer again. */
  repeated?: Said;
  /** A 2xx that says that the message was not taken; absent: the provider has none. */
  failure?: Said;
};

type Said = { status: number; headers: { [name: string]: string }; body: string };

export type FaultyRequest = {
  /** Milliseconds since the server's start. */
  at: number;
  path: string;
  headers: { [name: string]: string };
  body: string;
};

/** A piece of a flood. */
const CHUNK = Buffer.alloc(64 * 1024, "x");

export class FaultyServer {
  readonly requests: FaultyRequest[] = [];
  /** Messages that the provider has taken: what its users would get. */
  accepted = 0;
  /** Connections made, requests on them or not. */
  connections = 0;
  /** Bytes of flood that the client took before it had enough. */
  flooded = 0;
  /** Keys that came again with other bytes; the provider answers 409. */
  conflicts = 0;
  /** Called when a request will not be answered any more, for clients whose clock does not run by itself. */
  stalled: () => void = () => {};
  readonly #dialect: Dialect;
  readonly #script: Behaviour[];
  readonly #server: Server;
  readonly #taken = new Map<string, string>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #port = 0;
  #started = 0;

  /** After the script's end every request is accepted. */
  constructor(dialect: Dialect, script: Behaviour[] = []) {
    this.#dialect = dialect;
    this.#script = [...script];
    this.#server = createServer((request, response) => this.#serve(request, response));
    this.#server.on("connection", (socket: Socket) => {
      this.connections += 1;
      socket.on("error", () => {});
      if (this.#script[0]?.does === "reset on connect") {
        this.#script.shift();
        socket.resetAndDestroy();
      }
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** With `closedMs` the port is known at once and refuses connections until then. */
  async start(closedMs = 0): Promise<this> {
    await this.#listen(0);
    this.#started = performance.now();
    if (closedMs > 0) {
      await new Promise((resolve) => this.#server.close(resolve));
      if (closedMs !== Number.POSITIVE_INFINITY) this.#later(closedMs, () => void this.#listen(this.#port));
    }
    return this;
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
  }

  async #listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = performance.now() - this.#started;
    const [next] = this.#script;
    const chunks: Buffer[] = [];
    try {
      if (!(next && "unread" in next)) for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks).toString();
    const headers: FaultyRequest["headers"] = {};
    for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
    this.requests.push({ at, path: request.url ?? "", headers, body });
    const behaviour = this.#script.shift() ?? { does: "accept" };
    const { status, headers: successHeaders, body: successBody } = this.#dialect.success;
    const cutAnswer = () => {
      response.writeHead(status, { ...successHeaders, "content-length": String(successBody.length + 100) });
      return new Promise<void>((resolve) => response.write(successBody.slice(0, 5) || " ", () => resolve()));
    };

    switch (behaviour.does) {
      case "accept":
        this.#accept(headers, body, response);
        return;
      case "answer":
        if (behaviour.accepted) this.#take(headers, body);
        response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body);
        return;
      case "reset on connect":
        // The script changed while a connection was being kept alive.
        request.socket.resetAndDestroy();
        return;
      case "reset":
        if (behaviour.accepted) this.#take(headers, body);
        request.socket.resetAndDestroy();
        return;
      case "close":
        if (behaviour.accepted) this.#take(headers, body);
        request.socket.end();
        return;
      case "hang":
        if (behaviour.accepted) this.#take(headers, body);
        this.stalled();
        return;
      case "reset in the answer":
        this.#take(headers, body);
        await cutAnswer();
        request.socket.resetAndDestroy();
        return;
      case "drip":
        this.#take(headers, body);
        this.#drip(response, behaviour.everyMs);
        return;
      case "truncate":
        this.#take(headers, body);
        await cutAnswer();
        request.socket.end();
        return;
      case "redirect":
        response.writeHead(behaviour.status, { location: behaviour.to }).end();
        return;
      case "flood":
        this.#take(headers, body);
        response.writeHead(status, successHeaders);
        this.#flood(response, behaviour.bytes);
    }
  }

  #accept(headers: FaultyRequest["headers"], body: string, response: ServerResponse): void {
    const { success, repeated = success } = this.#dialect;
    const conflict = `{"statusCode":409,"name":"invalid_idempotent_request","message":""}`;
    const answers = { new: success, repeated, conflict: { status: 409, headers: {}, body: conflict } };
    const { status, headers: its, body: text } = answers[this.#take(headers, body)];
    response.writeHead(status, its).end(text);
  }

  /** `conflict`: the key was used with other bytes. */
  #take(headers: FaultyRequest["headers"], body: string): "new" | "repeated" | "conflict" {
    const { keyed, keyOf } = this.#dialect;
    const key = keyed ? (keyOf?.(body) ?? headers["idempotency-key"]) : undefined;
    const before = key === undefined ? undefined : this.#taken.get(key);
    if (before === undefined) {
      this.accepted += 1;
      if (key !== undefined) this.#taken.set(key, body);
      return "new";
    }
    if (before === body) return "repeated";
    this.conflicts += 1;
    return "conflict";
  }

  #drip(response: ServerResponse, everyMs: number): void {
    const { status, headers, body } = this.#dialect.success;
    const bytes = body.padEnd(1000);
    response.writeHead(status, { ...headers, "content-length": String(bytes.length) });
    let sent = 0;
    const next = () => {
      if (response.destroyed) return;
      response.write(bytes[sent]);
      sent += 1;
      if (sent < bytes.length) this.#later(everyMs, next);
    };
    next();
  }

  #flood(response: ServerResponse, bytes: number): void {
    const more = () => {
      while (this.flooded < bytes && !response.destroyed) {
        this.flooded += CHUNK.length;
        if (!response.write(CHUNK)) {
          response.once("drain", more);
          return;
        }
      }
      response.end();
    };
    more();
  }

  #later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }
}
