/** Who was created and never told: each account of the audit log, judged by the core and by those who know of messages. */
import type { Admin, User } from "../../admin.ts";
import type { UserCreatedEvent } from "../../authgear.ts";
import type { Engine } from "../../engine.ts";
import { maskedLogin } from "../mask.ts";
import type { Testimony, Witness } from "./witness.ts";

export type Judgement = {
  /** `skipped`: nobody means to tell this user, for `reason`. */
  status: Testimony["status"] | "skipped";
  why: string;
  reason?: string;
  /** The idempotency key of the message. */
  key?: string;
};

export type Account = Judgement & {
  userId: string;
  /** RFC 3339. */
  createdAt: string;
  /** Masked. */
  login?: string;
  event: UserCreatedEvent;
};

export type Court = { engine: Pick<Engine, "decide">; witnesses: Witness[] };

export type Range = { from: Date; to: Date };

/** The accounts that were created in the range, as they come: a page of the log is held, and no more. */
export async function* accounts(admin: Pick<Admin, "auditLogs">, range: Range, court: Court): AsyncGenerator<Account> {
  const filter = { activityTypes: ["USER_CREATED"], rangeFrom: range.from, rangeTo: range.to };
  for await (const { data, user, createdAt } of admin.auditLogs(filter)) {
    const event = data as UserCreatedEvent;
    const userId = user?.id ?? event?.payload?.user?.id ?? "";
    yield { userId, createdAt, login: maskedLogin(event), event, ...judge(event, user, court) };
  }
}

/** Of several witnesses the one who knows most is believed. */
const WEIGHT: Testimony["status"][] = ["told", "in_doubt", "outbox", "not_told"];

/** The same core says who is to be told; `user` is the user of the event as it is now, `undefined` when it is gone. */
export function judge(event: UserCreatedEvent, user: User | undefined, { engine, witnesses }: Court): Judgement {
  const decision = engine.decide(event);
  if (decision.type === "invalid") return skipped("invalid_config", decision.problems.join("; "));
  if (decision.type === "skip") return skipped(decision.reason, decision.detail);
  if (!user) return skipped("user_deleted", "the user has been deleted since");
  const { key } = decision;
  const testimonies = witnesses.map((witness) => witness({ key, user }));
  testimonies.sort((a, b) => WEIGHT.indexOf(a.status) - WEIGHT.indexOf(b.status));
  const [first] = testimonies;
  if (first && first.status !== "not_told") return { ...first, key };
  if (user.lastLoginAt) return skipped("logged_in", "the user has logged in already");
  const today = engine.decide(asOfNow(event, user));
  if (today.type === "skip") return skipped(today.reason, today.detail);
  return { status: "not_told", why: testimonies.map(({ why }) => why).join(", "), key };
}

const skipped = (reason: string, why: string): Judgement => ({ status: "skipped", reason, why });

/** An event says how the user was when it was created; this one says how it is. */
export const asOfNow = (
  event: UserCreatedEvent,
  { isDisabled, isDeactivated, isAnonymous, isAnonymized, accountValidFrom, accountValidUntil }: User,
): UserCreatedEvent => ({
  ...event,
  payload: {
    ...event.payload,
    user: {
      ...event.payload.user,
      is_disabled: isDisabled,
      is_deactivated: isDeactivated,
      is_anonymous: isAnonymous,
      is_anonymized: isAnonymized,
      account_valid_from: accountValidFrom,
      account_valid_until: accountValidUntil,
    },
  },
});
