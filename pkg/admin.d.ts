import { H as Host } from './host-CAgWzHol.js';

/** One call of the Admin API: its requests, when to repeat them, and what the answers mean. */

/**
 * Why a call failed.
 *
 * - `refused`: Authgear says no; `reason` says why. Nothing was done.
 * - `forbidden`: it does not take the token: key, key ID, project ID or this machine's clock are wrong. Nothing was done.
 * - `rate_limited`: too many calls, also after waiting. Nothing was done.
 * - `unreachable`: there was no connection. Nothing was done.
 * - `no_answer`: the answer was lost, came too late, was a server's error, or was none of Authgear's.
 */
type AdminFault = "refused" | "forbidden" | "rate_limited" | "unreachable" | "no_answer";
/** Authgear's reasons that a caller may meet; there are more. */
type AdminReason = "InvariantViolated" | "PasswordPolicyViolated" | "ValidationFailed" | "UserNotFound" | "RateLimited" | (string & {});
type Facts = {
    fault: AdminFault;
    detail: string;
    reason?: AdminReason;
    causes?: string[];
    status?: number;
    retryAfterMs?: number;
};
/** A call of the Admin API failed. Holds no token, no key, no password, and nothing of what was asked or answered. */
declare class AdminApiError extends Error {
    readonly name = "AdminApiError";
    readonly fault: AdminFault;
    /** Authgear's word for why: `InvariantViolated`, `PasswordPolicyViolated` … */
    readonly reason?: AdminReason;
    /** More of it: `["DuplicatedIdentity"]`, `["PasswordTooShort", "PasswordDigitRequired"]`. */
    readonly causes: string[];
    /** Of the last answer. */
    readonly status?: number;
    /** How long Authgear asked to wait, in milliseconds. */
    readonly retryAfterMs?: number;
    /** Whether it may have been done nonetheless: a request that changes something left, and its answer is lost. */
    readonly inDoubt: boolean;
    constructor(operation: string, { fault, detail, reason, causes, status, retryAfterMs }: Facts, inDoubt: boolean);
}
/** Whether an account with this login ID was there before. */
declare const isDuplicate: (error: unknown) => error is AdminApiError;

/** Which project, and the key from its Portal > Advanced > Admin API. */
type AdminOptions = {
    /**
     * The project's address, `https://acme.authgear.cloud`, or the endpoint as the Portal shows it,
     * `https://acme.authgear.cloud/_api/admin/graphql`. `http` only for this machine.
     */
    endpoint: string;
    projectId: string;
    keyId: string;
    /** The key's PEM, PKCS#8 or PKCS#1. */
    privateKey: string;
    /** Requests for one call. Default 4. */
    attempts?: number;
    /** How long one request may take. Default 30. */
    attemptSeconds?: number;
    /** Replaces parts of the world: `fetch`, the clock, chance. For tests. */
    host?: Partial<Host>;
};
/** The options are wrong. The message has a line for each problem, and holds no value. */
declare class AdminOptionsError extends Error {
    readonly name = "AdminOptionsError";
    /** `option: what is wrong; what would be right`. */
    readonly problems: string[];
    constructor(problems: string[]);
}
/** One login ID; a phone number is E.164. */
type LoginId = {
    email: string;
} | {
    phone: string;
} | {
    username: string;
};
/** A new account. */
type NewUser = {
    loginId: LoginId;
    /** `null`, the default: no password. `""`: Authgear makes one. */
    password?: string | null;
    /** Authgear mails the password; for e-mail accounts alone. */
    sendPassword?: boolean;
    /** The password must be changed at the first login. */
    setPasswordExpired?: boolean;
    accountValidFrom?: Date;
    accountValidUntil?: Date;
};
/** What reaches the context of the events that a call fires. It stands in URLs and logs: no place for a secret. */
type EventContext = {
    /** BCP 47 tags with spaces between them: the language of the new user. */
    ui_locales?: string;
    client_id?: string;
    state?: string;
    x_state?: string;
};
/** An account. */
type User = {
    /** The ID that events have. */
    id: string;
    /** The ID that GraphQL has. */
    nodeId: string;
    /** RFC 3339. */
    createdAt: string;
    /** RFC 3339; absent: has never logged in. */
    lastLoginAt?: string;
    isAnonymous: boolean;
    /** Also before {@link User.accountValidFrom} and after {@link User.accountValidUntil}. */
    isDisabled: boolean;
    isDeactivated: boolean;
    isAnonymized: boolean;
    /** RFC 3339; absent: no bound. */
    accountValidFrom?: string;
    accountValidUntil?: string;
    standardAttributes: {
        [name: string]: unknown;
    };
    customAttributes: {
        [name: string]: unknown;
    };
};
/** What more an event tells of an account. */
type UserDetails = User & {
    /** As in events, with `type` in lower case. */
    identities: {
        type: string;
        claims: {
            [name: string]: unknown;
        };
    }[];
    /** It has a password, or another authenticator. */
    canReauthenticate: boolean;
    /** Their keys. */
    roles: string[];
    groups: string[];
};
/** Which entries of the audit log; all of them, the newest last, when nothing is said. */
type AuditLogFilter = {
    rangeFrom?: Date;
    rangeTo?: Date;
    /** For example `["USER_CREATED"]`. */
    activityTypes?: string[];
    userIds?: string[];
};
type AuditLog = {
    id: string;
    activityType: string;
    /** RFC 3339. */
    createdAt: string;
    userId?: string;
    /** The user as it is now; absent: it was deleted since. */
    user?: User;
    /**
     * The whole event as hooks get it: `id`, `seq`, `type`, `payload`, `context`. A fact from Authgear's `NewLog` in
     * `pkg/lib/audit/log.go` (2026), which keeps the JSON of the same event that it hands to the hooks.
     */
    data: unknown;
};
/** A batch of at most 500 KB. Its users get no `user.created`. */
type ImportRequest = {
    identifier: "email" | "phone_number" | "preferred_username";
    records: {
        [name: string]: unknown;
    }[];
    /** Also change users who are there. Default `false`: they are skipped. */
    upsert?: boolean;
};
/** What became of a batch. */
type ImportTask = {
    id: string;
    status: "pending" | "completed";
    summary?: {
        total: number;
        inserted: number;
        updated: number;
        skipped: number;
        failed: number;
    };
    details?: {
        /** Of the record in the batch. */
        index: number;
        outcome: "inserted" | "updated" | "skipped" | "failed";
        user_id?: string;
        record?: unknown;
        warnings?: unknown[];
        errors?: unknown[];
    }[];
};
/** Every call rejects with {@link AdminApiError}, and with {@link AdminOptionsError} when the private key is no key. */
type Admin = {
    /**
     * Makes an account. When its answer is lost the account is looked up: one that was made since the call began is this
     * call's. An account that was there before is an error for which {@link isDuplicate} holds.
     *
     * With `sendPassword` it is not tried again once Authgear may have mailed a password.
     *
     * @param since - For a call that repeats one whose end nobody knows, of a process that was killed for example: when that
     *   one began, in milliseconds since 1970 by this machine's clock.
     */
    createUser(user: NewUser, context?: EventContext, since?: number): Promise<User>;
    /**
     * The account of a login ID, or with an ID, if it was made since a time, in milliseconds since 1970 by this machine's
     * clock; the server's may be another.
     */
    madeSince(since: number, whose: LoginId | {
        id: string;
    }): Promise<User | undefined>;
    /** The account with an ID of either kind. */
    node(id: string): Promise<User | undefined>;
    /** The same, with its login IDs as they were typed and all else that an event tells. */
    details(id: string): Promise<UserDetails | undefined>;
    /** The accounts that have a standard attribute, whichever way they log in. */
    usersByAttribute(name: "email" | "phone_number" | "preferred_username", value: string): Promise<User[]>;
    /**
     * The audit log's entries, page by page as they are asked for. It goes back as far as the project's plan allows; what is
     * older is missing without a word.
     */
    auditLogs(filter?: AuditLogFilter): AsyncGenerator<AuditLog, void, undefined>;
    /** Has Authgear send the Forgot Password message. Is never sent twice: `inDoubt` says when it may have been sent. */
    sendResetPasswordMessage(loginId: string): Promise<void>;
    /** Sets a password; `""`: Authgear makes one. Is not repeated once it may have been done. */
    resetPassword(id: string, password: string, options?: {
        sendPassword?: boolean;
        setPasswordExpired?: boolean;
    }): Promise<User>;
    /**
     * Sets a custom attribute, or with `null` takes it away; `undefined`: there is no such account. Authgear replaces all
     * custom attributes at once, so the others are read and written back as they were: what somebody else changes between
     * the two requests is lost. Fires `user.profile.updated`.
     */
    setCustomAttribute(id: string, name: string, value: string | null): Promise<User | undefined>;
    /** Begins an import. Is not repeated once it may have begun. */
    importUsers(batch: ImportRequest): Promise<ImportTask>;
    importTask(id: string): Promise<ImportTask>;
};
/**
 * A client of the Admin API of one project. Asks nothing yet.
 *
 * @throws {AdminOptionsError}
 */
declare function createAdmin(options: AdminOptions): Admin;

export { AdminApiError, AdminOptionsError, Host, createAdmin, isDuplicate };
export type { Admin, AdminFault, AdminOptions, AdminReason, AuditLog, AuditLogFilter, EventContext, ImportRequest, ImportTask, LoginId, NewUser, User, UserDetails };
