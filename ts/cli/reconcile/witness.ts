/** Who knows whether a user was told. */
import type { User } from "../../admin.ts";
import type { Store } from "../../outbox/store.ts";
import { UsageError } from "../command.ts";
import { toldUsers } from "../import/journal.ts";

/**
 * - `told`: a provider took the message.
 * - `in_doubt`: it may have taken it; nothing but a person can know.
 * - `outbox`: the outbox has it, and sees to it.
 * - `not_told`: this witness knows of no message.
 */
export type Testimony = { status: "told" | "in_doubt" | "outbox" | "not_told"; why: string };

/** `key` is the message's idempotency key, `user` the user as it is now. */
export type Witness = (message: { key: string; user: User }) => Testimony;

/** The outbox of `authgear-invite serve`. */
export function outboxWitness<T extends { outcome: string }>(store: Pick<Store<T>, "entryOfEvent">): Witness {
  return ({ key }) => {
    const entry = store.entryOfEvent(key);
    if (!entry) return { status: "not_told", why: "not in the outbox" };
    const { state, last } = entry;
    if (state === "sent") return { status: "told", why: "the outbox sent it" };
    if (state !== "dead") return { status: "outbox", why: `${state} in the outbox; its server sends it` };
    const why = `dead in the outbox; authgear-invite outbox retry ${entry.key}`;
    return last?.outcome === "not_sent" ? { status: "outbox", why } : { status: "in_doubt", why };
  };
}

/** The journal of an import, read whole; the import may be running. */
export async function journalWitness(path: string): Promise<Witness> {
  const told = new Map<string, string>();
  try {
    for await (const { userId, message } of toldUsers(path)) told.set(userId, message);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code ? new UsageError(`${path}: cannot be read (${code}); --journal names the journal of an import`) : error;
  }
  return ({ user }) => {
    const message = told.get(user.id);
    if (message === undefined) return { status: "not_told", why: "not in the journal" };
    if (message === "sent") return { status: "told", why: "the import sent it" };
    if (message === "unknown" || message === "leaving")
      return { status: "in_doubt", why: `${message} in the journal: it may have been sent` };
    return { status: "not_told", why: `${message} in the journal` };
  };
}

/** What `reconcile --send` leaves in a custom attribute, before and after a message. */
export type Mark = "sending" | "unknown" | "sent";

export const markOf = (mark: Mark, now: Date): string => `${mark} ${now.toISOString()}`;

/** A custom attribute that is set for users who were told. */
export function attributeWitness(name: string): Witness {
  return ({ user }) => {
    const value = user.customAttributes[name];
    if (value === undefined || value === null || value === "") return { status: "not_told", why: `${name} is not set` };
    const doubt = typeof value === "string" && /^(sending|unknown)( |$)/.exec(value)?.[1];
    if (!doubt) return { status: "told", why: `${name} is set` };
    return { status: "in_doubt", why: `${name} says ${doubt}: ${WHY[doubt as "sending" | "unknown"]}` };
  };
}

const WHY = {
  sending: "a run ended while a request was under way, or still is at it",
  unknown: "a request left, and nobody knows what became of it",
};
