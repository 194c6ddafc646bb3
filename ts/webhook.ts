/** The webhook: Authgear's events over HTTP, as a handler for everything that speaks `Request` and `Response`. */
import { describe } from "./announce.ts";
import { readBody, type Unread } from "./body.ts";
import type { Config } from "./config.ts";
import type { Decision, Send } from "./core.ts";
import { ConfigError, createEngine, type ReceivedEvent } from "./engine.ts";
import { HOST, type Host } from "./host.ts";
import { type BuiltIn, chooseLocales, localeProblems } from "./locales.ts";
import { createOnce } from "./replay.ts";
import { type About, BLOCKING, type Conclusion, carryOut, startOf } from "./run.ts";
import { sign } from "./sign.ts";

export type { About, BuiltIn };

const SIGNATURE = "x-authgear-body-signature";
const JSON_TYPE = /^application\/json\s*(;|$)/i;
const BODY_BYTES = 1024 * 1024;
/** Authgear's events have a few KiB; they come at once or not at all. */
const BODY_MS = 10_000;
const MAX_AGE_SECONDS = 86_400;
const RETRY_SECONDS = 60;
/** A refusal is told once in so long for each reason, so that no stranger can fill the log. */
const TOLD_MS = 60_000;
/** So many messages are remembered, with a few hundred bytes each. */
const REMEMBERED = 10_000;

/** An event that was verified, read and found to lead to a message. */
export type Accepted = {
  /** The event's JSON, as it came. */
  body: Uint8Array;
  about: About;
  decision: Send;
};

/** How a webhook differs from one that sends at once, with all built-in messages. */
export type WebhookOptions = {
  /**
   * Keeps the event instead of sending now, so that it outlives this process; `duplicate` when it was kept before. Only
   * then is the delivery answered with 202. A rejection is answered with 503. `undefined`: it cannot be kept by its nature,
   * and is sent now.
   */
  enqueue?: (event: Accepted) => Promise<"queued" | "duplicate" | undefined>;
  /** Which locales of the built-in messages to use. Default: all. */
  locales?: string[];
  /** Built-in messages in their place. */
  builtIn?: BuiltIn;
  host?: Host;
};

/**
 * A fetch handler for Authgear's non-blocking webhooks.
 *
 * ```ts
 * Deno.serve(createWebhook(config));
 * ```
 *
 * It never rejects. Its answers are JSON, `{"outcome", "reason"}`, and hold no address, secret or stack:
 *
 * | status | outcome | when |
 * |---|---|---|
 * | 200 | `sent`, `skipped`, `duplicate` | done, or nothing to do, or done before |
 * | 200 | `unknown` | it may have been sent, so that it must not come again; the dead letter tells of it |
 * | 202 | `queued`, `duplicate` | `enqueue` has kept it |
 * | 405, 415, 413, 408, 401, 400 | `refused` | no POST, no JSON, over 1 MiB, too slow, wrong signature, no event |
 * | 403 | `refused` | the event's time is missing, or more than `webhook.maxAgeSeconds` from now |
 * | 500 | `invalid_config`, `failed` | a fault of the configuration or of this program |
 * | 502 | `not_sent` | no provider took it; with Retry-After, since a redelivery tries again |
 * | 503 | `not_queued` | `enqueue` failed; with Retry-After |
 *
 * @throws {ConfigError} The configuration is wrong, or has no `webhook.secrets`.
 */
export function createWebhook(config: Config, options: WebhookOptions = {}): (request: Request) => Promise<Response> {
  const { enqueue, locales, builtIn = chooseLocales(locales), host = { ...HOST, sign } } = options;
  const engine = createEngine(config, builtIn);
  const problems = [...engine.problems, ...localeProblems(locales), ...ownProblems(config)];
  if (problems.length > 0) throw new ConfigError(problems);

  const setup = { config, builtin: JSON.stringify(builtIn), host };
  const once = createOnce<Conclusion>(REMEMBERED, isFinal);
  const tell = createTeller(host.now);

  function refuse(status: number, reason: string, headers?: HeadersInit): Response {
    tell(reason);
    return answer(status, "refused", reason, headers);
  }

  async function receive(request: Request): Promise<Response> {
    if (request.method !== "POST") return refuse(405, "method", { allow: "POST" });
    if (!JSON_TYPE.test(request.headers.get("content-type") ?? "")) return refuse(415, "content_type");
    const body = await readBody(request, BODY_BYTES, host.timeout(BODY_MS));
    if (typeof body === "string") return refuse(UNREAD[body], body);
    const received = engine.receive(body, request.headers.get(SIGNATURE) ?? "");
    if (!("refused" in received)) return accept(body, received);
    if (received.refused === "event") return refuse(400, "no_event");
    return refuse(401, "signature", { "www-authenticate": SIGNATURE });
  }

  async function accept(body: Uint8Array, event: ReceivedEvent): Promise<Response> {
    const { id, type, userId, timestamp, decision } = event;
    if (BLOCKING.test(type)) return Response.json({ is_allowed: true });
    const untimely = checkTime(timestamp, config.webhook?.maxAgeSeconds, host.now());
    if (untimely) return refuse(403, untimely);
    if (decision.type === "skip" && decision.reason === "event_type") return answer(200, "skipped", "event_type");
    const about = { id, type, userId, start: startOf(timestamp, host) };
    if (decision.type !== "send") return conclude(await act(decision, about));
    const kept = enqueue && (await keep(enqueue, { body, about, decision }));
    if (kept) return kept;
    // Without an id the same event is told by what its message is made from, and for whom.
    const name = id ?? `${decision.key} ${decision.address}`;
    const { result, repeated } = await once(name, () => act(decision, about));
    return repeated && isFinal(result) ? answer(200, "duplicate", result.outcome) : conclude(result);
  }

  async function act(decision: Decision, about: About): Promise<Conclusion> {
    const outcome = await carryOut(decision, about, engine, setup);
    console.log(describe(about.id, outcome));
    return outcome;
  }

  return async (request) => {
    try {
      return await receive(request);
    } catch (error) {
      console.error(JSON.stringify({ "authgear-invite": "failed", reason: (error as Error)?.name }));
      return answer(500, "failed", "internal");
    }
  };
}

const UNREAD: { [why in Unread]: number } = { too_large: 413, too_slow: 408, broken_body: 400 };

/** What the engine does not mind and a webhook does. */
function ownProblems(config: Config): string[] {
  const webhook = config?.webhook;
  const missing = !webhook || webhook.secrets?.length === 0;
  return missing ? ["webhook.secrets: is missing; give the project's webhook secret"] : [];
}

/** Why an event's time (Unix seconds) speaks against it. The bound holds both ways, so that a clock may be wrong. */
function checkTime(timestamp: number | undefined, maxAge = MAX_AGE_SECONDS, now: number): string | undefined {
  if (!timestamp) return "no_timestamp";
  const age = now / 1000 - timestamp;
  if (age > maxAge) return "too_old";
  return age < -maxAge ? "from_the_future" : undefined;
}

async function keep(enqueue: NonNullable<WebhookOptions["enqueue"]>, event: Accepted): Promise<Response | undefined> {
  try {
    const kept = await enqueue(event);
    return kept && answer(202, kept);
  } catch (error) {
    console.error(
      JSON.stringify({ "authgear-invite": "not_queued", event: event.about.id, reason: (error as Error)?.name }),
    );
    return answer(503, "not_queued", "queue", { "retry-after": `${RETRY_SECONDS}` });
  }
}

/** Whether there must be no second try: the message was sent, or may have been. */
const isFinal = ({ outcome }: Conclusion) => outcome === "sent" || outcome === "unknown";

/** Says what became of an event. Providers' names and answers stand in the log and in reports. */
function conclude(end: Conclusion): Response {
  switch (end.outcome) {
    case "sent":
      return answer(200, "sent");
    case "skipped":
      return answer(200, "skipped", end.reason);
    case "unknown":
      // A 5xx would ask for another delivery, which after a restart nobody would know for a second one.
      return answer(200, "unknown", "may_have_been_sent");
    case "not_sent":
      return answer(502, "not_sent", "no_provider_took_it", { "retry-after": `${RETRY_SECONDS}` });
    case "invalid_config":
      return answer(500, "invalid_config", "configuration");
  }
}

/** Says why requests are refused: a wrong secret would otherwise look like a server that nobody calls. */
function createTeller(now: () => number): (reason: string) => void {
  const told = new Map<string, { at: number; leftOut: number }>();
  return (reason) => {
    const [at, last] = [now(), told.get(reason)];
    if (last && Math.abs(at - last.at) < TOLD_MS) {
      last.leftOut += 1;
      return;
    }
    told.set(reason, { at, leftOut: 0 });
    console.warn(JSON.stringify({ "authgear-invite": "refused", reason, left_out: last?.leftOut || undefined }));
  };
}

const answer = (status: number, outcome: string, reason?: string, headers?: HeadersInit) =>
  Response.json({ outcome, reason }, { status, headers });
