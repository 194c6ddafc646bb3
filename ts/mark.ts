/**
 * What has left, and may be repeated: deliveries that outlive a process or a pass.
 *
 * A message in doubt is repeated only to the same sender, with the same bytes, and while that sender still honours the
 * idempotency key. A refusal later on does not undo the doubt.
 */
import type { Config } from "./config.ts";
import type { Attempt, Core, HttpRequest, Send } from "./core.ts";
import { ATTEMPTS, type Delivery, deliver, type Try } from "./deliver.ts";
import { sha256 } from "./digest.ts";
import { budgetMs, type Host } from "./host.ts";
import { retryAfter } from "./http.ts";

/** A request that has left. Holds no address and no key. */
export type Mark = {
  provider: string;
  /** Index in `config.email` or `config.sms`. */
  sender: number;
  /** When it first left, in milliseconds since 1970. */
  first: number;
  /** How long the provider honours the idempotency key; 0: not at all. */
  keySeconds: number;
  /** SHA-256 of URL, headers and body. */
  hash: string;
};

/** A message that was not sent, or may not have been. */
export type Failure = { outcome: "not_sent" | "unknown"; reason: string; attempts: Try[] };

/** What a delivery led to. */
export type Marked = {
  delivery: Delivery;
  /** Another delivery cannot lead to anything else. */
  stuck: boolean;
  /** The longest wait that a provider asked for. */
  waitMs: number;
};

/** A key must hold for a whole delivery, and clocks may differ a little. */
export const MARGIN_MS = 60_000;

/** The request would not be the one that has left. */
class Changed extends Error {
  override readonly name = "Changed";
}

/**
 * Delivers within the configuration's budget; what may have been sent before (`mark`) only to that sender. `leaving` is
 * awaited before each request leaves, and is told the mark to keep. What it throws is thrown, and no request leaves.
 */
export async function deliverMarked(
  send: Pick<Send, "channel" | "attempts">,
  mark: Mark | undefined,
  { config, core, host }: { config: Config; core: Core; host: Host },
  leaving: (mark: Mark) => Promise<void>,
): Promise<Marked> {
  const attempts = mark ? send.attempts.filter((it) => isOf(it, mark)) : send.attempts;
  const obstacle = mark ? obstacleTo(mark, host.now()) : undefined;
  if (obstacle) return stuck(mark, obstacle);
  if (attempts.length === 0) return stuck(mark, "the configuration no longer has this sender");

  let waitMs = 0;
  const watched: Host = {
    ...host,
    leaving: async (attempt, { request, keySeconds }) => {
      if (!request) return;
      const next = await markOf(attempt, request, keySeconds, host.now());
      if (mark && mark.hash !== next.hash) throw new Changed();
      await leaving(mark ?? next);
    },
    fetch: async (url, init) => {
      const response = await host.fetch(url, init);
      waitMs = Math.max(waitMs, retryAfter(response.headers.get("retry-after"), host.now()));
      return response;
    },
  };
  const end = host.now() + budgetMs(config);
  // The key's time began when the request left first, not in this delivery.
  const deadline = mark ? Math.min(end, mark.first + mark.keySeconds * 1000) : end;
  try {
    // What does not get through now comes again later.
    const limited = { ...config, delivery: { attempts: ATTEMPTS, ...config.delivery } };
    const delivery = await deliver({ channel: send.channel, attempts }, limited, core, watched, deadline);
    return { delivery, stuck: false, waitMs };
  } catch (error) {
    if (error instanceof Changed) return stuck(mark, "the configuration has changed since");
    throw error;
  }
}

function stuck(mark: Mark | undefined, why: string): Marked {
  return { delivery: giveUp(mark, why), stuck: true, waitMs: 0 };
}

/** The end of a message for which nothing can be done any more. */
export const giveUp = (mark: Mark | undefined, why: string): Failure =>
  mark
    ? { outcome: "unknown", reason: `${mark.provider}: it may have been sent, and ${why}`, attempts: [] }
    : { outcome: "not_sent", reason: why, attempts: [] };

/** Whether a delivery that begins then may repeat the request. */
export const holds = (mark: Mark, then: number) => obstacleTo(mark, then) === undefined;

function obstacleTo({ first, keySeconds }: Mark, then: number): string | undefined {
  if (!keySeconds) return "no idempotency key allows a repetition";
  const held = then >= first - MARGIN_MS && then + MARGIN_MS < first + keySeconds * 1000;
  return held ? undefined : "the idempotency key no longer holds";
}

/** The mark of a request that leaves to a sender at `first`. */
export async function markOf(
  { provider, sender }: Attempt,
  { url, headers, body }: HttpRequest,
  keySeconds: number,
  first: number,
): Promise<Mark> {
  return { provider, sender, first, keySeconds, hash: await sha256(JSON.stringify([url, headers, body])) };
}

const isOf = (attempt: Attempt, mark: Mark) => attempt.provider === mark.provider && attempt.sender === mark.sender;
