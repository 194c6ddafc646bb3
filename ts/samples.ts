/** Events as Authgear makes them, to see what becomes of them. All people and domains are invented. */
import type { Claims, Context, Identity, User, UserCreatedEvent } from "./authgear.ts";

const USER_ID = "7b3c1c3e-52a5-4e0f-8f0b-6d1a9e0f4c11";
const ADMIN_ID = "c0a80101-9d5e-4b52-9f6b-2f4a63d0a001";
const CREATED_AT = "2026-09-01T08:30:00.123456789Z";
const TIMESTAMP = 1788251400;
const OAUTH = "https://authgear.com/claims/oauth/";
const LOGIN_ID = "https://authgear.com/claims/login_id/";
const TYPE = `${LOGIN_ID}type` as const;
/** The standard claim of each kind of login ID. */
const STANDARD = { email: "email", phone: "phone_number", username: "preferred_username" } as const;

export const context: Context = {
  timestamp: TIMESTAMP,
  user_id: USER_ID,
  triggered_by: "admin_api",
  audit_context: { http_url: "https://acme.authgear.example/_api/admin/graphql" },
  preferred_languages: [],
  language: "en",
  ip_address: "203.0.113.7",
  geo_location_code: "HK",
  user_agent: "acme-backoffice/2.1",
  app_id: "acme",
};

export const user: User = {
  id: USER_ID,
  created_at: CREATED_AT,
  updated_at: CREATED_AT,
  is_anonymous: false,
  is_verified: false,
  is_disabled: false,
  is_deactivated: false,
  is_anonymized: false,
  can_reauthenticate: true,
  standard_attributes: { email: "newuser@newuser.example", email_verified: false },
  custom_attributes: {},
  roles: [],
  groups: [],
};

export function identity(type: Identity["type"], claims: Claims): Identity {
  return {
    id: "0d9f2f60-1a2b-4c3d-8e4f-5a6b7c8d9e0f",
    created_at: CREATED_AT,
    updated_at: CREATED_AT,
    type,
    user_id: USER_ID,
    claims,
  };
}

/** `value` is normalised, `original` what was typed. */
export function loginId(kind: "email" | "phone" | "username", original: string, value = original): Identity {
  return identity("login_id", {
    [STANDARD[kind]]: value,
    [`${LOGIN_ID}key`]: kind,
    [`${LOGIN_ID}type`]: kind,
    [`${LOGIN_ID}value`]: value,
    [`${LOGIN_ID}original_value`]: original,
  });
}

export const oauthIdentity = identity("oauth", {
  email: "newuser@social.example",
  [`${OAUTH}provider_type`]: "google",
  [`${OAUTH}provider_alias`]: "google",
  [`${OAUTH}subject_id`]: "113214567890",
});

/** An account that an admin made by the Admin API, with an e-mail address as its login ID; or with changes. */
export function created(
  id: string,
  change: { user?: Partial<User>; identities?: Identity[]; context?: Partial<Context> } = {},
): UserCreatedEvent {
  return {
    id,
    seq: 1042,
    type: "user.created",
    payload: {
      user: { ...user, ...change.user },
      identities: change.identities ?? [loginId("email", "newuser@newuser.example")],
    },
    context: { ...context, ...change.context },
  };
}

/** One event of every kind that makes a difference, by a short name. */
export const SAMPLES = {
  /** The guide's: made by the Admin API, with an e-mail address. */
  guide: created("event-guide"),
  /** The same, made in the Portal. */
  portal: created("event-portal", {
    context: {
      audit_context: {
        http_url: "https://acme.authgear.example/_api/admin/graphql",
        usage: "proxy",
        actor_user_id: ADMIN_ID,
      },
    },
  }),
  phone: created("event-phone", {
    user: { standard_attributes: { phone_number: "+85251234567", phone_number_verified: false } },
    identities: [loginId("phone", "+85251234567")],
  }),
  username: created("event-username", {
    user: { standard_attributes: { preferred_username: "newuser" } },
    identities: [loginId("username", "newuser")],
  }),
  oauth: created("event-oauth", { user: { standard_attributes: {} }, identities: [oauthIdentity] }),
  /** The guide's account, but its owner signed up. */
  "sign-up": created("event-sign-up", { context: { triggered_by: "user", client_id: "acme-web" } }),
  /** Whoever signed this user up tries to have the message say something else. */
  hostile: created("event-hostile", {
    user: {
      standard_attributes: {
        email: "newuser@newuser.example",
        name: '<img src=x onerror=alert(1)> {url} https://evil.example "you won"\u202e',
        given_name: "<script>alert(1)</script>",
      },
      custom_attributes: { team: "</style><script>alert(1)</script> see evil.example" },
    },
  }),
  disabled: created("event-disabled", { user: { is_disabled: true, disable_reason: "Not started yet" } }),
};

/**
 * A copy of an event whose user has one address and no other: an e-mail address, or a phone number, which begins with `+`.
 * Usernames stay.
 */
export function addressedTo(event: UserCreatedEvent, address: string): UserCreatedEvent {
  const [kind, other] = address.startsWith("+") ? (["phone", "email"] as const) : (["email", "phone"] as const);
  const copy = structuredClone(event);
  const { user, identities } = copy.payload;
  const { email, email_verified, phone_number, phone_number_verified, ...attributes } = user.standard_attributes ?? {};
  user.standard_attributes = { ...attributes, [STANDARD[kind]]: address };
  copy.payload.identities = identities.filter(({ claims }) => claims[TYPE] !== other);
  for (const { claims } of copy.payload.identities) {
    if (claims[TYPE] === kind)
      for (const key of ["value", "original_value"] as const) claims[`${LOGIN_ID}${key}`] = address;
    delete claims[STANDARD[other]];
    if (STANDARD[kind] in claims) claims[STANDARD[kind]] = address;
  }
  return copy;
}
