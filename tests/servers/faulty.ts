/**
 * A provider that misbehaves by script, request by request, and counts what a user would get: a request counts as a message
 * when the provider has accepted it, whether or not its answer arrives.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export type Behaviour =
  /** The provider's own success. */
  | { does: "accept" }
  | { does: "answer"; status: number; headers?: { [name: string]: string }; body?: string }
  /** The connection breaks before the request is read. */
  | { does: "reset on connect" }
  /** The request is read, then the connection breaks without an answer. */
  | { does: "reset"; accepted: boolean }
  /** The request is read, then the connection ends in order, without an answer. */
  | { does: "close"; accepted: boolean }
  /** The request is read and never answered. */
  | { does: "hang"; accepted: boolean }
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
  success: { status: number; headers: { [name: string]: string }; body: string };
};

export const resend: Dialect = {
  keyed: true,
  success: {
    status: 200,
    headers: { "content-type": "application/json" },
    body: `{"id":"49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"}`,
  },
};

export const sendgrid: Dialect = {
  keyed: false,
  success: { status: 202, headers: { "x-message-id": "14c5d75ce93.dfd.64b469" }, body: "" },
};

export const sparkpost: Dialect = {
  keyed: true,
  success: {
    status: 200,
    headers: { "content-type": "application/json" },
    body: `{"results":{"total_rejected_recipients":0,"total_accepted_recipients":1,"id":"11668787484950529"}}`,
  },
};

export const postmark: Dialect = {
  keyed: false,
  success: {
    status: 200,
    headers: { "content-type": "application/json" },
    body: `{"To":"","SubmittedAt":"2026-09-01T08:30:01Z","MessageID":"b7bc2f4a","ErrorCode":0,"Message":"OK"}`,
  },
};

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
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks).toString();
    const headers: FaultyRequest["headers"] = {};
    for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
    this.requests.push({ at, path: request.url ?? "", headers, body });
    const behaviour = this.#script.shift() ?? { does: "accept" };
    const { status, headers: successHeaders, body: successBody } = this.#dialect.success;

    switch (behaviour.does) {
      case "accept":
        if (this.#take(headers, body)) response.writeHead(status, successHeaders).end(successBody);
        else response.writeHead(409).end(`{"statusCode":409,"name":"invalid_idempotent_request","message":""}`);
        return;
      case "answer":
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
        return;
      case "drip":
        this.#take(headers, body);
        this.#drip(response, behaviour.everyMs);
        return;
      case "truncate":
        this.#take(headers, body);
        response.writeHead(status, { ...successHeaders, "content-length": String(successBody.length + 100) });
        response.write(successBody.slice(0, 5) || " ", () => request.socket.end());
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

  /** False when the key was used with other bytes. */
  #take(headers: FaultyRequest["headers"], body: string): boolean {
    const key = this.#dialect.keyed ? headers["idempotency-key"] : undefined;
    const before = key === undefined ? undefined : this.#taken.get(key);
    if (before === undefined) {
      this.accepted += 1;
      if (key !== undefined) this.#taken.set(key, body);
      return true;
    }
    if (before === body) return true;
    this.conflicts += 1;
    return false;
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
