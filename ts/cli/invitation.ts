/** Accounts of which no event tells: the event that Authgear would have fired, and what it leads to, sent from here. */
import type { CustomAttributes, StandardAttributes, UserCreatedEvent } from "../authgear.ts";
import { HOST } from "../host.ts";
import { BUILT_IN } from "../locales.ts";
import { type Conclusion, carryOut } from "../run.ts";
import { identity, loginId } from "../samples.ts";
import { sign } from "../sign.ts";
import type { LoadedConfig } from "./config-file.ts";

/** What is known of an account. Times are RFC 3339. */
export type Account = {
  /** The ID that events have. */
  id: string;
  createdAt: string;
  /** What its owner types to sign in, as it was typed. */
  logins: { kind: "email" | "phone" | "username"; typed: string }[];
  /** E-mail addresses of accounts elsewhere. */
  oauthEmails?: string[];
  standardAttributes?: StandardAttributes;
  customAttributes?: CustomAttributes;
  /** `false`: it has no password and no other authenticator. Default `true`. */
  canReauthenticate?: boolean;
  disabled?: boolean;
  /** Keys. */
  roles?: string[];
  groups?: string[];
};

/**
 * `user.created` as the Admin API would have fired it. The same account gives the same event, so that its message has the
 * same idempotency key each time.
 */
export function eventFor(account: Account, { id = `account-${account.id}`, locale = "" } = {}): UserCreatedEvent {
  const { createdAt, logins, oauthEmails = [] } = account;
  return {
    id,
    seq: 0,
    type: "user.created",
    payload: {
      user: {
        id: account.id,
        created_at: createdAt,
        updated_at: createdAt,
        is_anonymous: false,
        is_verified: false,
        is_disabled: account.disabled ?? false,
        is_deactivated: false,
        can_reauthenticate: account.canReauthenticate ?? true,
        standard_attributes: account.standardAttributes ?? {},
        custom_attributes: account.customAttributes ?? {},
        roles: account.roles ?? [],
        groups: account.groups ?? [],
      },
      identities: [
        ...logins.map(({ kind, typed }) => loginId(kind, typed)),
        ...oauthEmails.map((email) => identity("oauth", { email })),
      ],
    },
    context: {
      timestamp: Math.floor(Date.parse(createdAt) / 1000),
      user_id: account.id,
      triggered_by: "admin_api",
      preferred_languages: locale ? [locale] : [],
      language: locale,
      geo_location_code: null,
    },
  };
}

/**
 * Does now what was decided about the event (left out: what the rules say) by the configured senders, and tells the
 * configuration's receivers. Does not throw.
 */
export function sendNow(
  event: UserCreatedEvent,
  { config, engine }: LoadedConfig,
  decision = engine.decide(event),
): Promise<Conclusion> {
  const about = { id: event.id, type: event.type, userId: event.payload.user.id, start: HOST.now() };
  const setup = { config, builtin: JSON.stringify(BUILT_IN), host: { ...HOST, sign } };
  return carryOut(decision, about, engine, setup);
}
