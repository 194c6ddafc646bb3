/**
 * What becomes of one message of the queue.
 *
 *     event ──► decide ──► pass ──┬─ sent ────────────────► told, acknowledged
 *                 ▲               ├─ proven not sent ─────► retried later; when the retries are used up, dead-letter queue
 *                 │               └─ in doubt ─┬─ key holds ──► back into the queue with its mark ─┐
 *                 │                            └─ no key ─────► dead letter told, acknowledged     │
 *                 └───────────────── same sender, same bytes ──────────────────────────────────────┘
 *
 * All state travels in the message; with {@link ClaimsClient} what has left is also kept outside of it, so that a copy of
 * the message is not sent again.
 */
import { describe } from "../announce.ts";
import type { Decision, Send } from "../core.ts";
import { sha256 } from "../digest.ts";
import { type Failure, giveUp, holds, type Mark } from "../mark.ts";
import { type About, type Conclusion, carryOut, tell } from "../run.ts";
import type { End } from "./claims.ts";
import { type PassContext, pass, type Result } from "./pass.ts";

/** What travels through the queue, as JSON: the event as it came, and what is known beyond it. */
export type Queued = {
  event: unknown;
  id?: string;
  type: string;
  userId?: unknown;
  /** A request that may have been carried out. */
  mark?: Mark;
  /** How it ended, when only telling is left; `receipt`: its receiver has heard of it. */
  end?: Failure & { receipt?: "taken" };
};

/** As much of a message in a batch as is used here. */
export interface QueueMessage {
  readonly body: unknown;
  /** 1 at the first delivery. */
  readonly attempts: number;
  ack(): void;
  retry(options?: { delaySeconds?: number }): void;
}

/** As much of a queue's binding as is used here. */
export interface QueueBinding {
  send(body: unknown, options?: { contentType?: "json"; delaySeconds?: number }): Promise<unknown>;
}

/** The wait before a message is tried again: doubled from attempt to attempt, up to `mostSeconds`. */
export type Backoff = { firstSeconds: number; mostSeconds: number };

/** What the consumer works with. */
export type Consumer = PassContext & {
  queue: QueueBinding;
  /** Where a message is laid aside that is to be looked at. */
  deadLetters?: QueueBinding;
  backoff: Backoff;
};

/** What Queues take. */
const MOST_DELAY_SECONDS = 43_200;

/** A message of the queue, and what is to be done about it. `name`: by which it is claimed. */
type Job = { message: QueueMessage; queued: Queued; about: About } & Decided;
type Decided = { decision: Send; name: string } | { decision: Exclude<Decision, Send> };

/** Handles a message of the queue: acknowledges it, or has it tried again. Does not throw. */
export const consume = handler(async (job, consumer) => {
  const { queued, about, message } = job;
  const { engine, setup } = consumer;
  if (queued.end) return tellAgain(job, queued.end, consumer);
  if (!("name" in job)) {
    if (queued.mark) return finish(job, giveUp(queued.mark, "the configuration no longer sends it"), consumer);
    console.log(describe(about.id, await carryOut(job.decision, about, engine, setup)));
    return message.ack();
  }
  const result = await pass(job.decision, queued.mark, job.name, consumer);
  switch (result.outcome) {
    case "busy":
      return message.retry({ delaySeconds: toSeconds(result.waitMs) });
    case "ended":
      return drop(job);
    case "sent":
      await settle(job, { holder: result.holder, state: "sent" }, consumer);
      console.log(describe(about.id, await tell(result.delivery, about, setup, job.decision)));
      return message.ack();
    default:
      return fail(job, result, consumer);
  }
});

/** Handles a message whose retries are used up, or that was laid aside: tells of it. Does not throw. */
export const bury = handler(async (job, consumer) => {
  const { queued } = job;
  const claim = "name" in job ? await consumer.claims?.read(job.name) : undefined;
  if (claim?.state === "sent") return drop(job);
  const why = `the queue's retries are used up${claim?.note ? `; ${claim.note}` : ""}`;
  await tellAgain(job, queued.end ?? giveUp(queued.mark ?? claim?.mark, why), consumer);
  await settle(job, { state: "dead" }, consumer);
});

function handler(handle: (job: Job, consumer: Consumer) => Promise<void>) {
  return async (message: QueueMessage, consumer: Consumer): Promise<void> => {
    const queued: Queued = { type: "", event: null, ...(message.body as Queued | null) };
    const { event, id, type, userId } = queued;
    const about = { id, type, userId, start: consumer.setup.host.now() };
    try {
      const decision = consumer.engine.decide(event);
      const decided = decision.type === "send" ? { decision, name: await nameOf(decision, about) } : { decision };
      await handle({ message, queued, about, ...decided }, consumer);
    } catch (error) {
      // Nothing has left: what comes after a request does not throw.
      complain("failed", about, error);
      message.retry({ delaySeconds: delay(message, consumer) });
    }
  };
}

/** Names a message. Without an id two events of one second can have the same key; their recipients tell them apart. */
const nameOf = async ({ key, address }: Send, { id }: About) => (id ? key : `${key}.${await sha256(address)}`);

// --- What failed -----------------------------------------------------------------------------------------------------------

type Failed = Extract<Result, { outcome: "not_sent" | "unknown" }>;

async function fail(job: Job, result: Failed, consumer: Consumer): Promise<void> {
  const { message, about } = job;
  const { outcome, holder, mark, delivery } = result;
  const delaySeconds = delay(message, consumer, result.waitMs);
  if (outcome === "not_sent") message.retry({ delaySeconds });
  else if (!(await comeBack(job, mark, delaySeconds, consumer))) return finish(job, delivery, consumer, holder);
  await settle(job, { holder, state: "waiting", mark, note: delivery.reason }, consumer);
  const { reason, attempts } = delivery;
  const facts = { outcome, reason, attempts: attempts.length, delaySeconds };
  console.log(JSON.stringify({ "authgear-invite": "deferred", event: about.id, ...facts }));
}

/** Has a message in doubt come again with its mark, if its key will still hold by then. */
async function comeBack(
  { message, queued }: Job,
  mark: Mark | undefined,
  delaySeconds: number,
  { queue, setup }: Consumer,
): Promise<boolean> {
  if (!mark || !holds(mark, setup.host.now() + delaySeconds * 1000)) return false;
  if (queued.mark) {
    message.retry({ delaySeconds });
    return true;
  }
  try {
    // What is retried comes back as it was, without the mark.
    await queue.send({ ...queued, mark }, { contentType: "json", delaySeconds });
    message.ack();
    return true;
  } catch {
    return false;
  }
}

/** Tells how a message ended; what nobody takes is laid aside, to be told later or looked at. Does not throw. */
async function finish(job: Job, end: Failure, consumer: Consumer, holder?: string): Promise<void> {
  const { message, queued, about } = job;
  const { setup, queue, deadLetters = setup.config.deadLetter && queue } = consumer;
  const told = await report(job, end, consumer);
  try {
    const receipt = told.receipt === "taken" ? told.receipt : undefined;
    if (told.deadLetter !== "taken")
      await deadLetters?.send({ ...queued, end: { ...end, receipt } }, { contentType: "json" });
  } catch (error) {
    complain("untold", about, error);
  }
  await settle(job, { holder, state: "dead" }, consumer);
  message.ack();
}

async function tellAgain(job: Job, end: Failure, consumer: Consumer): Promise<void> {
  const { message } = job;
  const told = await report(job, end, consumer);
  if (told.deadLetter === "failed") message.retry({ delaySeconds: delay(message, consumer) });
  else message.ack();
}

/** Tells how a message ended to those who have not taken it yet. Does not throw. */
async function report({ about, decision }: Job, end: Failure, { setup }: Consumer): Promise<Conclusion> {
  const { receipt, ...delivery }: Queued["end"] & {} = end;
  const config = receipt ? { ...setup.config, receipt: undefined } : setup.config;
  const told = await tell(delivery, about, { ...setup, config }, decision.type === "send" ? decision : undefined);
  console.error(describe(about.id, told));
  return told;
}

/** A copy of what has ended. */
function drop({ message, about }: Job): void {
  console.log(JSON.stringify({ "authgear-invite": "duplicate", event: about.id }));
  message.ack();
}

/** Writes down how a pass ended. Does not throw: if that fails, the lease runs out and the message is in doubt. */
async function settle(job: Job, end: Omit<End, "key">, { claims }: Consumer): Promise<void> {
  if (!("name" in job)) return;
  try {
    await claims?.end({ key: job.name, ...end });
  } catch (error) {
    complain("unclaimed", job.about, error);
  }
}

// --- Time and words --------------------------------------------------------------------------------------------------------

/** The seconds until the next attempt: exponential, half of it jitter; a provider's Retry-After is obeyed. */
function delay({ attempts }: QueueMessage, { backoff, setup }: Consumer, waitMs = 0): number {
  const { firstSeconds, mostSeconds } = backoff;
  const full = Math.min(mostSeconds, firstSeconds * 2 ** (attempts - 1));
  return toSeconds(Math.max(waitMs, full * 1000 * (0.5 + setup.host.random() / 2)));
}

const toSeconds = (ms: number) => Math.min(MOST_DELAY_SECONDS, Math.ceil(ms / 1000));

function complain(what: string, { id }: About, error: unknown): void {
  console.error(JSON.stringify({ "authgear-invite": what, event: id, reason: (error as Error)?.name }));
}
