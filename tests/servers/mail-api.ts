/**
 * A mail API on loopback that speaks Resend's JSON: POST /emails with a Bearer key, the fields' rules, idempotency keys,
 * Resend's errors. It keeps what it gets and can be told to fail first.
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export type Message = {
  id: string;
  from: string;
  to: string[];
  subject: string;
  text?: string;
  html?: string;
  replyTo: string[];
  headers: { [name: string]: string };
  tags: { name: string; value: string }[];
  idempotencyKey?: string;
};

export type ApiRequest = {
  /** Milliseconds since the server's start. */
  at: number;
  method: string;
  path: string;
  headers: { [name: string]: string };
  body: string;
  /** What it was answered. */
  status: number;
};

type Reply = { status: number; body: unknown };

const ADDRESS = /^[^\s@<>,;"]+@[^\s@<>,;"]+$/;
const NAMED_ADDRESS = /^[^<>\r\n]*<([^<>]+)>$/;
const TAG = /^[A-Za-z0-9_-]{1,256}$/;
const MAX_RECIPIENTS = 50;
const FIELDS = new Set([
  "from",
  "to",
  "cc",
  "bcc",
  "subject",
  "html",
  "text",
  "reply_to",
  "headers",
  "tags",
  "attachments",
  "scheduled_at",
  "topic_id",
  "template",
]);

export class MailApi {
  readonly messages: Message[] = [];
  readonly requests: ApiRequest[] = [];
  /** Statuses for the next requests, before it recovers. */
  fail: number[];
  readonly #key: string;
  readonly #server: Server;
  readonly #answered = new Map<string, { body: string; reply: Reply }>();
  #started = 0;

  constructor(options: { key: string; fail?: number[] }) {
    this.#key = options.key;
    this.fail = options.fail ?? [];
    this.#server = createServer(async (request, response) => {
      const at = performance.now() - this.#started;
      const body = await text(request);
      const headers: ApiRequest["headers"] = {};
      for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
      const method = request.method ?? "";
      const path = request.url ?? "";
      const reply = this.#answer(method, path, headers, body);
      this.requests.push({ at, method, path, headers, body, status: reply.status });
      response
        .writeHead(reply.status, { "content-type": "application/json; charset=utf-8" })
        .end(JSON.stringify(reply.body));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.#started = performance.now();
    return this;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #answer(method: string, path: string, headers: ApiRequest["headers"], body: string): Reply {
    const failure = this.fail.shift();
    if (failure !== undefined) return error(failure, "internal_server_error", "Unable to process your request now.");
    if (!headers["user-agent"]) return error(403, "1010", "A User-Agent is required.");
    if (path !== "/emails") return error(404, "not_found", "No such endpoint.");
    if (method !== "POST") return error(405, "method_not_allowed", "Use POST.");
    if (!headers.authorization) return error(401, "missing_api_key", "Missing API key.");
    if (headers.authorization !== `Bearer ${this.#key}`) return error(403, "invalid_api_key", "API key is invalid.");

    const key = headers["idempotency-key"];
    if (key !== undefined && (key.length < 1 || key.length > 256)) {
      return error(400, "invalid_idempotency_key", "The key must have 1 to 256 characters.");
    }
    const before = key === undefined ? undefined : this.#answered.get(key);
    if (before !== undefined) {
      return before.body === body
        ? before.reply
        : error(409, "invalid_idempotent_request", "The key was used with another payload.");
    }
    const reply = this.#accept(headers["content-type"] ?? "", body, key);
    if (key !== undefined && reply.status === 200) this.#answered.set(key, { body, reply });
    return reply;
  }

  #accept(contentType: string, body: string, key: string | undefined): Reply {
    const fields = contentType.startsWith("application/json") ? parseObject(body) : undefined;
    if (fields === undefined) return error(400, "validation_error", "The body must be a JSON object.");
    const message = read(fields);
    if ("status" in message) return message;
    const id = `msg-${this.messages.length + 1}`;
    this.messages.push({ id, ...message, ...(key === undefined ? {} : { idempotencyKey: key }) });
    return { status: 200, body: { id } };
  }
}

function read(fields: { [name: string]: unknown }): Omit<Message, "id"> | Reply {
  for (const name of ["from", "to", "subject"]) {
    if (fields[name] === undefined) return error(422, "missing_required_field", `Missing \`${name}\` field.`);
  }
  for (const name of Object.keys(fields)) {
    if (!FIELDS.has(name)) return invalid(name);
  }
  const { from, subject, text: plain, html, headers = {}, tags = [] } = fields;
  if (typeof from !== "string" || !isMailbox(from)) return error(422, "invalid_from_address", "Invalid `from` field.");
  const to = addresses(fields.to);
  if (to === undefined || to.length === 0 || to.length > MAX_RECIPIENTS) return invalid("to");
  if (to.some((one) => /@(example|test)\.com>?$/i.test(one))) return invalid("to");
  const replyTo = fields.reply_to === undefined ? [] : addresses(fields.reply_to);
  if (replyTo === undefined) return invalid("reply_to");
  if (typeof subject !== "string" || /[\r\n]/.test(subject)) return invalid("subject");
  if (!isOptionalString(plain)) return invalid("text");
  if (!isOptionalString(html)) return invalid("html");
  if (plain === undefined && html === undefined)
    return error(422, "missing_required_field", "Missing `html` or `text`.");
  if (!isHeaders(headers)) return invalid("headers");
  if (!isTags(tags)) return invalid("tags");
  return {
    from,
    to,
    subject,
    ...(plain === undefined ? {} : { text: plain }),
    ...(html === undefined ? {} : { html }),
    replyTo,
    headers,
    tags,
  };
}

function addresses(value: unknown): string[] | undefined {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.every((one): one is string => typeof one === "string" && isMailbox(one)) ? list : undefined;
}

function isMailbox(value: string): boolean {
  return ADDRESS.test(NAMED_ADDRESS.exec(value)?.[1] ?? value);
}

function isOptionalString(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}

function isHeaders(value: unknown): value is Message["headers"] {
  return isObject(value) && Object.values(value).every((one) => typeof one === "string" && !/[\r\n]/.test(one));
}

function isTags(value: unknown): value is Message["tags"] {
  const isTag = (one: unknown) => typeof one === "string" && TAG.test(one);
  return Array.isArray(value) && value.every((tag) => isObject(tag) && isTag(tag.name) && isTag(tag.value));
}

function isObject(value: unknown): value is { [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseObject(body: string): { [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function invalid(field: string): Reply {
  return error(422, "invalid_parameter", `Invalid \`${field}\` field.`);
}

function error(statusCode: number, name: string, message: string): Reply {
  return { status: statusCode, body: { statusCode, name, message } };
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
