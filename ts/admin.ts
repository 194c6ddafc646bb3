/**
 * Authgear's Admin API, as far as accounts for others need it.
 *
 * ```ts
 * import { createAdmin } from "authgear-invite/admin";
 *
 * const admin = createAdmin({ endpoint: "https://acme.authgear.cloud", projectId: "acme", keyId, privateKey });
 * const user = await admin.createUser({ loginId: { email: "new@user.example" }, password }, { ui_locales: "ja" });
 * ```
 *
 * Reads are repeated when the network or the server fails, and so is `createUser`, which Authgear can do only once for a
 * login ID. What would be done twice is repeated only when it certainly was not done.
 *
 * @module
 */
import {
  AdminApiError,
  type Answered,
  type Call,
  isDuplicate,
  isObject,
  perform,
  type Repetition,
} from "./admin/call.ts";
import { base64url, decodePem, KeyError, tokens } from "./admin/token.ts";
import { bytes } from "./digest.ts";
import { HOST, type Host } from "./host.ts";

export { AdminApiError, type AdminFault, type AdminReason, isDuplicate } from "./admin/call.ts";
export type { Host } from "./host.ts";

/** Which project, and the key from its Portal > Advanced > Admin API. */
export type AdminOptions = {
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
export class AdminOptionsError extends Error {
  override readonly name = "AdminOptionsError";
  /** `option: what is wrong; what would be right`. */
  readonly problems: string[];

  constructor(problems: string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** One login ID; a phone number is E.164. */
export type LoginId = { email: string } | { phone: string } | { username: string };

/** A new account. */
export type NewUser = {
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
export type EventContext = {
  /** BCP 47 tags with spaces between them: the language of the new user. */
  ui_locales?: string;
  client_id?: string;
  state?: string;
  x_state?: string;
};

/** An account. */
export type User = {
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
  standardAttributes: { [name: string]: unknown };
  customAttributes: { [name: string]: unknown };
};

/** What more an event tells of an account. */
export type UserDetails = User & {
  /** As in events, with `type` in lower case. */
  identities: { type: string; claims: { [name: string]: unknown } }[];
  /** It has a password, or another authenticator. */
  canReauthenticate: boolean;
  /** Their keys. */
  roles: string[];
  groups: string[];
};

/** Which entries of the audit log; all of them, the newest last, when nothing is said. */
export type AuditLogFilter = {
  rangeFrom?: Date;
  rangeTo?: Date;
  /** For example `["USER_CREATED"]`. */
  activityTypes?: string[];
  userIds?: string[];
};

export type AuditLog = {
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
export type ImportRequest = {
  identifier: "email" | "phone_number" | "preferred_username";
  records: { [name: string]: unknown }[];
  /** Also change users who are there. Default `false`: they are skipped. */
  upsert?: boolean;
};

/** What became of a batch. */
export type ImportTask = {
  id: string;
  status: "pending" | "completed";
  summary?: { total: number; inserted: number; updated: number; skipped: number; failed: number };
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
export type Admin = {
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
  madeSince(since: number, whose: LoginId | { id: string }): Promise<User | undefined>;
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
  resetPassword(
    id: string,
    password: string,
    options?: { sendPassword?: boolean; setPasswordExpired?: boolean },
  ): Promise<User>;
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

const IMPORT_BYTES = 500_000;
const PAGE = 100;
/** How far the `Date` of an answer may be off, which knows whole seconds. */
const DATE_MS = 2_000;
const LOOK_MS = 1_000;
const DUPLICATE = "DuplicatedIdentity";

const USER =
  "id createdAt lastLoginAt isAnonymous isDisabled isDeactivated isAnonymized " +
  "accountValidFrom accountValidUntil standardAttributes customAttributes";
const CREATE_USER = `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { ${USER} } } }`;
const NODE = `query ($id: ID!) { node(id: $id) { ... on User { ${USER} } } }`;
const DETAILS = `query ($id: ID!) {
  node(id: $id) {
    ... on User {
      ${USER}
      identities { edges { node { type claims } } }
      authenticators(first: 1) { edges { node { id } } }
      roles { edges { node { key } } }
      groups { edges { node { key } } }
    }
  }
}`;
const BY_ATTRIBUTE = `query ($name: String!, $value: String!) {
  getUsersByStandardAttribute(attributeName: $name, attributeValue: $value) { ${USER} }
}`;
const AUDIT_LOGS = `query (
  $first: Int, $after: String, $rangeFrom: DateTime, $rangeTo: DateTime,
  $activityTypes: [AuditLogActivityType!], $userIDs: [ID!]
) {
  auditLogs(
    first: $first, after: $after, rangeFrom: $rangeFrom, rangeTo: $rangeTo,
    activityTypes: $activityTypes, userIDs: $userIDs, sortDirection: ASC
  ) {
    edges { node { id activityType createdAt data user { ${USER} } } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const SEND_RESET = "mutation ($input: SendResetPasswordMessageInput!) { sendResetPasswordMessage(input: $input) }";
const RESET = `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { user { ${USER} } } }`;
const UPDATE = `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { ${USER} } } }`;

/**
 * A client of the Admin API of one project. Asks nothing yet.
 *
 * @throws {AdminOptionsError}
 */
export function createAdmin(options: AdminOptions): Admin {
  const base = check(options);
  const host = { ...HOST, ...options.host };
  const { attempts = 4, attemptSeconds = 30 } = options;
  const calling = { token: tokens(options, host.now), attempts, attemptMs: attemptSeconds * 1000 };

  const call = async <T>(it: Call, read: (json: unknown) => T | undefined): Promise<Answered<T>> => {
    try {
      return await perform(it, calling, host, read);
    } catch (error) {
      throw error instanceof KeyError ? new AdminOptionsError([`privateKey: ${error.message}`]) : error;
    }
  };
  const graphql = <T>(
    [operation, repetition]: [string, Repetition],
    query: string,
    variables: object,
    read: (data: { [field: string]: unknown }) => T | undefined,
    context: EventContext = {},
  ) =>
    call({ operation, repetition, url: `${base}/graphql${search(context)}`, body: { query, variables } }, (data) =>
      isObject(data) ? read(data) : undefined,
    );
  const byAttribute = (name: string, value: string) =>
    graphql(["usersByAttribute", "read"], BY_ATTRIBUTE, { name, value }, (data) => {
      const users = data.getUsersByStandardAttribute;
      return Array.isArray(users) ? users.map(toUser).filter((it) => it !== undefined) : undefined;
    });
  const userOf = (field: string) => (data: { [field: string]: unknown }) => {
    const payload = data[field];
    return isObject(payload) ? toUser(payload.user) : undefined;
  };

  const byId = (id: string) =>
    graphql(["node", "read"], NODE, { id: toNodeId(id) }, ({ node }) =>
      node === undefined ? undefined : [toUser(node)].filter((it) => it !== undefined),
    );

  const madeSince: Admin["madeSince"] = async (time, whose) => {
    const { value: users, date } = await ("id" in whose ? byId(whose.id) : byAttribute(...attributeOf(whose)));
    const since = time + (date - host.now()) - DATE_MS;
    return users.find(({ createdAt }) => Date.parse(createdAt) >= since);
  };

  const node = async (id: string): Promise<User | undefined> => (await byId(id)).value[0];

  return {
    madeSince,

    async createUser({ loginId, ...rest }, context, since) {
      const began = since ?? host.now();
      const [[key, value] = ["", ""]] = Object.entries(loginId);
      const input = { definition: { loginID: { key, value } }, ...rest };
      // A password that was mailed for an account that is then made anew would be a wrong one.
      const repetition = rest.sendPassword ? "once" : "idempotent";
      try {
        return (await graphql(["createUser", repetition], CREATE_USER, { input }, userOf("createUser"), context)).value;
      } catch (error) {
        if (!(error instanceof AdminApiError)) throw error;
        const exists = error.causes.includes(DUPLICATE);
        if (!error.inDoubt && !(exists && since !== undefined)) throw error;
        // The first request may still be under way.
        if (!exists) await host.sleep(LOOK_MS);
        const made = await madeSince(began, loginId).catch((lost) => {
          throw error.inDoubt ? error : new AdminApiError("createUser", { ...lost, detail: lost.message }, true);
        });
        if (made) return made;
        // It was there before, so that no request made anything.
        throw exists
          ? new AdminApiError("createUser", { ...error, detail: `${error.reason}: ${DUPLICATE}` }, false)
          : error;
      }
    },

    node,

    async details(id) {
      const found = await graphql(["details", "read"], DETAILS, { id: toNodeId(id) }, ({ node }) =>
        node === undefined ? undefined : { user: toDetails(node) },
      );
      return found.value.user;
    },

    usersByAttribute: async (name, value) => (await byAttribute(name, value)).value,

    async *auditLogs({ userIds, rangeFrom, ...filter } = {}) {
      const userIDs = userIds?.map(toNodeId);
      // Authgear sorts by the second and begins a page at an offset, so that entries of one second can change places from
      // page to page: each page begins with the last second of the one before.
      let from = rangeFrom?.toISOString();
      let after: string | undefined;
      let known = new Set<string>();
      for (;;) {
        const { value } = await graphql(
          ["auditLogs", "read"],
          AUDIT_LOGS,
          { first: PAGE, after, userIDs, rangeFrom: from, ...filter },
          (data) => (isObject(data.auditLogs) ? toPage(data.auditLogs) : undefined),
        );
        const { logs, next } = value;
        for (const log of logs) if (!known.has(log.id)) yield log;
        if (!next) return;
        const last = logs.at(-1)?.createdAt ?? from;
        const later = last !== from;
        const ids = logs.filter(({ createdAt }) => createdAt === last).map(({ id }) => id);
        known = new Set(later ? ids : [...known, ...ids]);
        after = later ? undefined : next;
        from = last;
      }
    },

    async sendResetPasswordMessage(loginID) {
      await graphql(["sendResetPasswordMessage", "once"], SEND_RESET, { input: { loginID } }, () => true);
    },

    async resetPassword(id, password, more = {}) {
      const input = { userID: toNodeId(id), password, ...more };
      return (await graphql(["resetPassword", "once"], RESET, { input }, userOf("resetPassword"))).value;
    },

    async setCustomAttribute(id, name, value) {
      const before = await node(id);
      if (!before) return undefined;
      const { [name]: _, ...others } = before.customAttributes;
      const customAttributes = value === null ? others : { ...others, [name]: value };
      const input = { userID: toNodeId(id), customAttributes };
      const { value: user } = await graphql(
        ["setCustomAttribute", "idempotent"],
        UPDATE,
        { input },
        userOf("updateUser"),
      );
      // One that the project does not define is dropped without a word.
      if (value !== null && user.customAttributes[name] !== value)
        throw new AdminApiError(
          "setCustomAttribute",
          {
            fault: "refused",
            detail: `the project has no custom attribute ${name}; add it in its Portal > User Profile`,
          },
          false,
        );
      return user;
    },

    async importUsers(body) {
      if (bytes(JSON.stringify(body)).length > IMPORT_BYTES)
        throw new AdminApiError("importUsers", { fault: "refused", detail: "the batch is larger than 500 KB" }, false);
      const url = `${base}/users/import`;
      return (await call({ operation: "importUsers", repetition: "once", url, body }, toTask)).value;
    },

    async importTask(id) {
      const url = `${base}/users/import/${encodeURIComponent(id)}`;
      return (await call({ operation: "importTask", repetition: "read", url }, toTask)).value;
    },
  };
}

/** The address below which the Admin API is. */
function check({ endpoint, projectId, keyId, privateKey, attempts, attemptSeconds }: AdminOptions): string {
  const problems: string[] = [];
  const base = toBase(endpoint);
  if (base === undefined)
    problems.push(
      "endpoint: must be the project's https URL, such as https://acme.authgear.cloud; http only for this machine",
    );
  for (const [name, value] of Object.entries({ projectId, keyId }))
    if (typeof value !== "string" || !/^[\x21-\x7e]{1,256}$/.test(value))
      problems.push(`${name}: must be the ${name === "keyId" ? "key" : "project"} ID that the Portal shows`);
  for (const [name, value] of Object.entries({ attempts, attemptSeconds }))
    if (value !== undefined && !(Number.isFinite(value) && value > 0))
      problems.push(`${name}: must be a number above zero`);
  try {
    decodePem(`${privateKey}`);
  } catch (error) {
    problems.push(`privateKey: ${(error as Error).message}`);
  }
  if (base === undefined || problems.length > 0) throw new AdminOptionsError(problems);
  return base;
}

const PATH = "/_api/admin";
const GRAPHQL = /^\/_api\/admin(\/graphql)?$/;

function toBase(endpoint: unknown): string | undefined {
  let url: URL;
  try {
    url = new URL(`${endpoint}`);
  } catch {
    return undefined;
  }
  const { protocol, hostname, origin, username, password, pathname, search, hash } = url;
  const local = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol !== "https:" && !(protocol === "http:" && local)) return undefined;
  if (username || password || search || hash) return undefined;
  const path = pathname.replace(/\/+$/, "");
  return path === "" || GRAPHQL.test(path) ? origin + PATH : undefined;
}

function search(context: EventContext): string {
  const { ui_locales, client_id, state, x_state } = context;
  const given = Object.entries({ ui_locales, client_id, state, x_state }).filter(([, value]) => value);
  return given.length > 0 ? `?${new URLSearchParams(given as [string, string][])}` : "";
}

function attributeOf(loginId: LoginId): [attribute: string, value: string] {
  if ("email" in loginId) return ["email", loginId.email];
  return "phone" in loginId ? ["phone_number", loginId.phone] : ["preferred_username", loginId.username];
}

/** `User:UUID` in base64url; what is no UUID is taken for a node ID. */
const toNodeId = (id: string) => (/^[\da-f-]{36}$/i.test(id) ? base64url(bytes(`User:${id}`)) : id);

function fromNodeId(nodeId: string): string | undefined {
  try {
    return /^User:(.+)$/.exec(atob(nodeId.replaceAll("-", "+").replaceAll("_", "/")))?.[1];
  } catch {
    return undefined;
  }
}

function toUser(node: unknown): User | undefined {
  if (!isObject(node) || typeof node.id !== "string" || typeof node.createdAt !== "string") return undefined;
  const id = fromNodeId(node.id);
  if (id === undefined) return undefined;
  return {
    id,
    nodeId: node.id,
    createdAt: node.createdAt,
    ...textsOf(node, ["lastLoginAt", "accountValidFrom", "accountValidUntil"]),
    isAnonymous: node.isAnonymous === true,
    isDisabled: node.isDisabled === true,
    isDeactivated: node.isDeactivated === true,
    isAnonymized: node.isAnonymized === true,
    standardAttributes: isObject(node.standardAttributes) ? node.standardAttributes : {},
    customAttributes: isObject(node.customAttributes) ? node.customAttributes : {},
  };
}

/** Those of the members that are there. */
function textsOf<Name extends string>(node: { [name: string]: unknown }, names: Name[]): { [name in Name]?: string } {
  return Object.fromEntries(names.flatMap((name) => (typeof node[name] === "string" ? [[name, node[name]]] : []))) as {
    [name in Name]?: string;
  };
}

function toDetails(node: unknown): UserDetails | undefined {
  const user = toUser(node);
  if (!user || !isObject(node)) return undefined;
  const keys = (field: unknown) => nodesOf(field).flatMap(({ key }) => (typeof key === "string" ? [key] : []));
  return {
    ...user,
    identities: nodesOf(node.identities).map(({ type, claims }) => ({
      type: `${type}`.toLowerCase(),
      claims: isObject(claims) ? claims : {},
    })),
    canReauthenticate: nodesOf(node.authenticators).length > 0,
    roles: keys(node.roles),
    groups: keys(node.groups),
  };
}

/** The nodes of a connection. */
function nodesOf(connection: unknown): { [field: string]: unknown }[] {
  const edges = isObject(connection) && Array.isArray(connection.edges) ? connection.edges : [];
  return edges.flatMap((edge) => (isObject(edge) && isObject(edge.node) ? [edge.node] : []));
}

function toPage(connection: { [field: string]: unknown }): { logs: AuditLog[]; next?: string } {
  const logs = nodesOf(connection).map(({ id, activityType, createdAt, data, user: node }): AuditLog => {
    const user = toUser(node);
    return { id: `${id}`, activityType: `${activityType}`, createdAt: `${createdAt}`, userId: user?.id, user, data };
  });
  const { pageInfo } = connection;
  const { hasNextPage, endCursor } = isObject(pageInfo) ? pageInfo : {};
  return { logs, next: hasNextPage === true && typeof endCursor === "string" ? endCursor : undefined };
}

const toTask = (json: unknown) =>
  isObject(json) && typeof json.id === "string" ? (json as unknown as ImportTask) : undefined;
