/** The invitation of an account that the import API made, of which no event tells: sent from here, and never twice. */
import type { UserCreatedEvent } from "../../authgear.ts";
import { HOST, type Host } from "../../host.ts";
import { BUILT_IN } from "../../locales.ts";
import { deliverMarked, type Mark, type Marked } from "../../mark.ts";
import { tell } from "../../run.ts";
import { sign } from "../../sign.ts";
import type { LoadedConfig } from "../config-file.ts";
import { eventFor } from "../invitation.ts";
import { LOGIN_KINDS } from "../login.ts";
import { NAMES, type Row } from "./fields.ts";
import { Halt } from "./pace.ts";
import { end, type Work } from "./work.ts";

/** The account of a row, and the request for its message if that may have left. `created` is the account's time. */
export type Made = { user: string; created: string; mark?: Mark };

/** Deliveries of one message, of some attempts each, while the provider is busy. */
const PASSES = 5;
const ENVELOPE_MS = 3_600_000;

/** Rejects when no message can be sent to anybody, or the journal cannot be written. */
export async function sendMessage(row: Row, made: Made, work: Work, { config, engine }: LoadedConfig): Promise<void> {
  const host = { ...HOST, sign };
  const event = await eventOf(row, made, work);
  const decision = engine.decide(event);
  const { user, created } = made;
  if (decision.type === "invalid") throw new Halt(`the configuration is wrong: ${decision.problems.join("; ")}`);
  if (decision.type === "skip" && !made.mark)
    return end(work, row.number, { outcome: "created", user, message: "skipped", reason: decision.detail });

  const send = decision.type === "send" ? decision : { channel: "email" as const, attempts: [] };
  const { delivery, mark } = await deliverPaced(row.number, made, send, work, { config, core: engine, host });
  const { outcome } = delivery;
  const reason = "reason" in delivery ? delivery.reason : undefined;
  const message = outcome === "sent" ? "sent" : mark ? "unknown" : "not sent";
  await end(work, row.number, { outcome: "created", user, created, message, reason, mark });
  const about = { id: event.id, type: event.type, userId: user, start: host.now() };
  const setup = { config, builtin: JSON.stringify(BUILT_IN), host };
  await tell(
    "reason" in delivery && mark ? { ...delivery, outcome: "unknown" } : delivery,
    about,
    setup,
    decision.type === "send" ? decision : undefined,
  );
  if (message === "not sent" && isEverybodys(delivery)) throw new Halt(`no message can be sent: ${reason}`);
}

type World = Parameters<typeof deliverMarked>[2] & { host: Host };

/** The mark comes back when the message may have been sent. */
async function deliverPaced(
  row: number,
  { user, created, mark: before }: Made,
  send: Parameters<typeof deliverMarked>[0],
  { journal, pace, stop }: Work,
  world: World,
): Promise<{ delivery: Marked["delivery"]; mark?: Mark }> {
  for (let pass = 1; ; pass++) {
    const turn = await pace.turn();
    let mark = before;
    const { delivery, waitMs } = await deliverMarked(send, mark, world, async (left) => {
      if (left === mark) return;
      mark = left;
      journal.write({ is: "leaving", row, user, created, mark });
      await journal.flush();
    });
    const limited = delivery.attempts.some(({ status }) => status === 429);
    if (limited) pace.slow(turn, waitMs);
    else if (delivery.outcome === "sent") pace.ok();
    // A refusal later on does not undo the doubt.
    const doubt = delivery.outcome === "unknown" || (before !== undefined && delivery.outcome !== "sent");
    if (doubt || delivery.outcome === "sent" || !limited || pass >= PASSES || stop.aborted)
      return { delivery, mark: doubt ? mark : undefined };
    // The wait may be long, and who ends in it must not leave in doubt what was not sent.
    journal.write({ is: "made", row, user, created });
    await journal.flush();
  }
}

/** The same row and account give the same event. */
async function eventOf({ fields }: Row, { user, created }: Made, { seal }: Work): Promise<UserCreatedEvent> {
  const logins = LOGIN_KINDS.flatMap((kind) => (fields[kind] === undefined ? [] : [{ kind, typed: fields[kind] }]));
  const standardAttributes = Object.fromEntries([...NAMES, "locale" as const].map((it) => [it, fields[it]]));
  const account = { id: user, createdAt: created, logins, standardAttributes, canReauthenticate: false };
  const event = eventFor(account, { locale: fields.locale });
  const x_state = await seal(fields, new Date(Date.parse(created) + ENVELOPE_MS));
  return x_state ? { ...event, context: { ...event.context, oauth: { x_state } } } : event;
}

/** Whether it is the key or the network, and not this message. */
const isEverybodys = ({ attempts }: Marked["delivery"]) =>
  attempts.length > 0 &&
  attempts.every(({ status, detail }) => status === 401 || status === 403 || detail === "no connection");
