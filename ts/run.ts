/** The flow of the hook: from an event to a sent message, a line in the log, or one redacted error. */
import type { Config } from "./config.ts";
import type { Core, Decision, Send } from "./core.ts";
import { bury, type DeadLetter } from "./dead-letter.ts";
import { type Delivery, deliver, LAST_CHANCE_MS, type Try } from "./deliver.ts";
import { HOST, type Host } from "./host.ts";

/** The event types that Authgear waits for. */
export const BLOCKING = /\.pre_|^authentication\./;
const BUDGET_SECONDS = 50;
/** Authgear waits 60 seconds for a hook; the dead letter has until here. */
const END_MS = 58_000;
/** What it gets at the least, however late. */
const LAST_LETTER_MS = 2_000;
/** An event older than this comes again, or a clock is wrong: its age says nothing about the time that is left. */
const OLDEST_MS = 60_000;

/** What became of an event. Failures are thrown instead. */
export type Outcome =
  /** The answer to a blocking event, which this hook must not hold up. */
  | { is_allowed: true }
  | { outcome: "skipped"; reason: string; detail?: string }
  | Extract<Delivery, { outcome: "sent" }>;

/** What the shim itself reads of an event. None of it is certain to be there. */
type Event = {
  id?: unknown;
  type?: unknown;
  context?: { timestamp?: unknown; user_id?: unknown } | null;
  payload?: { user?: { id?: unknown } | null } | null;
};

/**
 * Handles one event. `core` is called only when a rule names the event's type; `builtin` is the JSON text of the
 * built-in messages. Throws one error, without addresses and keys, when the message was not sent or may not have been.
 */
export async function run(
  event: unknown,
  config: Config,
  core: () => Core | Promise<Core>,
  builtin: string,
  host: Host = HOST,
): Promise<Outcome> {
  const { id, type, context, payload }: Event = event ?? {};
  const eventType = string(type) ?? "";
  if (BLOCKING.test(eventType)) return { is_allowed: true };
  // Rules of a wrong shape count as naming it, so that the core complains about them.
  const named = (config?.rules ?? [{ on: "user.created" }]).some?.((rule) => (rule?.on ?? eventType) === eventType);
  if (named === false) return { outcome: "skipped", reason: "event_type" };

  const now = host.now();
  const created = typeof context?.timestamp === "number" ? context.timestamp * 1000 : now;
  const start = created <= now && created >= now - OLDEST_MS ? created : now;
  const eventId = string(id);
  const log = (what: string, more: object) =>
    console.log(JSON.stringify({ "authgear-invite": what, event: eventId, ...more }));

  const fail = async (
    outcome: DeadLetter["outcome"],
    reason: string,
    attempts: Try[] = [],
    send: Partial<Send> = {},
  ): Promise<never> => {
    const letter = {
      event_id: eventId,
      event_type: eventType,
      user_id: context?.user_id ?? payload?.user?.id,
      rule: send.rule,
      message: send.message,
      channel: send.channel,
      outcome,
      reason,
      attempts,
    };
    const buried = await bury(letter, config?.deadLetter, host, Math.max(start + END_MS, host.now() + LAST_LETTER_MS));
    throw new Error(`authgear-invite: ${outcome} (event ${eventId}, dead letter ${buried}): ${reason}`);
  };

  let loaded: Core;
  let decision: Decision;
  try {
    loaded = await core();
    const input = `{"builtin":${builtin},"config":${JSON.stringify(config)},"event":${JSON.stringify(event)}}`;
    decision = JSON.parse(loaded.decide(input));
  } catch (error) {
    return fail("not_sent", `core: ${(error as Error)?.name}`);
  }
  if (decision.type === "invalid") return fail("invalid_config", decision.problems.join("\n"));
  if (decision.type === "skip") {
    const { reason, detail } = decision;
    log("skipped", { reason, detail });
    return { outcome: "skipped", reason, detail };
  }

  const budget = (config.delivery?.budgetSeconds ?? BUDGET_SECONDS) * 1000;
  const deadline = Math.max(start + budget, now + Math.min(LAST_CHANCE_MS, budget));
  const delivery = await deliver(decision, config, loaded, host, deadline);
  const { attempts } = delivery;
  if (delivery.outcome !== "sent") return fail(delivery.outcome, delivery.reason, attempts, decision);
  log("sent", {
    provider: delivery.provider,
    id: delivery.id,
    attempts: attempts.length,
    rule: decision.rule,
    message: decision.message,
    channel: decision.channel,
    to: decision.to,
    locale: decision.locale,
    warnings: decision.warnings,
  });
  return delivery;
}

const string = (value: unknown) => (typeof value === "string" ? value : undefined);
