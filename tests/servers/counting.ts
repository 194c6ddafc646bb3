/**
 * A provider that counts what each recipient would get. It speaks Resend's JSON, whose idempotency keys it honours, or
 * SendGrid's, which has none; and it takes its time, so that there is something to interrupt.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export type Dialect = "resend" | "sendgrid";

/** How a request fails: a 503, a 500 before or after the message is taken, a connection that breaks before or after it. */
export type Fault = "busy" | "error" | "error, taken" | "reset" | "reset, taken";

export class CountingApi {
  requests = 0;
  /** Asked for each request how it fails. */
  fault: () => Fault | undefined = () => undefined;
  /** Messages by recipient. */
  readonly messages = new Map<string, number>();
  /** Requests whose key was known: the message did not go out again. */
  repeated = 0;
  /** Keys that came with other bytes than before. */
  conflicts = 0;
  /** Requests whose sender was gone before the answer. */
  interrupted = 0;
  /** What is answered instead of success. */
  status: number | undefined;
  /** The same for the next requests; 200 is success. */
  readonly statuses: number[] = [];
  /** Of the requests that led to a message. */
  readonly bodies: string[] = [];
  /** Takes requests, and answers none. */
  hangs = false;
  readonly #dialect: Dialect;
  takesMs: () => number;
  readonly #server: Server;
  readonly #keys = new Map<string, string>();

  constructor(dialect: Dialect, takesMs: () => number = () => 0) {
    this.#dialect = dialect;
    this.takesMs = takesMs;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("error", () => {});
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        this.requests += 1;
        const fault = this.fault();
        if (fault) {
          if (fault.endsWith("taken")) this.#take(request.headers["idempotency-key"] as string | undefined, body);
          if (fault.startsWith("reset")) request.socket.resetAndDestroy();
          else response.writeHead(fault === "busy" ? 503 : 500).end();
          return;
        }
        const next = this.statuses.shift() ?? this.status ?? 200;
        const status = next !== 200 ? next : this.#take(request.headers["idempotency-key"] as string | undefined, body);
        if (this.hangs) return;
        setTimeout(() => {
          if (response.destroyed) this.interrupted += 1;
          const headers = { "content-type": "application/json", "x-message-id": "m1" };
          response.writeHead(status, headers).end(this.#dialect === "resend" ? `{"id":"m1"}` : "");
        }, this.takesMs());
      });
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get total(): number {
    return [...this.messages.values()].reduce((sum, it) => sum + it, 0);
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
  }

  /** The status to answer with. */
  #take(key: string | undefined, body: string): number {
    const before = key === undefined ? undefined : this.#keys.get(key);
    if (before !== undefined) {
      if (before === body) this.repeated += 1;
      else this.conflicts += 1;
      return before === body ? 200 : 409;
    }
    if (key !== undefined) this.#keys.set(key, body);
    this.bodies.push(body);
    const message = JSON.parse(body);
    const to = this.#dialect === "resend" ? [message.to].flat()[0] : message.personalizations[0].to[0].email;
    this.messages.set(to, (this.messages.get(to) ?? 0) + 1);
    return this.#dialect === "resend" ? 200 : 202;
  }
}
