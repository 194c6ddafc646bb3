/** Authgear's Admin API as a real GraphQL server: its schema as far as it is used, its errors, its tokens, and faults. */
import { generateKeyPairSync, randomUUID, webcrypto } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buildSchema, GraphQLError, type GraphQLSchema, graphql } from "graphql";
import { type CryptoKey, type JWTPayload, jwtVerify } from "jose";
import type { UserCreatedEvent } from "../../ts/authgear.ts";
import { created, loginId } from "../../ts/samples.ts";

const SCHEMA = `
scalar DateTime
scalar UserStandardAttributes
scalar UserCustomAttributes
scalar IdentityClaims
scalar AuditLogData
enum SortDirection { ASC DESC }
enum AuditLogActivityType { USER_CREATED USER_AUTHENTICATED EMAIL_SENT }
interface Node { id: ID! }
interface Entity { id: ID! createdAt: DateTime! updatedAt: DateTime! }
type User implements Entity & Node {
  id: ID! createdAt: DateTime! updatedAt: DateTime! lastLoginAt: DateTime
  isAnonymous: Boolean! isDisabled: Boolean! isDeactivated: Boolean! isAnonymized: Boolean!
  accountValidFrom: DateTime accountValidUntil: DateTime
  standardAttributes: UserStandardAttributes! customAttributes: UserCustomAttributes!
  identities(after: String before: String first: Int last: Int): IdentityConnection
  authenticators(after: String before: String first: Int last: Int): AuthenticatorConnection
  roles(after: String before: String first: Int last: Int): RoleConnection
  groups(after: String before: String first: Int last: Int): GroupConnection
}
enum IdentityType { LOGIN_ID OAUTH ANONYMOUS BIOMETRIC PASSKEY SIWE LDAP }
type Identity implements Entity & Node {
  id: ID! createdAt: DateTime! updatedAt: DateTime! type: IdentityType! claims(names: [String!]): IdentityClaims!
}
type IdentityEdge { cursor: String! node: Identity }
type IdentityConnection { edges: [IdentityEdge] }
type Authenticator implements Node { id: ID! }
type AuthenticatorEdge { cursor: String! node: Authenticator }
type AuthenticatorConnection { edges: [AuthenticatorEdge] }
type Role implements Node { id: ID! key: String! }
type RoleEdge { cursor: String! node: Role }
type RoleConnection { edges: [RoleEdge] }
type Group implements Node { id: ID! key: String! }
type GroupEdge { cursor: String! node: Group }
type GroupConnection { edges: [GroupEdge] }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
type AuditLog implements Node {
  id: ID! activityType: AuditLogActivityType! createdAt: DateTime! user: User data: AuditLogData clientID: String
}
type AuditLogEdge { cursor: String! node: AuditLog }
type AuditLogConnection { edges: [AuditLogEdge] pageInfo: PageInfo! totalCount: Int }
input IdentityDefinitionLoginID { key: String! value: String! }
input IdentityDefinition { loginID: IdentityDefinitionLoginID }
input CreateUserInput {
  definition: IdentityDefinition! password: String sendPassword: Boolean setPasswordExpired: Boolean
  accountValidFrom: DateTime accountValidUntil: DateTime
}
type CreateUserPayload { user: User! }
input ResetPasswordInput { userID: ID! password: String sendPassword: Boolean setPasswordExpired: Boolean }
type ResetPasswordPayload { user: User! }
input UpdateUserInput {
  userID: ID! standardAttributes: UserStandardAttributes customAttributes: UserCustomAttributes
}
type UpdateUserPayload { user: User! }
input SendResetPasswordMessageInput { loginID: ID! }
type Query {
  node(id: ID!): Node
  getUsersByStandardAttribute(attributeName: String!, attributeValue: String!): [User!]!
  auditLogs(
    activityTypes: [AuditLogActivityType!] after: String before: String emailAddresses: [String!] first: Int last: Int
    phoneNumbers: [String!] rangeFrom: DateTime rangeTo: DateTime sortDirection: SortDirection userIDs: [ID!]
  ): AuditLogConnection
}
type Mutation {
  createUser(input: CreateUserInput!): CreateUserPayload!
  resetPassword(input: ResetPasswordInput!): ResetPasswordPayload!
  sendResetPasswordMessage(input: SendResetPasswordMessageInput!): Boolean
  updateUser(input: UpdateUserInput!): UpdateUserPayload!
}`;

/** What becomes of one request. `done`: it is carried out, and then this happens to its answer. */
export type Fault =
  | { does: "answer"; status: number; headers?: { [name: string]: string }; body?: string; done?: boolean }
  | { does: "reset"; done?: boolean }
  | { does: "hang"; done?: boolean }
  | { does: "truncate"; done?: boolean }
  | { does: "error"; errorName: string; reason: string; info?: object };

export type Account = {
  id: string;
  createdAt: string;
  key: string;
  value: string;
  password?: string | null;
  expired?: boolean;
  lastLoginAt?: string;
  isDisabled?: boolean;
  accountValidFrom?: string;
  customAttributes?: { [name: string]: unknown };
  roles?: string[];
  groups?: string[];
  /** The import API's record. */
  record?: ImportRecord;
};

export type AdminRequest = { method: string; url: URL; body: string; query?: string; variables?: Variables };
type Variables = { [name: string]: unknown; input?: { [name: string]: unknown } };

const ATTRIBUTES: { [key: string]: string } = { email: "email", phone: "phone_number", username: "preferred_username" };
const nodeId = (id: string) => Buffer.from(`User:${id}`).toString("base64url");

export const IDS = { projectId: "acme-5521", keyId: "kid-5521" };

/** A key as the Portal gives it, in both kinds of PEM, and what verifies its tokens. */
export async function newKey(modulusLength = 2048) {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  return {
    privateKey,
    publicKey,
    pkcs8: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    pkcs1: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
    verifier: await webcrypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]),
  };
}

export class AdminApi {
  readonly accounts: Account[] = [];
  readonly requests: AdminRequest[] = [];
  /** The claims of each token that was taken. */
  readonly tokens: JWTPayload[] = [];
  readonly bearers: string[] = [];
  /** The events of the audit log, oldest first; those of users who are gone stay. */
  readonly events: UserCreatedEvent[] = [];
  /** The custom attributes that the project defines; Authgear drops all others. */
  attributes: string[] = [];
  /** Messages that Authgear mailed itself: a password, or Forgot Password. */
  readonly mails: string[] = [];
  readonly imports = new Map<string, ImportTask>();
  /** What a request takes before it is carried out, and once more before it is answered; so does each record of a batch. */
  takesMs: () => number = () => 0;
  /** What becomes of the next requests; `undefined`, and after the last one: all goes well. */
  readonly faults: (Fault | undefined)[] = [];
  /** Logins that the import API does not take. */
  refuses = new Set<string>();
  /** Passwords shorter than this break the policy. */
  minLength = 8;
  readonly #schema: GraphQLSchema = buildSchema(SCHEMA);
  readonly #server: Server;
  readonly #key: CryptoKey;

  constructor(verifier: CryptoKey) {
    this.#key = verifier;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.on("connection", (socket) => socket.on("error", () => {}));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** An account that was there before. */
  add(key: string, value: string, createdAt = new Date(Date.now() - 86_400_000)): Account {
    return this.#add({ id: randomUUID(), createdAt: createdAt.toISOString(), key, value });
  }

  #add(account: Account): Account {
    this.accounts.push(account);
    this.events.push(eventOf(account));
    return account;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? "", this.origin);
    const { query, variables } = body.startsWith('{"query"') ? JSON.parse(body) : {};
    this.requests.push({ method: request.method ?? "", url, body, query, variables });

    const fault = this.faults.shift();
    await this.#take();
    if (fault?.does === "error") {
      const { errorName, reason, info } = fault;
      const extensions = { errorName, reason, info };
      const errors = [{ message: `no: ${body}`, path: ["createUser"], extensions }];
      return void response.writeHead(200, JSON_TYPE).end(JSON.stringify({ data: null, errors }));
    }
    const answer = !fault || fault.done ? await this.#answer(request, url, body, query, variables) : undefined;
    await this.#take();
    if (fault?.does === "reset") return void request.socket.resetAndDestroy();
    if (fault?.does === "hang") return;
    if (fault?.does === "truncate") {
      response.writeHead(200, { ...JSON_TYPE, "content-length": "999" });
      return void response.write("{", () => request.socket.end());
    }
    if (fault) return void response.writeHead(fault.status, fault.headers).end(fault.body);
    response.writeHead(answer?.status ?? 500, JSON_TYPE).end(answer?.body);
  }

  async #take(): Promise<void> {
    const ms = this.takesMs();
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  }

  async #answer(request: IncomingMessage, url: URL, body: string, query?: string, variables?: Variables) {
    if (!(await this.#verify(request.headers.authorization))) return { status: 403, body: "Forbidden\n" };
    if (url.pathname === "/_api/admin/graphql" && query)
      return { status: 200, body: await this.#run(query, variables) };
    const [, id] = /^\/_api\/admin\/users\/import(?:\/(.+))?$/.exec(url.pathname) ?? [];
    if (id) return this.#importTask(id);
    if (url.pathname === "/_api/admin/users/import") return this.#import(body);
    return { status: 404, body: "404 page not found" };
  }

  async #verify(authorization = ""): Promise<boolean> {
    const [, token = ""] = /^Bearer (.*)$/.exec(authorization) ?? [];
    try {
      const { payload, protectedHeader } = await jwtVerify(token, this.#key, {
        audience: IDS.projectId,
        algorithms: ["RS256"],
        typ: "JWT",
        clockTolerance: "5 minutes",
        requiredClaims: ["iat", "exp"],
      });
      this.tokens.push(payload);
      this.bearers.push(token);
      return protectedHeader.kid === IDS.keyId;
    } catch {
      return false;
    }
  }

  async #run(source: string, variableValues?: Variables): Promise<string> {
    const result = await graphql({ schema: this.#schema, source, variableValues, rootValue: this.#root() });
    return JSON.stringify(result);
  }

  #root() {
    return {
      node: ({ id }: { id: string }) => {
        const found = this.accounts.find((it) => nodeId(it.id) === id);
        return found ? toUser(found) : null;
      },
      getUsersByStandardAttribute: ({ attributeName, attributeValue }: { [name: string]: string }) =>
        this.accounts
          .filter(
            (it) => ATTRIBUTES[it.key] === attributeName && normalized(it.value) === normalized(attributeValue ?? ""),
          )
          .map(toUser),
      auditLogs: (args: AuditArgs) => this.#auditLogs(args),
      createUser: ({ input }: { input: CreateInput }) => ({ user: toUser(this.#create(input)) }),
      resetPassword: ({ input }: { input: { userID: string; password: string; sendPassword?: boolean } }) => {
        const found = this.accounts.find((it) => nodeId(it.id) === input.userID);
        if (!found) throw refuse("NotFound", "UserNotFound");
        this.#checkPassword(input.password);
        found.password = input.password;
        if (input.sendPassword) this.mails.push(`password: ${found.value}`);
        return { user: toUser(found) };
      },
      updateUser: ({ input }: { input: { userID: string; customAttributes?: { [name: string]: unknown } } }) => {
        const found = this.accounts.find((it) => nodeId(it.id) === input.userID);
        if (!found) throw refuse("NotFound", "UserNotFound");
        const given = Object.entries(input.customAttributes ?? {});
        found.customAttributes = Object.fromEntries(given.filter(([name]) => this.attributes.includes(name)));
        return { user: toUser(found) };
      },
      sendResetPasswordMessage: ({ input }: { input: { loginID: string } }) => {
        if (!this.accounts.some((it) => it.value === input.loginID)) throw refuse("NotFound", "UserNotFound");
        this.mails.push(`reset: ${input.loginID}`);
        return null;
      },
    };
  }

  #create({ definition, password, sendPassword, setPasswordExpired: expired }: CreateInput): Account {
    const { key, value } = definition.loginID;
    if (!(key in ATTRIBUTES)) throw refuse("Invalid", "InvariantViolated", { cause: { kind: "InvalidLoginIDKey" } });
    if (this.accounts.some((it) => it.key === key && it.value === value))
      throw refuse("Invalid", "InvariantViolated", { cause: { kind: "DuplicatedIdentity" } });
    this.#checkPassword(password);
    // Authgear's own mail leaves before the account is committed.
    if (sendPassword) this.mails.push(`password: ${value}`);
    return this.#add({ id: randomUUID(), createdAt: new Date().toISOString(), key, value, password, expired });
  }

  #checkPassword(password?: string | null): void {
    if (password && password.length < this.minLength)
      throw refuse("Invalid", "PasswordPolicyViolated", {
        causes: [{ Name: "PasswordTooShort", Info: { min_length: this.minLength, pw_length: password.length } }],
      });
  }

  /** Sorted by the second, and a page begins at an offset, as Authgear's. */
  #auditLogs({ first = 100, after, userIDs, rangeFrom = "", rangeTo = "9" }: AuditArgs) {
    const all = this.events
      .map((event) => ({ event, createdAt: new Date(event.context.timestamp * 1000).toISOString() }))
      .filter(({ createdAt }) => createdAt >= rangeFrom && createdAt < rangeTo)
      .filter(({ event }) => !userIDs?.length || userIDs.includes(nodeId(event.payload.user.id)))
      .sort((a, b) => a.event.context.timestamp - b.event.context.timestamp);
    const from = after === undefined ? 0 : Number(after) + 1;
    const edges = all.slice(from, from + Math.min(first, 100)).map(({ event, createdAt }, i) => {
      const account = this.accounts.find((it) => it.id === event.payload.user.id);
      return {
        cursor: `${from + i}`,
        node: {
          id: Buffer.from(`AuditLog:${event.id}`).toString("base64url"),
          activityType: "USER_CREATED",
          createdAt,
          user: account ? toUser(account) : null,
          data: event,
        },
      };
    });
    // A page that is full is said to have another one behind it.
    return {
      edges,
      pageInfo: { hasNextPage: edges.length === first, hasPreviousPage: true, endCursor: edges.at(-1)?.cursor },
    };
  }

  #import(body: string) {
    const id = `userimport_${randomUUID()}`;
    const { identifier, records } = JSON.parse(body);
    if (!Array.isArray(records) || records.length === 0) {
      const error = { name: "Invalid", reason: "ValidationFailed", message: `invalid: ${body}`, code: 400, info: {} };
      return { status: 400, body: JSON.stringify({ error }) };
    }
    const task: ImportTask = { identifier, records, polls: 0, details: [] };
    this.imports.set(id, task);
    void this.#work(task);
    return { status: 200, body: JSON.stringify({ result: { id, status: "pending" } }) };
  }

  async #work({ identifier, records, details }: ImportTask): Promise<void> {
    for (const [index, record] of records.entries()) {
      await this.#take();
      details.push({ index, record, ...this.#insert(identifier, record) });
    }
  }

  /** No event tells of the account. */
  #insert(identifier: string, record: ImportRecord): { outcome: string; user_id?: string; errors?: object[] } {
    const value = record[identifier];
    if (!value || this.refuses.has(value))
      return { outcome: "failed", errors: [{ name: "Invalid", reason: "ValidationFailed", message: `no: ${value}` }] };
    const [key = ""] = Object.entries(ATTRIBUTES).find(([, attribute]) => attribute === identifier) ?? [];
    const before = this.accounts.find((it) => it.key === key && normalized(it.value) === normalized(value));
    if (before) return { outcome: "skipped", user_id: before.id };
    const account = { id: randomUUID(), createdAt: new Date().toISOString(), key, value, record };
    this.accounts.push(account);
    return { outcome: "inserted", user_id: account.id };
  }

  #importTask(id: string) {
    const task = this.imports.get(decodeURIComponent(id));
    if (!task) {
      const error = { name: "NotFound", reason: "TaskNotFound", message: "task not found", code: 404 };
      return { status: 404, body: JSON.stringify({ error }) };
    }
    task.polls += 1;
    if (task.polls === 1) return { status: 200, body: JSON.stringify({ result: { id, status: "pending" } }) };
    const { records, details } = task;
    if (details.length < records.length)
      return { status: 200, body: JSON.stringify({ result: { id, status: "pending" } }) };
    const count = (outcome: string) => details.filter((it) => it.outcome === outcome).length;
    const [inserted, skipped, failed] = [count("inserted"), count("skipped"), count("failed")];
    const summary = { total: records.length, inserted, updated: 0, skipped, failed };
    return { status: 200, body: JSON.stringify({ result: { id, status: "completed", summary, details } }) };
  }
}

export type ImportRecord = { [name: string]: string };
type ImportTask = {
  identifier: string;
  records: ImportRecord[];
  polls: number;
  details: { index: number; record: ImportRecord; outcome: string; user_id?: string; errors?: object[] }[];
};

type CreateInput = {
  definition: { loginID: { key: string; value: string } };
  password?: string | null;
  sendPassword?: boolean;
  setPasswordExpired?: boolean;
};

type AuditArgs = { first?: number; after?: string; userIDs?: string[]; rangeFrom?: string; rangeTo?: string };

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };

const connection = <T>(nodes: T[]) => ({ edges: nodes.map((node, i) => ({ cursor: `${i}`, node })) });

const toUser = ({ id, createdAt, key, value, password, customAttributes = {}, ...account }: Account) => ({
  __typename: "User",
  id: nodeId(id),
  createdAt,
  updatedAt: createdAt,
  lastLoginAt: account.lastLoginAt ?? null,
  isAnonymous: false,
  // Authgear counts whoever is not valid yet as disabled.
  isDisabled: account.isDisabled ?? Date.parse(account.accountValidFrom ?? "") > Date.now(),
  accountValidFrom: account.accountValidFrom ?? null,
  isDeactivated: false,
  isAnonymized: false,
  standardAttributes: { [ATTRIBUTES[key] ?? key]: normalized(value) },
  customAttributes,
  identities: connection([{ ...identityOf({ key, value }), type: "LOGIN_ID" }]),
  authenticators: connection(password ? [{ id: "QXV0aGVudGljYXRvcg" }] : []),
  roles: connection((account.roles ?? []).map((it) => ({ id: it, key: it }))),
  groups: connection((account.groups ?? []).map((it) => ({ id: it, key: it }))),
});

const normalized = (value: string) => value.toLowerCase();

const identityOf = ({ key, value }: Pick<Account, "key" | "value">) =>
  loginId(key as "email" | "phone" | "username", value, normalized(value));

/** `user.created`, as the hooks get it and the audit log keeps it. */
function eventOf({ id, createdAt, key, value }: Account): UserCreatedEvent {
  const event = created(randomUUID(), {
    user: { id, created_at: createdAt, standard_attributes: { [ATTRIBUTES[key] ?? key]: normalized(value) } },
    identities: [identityOf({ key, value })],
    context: { user_id: id, timestamp: Math.floor(Date.parse(createdAt) / 1000) },
  });
  // As JSON: what is undefined is not there.
  return JSON.parse(JSON.stringify(event));
}

const refuse = (errorName: string, reason: string, info?: object) =>
  new GraphQLError(reason, { extensions: { errorName, reason, info } });
