/** One pass over one message: what the hook does in its minute, with every request claimed before it leaves. */
import type { Send } from "../core.ts";
import type { Delivery } from "../deliver.ts";
import type { Engine } from "../engine.ts";
import { budgetMs, type Setup } from "../host.ts";
import { deliverMarked, type Failure, type Mark } from "../mark.ts";
import type { ClaimsClient, Denied } from "./claims.ts";

/** What a pass works with. */
export type PassContext = { engine: Engine; setup: Setup; claims?: ClaimsClient };

/** What a pass led to. `waitMs`: what a provider or a claim asks for; `holder`: by whom the message was claimed. */
export type Result =
  | { outcome: "sent"; holder: string; delivery: Delivery }
  /** `mark`: what may be repeated. */
  | { outcome: "not_sent" | "unknown"; holder: string; delivery: Failure; mark?: Mark; waitMs: number }
  /** Somebody else is sending it. */
  | { outcome: "busy"; waitMs: number }
  | { outcome: "ended" };

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
  // One request for each sender: a queue waits better than a Worker does.
  const config = { ...setup.config, delivery: { attempts: 1, ...setup.config.delivery } };
  const leaseMs = budgetMs(config) + LEASE_MARGIN_MS;
  const holder = crypto.randomUUID();
  let left = mark;
  const { delivery, stuck, waitMs } = await deliverMarked(
    send,
    mark,
    { config, core: engine, host: setup.host },
    async (next) => {
      left = next;
      const claimed = await claims?.take({ key: name, holder, mark: next, again: mark !== undefined, leaseMs });
      if (claimed && !claimed.granted) throw new NotGranted(claimed);
    },
  );
  if (delivery.outcome === "sent") return { outcome: "sent", holder, delivery };
  const failed = (failure: Failure, repeatable?: Mark): Result => {
    return { outcome: failure.outcome, holder, delivery: failure, mark: repeatable, waitMs };
  };
  if (stuck || (!mark && delivery.outcome === "not_sent")) return failed(delivery);
  const refused = delivery.attempts.at(-1)?.result === "refused";
  return failed({ ...delivery, outcome: "unknown" }, refused ? undefined : left);
}
