/** Tells one user who was not told, and remembers it, so that the next run does not tell the same user again. */
import type { Admin } from "../../admin.ts";
import { bytes } from "../../digest.ts";
import type { Store } from "../../outbox/store.ts";
import type { Conclusion } from "../../run.ts";
import type { LoadedConfig } from "../config-file.ts";
import { sendNow } from "../invitation.ts";
import { type Account, type Court, judge } from "./judge.ts";
import { type Mark, markOf } from "./witness.ts";

/** What became of an account's message. `queued`: the outbox has it now, and its server sends it. */
export type Told = { outcome: Conclusion["outcome"] | "queued"; why?: string; provider?: string };

/** Throws AdminApiError or OutboxError when it could not be remembered; `tell` has heard of what was sent by then. */
export type Teller = (account: Account, tell: (told: Told) => void) => Promise<void>;

/** Looks at the user once more first: the list may be minutes old. */
export const afresh =
  (admin: Pick<Admin, "node">, court: Court, teller: Teller): Teller =>
  async (account, tell) => {
    const now = judge(account.event, await admin.node(account.userId), court);
    if (now.status === "not_told") await teller(account, tell);
    else tell({ outcome: "skipped", why: now.why });
  };

/** Puts the event into the outbox, as the webhook would have. */
export const byOutbox =
  (store: Pick<Store<unknown>, "insert">): Teller =>
  async ({ event, userId, key = "" }, tell) => {
    const stored = { eventId: event.id, type: event.type, userId, body: bytes(JSON.stringify(event)) };
    await store.insert(key, Date.now(), stored);
    tell({ outcome: "queued" });
  };

/**
 * Sends from here. That a request is about to leave stands in the user's custom attribute before it does: when the process
 * ends meanwhile, the next one finds a doubt, and repeats nothing.
 */
export const byAttribute =
  (name: string, admin: Pick<Admin, "setCustomAttribute">, loaded: LoadedConfig): Teller =>
  async ({ event, userId }, tell) => {
    const mark = (it: Mark | undefined) => admin.setCustomAttribute(userId, name, it ? markOf(it, new Date()) : null);
    if (!(await mark("sending"))) return tell({ outcome: "skipped", why: "the user has been deleted since" });
    const end = await sendNow(event, loaded);
    tell({
      outcome: end.outcome,
      why: "reason" in end ? end.reason : undefined,
      provider: "provider" in end ? end.provider : undefined,
    });
    await mark(leftBy(end));
  };

function leftBy({ outcome }: Conclusion): Mark | undefined {
  return outcome === "sent" || outcome === "unknown" ? outcome : undefined;
}
