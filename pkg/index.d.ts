import { C as Channel, S as Send, H as Host, T as TemplateFault, a as Config, D as Decision, P as Preview } from './host-CAgWzHol.js';
export { A as Attempt, b as CustomRequest, E as EmailMessage, c as EmailPreview, d as EmailSender, e as HttpRequest, I as Invalid, R as Rule, f as SesSender, g as Skip, h as SmsMessage, i as SmsPreview, j as SmsSender, k as Texts, W as When } from './host-CAgWzHol.js';
import { T as Try, O as Outcome } from './run-CfHNjDGm.js';
export { C as Conclusion, D as Delivery } from './run-CfHNjDGm.js';
export { C as ConfigError } from './engine-WvKKC3Lg.js';

/**
 * Authgear's events as TypeScript hooks and webhooks get them, for those who build or read one. The core reads events
 * leniently: what older servers leave out does not matter.
 */
/** An account. Times are RFC 3339. */
interface User {
    id: string;
    created_at: string;
    updated_at: string;
    last_login_at?: string;
    is_anonymous: boolean;
    is_verified: boolean;
    is_disabled: boolean;
    disable_reason?: string;
    is_deactivated: boolean;
    delete_at?: string;
    is_anonymized?: boolean;
    /** Before it, the user cannot sign in. */
    account_valid_from?: string;
    account_valid_until?: string;
    /** `false`: the user has neither a password nor another authenticator yet. */
    can_reauthenticate: boolean;
    standard_attributes?: StandardAttributes;
    custom_attributes?: CustomAttributes;
    roles?: string[];
    groups?: string[];
    x_web3?: object;
}
/** OpenID Connect's standard claims. */
interface StandardAttributes {
    email?: string;
    email_verified?: boolean;
    phone_number?: string;
    phone_number_verified?: boolean;
    preferred_username?: string;
    name?: string;
    given_name?: string;
    middle_name?: string;
    family_name?: string;
    nickname?: string;
    profile?: string;
    picture?: string;
    website?: string;
    gender?: string;
    birthdate?: string;
    /** A time zone of the IANA database. */
    zoneinfo?: string;
    /** A BCP 47 tag. */
    locale?: string;
    address?: Address;
    /** Unix seconds. */
    updated_at?: number;
}
/** OpenID Connect's address claim. */
interface Address {
    formatted?: string;
    street_address?: string;
    locality?: string;
    region?: string;
    postal_code?: string;
    country?: string;
}
/** What a project defines for itself. */
interface CustomAttributes {
    [name: string]: unknown;
}
/** One of the ways in which a user is known. */
interface Identity {
    id: string;
    created_at: string;
    updated_at: string;
    type: "login_id" | "oauth" | "anonymous" | "biometric" | "passkey" | "siwe" | "ldap";
    user_id?: string;
    claims: Claims;
}
/** What an identity says: a login ID's key and value, an account elsewhere. */
interface Claims {
    /** Normalised: perhaps not the mailbox that was typed, which is `original_value`. */
    email?: string;
    /** E.164. */
    phone_number?: string;
    preferred_username?: string;
    "https://authgear.com/claims/login_id/key"?: string;
    "https://authgear.com/claims/login_id/type"?: string;
    "https://authgear.com/claims/login_id/value"?: string;
    "https://authgear.com/claims/login_id/original_value"?: string;
    "https://authgear.com/claims/oauth/provider_type"?: string;
    "https://authgear.com/claims/oauth/provider_alias"?: string;
    "https://authgear.com/claims/oauth/subject_id"?: string;
    "https://authgear.com/claims/oauth/profile"?: object;
}
/** How the Admin API was used; `usage` is `proxy` where an admin did it in the Portal. */
interface AuditContext {
    http_url?: string;
    usage?: string;
    actor_user_id?: string;
}
/** The circumstances of an event. */
interface Context {
    /** Unix seconds of the event itself, not of its delivery. */
    timestamp: number;
    user_id?: string | null;
    /** Accounts that an admin makes say `admin_api`, in the Portal too. */
    triggered_by: "user" | "admin_api" | "system" | "portal" | "site_admin";
    audit_context?: AuditContext;
    preferred_languages: string[];
    language: string;
    oauth?: OAuthContext;
    ip_address?: string;
    geo_location_code: string | null;
    user_agent?: string;
    app_id?: string;
    client_id?: string;
    tracking_id?: string;
}
/** What the client gave along with its request. */
interface OAuthContext {
    state?: string;
    x_state?: string;
}
/** What all events have. */
interface BaseEvent {
    id: string;
    seq: number;
    context: Context;
}
/** An account was created: by its owner, or by an admin for somebody else. */
interface UserCreatedEvent extends BaseEvent {
    type: "user.created";
    payload: {
        user: User;
        identities: Identity[];
    };
}
/** Something happened to an account. */
interface UserEvent extends BaseEvent {
    type: "user.profile.updated" | "user.authenticated" | "user.disabled" | "user.reenabled" | "user.deletion_scheduled" | "user.deletion_unscheduled" | "user.deleted" | "user.anonymization_scheduled" | "user.anonymization_unscheduled" | "user.anonymized";
    payload: {
        user: User;
    };
}
/** An anonymous user got a way to sign in. */
interface AnonymousPromotedEvent extends BaseEvent {
    type: "user.anonymous.promoted";
    payload: {
        anonymous_user: User;
        user: User;
        identities: Identity[];
    };
}
/** Something happened to one of a user's identities. */
interface IdentityEvent extends BaseEvent {
    type: `identity.${"email" | "phone" | "username"}.${"added" | "removed"}` | `identity.${"email" | "phone"}.${"verified" | "unverified"}` | `identity.oauth.${"connected" | "disconnected"}` | `identity.biometric.${"enabled" | "disabled"}`;
    payload: {
        user: User;
        identity: Identity;
    };
}
/** A login ID was changed. */
interface IdentityUpdatedEvent extends BaseEvent {
    type: `identity.${"email" | "phone" | "username"}.updated`;
    payload: {
        user: User;
        old_identity: Identity;
        new_identity: Identity;
    };
}
/** An account is about to be created. */
interface UserPreCreateEvent extends BaseEvent {
    type: "user.pre_create";
    payload: {
        user: User;
        identities: Identity[];
    };
}
/** Something is about to happen to an account. */
interface UserPreEvent extends BaseEvent {
    type: "user.profile.pre_update" | "user.pre_schedule_deletion" | "user.pre_schedule_anonymization";
    payload: {
        user: User;
    };
}
/** A token is about to be issued. */
interface TokenEvent extends BaseEvent {
    type: "oidc.jwt.pre_create" | "oidc.id_token.pre_create";
    payload: {
        user: User;
        identities: Identity[];
    };
}
/** Somebody is signing in. */
interface AuthenticationEvent extends BaseEvent {
    type: "authentication.pre_initialize" | "authentication.post_identified" | "authentication.pre_authenticated";
    payload: {
        user?: User;
    };
}
/** An event whose answer Authgear waits for. */
type BlockingEvent = UserPreCreateEvent | UserPreEvent | TokenEvent | AuthenticationEvent;
/** An event that tells what has happened. New types appear over time. */
type NonBlockingEvent = UserCreatedEvent | UserEvent | AnonymousPromotedEvent | IdentityEvent | IdentityUpdatedEvent;
/** Any event. */
type HookEvent = NonBlockingEvent | BlockingEvent;

/** What the hook is told of one account, beside the event. */
type Envelope = {
    /** From this second on, by the event's own time, it is ignored. */
    expires: Date;
    name?: string;
    givenName?: string;
    familyName?: string;
    nickname?: string;
    /** Who invites the user: `{inviter}`. */
    inviter?: string;
    /** The name of another message than the rule's. */
    message?: string;
    /** `true`: no message is sent. */
    suppress?: boolean;
    /** What the placeholders that `envelope.placeholders` of the configuration names stand for. */
    values?: {
        [placeholder: string]: string;
    };
};
/**
 * The envelope as a value for `x_state`. The hook takes it for this login ID alone, which does not stand in it.
 *
 * ```ts
 * const x_state = await sealEnvelope({ expires, name: "Ada", inviter: "Grace" }, "ada@customer.example", secret);
 * await admin.createUser({ loginId: { email: "ada@customer.example" } }, { x_state });
 * ```
 *
 * @param loginId - As `createUser` is given it, letter for letter.
 * @param secret - One of `envelope.secrets` of the configuration.
 * @throws {TypeError} The date is none, the login ID is empty or has a line break, or the secret is too short.
 */
declare function sealEnvelope(envelope: Envelope, loginId: string, secret: string): Promise<string>;

/**
 * Authgear's password policy, in its own names: `authenticator.password.policy` of `authgear.yaml`. What is left out asks
 * for nothing, but `min_length`, which is 8 then.
 */
type PasswordPolicy = {
    min_length?: number;
    uppercase_required?: boolean;
    lowercase_required?: boolean;
    alphabet_required?: boolean;
    digit_required?: boolean;
    /** A symbol is whatever is no ASCII letter or digit. */
    symbol_required?: boolean;
    /** 0 to 5; N asks for a zxcvbn score of at least N - 1. */
    minimum_guessable_level?: number;
    /** Text that must not be in a password, in upper or lower case. */
    excluded_keywords?: string[];
    history_size?: number;
    history_days?: number;
};
/** How a password is made. */
type PasswordOptions = {
    /** How many characters, up to 128. Default 24, or more where the policy asks for it. */
    length?: number;
    /** A passphrase of so many words and a digit, `Copper-Lagoon-Tulip-7`, in place of characters. */
    words?: number;
    /**
     * `safe`, the default: `-` and `_`, which shells, URLs, mail programs and Markdown leave alone. `all`: those that
     * Authgear itself takes. Or the symbols themselves.
     */
    symbols?: "safe" | "all" | (string & {});
    /** Leaves out characters that are taken for one another, such as `0` and `O`. */
    noLookAlikes?: boolean;
};
/** A password, and how hard it is to guess. */
type GeneratedPassword = {
    password: string;
    /** The binary logarithm of the number of passwords that it was drawn from, each with the same chance. */
    entropyBits: number;
};
/** What a password can break, in Authgear's names. */
type PasswordViolation = "PasswordTooShort" | "PasswordUppercaseRequired" | "PasswordLowercaseRequired" | "PasswordAlphabetRequired" | "PasswordDigitRequired" | "PasswordSymbolRequired" | "PasswordContainingExcludedKeywords";
/** Policy or options are wrong, or no password can satisfy both; the message has a line for each problem. */
declare class PasswordPolicyError extends Error {
    readonly name = "PasswordPolicyError";
}
/**
 * Makes a password. All that satisfy policy and options are as likely; what Rust held of it is wiped, but not the string
 * that JavaScript gets.
 *
 * ```ts
 * const { password } = generatePassword({ min_length: 12, digit_required: true });
 * ```
 *
 * @throws {PasswordPolicyError}
 * @throws The system's generator failed; there is no weaker source to fall back on.
 */
declare function generatePassword(policy?: PasswordPolicy, options?: PasswordOptions): GeneratedPassword;
/**
 * The same for many passwords under one policy, whose passwords are counted once.
 *
 * @throws {PasswordPolicyError}
 */
declare function createPasswordGenerator(policy?: PasswordPolicy, options?: PasswordOptions): () => GeneratedPassword;
/**
 * All that a password breaks, but for how guessable it is, which takes a dictionary.
 *
 * @throws {PasswordPolicyError}
 */
declare function checkPassword(password: string, policy?: PasswordPolicy): PasswordViolation[];

/** Tells others what became of an event: a dead letter for what failed, a receipt for every decision. */

/** The JSON that is POSTed. No address, no password, no key. What is not known is left out. */
type Report = {
    event_id?: string;
    event_type: string;
    user_id?: unknown;
    outcome: "sent" | "not_sent" | "unknown" | "skipped" | "invalid_config";
    reason?: string;
    rule?: number | null;
    message?: string;
    channel?: Channel;
    to?: Send["to"];
    locale?: string;
    locale_from?: Send["localeFrom"];
    provider?: string;
    provider_message_id?: string;
    attempts: Try[];
    /** SHA-256 in hex of the JSON array of the built-in texts and your own, of this message in this locale. */
    template_hash?: string;
    /** HMAC-SHA256 in hex of the recipient's address, with the receiver's secret. */
    recipient_hash?: string;
};

/**
 * authgear-invite: when an admin creates an account in Authgear, its new owner learns how to get in.
 *
 * ```ts
 * import { createHook } from "authgear-invite";
 *
 * const hook = createHook({
 *   serviceName: "Acme",
 *   url: "https://accounts.acme.example",
 *   email: [{ provider: "resend", apiKey, from: "Acme <no-reply@acme.example>" }],
 * });
 * const outcome = await hook(event);
 * ```
 *
 * @module
 */

/** What every function here can be told beside the configuration. */
type Options = {
    /** Which locales of the built-in messages to use. Default: all. */
    locales?: readonly string[];
};
/** What {@link createHook} can be told beside the configuration. */
type HookOptions = Options & {
    /** Replaces parts of the world: `fetch`, the clock, chance. For tests. */
    host?: Partial<Host>;
};
/** Handles one event. Never rejects: what went wrong is in the outcome. */
type Hook = (event: unknown) => Promise<Outcome>;
/**
 * A function that handles Authgear's events: it decides, sends, and says what became of it.
 *
 * ```ts
 * const hook = createHook(config);
 * const outcome = await hook(event);
 * if ("outcome" in outcome && outcome.outcome === "not_sent") console.error(outcome.reason);
 * ```
 *
 * @throws {ConfigError} The configuration is wrong.
 */
declare function createHook(config: Config, options?: HookOptions): Hook;
/**
 * What an event leads to, with each provider's request, without sending anything.
 *
 * ```ts
 * const decision = decide(event, config);
 * assert.equal(decision.type, "send");
 * ```
 *
 * A wrong configuration is the decision `invalid`; what is no event is a `skip`.
 *
 * @throws {ConfigError} `options.locales` names what is not built in.
 */
declare function decide(event: unknown, config: Config, options?: Options): Decision;
/**
 * The message that an event leads to, as its reader would see it. A provider is not needed yet.
 *
 * ```ts
 * const shown = preview(config, event, "ja");
 * if (shown.type === "message") console.log(shown.text);
 * ```
 *
 * @param locale - A BCP 47 tag that stands in for the user's own: a message that has no text in it falls back as it would
 *   for such a user. Left out: the user's own.
 * @throws {ConfigError} `options.locales` names what is not built in.
 * @throws {TypeError} The locale is no string.
 */
declare function preview(config: Config, event: unknown, locale?: string, options?: Options): Preview;
/**
 * All that is wrong in a configuration: `path: what is wrong; what would be right`. Holds no value.
 *
 * ```ts
 * for (const problem of checkConfig(config)) console.error(problem);
 * ```
 *
 * @throws {ConfigError} `options.locales` names what is not built in.
 */
declare function checkConfig(config: Config, options?: Options): string[];
/** How {@link renderTemplate} reads and prints a template. */
type TemplateOptions = {
    /** Default `"{ }"`. */
    delimiters?: Config["delimiters"];
    /** The output is HTML: values are escaped and isolated, and refused where escaping would not protect. Default `false`. */
    html?: boolean;
    /** `false`: a name that is not in `values` prints nothing instead of being an error. Default `true`. */
    strict?: boolean;
};
/**
 * Prints a template of the language that messages are written in.
 *
 * ```ts
 * renderTemplate("Hello{#name} {name}{/name}!", { name: "Ada" }); // Hello Ada!
 * ```
 *
 * Strict names are the members of `values`; what stands below an object or a list is not checked.
 *
 * @throws {TemplateError} The template is wrong; every error is told with its line and column.
 * @throws {TypeError} The arguments are wrong.
 */
declare function renderTemplate(template: string, values: {
    readonly [name: string]: unknown;
}, options?: TemplateOptions): string;
/** A template that cannot be printed. The message lists every error with its place. */
declare class TemplateError extends Error {
    readonly name = "TemplateError";
    readonly errors: TemplateFault[];
    constructor(errors: TemplateFault[]);
}

export { Channel, Config, Decision, Host, Outcome, PasswordPolicyError, Preview, Send, TemplateError, TemplateFault, Try, checkConfig, checkPassword, createHook, createPasswordGenerator, decide, generatePassword, preview, renderTemplate, sealEnvelope };
export type { Address, AnonymousPromotedEvent, AuditContext, AuthenticationEvent, BaseEvent, BlockingEvent, Claims, Context, CustomAttributes, Envelope, GeneratedPassword, Hook, HookEvent, HookOptions, Identity, IdentityEvent, IdentityUpdatedEvent, NonBlockingEvent, OAuthContext, Options, PasswordOptions, PasswordPolicy, PasswordViolation, Report, StandardAttributes, TemplateOptions, TokenEvent, User, UserCreatedEvent, UserEvent, UserPreCreateEvent, UserPreEvent };
