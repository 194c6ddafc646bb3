/**
 * Delivers signed events over kept-alive connections, as cheaply as Node can, and prints the latencies as JSON.
 * `RATE` 0: as fast as the answers come, over `CONNECTIONS`. Else so many a second, whose latency counts from the moment at
 * which they were due, so that a server that stalls is not spared.
 */
import { createHmac, randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import { guide } from "../fixtures/events.ts";

const { ORIGIN = "", SECRET = "" } = process.env;
const [count, connections, rate] = [process.env.COUNT, process.env.CONNECTIONS, process.env.RATE].map(Number) as [
  number,
  number,
  number,
];
const { hostname, port } = new URL(ORIGIN);

const [before = "", middle = "", after = ""] = JSON.stringify({
  ...guide,
  id: "{id}",
  context: { ...guide.context, timestamp: "{now}" },
}).split(/"\{now\}"|\{id\}/);

function message(): string {
  const first = before + randomUUID() + middle;
  const body = first + Math.floor(Date.now() / 1000) + after;
  const signature = createHmac("sha256", SECRET).update(body).digest("hex");
  return `POST / HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nX-Authgear-Body-Signature: ${signature}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const latencies: number[] = [];
const statuses: { [status: string]: number } = {};
let begun = 0;
const start = performance.now();
/** Connections without a request, and when the requests that wait for one were due. */
const idle: Connection[] = [];
const waiting: number[] = [];

class Connection {
  #socket: Socket | undefined;
  /** Undefined: no request is under way. */
  #due: number | undefined;
  #answer = "";

  constructor(readonly done: (connection: Connection) => void) {}

  send(due: number): void {
    begun += 1;
    this.#due = due;
    this.#write();
  }

  /** A server closes connections that were idle for long, also at the moment of the next request. */
  #write(): void {
    this.#socket ??= connect(Number(port), hostname)
      .setNoDelay()
      .setEncoding("latin1")
      .on("data", (chunk: string) => this.#read(chunk))
      .on("error", () => {})
      .on("close", () => {
        this.#socket = undefined;
        if (this.#due !== undefined) this.#write();
      });
    this.#socket.write(message());
  }

  #read(chunk: string): void {
    this.#answer += chunk;
    const head = this.#answer.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = /\r\ncontent-length: (\d+)/i.exec(this.#answer)?.[1];
    // Node ends an answer of unknown length with an empty chunk.
    const whole = length ? this.#answer.length >= head + 4 + Number(length) : this.#answer.endsWith("0\r\n\r\n");
    if (!whole) return;
    const status = this.#answer.slice(9, 12);
    statuses[status] = (statuses[status] ?? 0) + 1;
    latencies.push(performance.now() - (this.#due ?? Number.NaN));
    this.#answer = "";
    this.#due = undefined;
    if (latencies.length === count) finish();
    this.done(this);
  }

  close(): void {
    this.#socket?.destroy();
  }
}

const all = Array.from({ length: connections }, () => new Connection(rate === 0 ? again : free));

function again(connection: Connection): void {
  if (begun < count) connection.send(performance.now());
}

function free(connection: Connection): void {
  const due = waiting.shift();
  if (due === undefined) idle.push(connection);
  else connection.send(due);
}

if (rate === 0) all.forEach(again);
else {
  idle.push(...all);
  let scheduled = 0;
  const timer = setInterval(() => {
    const due = Math.min(count, Math.floor(((performance.now() - start) * rate) / 1000));
    for (; scheduled < due; scheduled++) {
      const at = start + (scheduled * 1000) / rate;
      const connection = idle.pop();
      if (connection) connection.send(at);
      else waiting.push(at);
    }
    if (scheduled === count) clearInterval(timer);
  }, 1);
}

function finish(): void {
  const seconds = (performance.now() - start) / 1000;
  const sorted = latencies.sort((one, other) => one - other);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  console.log(JSON.stringify({ seconds, statuses, p50: at(0.5), p99: at(0.99), max: at(1) }));
  for (const connection of all) connection.close();
}
