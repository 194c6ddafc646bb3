import {
  HOST,
  bytes,
  lost,
  readText,
  retryAfter
} from "./chunk-ZFT7G6F6.js";

// ts/admin/call.ts
var BACKOFF_MS = 500;
var BACKOFF_CAP_MS = 8e3;
var MOST_WAIT_MS = 6e4;
var ANSWER_BYTES = 8 * 1024 * 1024;
var AdminApiError = class extends Error {
  name = "AdminApiError";
  fault;
  /** Authgear's word for why: `InvariantViolated`, `PasswordPolicyViolated` … */
  reason;
  /** More of it: `["DuplicatedIdentity"]`, `["PasswordTooShort", "PasswordDigitRequired"]`. */
  causes;
  /** Of the last answer. */
  status;
  /** How long Authgear asked to wait, in milliseconds. */
  retryAfterMs;
  /** Whether it may have been done nonetheless: a request that changes something left, and its answer is lost. */
  inDoubt;
  constructor(operation, { fault, detail, reason, causes = [], status, retryAfterMs }, inDoubt) {
    super(`${operation}: ${detail}${inDoubt ? "; it may have been done nonetheless" : ""}`);
    this.fault = fault;
    this.reason = reason;
    this.causes = causes;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.inDoubt = inDoubt;
  }
};
var isDuplicate = (error) => error instanceof AdminApiError && !error.inDoubt && error.causes.includes("DuplicatedIdentity");
async function perform(call, options, host, read) {
  let doubt = false;
  for (let n = 1; ; n++) {
    const answer = await attempt(call, options, host, read);
    if ("value" in answer) return answer;
    doubt ||= answer.fault === "no_answer" && call.repetition !== "read";
    const wait = Math.max(answer.retryAfterMs ?? 0, host.random() * Math.min(BACKOFF_CAP_MS, BACKOFF_MS * 2 ** n));
    const repeatable = answer.fault !== "refused" && answer.fault !== "forbidden" && !(doubt && call.repetition === "once");
    if (!repeatable || n >= options.attempts || wait > MOST_WAIT_MS)
      throw new AdminApiError(call.operation, answer, doubt);
    await host.sleep(wait);
  }
}
async function attempt({ url, body }, { token, attemptMs }, host, read) {
  const authorization = `Bearer ${await token()}`;
  const signal = host.timeout(attemptMs);
  let response;
  try {
    response = await host.fetch(url, {
      method: body === void 0 ? "GET" : "POST",
      headers: {
        authorization,
        accept: "application/json",
        ...body !== void 0 && { "content-type": "application/json" }
      },
      // Deno repeats a request by itself when a connection breaks, but not one whose body is a stream.
      ...body !== void 0 && { body: new Blob([JSON.stringify(body)]) },
      redirect: "manual",
      signal
    });
  } catch (error) {
    const { verdict, detail } = lost(error, signal);
    return { fault: verdict === "unknown" ? "no_answer" : "unreachable", detail };
  }
  const { status } = response;
  const text = await readText(response, ANSWER_BYTES);
  const date = Date.parse(response.headers.get("date") ?? "") || host.now();
  const json = parse(text);
  const speaks = isObject(json) && (isObject(json.error) || Array.isArray(json.errors));
  const plain = status !== 401 && status !== 403 && status !== 429 && status < 500;
  if (json !== void 0 && (response.ok || plain && speaks)) {
    const answer = understand(json, read);
    return "value" in answer ? { ...answer, date } : { ...answer, status };
  }
  return {
    ...byStatus(status, text),
    status,
    retryAfterMs: retryAfter(response.headers.get("retry-after"), host.now()) || void 0
  };
}
function byStatus(status, text) {
  if (status === 401 || status === 403)
    return {
      fault: "forbidden",
      detail: `Authgear does not take the token (${status}); compare endpoint, project ID, key ID and key with the Portal, and this machine's clock`
    };
  if (status === 429) return { fault: "rate_limited", detail: "too many requests (429)" };
  if (status >= 500) return { fault: "no_answer", detail: `the server failed (${status})` };
  if (status >= 300)
    return {
      fault: "refused",
      detail: `the answer is none of the Admin API's (${status}); compare the endpoint with the Portal`
    };
  return { fault: "no_answer", detail: text === null ? "the answer broke off" : "the answer is no JSON" };
}
function understand(json, read) {
  const { errors, error, data, result } = isObject(json) ? json : {};
  if (Array.isArray(errors) && errors.length > 0) {
    const { extensions, message } = errors[0] ?? {};
    if (isObject(extensions) && extensions.reason) return refusal(extensions);
    if (message === "unexpected error") return { fault: "no_answer", detail: "Authgear had an unexpected error" };
    return { fault: "refused", detail: "this Authgear's schema does not know the request" };
  }
  if (isObject(error)) return refusal(error);
  const value = read(data ?? result);
  return value === void 0 ? { fault: "no_answer", detail: "the answer lacks what was asked for" } : { value };
}
var word = (value) => typeof value === "string" && /^\w{1,64}$/.test(value) ? value : void 0;
function refusal({ name, errorName = name, reason, info }) {
  const { cause, causes } = info ?? {};
  const kinds = [cause, ...Array.isArray(causes) ? causes : []].map((it) => {
    const { kind, Name } = it ?? {};
    return word(kind ?? Name);
  });
  const facts = {
    reason: word(reason),
    causes: kinds.filter((it) => it !== void 0)
  };
  const detail = [facts.reason ?? "refused", facts.causes.join(", ")].filter(Boolean).join(": ");
  if (errorName === "TooManyRequest") return { fault: "rate_limited", detail, ...facts };
  if (errorName === "InternalError" || errorName === "ServiceUnavailable")
    return { fault: "no_answer", detail: `Authgear failed (${detail})`, ...facts };
  return { fault: "refused", detail, ...facts };
}
function parse(text) {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return void 0;
  }
}
var isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

// ts/admin/token.ts
var LIFE = 300;
var SPARE = 60;
var RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
var KeyError = class extends Error {
  name = "KeyError";
};
function tokens({ projectId, keyId, privateKey }, now) {
  let key;
  let token;
  let from = 0;
  const make = async (iat) => {
    key ??= readKey(privateKey);
    const head = base64url(bytes(JSON.stringify({ alg: "RS256", typ: "JWT", kid: keyId })));
    const claims = base64url(bytes(JSON.stringify({ aud: [projectId], iat, exp: iat + LIFE })));
    const signer = await key;
    const signature = await crypto.subtle.sign(RS256, signer, bytes(`${head}.${claims}`)).catch(() => {
      throw new KeyError("is a damaged RSA private key");
    });
    return `${head}.${claims}.${base64url(new Uint8Array(signature))}`;
  };
  return () => {
    const at = Math.floor(now() / 1e3);
    if (!token || at < from || at >= from + LIFE - SPARE) {
      from = at;
      token = make(at);
    }
    return token;
  };
}
async function readKey(pem) {
  const pkcs8 = decodePem(pem);
  try {
    return await crypto.subtle.importKey("pkcs8", pkcs8, RS256, false, ["sign"]);
  } catch {
    throw new KeyError("is no RSA private key");
  }
}
function decodePem(pem) {
  const lines = pem.replaceAll("\\n", "\n");
  const [, label, body = ""] = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/.exec(lines) ?? [];
  if (label === void 0) throw new KeyError("must be a PEM: -----BEGIN PRIVATE KEY----- and so on");
  if (label === "ENCRYPTED PRIVATE KEY" || body.includes("ENCRYPTED"))
    throw new KeyError("is encrypted; must be without a passphrase");
  if (label !== "PRIVATE KEY" && label !== "RSA PRIVATE KEY")
    throw new KeyError("must be a PRIVATE KEY or an RSA PRIVATE KEY; this PEM holds something else");
  let der2;
  try {
    der2 = Uint8Array.from(atob(body.replace(/\s+/g, "")), (char) => char.charCodeAt(0));
  } catch {
    throw new KeyError("is damaged: what stands in the PEM is no base64");
  }
  return label === "PRIVATE KEY" ? der2 : wrap(der2);
}
var PKCS8_HEAD = [2, 1, 0, 48, 13, 6, 9, 42, 134, 72, 134, 247, 13, 1, 1, 1, 5, 0];
var SEQUENCE = 48;
var OCTET_STRING = 4;
var wrap = (pkcs1) => Uint8Array.from(der(SEQUENCE, [...PKCS8_HEAD, ...der(OCTET_STRING, [...pkcs1])]));
function der(tag, content) {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [129, length] : [130, length >> 8, length & 255];
  return [tag, ...size, ...content];
}
var base64url = (data) => btoa(String.fromCharCode(...data)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

// ts/admin.ts
var AdminOptionsError = class extends Error {
  name = "AdminOptionsError";
  /** `option: what is wrong; what would be right`. */
  problems;
  constructor(problems) {
    super(problems.join("\n"));
    this.problems = problems;
  }
};
var IMPORT_BYTES = 5e5;
var PAGE = 100;
var DATE_MS = 2e3;
var LOOK_MS = 1e3;
var DUPLICATE = "DuplicatedIdentity";
var USER = "id createdAt lastLoginAt isAnonymous isDisabled isDeactivated isAnonymized accountValidFrom accountValidUntil standardAttributes customAttributes";
var CREATE_USER = `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { ${USER} } } }`;
var NODE = `query ($id: ID!) { node(id: $id) { ... on User { ${USER} } } }`;
var DETAILS = `query ($id: ID!) {
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
var BY_ATTRIBUTE = `query ($name: String!, $value: String!) {
  getUsersByStandardAttribute(attributeName: $name, attributeValue: $value) { ${USER} }
}`;
var AUDIT_LOGS = `query (
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
var SEND_RESET = "mutation ($input: SendResetPasswordMessageInput!) { sendResetPasswordMessage(input: $input) }";
var RESET = `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { user { ${USER} } } }`;
var UPDATE = `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { ${USER} } } }`;
function createAdmin(options) {
  const base = check(options);
  const host = { ...HOST, ...options.host };
  const { attempts = 4, attemptSeconds = 30 } = options;
  const calling = { token: tokens(options, host.now), attempts, attemptMs: attemptSeconds * 1e3 };
  const call = async (it, read) => {
    try {
      return await perform(it, calling, host, read);
    } catch (error) {
      throw error instanceof KeyError ? new AdminOptionsError([`privateKey: ${error.message}`]) : error;
    }
  };
  const graphql = ([operation, repetition], query, variables, read, context = {}) => call(
    { operation, repetition, url: `${base}/graphql${search(context)}`, body: { query, variables } },
    (data) => isObject(data) ? read(data) : void 0
  );
  const byAttribute = (name, value) => graphql(["usersByAttribute", "read"], BY_ATTRIBUTE, { name, value }, (data) => {
    const users = data.getUsersByStandardAttribute;
    return Array.isArray(users) ? users.map(toUser).filter((it) => it !== void 0) : void 0;
  });
  const userOf = (field) => (data) => {
    const payload = data[field];
    return isObject(payload) ? toUser(payload.user) : void 0;
  };
  const byId = (id) => graphql(
    ["node", "read"],
    NODE,
    { id: toNodeId(id) },
    ({ node: node2 }) => node2 === void 0 ? void 0 : [toUser(node2)].filter((it) => it !== void 0)
  );
  const madeSince = async (time, whose) => {
    const { value: users, date } = await ("id" in whose ? byId(whose.id) : byAttribute(...attributeOf(whose)));
    const since = time + (date - host.now()) - DATE_MS;
    return users.find(({ createdAt }) => Date.parse(createdAt) >= since);
  };
  const node = async (id) => (await byId(id)).value[0];
  return {
    madeSince,
    async createUser({ loginId, ...rest }, context, since) {
      const began = since ?? host.now();
      const [[key, value] = ["", ""]] = Object.entries(loginId);
      const input = { definition: { loginID: { key, value } }, ...rest };
      const repetition = rest.sendPassword ? "once" : "idempotent";
      try {
        return (await graphql(["createUser", repetition], CREATE_USER, { input }, userOf("createUser"), context)).value;
      } catch (error) {
        if (!(error instanceof AdminApiError)) throw error;
        const exists = error.causes.includes(DUPLICATE);
        if (!error.inDoubt && !(exists && since !== void 0)) throw error;
        if (!exists) await host.sleep(LOOK_MS);
        const made = await madeSince(began, loginId).catch((lost2) => {
          throw error.inDoubt ? error : new AdminApiError("createUser", { ...lost2, detail: lost2.message }, true);
        });
        if (made) return made;
        throw exists ? new AdminApiError("createUser", { ...error, detail: `${error.reason}: ${DUPLICATE}` }, false) : error;
      }
    },
    node,
    async details(id) {
      const found = await graphql(
        ["details", "read"],
        DETAILS,
        { id: toNodeId(id) },
        ({ node: node2 }) => node2 === void 0 ? void 0 : { user: toDetails(node2) }
      );
      return found.value.user;
    },
    usersByAttribute: async (name, value) => (await byAttribute(name, value)).value,
    async *auditLogs({ userIds, rangeFrom, ...filter } = {}) {
      const userIDs = userIds?.map(toNodeId);
      let from = rangeFrom?.toISOString();
      let after;
      let known = /* @__PURE__ */ new Set();
      for (; ; ) {
        const { value } = await graphql(
          ["auditLogs", "read"],
          AUDIT_LOGS,
          { first: PAGE, after, userIDs, rangeFrom: from, ...filter },
          (data) => isObject(data.auditLogs) ? toPage(data.auditLogs) : void 0
        );
        const { logs, next } = value;
        for (const log of logs) if (!known.has(log.id)) yield log;
        if (!next) return;
        const last = logs.at(-1)?.createdAt ?? from;
        const later = last !== from;
        const ids = logs.filter(({ createdAt }) => createdAt === last).map(({ id }) => id);
        known = new Set(later ? ids : [...known, ...ids]);
        after = later ? void 0 : next;
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
      if (!before) return void 0;
      const { [name]: _, ...others } = before.customAttributes;
      const customAttributes = value === null ? others : { ...others, [name]: value };
      const input = { userID: toNodeId(id), customAttributes };
      const { value: user } = await graphql(
        ["setCustomAttribute", "idempotent"],
        UPDATE,
        { input },
        userOf("updateUser")
      );
      if (value !== null && user.customAttributes[name] !== value)
        throw new AdminApiError(
          "setCustomAttribute",
          {
            fault: "refused",
            detail: `the project has no custom attribute ${name}; add it in its Portal > User Profile`
          },
          false
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
    }
  };
}
function check({ endpoint, projectId, keyId, privateKey, attempts, attemptSeconds }) {
  const problems = [];
  const base = toBase(endpoint);
  if (base === void 0)
    problems.push(
      "endpoint: must be the project's https URL, such as https://acme.authgear.cloud; http only for this machine"
    );
  for (const [name, value] of Object.entries({ projectId, keyId }))
    if (typeof value !== "string" || !/^[\x21-\x7e]{1,256}$/.test(value))
      problems.push(`${name}: must be the ${name === "keyId" ? "key" : "project"} ID that the Portal shows`);
  for (const [name, value] of Object.entries({ attempts, attemptSeconds }))
    if (value !== void 0 && !(Number.isFinite(value) && value > 0))
      problems.push(`${name}: must be a number above zero`);
  try {
    decodePem(`${privateKey}`);
  } catch (error) {
    problems.push(`privateKey: ${error.message}`);
  }
  if (base === void 0 || problems.length > 0) throw new AdminOptionsError(problems);
  return base;
}
var PATH = "/_api/admin";
var GRAPHQL = /^\/_api\/admin(\/graphql)?$/;
function toBase(endpoint) {
  let url;
  try {
    url = new URL(`${endpoint}`);
  } catch {
    return void 0;
  }
  const { protocol, hostname, origin, username, password, pathname, search: search2, hash } = url;
  const local = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol !== "https:" && !(protocol === "http:" && local)) return void 0;
  if (username || password || search2 || hash) return void 0;
  const path = pathname.replace(/\/+$/, "");
  return path === "" || GRAPHQL.test(path) ? origin + PATH : void 0;
}
function search(context) {
  const { ui_locales, client_id, state, x_state } = context;
  const given = Object.entries({ ui_locales, client_id, state, x_state }).filter(([, value]) => value);
  return given.length > 0 ? `?${new URLSearchParams(given)}` : "";
}
function attributeOf(loginId) {
  if ("email" in loginId) return ["email", loginId.email];
  return "phone" in loginId ? ["phone_number", loginId.phone] : ["preferred_username", loginId.username];
}
var toNodeId = (id) => /^[\da-f-]{36}$/i.test(id) ? base64url(bytes(`User:${id}`)) : id;
function fromNodeId(nodeId) {
  try {
    return /^User:(.+)$/.exec(atob(nodeId.replaceAll("-", "+").replaceAll("_", "/")))?.[1];
  } catch {
    return void 0;
  }
}
function toUser(node) {
  if (!isObject(node) || typeof node.id !== "string" || typeof node.createdAt !== "string") return void 0;
  const id = fromNodeId(node.id);
  if (id === void 0) return void 0;
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
    customAttributes: isObject(node.customAttributes) ? node.customAttributes : {}
  };
}
function textsOf(node, names) {
  return Object.fromEntries(names.flatMap((name) => typeof node[name] === "string" ? [[name, node[name]]] : []));
}
function toDetails(node) {
  const user = toUser(node);
  if (!user || !isObject(node)) return void 0;
  const keys = (field) => nodesOf(field).flatMap(({ key }) => typeof key === "string" ? [key] : []);
  return {
    ...user,
    identities: nodesOf(node.identities).map(({ type, claims }) => ({
      type: `${type}`.toLowerCase(),
      claims: isObject(claims) ? claims : {}
    })),
    canReauthenticate: nodesOf(node.authenticators).length > 0,
    roles: keys(node.roles),
    groups: keys(node.groups)
  };
}
function nodesOf(connection) {
  const edges = isObject(connection) && Array.isArray(connection.edges) ? connection.edges : [];
  return edges.flatMap((edge) => isObject(edge) && isObject(edge.node) ? [edge.node] : []);
}
function toPage(connection) {
  const logs = nodesOf(connection).map(({ id, activityType, createdAt, data, user: node }) => {
    const user = toUser(node);
    return { id: `${id}`, activityType: `${activityType}`, createdAt: `${createdAt}`, userId: user?.id, user, data };
  });
  const { pageInfo } = connection;
  const { hasNextPage, endCursor } = isObject(pageInfo) ? pageInfo : {};
  return { logs, next: hasNextPage === true && typeof endCursor === "string" ? endCursor : void 0 };
}
var toTask = (json) => isObject(json) && typeof json.id === "string" ? json : void 0;
export {
  AdminApiError,
  AdminOptionsError,
  createAdmin,
  isDuplicate
};
