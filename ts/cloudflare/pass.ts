/**
 * One pass over one message: what the hook does in its minute, with every request claimed before it leaves.
 *
 * A message in doubt is repeated only to the same sender, with the same bytes, and while that sender still honours the
 * idempotency key. A refusal later on does not undo the doubt.
 */
import type { Send } from "../core.ts";
import { type Delivery, deliver, retryAfter, type Try } from "../deliver.ts";
import type { Engine } from "../engine.ts";
import type { Host, Setup } from "../host.ts";
import { holds, isOf, type Mark, markOf } from "../mark.ts";
import type { ClaimsClient, Denied } from "./claims.ts";

/** What a pass works with. */
export type PassContext = { engine: Engine; setup: Setup; claims?: ClaimsClient };

/** A message that was not sent, or may not have been. */
export type Failure = { outcome: "not_sent" | "unknown"; reason: string; attempts: Try[] };

/** What a pass led to. `waitMs`: what a provider or a claim asks for; `holder`: by whom the message was claimed. */
export type Result =
  | { outcome: "sent"; holder: string; delivery: Delivery }
  /** `mark`: what may be repeated. */
  | { outcome: "not_sent" | "unknown"; holder: string; delivery: Failure; mark?: Mark; waitMs: number }
  /** Somebody else is sending it. */
  | { outcome: "busy"; waitMs: number }
  | { outcome: "ended" };

const BUDGET_SECONDS = 50;
/** A pass ends with its budget; then the claims hear of it. */
const LEASE_MARGIN_MS = 5_000;

/** The claim was not granted. */
class NotGranted extends Error {
  override readonly name = "NotGranted";
  readonly denied: Denied;
  constructor(denied: Denied) {
    super(denied.why);
    this.denied = denied;
  }
}

/** The request would not be the one that has left. */
class Changed extends Error {
  override readonly name = "Changed";
}

/** Delivers as the hook does; what may have been sent before (`mark`) only to that sender. Throws when nothing has left. */
export async function pass(send: Send, mark: Mark | undefined, name: string, context: PassContext): Promise<Result> {
  try {
    return await attempt(send, mark, name, context);
  } catch (error) {
    if (!(error instanceof NotGranted)) throw error;
    const { denied } = error;
    if (denied.why === "ended") return { outcome: "ended" };
    if (denied.why === "busy") return { outcome: "busy", waitMs: denied.waitMs };
    // Whoever sent it before is gone. With another mark than our own, somebody else goes on with it.
    return mark ? { outcome: "busy", waitMs: 0 } : pass(send, denied.mark, name, context);
  }
}

async function attempt(send: Send, mark: Mark | undefined, name: string, context: PassContext): Promise<Result> {
  const { engine, setup, claims } = context;
  const { host } = setup;
  // One request for each sender: a queue waits better than a Worker does.
  const config = { ...setup.config, delivery: { attempts: 1, ...setup.config.delivery } };
  const budgetMs = (config.delivery.budgetSeconds ?? BUDGET_SECONDS) * 1000;
  const holder = crypto.randomUUID();
  const failed = (delivery: Failure, left?: Mark, waitMs = 0): Result => {
    return { outcome: delivery.outcome, holder, delivery, mark: left, waitMs };
  };

  if (mark && !holds(mark, host.now())) return failed(stuck(mark, "no idempotency key holds"));
  const attempts = mark ? send.attempts.filter((it) => isOf(it, mark)) : send.attempts;
  if (attempts.length === 0) return failed(stuck(mark, "the configuration no longer has this sender"));

  let waitMs = 0;
  let left = mark;
  const own: Host = {
    ...host,
    leaving: async (one, { request, keySeconds }) => {
      if (!request) return;
      const next = await markOf(one, request, keySeconds, host.now());
      if (mark && mark.hash !== next.hash) throw new Changed();
      left = mark ?? next;
      const leaseMs = budgetMs + LEASE_MARGIN_MS;
      const claimed = await claims?.take({ key: name, holder, mark: left, again: mark !== undefined, leaseMs });
      if (claimed && !claimed.granted) throw new NotGranted(claimed);
    },
    fetch: async (url, init) => {
      const response = await host.fetch(url, init);
      waitMs = Math.max(waitMs, retryAfter(response.headers.get("retry-after"), host.now()));
      return response;
    },
  };
  let delivery: Delivery;
  try {
    delivery = await deliver({ channel: send.channel, attempts }, config, engine, own, host.now() + budgetMs);
  } catch (error) {
    if (error instanceof Changed) return failed(stuck(mark, "the configuration has changed since"));
    throw error;
  }
  if (delivery.outcome === "sent") return { outcome: "sent", holder, delivery };
  if (!mark && delivery.outcome === "not_sent") return failed(delivery, undefined, waitMs);
  const refused = delivery.attempts.at(-1)?.result === "refused";
  return failed({ ...delivery, outcome: "unknown" }, refused ? undefined : left, waitMs);
}

/** Nothing can be done any more. */
export const stuck = (mark: Mark | undefined, why: string): Failure =>
  mark
    ? { outcome: "unknown", reason: `${mark.provider}: it may have been sent, and ${why}`, attempts: [] }
    : { outcome: "not_sent", reason: why, attempts: [] };
