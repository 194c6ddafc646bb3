/** The flow of the hook: from an event to its outcome. */
import type { AskingCore, Core, Decision, Send } from "./core.ts";
import { type Delivery, deliver, LAST_CHANCE_MS } from "./deliver.ts";
import { budgetMs, type Host, type Setup } from "./host.ts";
import { handOn, type Report } from "./report.ts";

/** The event types that Authgear waits for. */
export const BLOCKING = /\.pre_|^authentication\./;
/** No delivery is longer, whatever the configuration says: what is left is for telling what came of it. */
const MOST_MS = 55_000;
/** Authgear waits 60 seconds for a hook; reports have until here. */
const END_MS = 58_000;
/** What they get at the least, however late. */
const LAST_REPORT_MS = 2_000;
/** An event older than this comes again, or a clock is wrong: its age says nothing about the time that is left. */
const OLDEST_MS = 60_000;

/** What became of an event: for a blocking one, which this hook must not hold up, its answer. */
export type Outcome = { is_allowed: true } | Conclusion;

/** What became of an event that was decided on. Holds no address and no key. */
export type Conclusion =
  | ({ outcome: "skipped"; reason: string; detail?: string; rule?: number | null } & Reports)
  /** `reason` has a line for each problem of the configuration. */
  | ({ outcome: "invalid_config"; reason: string } & Reports)
  | (Delivery & Partial<Facts> & Reports);

/** What was decided about a message. */
type Facts = Pick<Send, "rule" | "message" | "channel" | "to" | "locale" | "localeFrom" | "key" | "warnings">;

/** Whether the receivers of the configuration took a report; absent where none was due. */
type Reports = { deadLetter?: "taken" | "failed"; receipt?: "taken" | "failed" };

/** What the shim itself reads of an event. */
export type About = {
  id?: string;
  type: string;
  userId?: unknown;
  /** When the time that Authgear gives began: see {@link startOf}. */
  start: number;
};

type Judge = Pick<Core, "classify">;

/** Handles one event. `core` is called only when a rule names the event's type. Does not throw. */
export async function run(
  event: unknown,
  core: () => AskingCore | Promise<AskingCore>,
  setup: Setup,
): Promise<Outcome> {
  const about = read(event, setup.host);
  if (BLOCKING.test(about.type)) return { is_allowed: true };
  // Rules of a wrong shape count as naming it, so that the core complains about them.
  const named = (setup.config?.rules ?? [{ on: "user.created" }]).some?.(
    (rule) => (rule?.on ?? about.type) === about.type,
  );
  if (named === false) return { outcome: "skipped", reason: "event_type" };
  try {
    const loaded = await core();
    return carryOut(await loaded.decide(event), about, loaded, setup);
  } catch (error) {
    const end: Concluded = { outcome: "not_sent", reason: `core: ${(error as Error)?.name}`, attempts: [] };
    return tell(end, about, setup);
  }
}

/** Does what was decided, and tells those who are to hear of it. Does not throw. */
export async function carryOut(decision: Decision, about: About, core: Judge, setup: Setup): Promise<Conclusion> {
  const end = await conclude(decision, about, core, setup);
  return tell(end, about, setup, decision.type === "send" ? decision : undefined);
}

function read(event: unknown, host: Host): About {
  const { id, type, context, payload } = (event ?? {}) as {
    id?: unknown;
    type?: unknown;
    context?: { timestamp?: unknown; user_id?: unknown } | null;
    payload?: { user?: { id?: unknown } | null } | null;
  };
  return {
    id: typeof id === "string" ? id : undefined,
    type: typeof type === "string" ? type : "",
    userId: context?.user_id ?? payload?.user?.id,
    start: startOf(context?.timestamp, host),
  };
}

/**
 * When the time that Authgear gives began, in milliseconds since 1970: at the event's own timestamp (Unix seconds), since
 * waiting for the hook counts, or now.
 */
export function startOf(timestamp: unknown, host: Host): number {
  const now = host.now();
  const created = typeof timestamp === "number" ? timestamp * 1000 : now;
  return created <= now && created >= now - OLDEST_MS ? created : now;
}

type Concluded =
  | Delivery
  | { outcome: "skipped"; reason: string; detail: string; rule: number | null }
  | { outcome: "invalid_config"; reason: string };

async function conclude(decision: Decision, about: About, core: Judge, { config, host }: Setup): Promise<Concluded> {
  if (decision.type === "invalid") return { outcome: "invalid_config", reason: decision.problems.join("\n") };
  if (decision.type === "skip") {
    const { reason, detail, rule } = decision;
    return { outcome: "skipped", reason, detail, rule };
  }
  const budget = Math.min(budgetMs(config), MOST_MS);
  const deadline = Math.max(about.start + budget, host.now() + Math.min(LAST_CHANCE_MS, budget));
  return deliver(decision, config, core, host, deadline);
}

/** Hands reports to the receivers of the configuration. Does not throw. */
export async function tell(end: Concluded, about: About, setup: Setup, send?: Send): Promise<Conclusion> {
  const { config, host } = setup;
  const facts = send && factsOf(send);
  const told = report(about, end, facts);
  const deadline = Math.max(about.start + END_MS, host.now() + LAST_REPORT_MS);
  const failed = end.outcome !== "sent" && end.outcome !== "skipped";
  const [deadLetter, receipt] = await Promise.all(
    [failed ? config?.deadLetter : undefined, config?.receipt].map((receiver) =>
      handOn(told, send, receiver, deadline, setup),
    ),
  );
  return { ...end, ...facts, ...(deadLetter && { deadLetter }), ...(receipt && { receipt }) };
}

function factsOf({ rule, message, channel, to, locale, localeFrom, key, warnings }: Send): Facts {
  return { rule, message, channel, to, locale, localeFrom, key, warnings };
}

/** Any outcome, as far as a report tells of it. */
type End = Pick<Report, "outcome" | "reason" | "rule" | "provider"> & { id?: string; attempts?: Report["attempts"] };

function report(about: About, { outcome, reason, rule, provider, id, attempts = [] }: End, facts?: Facts): Report {
  return {
    event_id: about.id,
    event_type: about.type,
    user_id: about.userId,
    outcome,
    reason,
    rule: facts?.rule ?? rule,
    message: facts?.message,
    channel: facts?.channel,
    to: facts?.to,
    locale: facts?.locale,
    locale_from: facts?.localeFrom,
    provider,
    provider_message_id: id,
    attempts,
  };
}
