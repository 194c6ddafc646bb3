/** One call of the Admin API: its requests, when to repeat them, and what the answers mean. */
import type { Host } from "../host.ts";
import { lost, readText, retryAfter } from "../http.ts";

const BACKOFF_MS = 500;
const BACKOFF_CAP_MS = 8_000;
/** What asks for a longer wait is left to the caller. */
const MOST_WAIT_MS = 60_000;
const ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * Why a call failed.
 *
 * - `refused`: Authgear says no; `reason` says why. Nothing was done.
 * - `forbidden`: it does not take the token: key, key ID, project ID or this machine's clock are wrong. Nothing was done.
 * - `rate_limited`: too many calls, also after waiting. Nothing was done.
 * - `unreachable`: there was no connection. Nothing was done.
 * - `no_answer`: the answer was lost, came too late, was a server's error, or was none of Authgear's.
 */
export type AdminFault = "refused" | "forbidden" | "rate_limited" | "unreachable" | "no_answer";

/** Authgear's reasons that a caller may meet; there are more. */
export type AdminReason =
  | "InvariantViolated"
  | "PasswordPolicyViolated"
  | "ValidationFailed"
  | "UserNotFound"
  | "RateLimited"
  | (string & {});

type Facts = {
  fault: AdminFault;
  detail: string;
  reason?: AdminReason;
  causes?: string[];
  status?: number;
  retryAfterMs?: number;
};

/** A call of the Admin API failed. Holds no token, no key, no password, and nothing of what was asked or answered. */
export class AdminApiError extends Error {
  override readonly name = "AdminApiError";
  readonly fault: AdminFault;
  /** Authgear's word for why: `InvariantViolated`, `PasswordPolicyViolated` … */
  readonly reason?: AdminReason;
  /** More of it: `["DuplicatedIdentity"]`, `["PasswordTooShort", "PasswordDigitRequired"]`. */
  readonly causes: string[];
  /** Of the last answer. */
  readonly status?: number;
  /** How long Authgear asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Whether it may have been done nonetheless: a request that changes something left, and its answer is lost. */
  readonly inDoubt: boolean;

  constructor(
    operation: string,
    { fault, detail, reason, causes = [], status, retryAfterMs }: Facts,
    inDoubt: boolean,
  ) {
    super(`${operation}: ${detail}${inDoubt ? "; it may have been done nonetheless" : ""}`);
    this.fault = fault;
    this.reason = reason;
    this.causes = causes;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.inDoubt = inDoubt;
  }
}

/** Whether an account with this login ID was there before. */
export const isDuplicate = (error: unknown): error is AdminApiError =>
  error instanceof AdminApiError && !error.inDoubt && error.causes.includes("DuplicatedIdentity");

/**
 * How a call may be repeated. What certainly was not done is always repeated.
 *
 * - `read`: changes nothing, and is repeated.
 * - `idempotent`: to do it twice is to do it once, and it is repeated; a failure may leave it done.
 * - `once`: is not repeated once it may have been done.
 */
export type Repetition = "read" | "idempotent" | "once";

export type Call = {
  /** For errors. */
  operation: string;
  repetition: Repetition;
  url: string;
  /** Left out: a GET. */
  body?: unknown;
};

export type CallOptions = { token: () => Promise<string>; attempts: number; attemptMs: number };

/** An answer, and when it was given by the server's clock, in milliseconds since 1970. */
export type Answered<T> = { value: T; date: number };

/** What was asked for, out of an answer; `undefined` when it is not there. */
type Read<T> = (json: unknown) => T | undefined;

/** @throws {AdminApiError} */
export async function perform<T>(call: Call, options: CallOptions, host: Host, read: Read<T>): Promise<Answered<T>> {
  let doubt = false;
  for (let n = 1; ; n++) {
    const answer = await attempt(call, options, host, read);
    if ("value" in answer) return answer;
    doubt ||= answer.fault === "no_answer" && call.repetition !== "read";
    const wait = Math.max(answer.retryAfterMs ?? 0, host.random() * Math.min(BACKOFF_CAP_MS, BACKOFF_MS * 2 ** n));
    const repeatable =
      answer.fault !== "refused" && answer.fault !== "forbidden" && !(doubt && call.repetition === "once");
    if (!repeatable || n >= options.attempts || wait > MOST_WAIT_MS)
      throw new AdminApiError(call.operation, answer, doubt);
    await host.sleep(wait);
  }
}

async function attempt<T>(
  { url, body }: Call,
  { token, attemptMs }: CallOptions,
  host: Host,
  read: Read<T>,
): Promise<Answered<T> | Facts> {
  const authorization = `Bearer ${await token()}`;
  const signal = host.timeout(attemptMs);
  let response: Response;
  try {
    response = await host.fetch(url, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        authorization,
        accept: "application/json",
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      // Deno repeats a request by itself when a connection breaks, but not one whose body is a stream.
      ...(body !== undefined && { body: new Blob([JSON.stringify(body)]) }),
      redirect: "manual",
      signal,
    });
  } catch (error) {
    const { verdict, detail } = lost(error, signal);
    return { fault: verdict === "unknown" ? "no_answer" : "unreachable", detail };
  }
  const { status } = response;
  const text = await readText(response, ANSWER_BYTES);
  const date = Date.parse(response.headers.get("date") ?? "") || host.now();
  const json = parse(text);
  const speaks = isObject(json) && (isObject(json.error) || Array.isArray(json.errors));
  const plain = status !== 401 && status !== 403 && status !== 429 && status < 500;
  if (json !== undefined && (response.ok || (plain && speaks))) {
    const answer = understand(json, read);
    return "value" in answer ? { ...answer, date } : { ...answer, status };
  }
  return {
    ...byStatus(status, text),
    status,
    retryAfterMs: retryAfter(response.headers.get("retry-after"), host.now()) || undefined,
  };
}

function byStatus(status: number, text: string | null): Facts {
  if (status === 401 || status === 403)
    return {
      fault: "forbidden",
      detail: `Authgear does not take the token (${status}); compare endpoint, project ID, key ID and key with the Portal, and this machine's clock`,
    };
  if (status === 429) return { fault: "rate_limited", detail: "too many requests (429)" };
  if (status >= 500) return { fault: "no_answer", detail: `the server failed (${status})` };
  if (status >= 300)
    return {
      fault: "refused",
      detail: `the answer is none of the Admin API's (${status}); compare the endpoint with the Portal`,
    };
  return { fault: "no_answer", detail: text === null ? "the answer broke off" : "the answer is no JSON" };
}

type ApiError = { name?: unknown; errorName?: unknown; reason?: unknown; info?: unknown };

/** GraphQL's `{data, errors}`, or the import's `{result, error}`. */
function understand<T>(json: unknown, read: Read<T>): { value: T } | Facts {
  const { errors, error, data, result } = (isObject(json) ? json : {}) as { [key: string]: unknown };
  if (Array.isArray(errors) && errors.length > 0) {
    const { extensions, message } = (errors[0] ?? {}) as { extensions?: ApiError; message?: unknown };
    if (isObject(extensions) && extensions.reason) return refusal(extensions);
    // What Authgear says when it fails within.
    if (message === "unexpected error") return { fault: "no_answer", detail: "Authgear had an unexpected error" };
    return { fault: "refused", detail: "this Authgear's schema does not know the request" };
  }
  if (isObject(error)) return refusal(error);
  const value = read(data ?? result);
  return value === undefined ? { fault: "no_answer", detail: "the answer lacks what was asked for" } : { value };
}

/** A word of Authgear's, and nothing that could hold more. */
const word = (value: unknown) => (typeof value === "string" && /^\w{1,64}$/.test(value) ? value : undefined);

function refusal({ name, errorName = name, reason, info }: ApiError): Facts {
  const { cause, causes } = (info ?? {}) as { cause?: unknown; causes?: unknown };
  const kinds = [cause, ...(Array.isArray(causes) ? causes : [])].map((it) => {
    const { kind, Name } = (it ?? {}) as { kind?: unknown; Name?: unknown };
    return word(kind ?? Name);
  });
  const facts = {
    reason: word(reason),
    causes: kinds.filter((it) => it !== undefined),
  };
  const detail = [facts.reason ?? "refused", facts.causes.join(", ")].filter(Boolean).join(": ");
  if (errorName === "TooManyRequest") return { fault: "rate_limited", detail, ...facts };
  if (errorName === "InternalError" || errorName === "ServiceUnavailable")
    return { fault: "no_answer", detail: `Authgear failed (${detail})`, ...facts };
  return { fault: "refused", detail, ...facts };
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

export const isObject = (value: unknown): value is { [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
