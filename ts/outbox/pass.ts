/**
 * One pass over one message: what the hook does in its minute, with every step on the disk before the next one.
 *
 *                    ┌────────────── proven not sent, younger than maxMs: back-off ─────────────┐
 *                    ▼                                                                          │
 *     accepted ──► queued ── the request is on the disk, then it leaves ──► sending ────────────┤
 *                    ▲                                                       │ ▲ │              │
 *       retry by hand│                                    in doubt, key holds└─┘ │              │
 *                    │                                  same sender, same bytes  ▼              ▼
 *                   dead ◄── unknown: in doubt, no key that holds ───────────────┤        not_sent: too old
 *                                                                                └──► sent
 *
 * A message found in `sending` after a crash is in doubt: its request may have been carried out. It is repeated only to
 * the same sender, with the same bytes, and while that sender still honours the idempotency key; otherwise it is a dead
 * letter, `unknown`, and a person decides. A refusal later on does not undo the doubt.
 */
import type { Core, Decision, Send } from "../core.ts";
import type { Delivery } from "../deliver.ts";
import type { Setup } from "../host.ts";
import { deliverMarked, giveUp, holds, type Marked } from "../mark.ts";
import { tell } from "../run.ts";
import type { Change, Entry, Store, StoredEvent } from "./store.ts";

/** What a row knows of its last pass. `told`: which receivers have taken their report. */
export type Last = Delivery & { at: number; told?: Told };
type Told = { times: number; deadLetter?: "taken" | "failed"; receipt?: "taken" | "failed" };

export type Message = Entry<Last>;

/** What happened in a pass, for those who log and count. */
export type Notice =
  | { what: "ended" | "waiting"; message: Message; event?: StoredEvent; last: Last; ms: number }
  | { what: "untold"; message: Message; told: Told; final: boolean }
  | { what: "fault"; error: Error };

export type Context = {
  store: Pick<Store<Last>, "change" | "event">;
  core: Core;
  /** `sleep` rejects with {@link Stopped} when the process is to end. */
  setup: Setup;
  /** How long a message that was not sent is tried again. */
  maxMs: number;
  notify: (notice: Notice) => void;
};

/** The process is to end: nothing new is begun. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

const BACKOFF_MS = 5_000;
/** The longest wait between two passes. */
export const BACKOFF_CAP_MS = 3_600_000;
const STORE_PAUSE_MS = 1_000;

/** Throws {@link Stopped}, or what keeps the outbox from being read. */
export async function pass(message: Message, context: Context): Promise<void> {
  const event = context.store.event(message.id);
  const decision = decide(event, context.core);
  if (message.state === "queued" || message.state === "sending") await send(message, event, decision, context);
  if (message.due !== null && (message.state === "sent" || message.state === "dead"))
    await report(message, event, decision, context);
}

/** The same event and configuration give the same bytes, so only the event is kept: no key and no text is on the disk. */
function decide(event: StoredEvent | undefined, core: Core): Decision {
  if (!event) return { type: "invalid", problems: ["the event is gone"] };
  try {
    return core.decide(JSON.parse(new TextDecoder().decode(event.body)));
  } catch (error) {
    return { type: "invalid", problems: [`core: ${(error as Error)?.name}`] };
  }
}

// --- Sending -----------------------------------------------------------------------------------------------------------

async function send(message: Message, event: StoredEvent | undefined, decision: Decision, context: Context) {
  const { host, config } = context.setup;
  const start = host.now();
  const inDoubt = message.state === "sending";
  let result: Marked;
  try {
    result = await carry(message, decision, context);
  } catch (error) {
    // Delivery sleeps only after a proof that nothing was sent, or while a key holds.
    const mayBeSent = inDoubt || (error instanceof Stopped && message.mark?.keySeconds);
    if (message.state === "sending" && !mayBeSent) await record(message, { state: "queued", mark: null }, context);
    throw error;
  }
  const now = host.now();
  const change = conclude(message, inDoubt, result, now, host.random(), context.maxMs);
  const final = change.state !== "queued" && change.state !== "sending";
  const tells = config.receipt || (config.deadLetter && change.state === "dead");
  await record(message, { ...change, due: final && !tells ? null : change.due }, context);
  context.notify({ what: final ? "ended" : "waiting", message, event, last: change.last, ms: now - start });
}

/** Delivers as the hook does; that a request leaves is on the disk before it does. */
async function carry(message: Message, decision: Decision, { core, setup, store }: Context): Promise<Marked> {
  const { mark } = message;
  if (decision.type !== "send") {
    const delivery = giveUp(mark ?? undefined, `the configuration no longer sends it: ${whyNot(decision)}`);
    return { delivery, stuck: true, waitMs: 0 };
  }
  return deliverMarked(decision, mark ?? undefined, { ...setup, core }, async (left) => {
    if (left !== mark) await apply(message, { state: "sending", mark: left }, store);
  });
}

const whyNot = (decision: Exclude<Decision, Send>) =>
  decision.type === "skip" ? decision.reason : decision.problems.join("; ");

/** What becomes of the row. */
function conclude(
  { since, passes, mark }: Message,
  inDoubt: boolean,
  { delivery, stuck, waitMs }: Marked,
  now: number,
  random: number,
  maxMs: number,
) {
  const done = { passes: passes + 1, due: now, last: { ...delivery, at: now } };
  if (delivery.outcome === "sent") return { ...done, state: "sent" as const, mark: null };
  const doubt = inDoubt || delivery.outcome === "unknown";
  const due = now + backoff(passes, random, waitMs);
  const last: Last = { ...delivery, outcome: doubt ? "unknown" : "not_sent", at: now };
  const refused = delivery.attempts.at(-1)?.result === "refused";
  const repeatable = !doubt || (mark !== null && holds(mark, due) && !refused);
  if (stuck || !repeatable || due >= since + maxMs) return { ...done, last, state: "dead" as const };
  return doubt
    ? { ...done, last, due, state: "sending" as const }
    : { ...done, last, due, state: "queued" as const, mark: null };
}

/** Exponential, with full jitter; a provider's Retry-After is obeyed. */
const backoff = (passes: number, random: number, atLeastMs: number) =>
  Math.min(BACKOFF_CAP_MS, Math.max(atLeastMs, random * BACKOFF_MS * 2 ** passes));

// --- Reports -----------------------------------------------------------------------------------------------------------

/** Tells those who have not been told yet. A crash may tell them twice: the report is the same. */
async function report(message: Message, event: StoredEvent | undefined, decision: Decision, context: Context) {
  const { config, host } = context.setup;
  const { last } = message;
  if (!last) return record(message, { due: null }, context);
  const { told: before, at, ...delivery } = last;
  const about = { id: event?.eventId, type: event?.type ?? "", userId: event?.userId, start: host.now() };
  const untold = {
    ...config,
    deadLetter: before?.deadLetter === "taken" ? undefined : config.deadLetter,
    receipt: before?.receipt === "taken" ? undefined : config.receipt,
  };
  const { deadLetter, receipt } = await tell(
    delivery,
    about,
    { ...context.setup, config: untold },
    decision.type === "send" ? decision : undefined,
  );
  const told: Told = {
    ...before,
    ...(deadLetter && { deadLetter }),
    ...(receipt && { receipt }),
    times: (before?.times ?? 0) + 1,
  };
  const now = host.now();
  const due = now + backoff(told.times, host.random(), 0);
  const failed = deadLetter === "failed" || receipt === "failed";
  const final = !failed || due > at + context.maxMs;
  await record(message, { due: final ? null : due, last: { ...last, told } }, context);
  if (failed) context.notify({ what: "untold", message, told, final });
}

// --- The disk ----------------------------------------------------------------------------------------------------------

async function apply(message: Message, change: Change<Last>, store: Context["store"]): Promise<void> {
  await store.change(message, change);
  Object.assign(message, change);
}

/** As {@link apply}, but for what has happened already: it is tried until the disk takes it. */
async function record(message: Message, change: Change<Last>, { store, setup, notify }: Context): Promise<void> {
  for (;;) {
    try {
      return await apply(message, change, store);
    } catch (error) {
      notify({ what: "fault", error: error as Error });
      await setup.host.sleep(STORE_PAUSE_MS);
    }
  }
}
