#!/usr/bin/env node
import {
  PasswordPolicyError,
  SECRET_LENGTH,
  checkPassword,
  createPasswordGenerator,
  sealEnvelope
} from "./chunk-YGKB3DPG.js";
import {
  AdminApiError,
  AdminOptionsError,
  createAdmin,
  isDuplicate
} from "./chunk-6WVX5BX5.js";
import {
  MARGIN_MS,
  deliverMarked,
  giveUp,
  holds
} from "./chunk-7TTC4RSI.js";
import {
  createWebhook
} from "./chunk-3IS6XMRA.js";
import {
  BUILT_IN,
  ConfigError,
  carryOut,
  chooseLocales,
  createEngine,
  createSoundEngine,
  sha256,
  sign,
  tell
} from "./chunk-BHWBT5ZH.js";
import {
  HOST,
  budgetMs,
  bytes,
  sha256 as sha2562
} from "./chunk-IWARGDW3.js";
import {
  listen
} from "./chunk-NOCR3RGL.js";

// ts/cli/build.ts
import { spawnSync } from "node:child_process";
import { existsSync as existsSync2, readFileSync as readFileSync4, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname as dirname2, resolve as resolve2 } from "node:path";

// ts/nearest.ts
function nearest(name, names) {
  const far = name.length / 3 + 2;
  const [first] = names.map((it) => ({ it, steps: distance(name, it) })).filter(({ steps }) => steps < far).sort((a, b) => a.steps - b.steps);
  return first?.it;
}
function distance(a, b) {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row3 = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row3[j] = Math.min((above[j] ?? 0) + 1, (row3[j - 1] ?? 0) + 1, swap);
    }
    above = row3;
  }
  return above[b.length] ?? 0;
}

// ts/samples.ts
var USER_ID = "7b3c1c3e-52a5-4e0f-8f0b-6d1a9e0f4c11";
var ADMIN_ID = "c0a80101-9d5e-4b52-9f6b-2f4a63d0a001";
var CREATED_AT = "2026-09-01T08:30:00.123456789Z";
var TIMESTAMP = 1788251400;
var OAUTH = "https://authgear.com/claims/oauth/";
var LOGIN_ID = "https://authgear.com/claims/login_id/";
var TYPE = `${LOGIN_ID}type`;
var STANDARD = { email: "email", phone: "phone_number", username: "preferred_username" };
var context = {
  timestamp: TIMESTAMP,
  user_id: USER_ID,
  triggered_by: "admin_api",
  audit_context: { http_url: "https://acme.authgear.example/_api/admin/graphql" },
  preferred_languages: [],
  language: "en",
  ip_address: "203.0.113.7",
  geo_location_code: "HK",
  user_agent: "acme-backoffice/2.1",
  app_id: "acme"
};
var user = {
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
  groups: []
};
function identity(type, claims) {
  return {
    id: "0d9f2f60-1a2b-4c3d-8e4f-5a6b7c8d9e0f",
    created_at: CREATED_AT,
    updated_at: CREATED_AT,
    type,
    user_id: USER_ID,
    claims
  };
}
function loginId(kind, original, value = original) {
  return identity("login_id", {
    [STANDARD[kind]]: value,
    [`${LOGIN_ID}key`]: kind,
    [`${LOGIN_ID}type`]: kind,
    [`${LOGIN_ID}value`]: value,
    [`${LOGIN_ID}original_value`]: original
  });
}
var oauthIdentity = identity("oauth", {
  email: "newuser@social.example",
  [`${OAUTH}provider_type`]: "google",
  [`${OAUTH}provider_alias`]: "google",
  [`${OAUTH}subject_id`]: "113214567890"
});
function created(id, change = {}) {
  return {
    id,
    seq: 1042,
    type: "user.created",
    payload: {
      user: { ...user, ...change.user },
      identities: change.identities ?? [loginId("email", "newuser@newuser.example")]
    },
    context: { ...context, ...change.context }
  };
}
var SAMPLES = {
  /** The guide's: made by the Admin API, with an e-mail address. */
  guide: created("event-guide"),
  /** The same, made in the Portal. */
  portal: created("event-portal", {
    context: {
      audit_context: {
        http_url: "https://acme.authgear.example/_api/admin/graphql",
        usage: "proxy",
        actor_user_id: ADMIN_ID
      }
    }
  }),
  phone: created("event-phone", {
    user: { standard_attributes: { phone_number: "+85251234567", phone_number_verified: false } },
    identities: [loginId("phone", "+85251234567")]
  }),
  username: created("event-username", {
    user: { standard_attributes: { preferred_username: "newuser" } },
    identities: [loginId("username", "newuser")]
  }),
  oauth: created("event-oauth", { user: { standard_attributes: {} }, identities: [oauthIdentity] }),
  /** The guide's account, but its owner signed up. */
  "sign-up": created("event-sign-up", { context: { triggered_by: "user", client_id: "acme-web" } }),
  /** Whoever signed this user up tries to have the message say something else. */
  hostile: created("event-hostile", {
    user: {
      standard_attributes: {
        email: "newuser@newuser.example",
        name: '<img src=x onerror=alert(1)> {url} https://evil.example "you won"‮',
        given_name: "<script>alert(1)</script>"
      },
      custom_attributes: { team: "</style><script>alert(1)</script> see evil.example" }
    }
  }),
  disabled: created("event-disabled", { user: { is_disabled: true, disable_reason: "Not started yet" } })
};
function addressedTo(event, address) {
  const [kind, other] = address.startsWith("+") ? ["phone", "email"] : ["email", "phone"];
  const copy = structuredClone(event);
  const { user: user2, identities } = copy.payload;
  const { email, email_verified, phone_number, phone_number_verified, ...attributes } = user2.standard_attributes ?? {};
  user2.standard_attributes = { ...attributes, [STANDARD[kind]]: address };
  copy.payload.identities = identities.filter(({ claims }) => claims[TYPE] !== other);
  for (const { claims } of copy.payload.identities) {
    if (claims[TYPE] === kind)
      for (const key of ["value", "original_value"]) claims[`${LOGIN_ID}${key}`] = address;
    delete claims[STANDARD[other]];
    if (STANDARD[kind] in claims) claims[STANDARD[kind]] = address;
  }
  return copy;
}

// ts/advice.ts
function advise(config) {
  const ofSetup = [...plainPage(config), ...doubleMails(config), ...tracking(config), ...broadKeys(config)];
  return [...idleRules(config), ...ofSetup, ...ownLocales(config), ...texts(config), ...singleBraces(config)];
}
var EVENTS = Object.keys({
  "user.created": true,
  "user.profile.updated": true,
  "user.authenticated": true,
  "user.disabled": true,
  "user.reenabled": true,
  "user.anonymous.promoted": true,
  "user.deletion_scheduled": true,
  "user.deletion_unscheduled": true,
  "user.deleted": true,
  "user.anonymization_scheduled": true,
  "user.anonymization_unscheduled": true,
  "user.anonymized": true,
  "identity.email.added": true,
  "identity.email.removed": true,
  "identity.email.updated": true,
  "identity.email.verified": true,
  "identity.email.unverified": true,
  "identity.phone.added": true,
  "identity.phone.removed": true,
  "identity.phone.updated": true,
  "identity.phone.verified": true,
  "identity.phone.unverified": true,
  "identity.username.added": true,
  "identity.username.removed": true,
  "identity.username.updated": true,
  "identity.oauth.connected": true,
  "identity.oauth.disconnected": true,
  "identity.biometric.enabled": true,
  "identity.biometric.disabled": true
});
function idleRules({ rules }) {
  if (rules?.length === 0) return ["rules: is empty, so nothing is ever sent; leave it out for the default"];
  return (rules ?? []).flatMap((rule, i) => {
    if (!EVENTS.includes(rule.on)) {
      const near = nearest(rule.on, EVENTS);
      return [`rules[${i}].on: Authgear has no such event today; ${near ? `did you mean ${near}?` : "see its list"}`];
    }
    const first = rules?.slice(0, i).findIndex((it) => takesAll(it, rule)) ?? -1;
    return first < 0 ? [] : [`rules[${i}]: is never reached, since rules[${first}] takes all of its events`];
  });
}
function takesAll({ on, when = {} }, later) {
  const { triggeredBy, ...more } = when;
  const { disabled, anonymous, deactivated } = later.when ?? {};
  const isOpen = Object.values(more).every((it) => it === void 0) && !(disabled || anonymous || deactivated);
  return isOpen && on === later.on && triggersOf(later.when).every((it) => triggersOf(when).includes(it));
}
var triggersOf = (when) => when?.triggeredBy ?? ["admin_api"];
function plainPage({ url }) {
  if (!/[?#]/.test(url)) return [];
  return ["url: has a query or a fragment; give the plain page where users sign in, never a link with a code"];
}
function doubleMails({ rules = [{ on: "user.created" }], email, signIn }) {
  const adminRules = [...rules.entries()].filter(
    ([, { on, when }]) => on === "user.created" && (when?.triggeredBy?.includes("admin_api") ?? true)
  );
  const separated = adminRules.some(([, { when }]) => when?.origin);
  const [first] = adminRules;
  if (!first || separated || !email?.length || signIn === "code") return [];
  return [
    `rules[${first[0]}].when.origin: does not tell the Portal apart: when the Portal generates a password, Authgear mails it and the user gets two mails; if you use that, set origin to ["admin_api_direct"]`
  ];
}
function tracking({ email = [] }) {
  return email.flatMap(
    ({ provider }, i) => provider === "brevo" ? [`email[${i}].provider: Brevo rewrites links, and no message can say otherwise; see its account's settings`] : []
  );
}
function broadKeys({ sms = [] }) {
  return sms.flatMap(
    (it, i) => "authToken" in it && it.authToken ? [`sms[${i}].authToken: rules the whole Twilio account; use apiKeySid and apiKeySecret, which can be restricted`] : []
  );
}
function localesOf({ messages = {}, rules = [], defaultLocale = "en" }) {
  const named = [...Object.values(messages).flatMap(Object.keys), ...rules.flatMap((it) => it.locale ?? [])];
  return [.../* @__PURE__ */ new Set([defaultLocale, ...named])].sort();
}
function ownLocales(config) {
  const { messages = {}, defaultLocale = "en" } = config;
  return Object.entries(messages).flatMap(([name, own]) => {
    const missing = localesOf(config).filter((locale) => !covers(Object.keys(own), locale));
    if (missing.length === 0) return [];
    const builtIn = Object.entries(BUILT_IN).flatMap(([locale, texts3]) => name in texts3 ? [locale] : []);
    const instead = missing.some((locale) => covers(builtIn, locale)) ? "the built-in text" : defaultLocale;
    return [`messages.${name}: has no text in ${missing.join(", ")}; its readers get ${instead}`];
  });
}
var covers = (locales, wanted) => locales.some((it) => `${wanted}-`.toLowerCase().startsWith(`${it}-`.toLowerCase()));
function texts(config) {
  const names = new Set(config.rules?.map(({ message = "invite" }) => message) ?? ["invite"]);
  const faults = [...names].flatMap((message) => {
    const engine = createEngine({ ...config, rules: [{ on: "user.created", message }] }, BUILT_IN);
    const shown2 = localesOf(config).flatMap(
      (locale) => [SAMPLES.guide, SAMPLES.phone].map((event) => engine.preview(event, locale))
    );
    engine.free();
    return shown2.flatMap((it) => {
      if (it.type !== "message") return [];
      const path = `messages.${message}.${it.locale}`;
      const warnings2 = it.warnings.map((warning) => `${path}: ${warning}`);
      const isSaid = [config.url, hostOf(config.url)].some((url) => it.text.includes(url));
      if (message !== "invite" || isSaid) return warnings2;
      const part = it.channel === "sms" ? "sms" : "text";
      return [...warnings2, `${path}.${part}: does not say where to sign in; put the placeholder url into it`];
    });
  });
  return [...new Set(faults)];
}
var hostOf = (url) => URL.canParse(url) ? new URL(url).host : url;
function singleBraces(config) {
  const { messages = {}, delimiters } = config;
  if (delimiters !== "{{ }}") return [];
  const engine = createEngine(config, BUILT_IN);
  const { values } = engine.trace(SAMPLES.guide);
  engine.free();
  return Object.entries(messages).flatMap(
    ([name, locales]) => Object.entries(locales).flatMap(
      ([locale, texts3]) => Object.entries(texts3).flatMap(([part, text]) => {
        const tags = text.matchAll(/(?<!\{)\{[#^/&]?\s*([\w.]+)\s*\}(?!\})/g);
        const [tag] = [...tags].find(([, it = ""]) => Object.hasOwn(values, it)) ?? [];
        const path = `messages.${name}.${locale}.${part}`;
        return tag ? [`${path}: ${tag} is printed as it stands; with these delimiters write {${tag}}`] : [];
      })
    )
  );
}

// ts/assemble.ts
function withLocales(hook, locales, sha2563) {
  const [head = "", body = ""] = hook.split(/(?<=^\/\/ below {3}sha256 )[0-9a-f]{64}\n/m);
  const changed = body.replace(/^const texts = .*$/m, () => `const texts = ${literal(textsOf(locales))};`);
  return `${head}${sha2563(changed)}
${changed}`;
}
function withConfig(hook, config) {
  return hook.replace(/^(const config: Config = )[\s\S]*?(?=;\n\n\/\/ ---- Generated:)/m, (_, name) => name + config);
}
function textsOf(locales) {
  return JSON.stringify(locales, (name, value) => name === "password" ? void 0 : value);
}
function sourceOf(value, indent = "") {
  if (typeof value !== "object" || value === null) return toAscii(JSON.stringify(value));
  const inner = `${indent}  `;
  const lines3 = Array.isArray(value) ? value.map((it) => sourceOf(it, inner)) : Object.entries(value).flatMap(([key, it]) => it == null ? [] : [`${keyOf(key)}: ${sourceOf(it, inner)}`]);
  const [open2, close] = Array.isArray(value) ? "[]" : "{}";
  return lines3.length === 0 ? `${open2}${close}` : `${open2}
${inner}${lines3.join(`,
${inner}`)},
${indent}${close}`;
}
function keyOf(key) {
  if (key === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : toAscii(JSON.stringify(key));
}
function literal(text) {
  return `'${toAscii(text.replace(/[\\']/g, "\\$&").replace(/\n/g, "\\n"))}'`;
}
function toAscii(literal2) {
  return literal2.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

// ts/config-json.ts
var SECRET = /(^|\.)(apiKey|apiSecret|apiKeySecret|accessKey|authToken|secret|secretAccessKey|secretKey|serverToken|sessionToken|privateKey|secrets\[\d+\])$/;
var ACCOUNT = /\.(accountSid|apiKeySid|messagingServiceSid|accessKeyId)$/;
var OWN_KEYS = /^(vars|messages(\.[^.]+)?|rules\[\d+\]\.when\.(standardAttributes|customAttributes))$/;
function readReference(value, path) {
  if (typeof value !== "object" || value === null || OWN_KEYS.test(path)) return void 0;
  const [[from, name] = [], ...others] = Object.entries(value);
  if (others.length > 0 || typeof name !== "string" || from !== "env" && from !== "file") return void 0;
  return { from, name };
}
var ASIDE = ["$schema", "admin"];
function leaveOut(json2, keys) {
  if (typeof json2 !== "object" || json2 === null || Array.isArray(json2)) return [json2, []];
  const kept = Object.entries(json2).filter(([key]) => !ASIDE.includes(key) && !keys.includes(key));
  return [Object.fromEntries(kept), keys.filter((key) => Object.hasOwn(json2, key))];
}
function functionProblems(config) {
  const { email, sms } = config ?? {};
  return Object.entries({ email, sms }).flatMap(
    ([channel, senders]) => Array.isArray(senders) ? senders.flatMap(
      (it, i) => it?.provider === "custom" ? [`${channel}[${i}].provider: a JSON file cannot hold custom's function`] : []
    ) : []
  );
}
function mapValues(value, change, path = "") {
  const changed = change(value, path);
  if (changed !== value || typeof value !== "object" || value === null) return changed;
  if (Array.isArray(value))
    return value.map((it, i) => mapValues(it, change, `${path}[${i}]`)).filter((it) => it !== void 0);
  const members = Object.entries(value).map(([key, it]) => [key, mapValues(it, change, path ? `${path}.${key}` : key)]);
  return Object.fromEntries(members.filter(([, it]) => it !== void 0));
}

// ts/paste-in.ts
var AUTHGEAR_LIMIT = 100 * 1024;
var BEGINNING = "/*\nauthgear-invite: ";
var UNUSED = ["webhook"];
function pasteIn(config, builtIn, readHook) {
  const hook = readHook(usesSes(config) ? "hook-ses.ts" : "hook.ts");
  const own = mapValues(config, (it, path) => path === "messages.password" ? void 0 : it);
  return withConfig(withLocales(hook, builtIn, sha256), sourceOf(own));
}
var usesSes = ({ email }) => email?.some(({ provider }) => provider === "ses") ?? false;
function spokenLocales(config) {
  const spoken = localesOf(config);
  return Object.keys(BUILT_IN).filter((it) => it === "en" || spoken.some((locale) => covers([it], locale)));
}

// ts/cli/command.ts
import { parseArgs } from "node:util";

// ts/cli/parts.ts
import { existsSync, readFileSync } from "node:fs";
function readPart(name) {
  const beside = new URL(`./${name}`, import.meta.url);
  return readFileSync(existsSync(beside) ? beside : new URL(`../../pkg/${name}`, import.meta.url), "utf8");
}

// ts/cli/command.ts
var EXIT = { done: 0, failed: 1, usage: 2 };
var CONFIG = {
  value: "FILE",
  default: "invite.config.json",
  env: "AUTHGEAR_INVITE_CONFIG",
  help: "the configuration"
};
var UsageError = class extends Error {
  name = "UsageError";
};
var PROGRAM = "authgear-invite";
var HELP = { help: "show this", short: "h" };
async function dispatch(commands2, argv, path = []) {
  const [name, ...rest] = argv;
  if (name === void 0 || name === "--help" || name === "-h" || name === "help") {
    print(groupHelp(commands2, path));
    return name === void 0 ? EXIT.usage : EXIT.done;
  }
  if (name === "--version" && path.length === 0) {
    print(JSON.parse(readPart("package.json")).version);
    return EXIT.done;
  }
  const command = Object.hasOwn(commands2, name) ? commands2[name] : void 0;
  const line2 = [...path, name].join(" ");
  if (!command) throw new UsageError(`${line2}: no such command; ${suggest(name, Object.keys(commands2))}`);
  if ("commands" in command) return dispatch(command.commands, rest, [...path, name]);
  const { values, lists, positionals } = read(command, rest, line2);
  if (values.help) {
    print(commandHelp(command, line2));
    return EXIT.done;
  }
  return command.run(withDefaults(command, values), positionals, lists);
}
function read({ options, args }, argv, line2) {
  const known = Object.entries({ ...options, help: HELP });
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: args !== void 0,
      options: Object.fromEntries(
        known.map(([name, { value, short, many = false }]) => [
          name,
          { type: value ? "string" : "boolean", multiple: many, ...short && { short } }
        ])
      )
    });
    const [lists, singles] = [true, false].map(
      (many) => Object.fromEntries(Object.entries(values).filter(([, value]) => Array.isArray(value) === many))
    );
    return { values: singles, lists, positionals };
  } catch (error) {
    const [what = ""] = error.message.split(/\. (?=To specify|If you)/);
    throw new UsageError(`${line2}: ${what.replace(/\.$/, "")}; see: ${PROGRAM} ${line2} --help`);
  }
}
function withDefaults({ options }, given) {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => {
      const value = given[name] ?? (option.env && process.env[option.env]) ?? option.default;
      return [name, value === void 0 || value === false ? void 0 : String(value)];
    })
  );
}
function wholeNumber(values, option, least, most) {
  const text = values[option] ?? "";
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`--${option}: must be a whole number from ${least} to ${most}`);
}
function oneOf(values, option, choices) {
  const choice = choices.find((it) => it === values[option]);
  if (choice) return choice;
  throw new UsageError(`--${option}: must be ${choices.join(" or ")}`);
}
var EXITS = `Exit codes: ${EXIT.done} done, ${EXIT.failed} failed, ${EXIT.usage} wrong command line or configuration.`;
function groupHelp(commands2, path) {
  const rows2 = Object.entries(commands2).flatMap(
    ([name, it]) => "commands" in it ? Object.entries(it.commands).map(([sub, { summary: summary3 }]) => [`${name} ${sub}`, summary3]) : [[name, it.summary]]
  );
  const prefix = [PROGRAM, ...path].join(" ");
  const more = `${prefix} COMMAND --help tells more${path.length === 0 ? "; --version prints the version" : ""}.`;
  return [`Usage: ${prefix} COMMAND [OPTIONS]`, columns(rows2), more, EXITS].join("\n\n");
}
function commandHelp({ summary: summary3, args, options, examples, notes }, line2) {
  const rows2 = Object.entries({ ...options, help: HELP }).map(([name, it]) => {
    const extra = [it.default !== void 0 && `default ${it.default}`, it.env && `env ${it.env}`].filter(Boolean);
    const names = it.short ? `-${it.short}, --${name}` : `--${name}`;
    return [`${names}${it.value ? ` ${it.value}` : ""}`, `${it.help}${extra.length ? ` (${extra.join("; ")})` : ""}`];
  });
  const usage = ["Usage:", PROGRAM, line2, args, "[OPTIONS]"].filter(Boolean).join(" ");
  const lines3 = examples.map(([example, does]) => `  ${does}:
    ${PROGRAM} ${example}`).join("\n");
  const parts = [`${summary3}.`, usage, columns(rows2), notes, `Examples:
${lines3}`, EXITS];
  return parts.filter(Boolean).join("\n\n");
}
function columns(rows2) {
  const width = Math.max(...rows2.map(([left]) => left.length));
  return rows2.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
function suggest(name, names) {
  const near = nearest(name, names);
  return near ? `did you mean ${near}?` : `there ${list(names)}`;
}
var list = (names) => names.length === 1 ? `is ${names[0]}` : `are ${names.join(", ")}`;
function print(text) {
  process.stdout.write(`${text}
`);
}

// ts/cli/config-file.ts
import { readFileSync as readFileSync3, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

// ts/cli/json-file.ts
import { readFileSync as readFileSync2 } from "node:fs";

// node_modules/jsonc-parser/lib/esm/impl/scanner.js
function createScanner(text, ignoreTrivia = false) {
  const len = text.length;
  let pos = 0, value = "", tokenOffset = 0, token = 16, lineNumber = 0, lineStartOffset = 0, tokenLineStartOffset = 0, prevTokenLineStartOffset = 0, scanError = 0;
  function scanHexDigits(count2, exact) {
    let digits = 0;
    let value2 = 0;
    while (digits < count2 || !exact) {
      let ch = text.charCodeAt(pos);
      if (ch >= 48 && ch <= 57) {
        value2 = value2 * 16 + ch - 48;
      } else if (ch >= 65 && ch <= 70) {
        value2 = value2 * 16 + ch - 65 + 10;
      } else if (ch >= 97 && ch <= 102) {
        value2 = value2 * 16 + ch - 97 + 10;
      } else {
        break;
      }
      pos++;
      digits++;
    }
    if (digits < count2) {
      value2 = -1;
    }
    return value2;
  }
  function setPosition(newPosition) {
    pos = newPosition;
    value = "";
    tokenOffset = 0;
    token = 16;
    scanError = 0;
  }
  function scanNumber() {
    let start = pos;
    if (text.charCodeAt(pos) === 48) {
      pos++;
    } else {
      pos++;
      while (pos < text.length && isDigit(text.charCodeAt(pos))) {
        pos++;
      }
    }
    if (pos < text.length && text.charCodeAt(pos) === 46) {
      pos++;
      if (pos < text.length && isDigit(text.charCodeAt(pos))) {
        pos++;
        while (pos < text.length && isDigit(text.charCodeAt(pos))) {
          pos++;
        }
      } else {
        scanError = 3;
        return text.substring(start, pos);
      }
    }
    let end2 = pos;
    if (pos < text.length && (text.charCodeAt(pos) === 69 || text.charCodeAt(pos) === 101)) {
      pos++;
      if (pos < text.length && text.charCodeAt(pos) === 43 || text.charCodeAt(pos) === 45) {
        pos++;
      }
      if (pos < text.length && isDigit(text.charCodeAt(pos))) {
        pos++;
        while (pos < text.length && isDigit(text.charCodeAt(pos))) {
          pos++;
        }
        end2 = pos;
      } else {
        scanError = 3;
      }
    }
    return text.substring(start, end2);
  }
  function scanString() {
    let result = "", start = pos;
    while (true) {
      if (pos >= len) {
        result += text.substring(start, pos);
        scanError = 2;
        break;
      }
      const ch = text.charCodeAt(pos);
      if (ch === 34) {
        result += text.substring(start, pos);
        pos++;
        break;
      }
      if (ch === 92) {
        result += text.substring(start, pos);
        pos++;
        if (pos >= len) {
          scanError = 2;
          break;
        }
        const ch2 = text.charCodeAt(pos++);
        switch (ch2) {
          case 34:
            result += '"';
            break;
          case 92:
            result += "\\";
            break;
          case 47:
            result += "/";
            break;
          case 98:
            result += "\b";
            break;
          case 102:
            result += "\f";
            break;
          case 110:
            result += "\n";
            break;
          case 114:
            result += "\r";
            break;
          case 116:
            result += "	";
            break;
          case 117:
            const ch3 = scanHexDigits(4, true);
            if (ch3 >= 0) {
              result += String.fromCharCode(ch3);
            } else {
              scanError = 4;
            }
            break;
          default:
            scanError = 5;
        }
        start = pos;
        continue;
      }
      if (ch >= 0 && ch <= 31) {
        if (isLineBreak(ch)) {
          result += text.substring(start, pos);
          scanError = 2;
          break;
        } else {
          scanError = 6;
        }
      }
      pos++;
    }
    return result;
  }
  function scanNext() {
    value = "";
    scanError = 0;
    tokenOffset = pos;
    lineStartOffset = lineNumber;
    prevTokenLineStartOffset = tokenLineStartOffset;
    if (pos >= len) {
      tokenOffset = len;
      return token = 17;
    }
    let code = text.charCodeAt(pos);
    if (isWhiteSpace(code)) {
      do {
        pos++;
        value += String.fromCharCode(code);
        code = text.charCodeAt(pos);
      } while (isWhiteSpace(code));
      return token = 15;
    }
    if (isLineBreak(code)) {
      pos++;
      value += String.fromCharCode(code);
      if (code === 13 && text.charCodeAt(pos) === 10) {
        pos++;
        value += "\n";
      }
      lineNumber++;
      tokenLineStartOffset = pos;
      return token = 14;
    }
    switch (code) {
      // tokens: []{}:,
      case 123:
        pos++;
        return token = 1;
      case 125:
        pos++;
        return token = 2;
      case 91:
        pos++;
        return token = 3;
      case 93:
        pos++;
        return token = 4;
      case 58:
        pos++;
        return token = 6;
      case 44:
        pos++;
        return token = 5;
      // strings
      case 34:
        pos++;
        value = scanString();
        return token = 10;
      // comments
      case 47:
        const start = pos - 1;
        if (text.charCodeAt(pos + 1) === 47) {
          pos += 2;
          while (pos < len) {
            if (isLineBreak(text.charCodeAt(pos))) {
              break;
            }
            pos++;
          }
          value = text.substring(start, pos);
          return token = 12;
        }
        if (text.charCodeAt(pos + 1) === 42) {
          pos += 2;
          const safeLength = len - 1;
          let commentClosed = false;
          while (pos < safeLength) {
            const ch = text.charCodeAt(pos);
            if (ch === 42 && text.charCodeAt(pos + 1) === 47) {
              pos += 2;
              commentClosed = true;
              break;
            }
            pos++;
            if (isLineBreak(ch)) {
              if (ch === 13 && text.charCodeAt(pos) === 10) {
                pos++;
              }
              lineNumber++;
              tokenLineStartOffset = pos;
            }
          }
          if (!commentClosed) {
            pos++;
            scanError = 1;
          }
          value = text.substring(start, pos);
          return token = 13;
        }
        value += String.fromCharCode(code);
        pos++;
        return token = 16;
      // numbers
      case 45:
        value += String.fromCharCode(code);
        pos++;
        if (pos === len || !isDigit(text.charCodeAt(pos))) {
          return token = 16;
        }
      // found a minus, followed by a number so
      // we fall through to proceed with scanning
      // numbers
      case 48:
      case 49:
      case 50:
      case 51:
      case 52:
      case 53:
      case 54:
      case 55:
      case 56:
      case 57:
        value += scanNumber();
        return token = 11;
      // literals and unknown symbols
      default:
        while (pos < len && isUnknownContentCharacter(code)) {
          pos++;
          code = text.charCodeAt(pos);
        }
        if (tokenOffset !== pos) {
          value = text.substring(tokenOffset, pos);
          switch (value) {
            case "true":
              return token = 8;
            case "false":
              return token = 9;
            case "null":
              return token = 7;
          }
          return token = 16;
        }
        value += String.fromCharCode(code);
        pos++;
        return token = 16;
    }
  }
  function isUnknownContentCharacter(code) {
    if (isWhiteSpace(code) || isLineBreak(code)) {
      return false;
    }
    switch (code) {
      case 125:
      case 93:
      case 123:
      case 91:
      case 34:
      case 58:
      case 44:
      case 47:
        return false;
    }
    return true;
  }
  function scanNextNonTrivia() {
    let result;
    do {
      result = scanNext();
    } while (result >= 12 && result <= 15);
    return result;
  }
  return {
    setPosition,
    getPosition: () => pos,
    scan: ignoreTrivia ? scanNextNonTrivia : scanNext,
    getToken: () => token,
    getTokenValue: () => value,
    getTokenOffset: () => tokenOffset,
    getTokenLength: () => pos - tokenOffset,
    getTokenStartLine: () => lineStartOffset,
    getTokenStartCharacter: () => tokenOffset - prevTokenLineStartOffset,
    getTokenError: () => scanError
  };
}
function isWhiteSpace(ch) {
  return ch === 32 || ch === 9;
}
function isLineBreak(ch) {
  return ch === 10 || ch === 13;
}
function isDigit(ch) {
  return ch >= 48 && ch <= 57;
}
var CharacterCodes;
(function(CharacterCodes2) {
  CharacterCodes2[CharacterCodes2["lineFeed"] = 10] = "lineFeed";
  CharacterCodes2[CharacterCodes2["carriageReturn"] = 13] = "carriageReturn";
  CharacterCodes2[CharacterCodes2["space"] = 32] = "space";
  CharacterCodes2[CharacterCodes2["_0"] = 48] = "_0";
  CharacterCodes2[CharacterCodes2["_1"] = 49] = "_1";
  CharacterCodes2[CharacterCodes2["_2"] = 50] = "_2";
  CharacterCodes2[CharacterCodes2["_3"] = 51] = "_3";
  CharacterCodes2[CharacterCodes2["_4"] = 52] = "_4";
  CharacterCodes2[CharacterCodes2["_5"] = 53] = "_5";
  CharacterCodes2[CharacterCodes2["_6"] = 54] = "_6";
  CharacterCodes2[CharacterCodes2["_7"] = 55] = "_7";
  CharacterCodes2[CharacterCodes2["_8"] = 56] = "_8";
  CharacterCodes2[CharacterCodes2["_9"] = 57] = "_9";
  CharacterCodes2[CharacterCodes2["a"] = 97] = "a";
  CharacterCodes2[CharacterCodes2["b"] = 98] = "b";
  CharacterCodes2[CharacterCodes2["c"] = 99] = "c";
  CharacterCodes2[CharacterCodes2["d"] = 100] = "d";
  CharacterCodes2[CharacterCodes2["e"] = 101] = "e";
  CharacterCodes2[CharacterCodes2["f"] = 102] = "f";
  CharacterCodes2[CharacterCodes2["g"] = 103] = "g";
  CharacterCodes2[CharacterCodes2["h"] = 104] = "h";
  CharacterCodes2[CharacterCodes2["i"] = 105] = "i";
  CharacterCodes2[CharacterCodes2["j"] = 106] = "j";
  CharacterCodes2[CharacterCodes2["k"] = 107] = "k";
  CharacterCodes2[CharacterCodes2["l"] = 108] = "l";
  CharacterCodes2[CharacterCodes2["m"] = 109] = "m";
  CharacterCodes2[CharacterCodes2["n"] = 110] = "n";
  CharacterCodes2[CharacterCodes2["o"] = 111] = "o";
  CharacterCodes2[CharacterCodes2["p"] = 112] = "p";
  CharacterCodes2[CharacterCodes2["q"] = 113] = "q";
  CharacterCodes2[CharacterCodes2["r"] = 114] = "r";
  CharacterCodes2[CharacterCodes2["s"] = 115] = "s";
  CharacterCodes2[CharacterCodes2["t"] = 116] = "t";
  CharacterCodes2[CharacterCodes2["u"] = 117] = "u";
  CharacterCodes2[CharacterCodes2["v"] = 118] = "v";
  CharacterCodes2[CharacterCodes2["w"] = 119] = "w";
  CharacterCodes2[CharacterCodes2["x"] = 120] = "x";
  CharacterCodes2[CharacterCodes2["y"] = 121] = "y";
  CharacterCodes2[CharacterCodes2["z"] = 122] = "z";
  CharacterCodes2[CharacterCodes2["A"] = 65] = "A";
  CharacterCodes2[CharacterCodes2["B"] = 66] = "B";
  CharacterCodes2[CharacterCodes2["C"] = 67] = "C";
  CharacterCodes2[CharacterCodes2["D"] = 68] = "D";
  CharacterCodes2[CharacterCodes2["E"] = 69] = "E";
  CharacterCodes2[CharacterCodes2["F"] = 70] = "F";
  CharacterCodes2[CharacterCodes2["G"] = 71] = "G";
  CharacterCodes2[CharacterCodes2["H"] = 72] = "H";
  CharacterCodes2[CharacterCodes2["I"] = 73] = "I";
  CharacterCodes2[CharacterCodes2["J"] = 74] = "J";
  CharacterCodes2[CharacterCodes2["K"] = 75] = "K";
  CharacterCodes2[CharacterCodes2["L"] = 76] = "L";
  CharacterCodes2[CharacterCodes2["M"] = 77] = "M";
  CharacterCodes2[CharacterCodes2["N"] = 78] = "N";
  CharacterCodes2[CharacterCodes2["O"] = 79] = "O";
  CharacterCodes2[CharacterCodes2["P"] = 80] = "P";
  CharacterCodes2[CharacterCodes2["Q"] = 81] = "Q";
  CharacterCodes2[CharacterCodes2["R"] = 82] = "R";
  CharacterCodes2[CharacterCodes2["S"] = 83] = "S";
  CharacterCodes2[CharacterCodes2["T"] = 84] = "T";
  CharacterCodes2[CharacterCodes2["U"] = 85] = "U";
  CharacterCodes2[CharacterCodes2["V"] = 86] = "V";
  CharacterCodes2[CharacterCodes2["W"] = 87] = "W";
  CharacterCodes2[CharacterCodes2["X"] = 88] = "X";
  CharacterCodes2[CharacterCodes2["Y"] = 89] = "Y";
  CharacterCodes2[CharacterCodes2["Z"] = 90] = "Z";
  CharacterCodes2[CharacterCodes2["asterisk"] = 42] = "asterisk";
  CharacterCodes2[CharacterCodes2["backslash"] = 92] = "backslash";
  CharacterCodes2[CharacterCodes2["closeBrace"] = 125] = "closeBrace";
  CharacterCodes2[CharacterCodes2["closeBracket"] = 93] = "closeBracket";
  CharacterCodes2[CharacterCodes2["colon"] = 58] = "colon";
  CharacterCodes2[CharacterCodes2["comma"] = 44] = "comma";
  CharacterCodes2[CharacterCodes2["dot"] = 46] = "dot";
  CharacterCodes2[CharacterCodes2["doubleQuote"] = 34] = "doubleQuote";
  CharacterCodes2[CharacterCodes2["minus"] = 45] = "minus";
  CharacterCodes2[CharacterCodes2["openBrace"] = 123] = "openBrace";
  CharacterCodes2[CharacterCodes2["openBracket"] = 91] = "openBracket";
  CharacterCodes2[CharacterCodes2["plus"] = 43] = "plus";
  CharacterCodes2[CharacterCodes2["slash"] = 47] = "slash";
  CharacterCodes2[CharacterCodes2["formFeed"] = 12] = "formFeed";
  CharacterCodes2[CharacterCodes2["tab"] = 9] = "tab";
})(CharacterCodes || (CharacterCodes = {}));

// node_modules/jsonc-parser/lib/esm/impl/string-intern.js
var cachedSpaces = new Array(20).fill(0).map((_, index) => {
  return " ".repeat(index);
});
var maxCachedValues = 200;
var cachedBreakLinesWithSpaces = {
  " ": {
    "\n": new Array(maxCachedValues).fill(0).map((_, index) => {
      return "\n" + " ".repeat(index);
    }),
    "\r": new Array(maxCachedValues).fill(0).map((_, index) => {
      return "\r" + " ".repeat(index);
    }),
    "\r\n": new Array(maxCachedValues).fill(0).map((_, index) => {
      return "\r\n" + " ".repeat(index);
    })
  },
  "	": {
    "\n": new Array(maxCachedValues).fill(0).map((_, index) => {
      return "\n" + "	".repeat(index);
    }),
    "\r": new Array(maxCachedValues).fill(0).map((_, index) => {
      return "\r" + "	".repeat(index);
    }),
    "\r\n": new Array(maxCachedValues).fill(0).map((_, index) => {
      return "\r\n" + "	".repeat(index);
    })
  }
};

// node_modules/jsonc-parser/lib/esm/impl/parser.js
var ParseOptions;
(function(ParseOptions2) {
  ParseOptions2.DEFAULT = {
    allowTrailingComma: false
  };
})(ParseOptions || (ParseOptions = {}));
function parse(text, errors = [], options = ParseOptions.DEFAULT) {
  let currentProperty = null;
  let currentParent = [];
  const previousParents = [];
  function onValue(value) {
    if (Array.isArray(currentParent)) {
      currentParent.push(value);
    } else if (currentProperty !== null) {
      currentParent[currentProperty] = value;
    }
  }
  const visitor = {
    onObjectBegin: () => {
      const object = {};
      onValue(object);
      previousParents.push(currentParent);
      currentParent = object;
      currentProperty = null;
    },
    onObjectProperty: (name) => {
      currentProperty = name;
    },
    onObjectEnd: () => {
      currentParent = previousParents.pop();
    },
    onArrayBegin: () => {
      const array = [];
      onValue(array);
      previousParents.push(currentParent);
      currentParent = array;
      currentProperty = null;
    },
    onArrayEnd: () => {
      currentParent = previousParents.pop();
    },
    onLiteralValue: onValue,
    onError: (error, offset, length) => {
      errors.push({ error, offset, length });
    }
  };
  visit(text, visitor, options);
  return currentParent[0];
}
function visit(text, visitor, options = ParseOptions.DEFAULT) {
  const _scanner = createScanner(text, false);
  const _jsonPath = [];
  let suppressedCallbacks = 0;
  function toNoArgVisit(visitFunction) {
    return visitFunction ? () => suppressedCallbacks === 0 && visitFunction(_scanner.getTokenOffset(), _scanner.getTokenLength(), _scanner.getTokenStartLine(), _scanner.getTokenStartCharacter()) : () => true;
  }
  function toOneArgVisit(visitFunction) {
    return visitFunction ? (arg) => suppressedCallbacks === 0 && visitFunction(arg, _scanner.getTokenOffset(), _scanner.getTokenLength(), _scanner.getTokenStartLine(), _scanner.getTokenStartCharacter()) : () => true;
  }
  function toOneArgVisitWithPath(visitFunction) {
    return visitFunction ? (arg) => suppressedCallbacks === 0 && visitFunction(arg, _scanner.getTokenOffset(), _scanner.getTokenLength(), _scanner.getTokenStartLine(), _scanner.getTokenStartCharacter(), () => _jsonPath.slice()) : () => true;
  }
  function toBeginVisit(visitFunction) {
    return visitFunction ? () => {
      if (suppressedCallbacks > 0) {
        suppressedCallbacks++;
      } else {
        let cbReturn = visitFunction(_scanner.getTokenOffset(), _scanner.getTokenLength(), _scanner.getTokenStartLine(), _scanner.getTokenStartCharacter(), () => _jsonPath.slice());
        if (cbReturn === false) {
          suppressedCallbacks = 1;
        }
      }
    } : () => true;
  }
  function toEndVisit(visitFunction) {
    return visitFunction ? () => {
      if (suppressedCallbacks > 0) {
        suppressedCallbacks--;
      }
      if (suppressedCallbacks === 0) {
        visitFunction(_scanner.getTokenOffset(), _scanner.getTokenLength(), _scanner.getTokenStartLine(), _scanner.getTokenStartCharacter());
      }
    } : () => true;
  }
  const onObjectBegin = toBeginVisit(visitor.onObjectBegin), onObjectProperty = toOneArgVisitWithPath(visitor.onObjectProperty), onObjectEnd = toEndVisit(visitor.onObjectEnd), onArrayBegin = toBeginVisit(visitor.onArrayBegin), onArrayEnd = toEndVisit(visitor.onArrayEnd), onLiteralValue = toOneArgVisitWithPath(visitor.onLiteralValue), onSeparator = toOneArgVisit(visitor.onSeparator), onComment = toNoArgVisit(visitor.onComment), onError = toOneArgVisit(visitor.onError);
  const disallowComments = options && options.disallowComments;
  const allowTrailingComma = options && options.allowTrailingComma;
  function scanNext() {
    while (true) {
      const token = _scanner.scan();
      switch (_scanner.getTokenError()) {
        case 4:
          handleError(
            14
            /* ParseErrorCode.InvalidUnicode */
          );
          break;
        case 5:
          handleError(
            15
            /* ParseErrorCode.InvalidEscapeCharacter */
          );
          break;
        case 3:
          handleError(
            13
            /* ParseErrorCode.UnexpectedEndOfNumber */
          );
          break;
        case 1:
          if (!disallowComments) {
            handleError(
              11
              /* ParseErrorCode.UnexpectedEndOfComment */
            );
          }
          break;
        case 2:
          handleError(
            12
            /* ParseErrorCode.UnexpectedEndOfString */
          );
          break;
        case 6:
          handleError(
            16
            /* ParseErrorCode.InvalidCharacter */
          );
          break;
      }
      switch (token) {
        case 12:
        case 13:
          if (disallowComments) {
            handleError(
              10
              /* ParseErrorCode.InvalidCommentToken */
            );
          } else {
            onComment();
          }
          break;
        case 16:
          handleError(
            1
            /* ParseErrorCode.InvalidSymbol */
          );
          break;
        case 15:
        case 14:
          break;
        default:
          return token;
      }
    }
  }
  function handleError(error, skipUntilAfter = [], skipUntil = []) {
    onError(error);
    if (skipUntilAfter.length + skipUntil.length > 0) {
      let token = _scanner.getToken();
      while (token !== 17) {
        if (skipUntilAfter.indexOf(token) !== -1) {
          scanNext();
          break;
        } else if (skipUntil.indexOf(token) !== -1) {
          break;
        }
        token = scanNext();
      }
    }
  }
  function parseString(isValue) {
    const value = _scanner.getTokenValue();
    if (isValue) {
      onLiteralValue(value);
    } else {
      onObjectProperty(value);
      _jsonPath.push(value);
    }
    scanNext();
    return true;
  }
  function parseLiteral() {
    switch (_scanner.getToken()) {
      case 11:
        const tokenValue = _scanner.getTokenValue();
        let value = Number(tokenValue);
        if (isNaN(value)) {
          handleError(
            2
            /* ParseErrorCode.InvalidNumberFormat */
          );
          value = 0;
        }
        onLiteralValue(value);
        break;
      case 7:
        onLiteralValue(null);
        break;
      case 8:
        onLiteralValue(true);
        break;
      case 9:
        onLiteralValue(false);
        break;
      default:
        return false;
    }
    scanNext();
    return true;
  }
  function parseProperty() {
    if (_scanner.getToken() !== 10) {
      handleError(3, [], [
        2,
        5
        /* SyntaxKind.CommaToken */
      ]);
      return false;
    }
    parseString(false);
    if (_scanner.getToken() === 6) {
      onSeparator(":");
      scanNext();
      if (!parseValue()) {
        handleError(4, [], [
          2,
          5
          /* SyntaxKind.CommaToken */
        ]);
      }
    } else {
      handleError(5, [], [
        2,
        5
        /* SyntaxKind.CommaToken */
      ]);
    }
    _jsonPath.pop();
    return true;
  }
  function parseObject() {
    onObjectBegin();
    scanNext();
    let needsComma = false;
    while (_scanner.getToken() !== 2 && _scanner.getToken() !== 17) {
      if (_scanner.getToken() === 5) {
        if (!needsComma) {
          handleError(4, [], []);
        }
        onSeparator(",");
        scanNext();
        if (_scanner.getToken() === 2 && allowTrailingComma) {
          break;
        }
      } else if (needsComma) {
        handleError(6, [], []);
      }
      if (!parseProperty()) {
        handleError(4, [], [
          2,
          5
          /* SyntaxKind.CommaToken */
        ]);
      }
      needsComma = true;
    }
    onObjectEnd();
    if (_scanner.getToken() !== 2) {
      handleError(7, [
        2
        /* SyntaxKind.CloseBraceToken */
      ], []);
    } else {
      scanNext();
    }
    return true;
  }
  function parseArray() {
    onArrayBegin();
    scanNext();
    let isFirstElement = true;
    let needsComma = false;
    while (_scanner.getToken() !== 4 && _scanner.getToken() !== 17) {
      if (_scanner.getToken() === 5) {
        if (!needsComma) {
          handleError(4, [], []);
        }
        onSeparator(",");
        scanNext();
        if (_scanner.getToken() === 4 && allowTrailingComma) {
          break;
        }
      } else if (needsComma) {
        handleError(6, [], []);
      }
      if (isFirstElement) {
        _jsonPath.push(0);
        isFirstElement = false;
      } else {
        _jsonPath[_jsonPath.length - 1]++;
      }
      if (!parseValue()) {
        handleError(4, [], [
          4,
          5
          /* SyntaxKind.CommaToken */
        ]);
      }
      needsComma = true;
    }
    onArrayEnd();
    if (!isFirstElement) {
      _jsonPath.pop();
    }
    if (_scanner.getToken() !== 4) {
      handleError(8, [
        4
        /* SyntaxKind.CloseBracketToken */
      ], []);
    } else {
      scanNext();
    }
    return true;
  }
  function parseValue() {
    switch (_scanner.getToken()) {
      case 3:
        return parseArray();
      case 1:
        return parseObject();
      case 10:
        return parseString(true);
      default:
        return parseLiteral();
    }
  }
  scanNext();
  if (_scanner.getToken() === 17) {
    if (options.allowEmptyContent) {
      return true;
    }
    handleError(4, [], []);
    return false;
  }
  if (!parseValue()) {
    handleError(4, [], []);
    return false;
  }
  if (_scanner.getToken() !== 17) {
    handleError(9, [], []);
  }
  return true;
}

// node_modules/jsonc-parser/lib/esm/main.js
var ScanError;
(function(ScanError2) {
  ScanError2[ScanError2["None"] = 0] = "None";
  ScanError2[ScanError2["UnexpectedEndOfComment"] = 1] = "UnexpectedEndOfComment";
  ScanError2[ScanError2["UnexpectedEndOfString"] = 2] = "UnexpectedEndOfString";
  ScanError2[ScanError2["UnexpectedEndOfNumber"] = 3] = "UnexpectedEndOfNumber";
  ScanError2[ScanError2["InvalidUnicode"] = 4] = "InvalidUnicode";
  ScanError2[ScanError2["InvalidEscapeCharacter"] = 5] = "InvalidEscapeCharacter";
  ScanError2[ScanError2["InvalidCharacter"] = 6] = "InvalidCharacter";
})(ScanError || (ScanError = {}));
var SyntaxKind;
(function(SyntaxKind2) {
  SyntaxKind2[SyntaxKind2["OpenBraceToken"] = 1] = "OpenBraceToken";
  SyntaxKind2[SyntaxKind2["CloseBraceToken"] = 2] = "CloseBraceToken";
  SyntaxKind2[SyntaxKind2["OpenBracketToken"] = 3] = "OpenBracketToken";
  SyntaxKind2[SyntaxKind2["CloseBracketToken"] = 4] = "CloseBracketToken";
  SyntaxKind2[SyntaxKind2["CommaToken"] = 5] = "CommaToken";
  SyntaxKind2[SyntaxKind2["ColonToken"] = 6] = "ColonToken";
  SyntaxKind2[SyntaxKind2["NullKeyword"] = 7] = "NullKeyword";
  SyntaxKind2[SyntaxKind2["TrueKeyword"] = 8] = "TrueKeyword";
  SyntaxKind2[SyntaxKind2["FalseKeyword"] = 9] = "FalseKeyword";
  SyntaxKind2[SyntaxKind2["StringLiteral"] = 10] = "StringLiteral";
  SyntaxKind2[SyntaxKind2["NumericLiteral"] = 11] = "NumericLiteral";
  SyntaxKind2[SyntaxKind2["LineCommentTrivia"] = 12] = "LineCommentTrivia";
  SyntaxKind2[SyntaxKind2["BlockCommentTrivia"] = 13] = "BlockCommentTrivia";
  SyntaxKind2[SyntaxKind2["LineBreakTrivia"] = 14] = "LineBreakTrivia";
  SyntaxKind2[SyntaxKind2["Trivia"] = 15] = "Trivia";
  SyntaxKind2[SyntaxKind2["Unknown"] = 16] = "Unknown";
  SyntaxKind2[SyntaxKind2["EOF"] = 17] = "EOF";
})(SyntaxKind || (SyntaxKind = {}));
var parse2 = parse;
var ParseErrorCode;
(function(ParseErrorCode2) {
  ParseErrorCode2[ParseErrorCode2["InvalidSymbol"] = 1] = "InvalidSymbol";
  ParseErrorCode2[ParseErrorCode2["InvalidNumberFormat"] = 2] = "InvalidNumberFormat";
  ParseErrorCode2[ParseErrorCode2["PropertyNameExpected"] = 3] = "PropertyNameExpected";
  ParseErrorCode2[ParseErrorCode2["ValueExpected"] = 4] = "ValueExpected";
  ParseErrorCode2[ParseErrorCode2["ColonExpected"] = 5] = "ColonExpected";
  ParseErrorCode2[ParseErrorCode2["CommaExpected"] = 6] = "CommaExpected";
  ParseErrorCode2[ParseErrorCode2["CloseBraceExpected"] = 7] = "CloseBraceExpected";
  ParseErrorCode2[ParseErrorCode2["CloseBracketExpected"] = 8] = "CloseBracketExpected";
  ParseErrorCode2[ParseErrorCode2["EndOfFileExpected"] = 9] = "EndOfFileExpected";
  ParseErrorCode2[ParseErrorCode2["InvalidCommentToken"] = 10] = "InvalidCommentToken";
  ParseErrorCode2[ParseErrorCode2["UnexpectedEndOfComment"] = 11] = "UnexpectedEndOfComment";
  ParseErrorCode2[ParseErrorCode2["UnexpectedEndOfString"] = 12] = "UnexpectedEndOfString";
  ParseErrorCode2[ParseErrorCode2["UnexpectedEndOfNumber"] = 13] = "UnexpectedEndOfNumber";
  ParseErrorCode2[ParseErrorCode2["InvalidUnicode"] = 14] = "InvalidUnicode";
  ParseErrorCode2[ParseErrorCode2["InvalidEscapeCharacter"] = 15] = "InvalidEscapeCharacter";
  ParseErrorCode2[ParseErrorCode2["InvalidCharacter"] = 16] = "InvalidCharacter";
})(ParseErrorCode || (ParseErrorCode = {}));

// ts/json-text.ts
function parseJson(text) {
  try {
    return { json: JSON.parse(text) };
  } catch {
    const errors = [];
    parse2(text, errors, { disallowComments: true, allowTrailingComma: false });
    const offset = errors[0]?.offset ?? 0;
    const { line: line2, column } = placeOf(text, offset);
    return { wrong: `line ${line2}, column ${column}: is no JSON from here on`, offset };
  }
}
function placeOf(text, offset) {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

// ts/cli/json-file.ts
function readJson(file, option) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync2(file));
  } catch (error) {
    const { code } = error;
    if (code === "ENOENT") return { wrong: `there is no such file; name it with ${option}` };
    return { wrong: code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "is not UTF-8 text" : `cannot be read (${code})` };
  }
  return parseJson(text);
}

// ts/cli/config-file.ts
function loadConfig(file, options = {}) {
  const { problems, ...loaded } = inspectConfig(file, options);
  if (problems.length > 0) throw new ConfigError(problems.map((it) => `${file}: ${it}`));
  return loaded;
}
function inspectConfig(file, options = {}) {
  const { env = process.env, builtIn = BUILT_IN, without = [], secrets = true } = options;
  const read2 = readJson(file, "--config");
  if ("wrong" in read2) throw new ConfigError([`${file}: ${read2.wrong}`]);
  const [json2, leftOut] = leaveOut(read2.json, without);
  const references = new References(dirname(resolve(file)), env, secrets);
  const config = references.resolve(json2, "");
  const engine = createEngine(config, builtIn);
  const rest = engine.problems.filter((it) => !references.failed.some((path) => it.startsWith(`${path}:`)));
  const problems = [...references.problems, ...functionProblems(config), ...rest];
  return { config, engine, problems, warnings: warnings(file, read2.json), leftOut };
}
var References = class {
  constructor(folder, env, secrets) {
    this.folder = folder;
    this.env = env;
    this.secrets = secrets;
  }
  folder;
  env;
  secrets;
  problems = [];
  /** Paths whose text could not be had. */
  failed = [];
  resolve(value, path) {
    if (Array.isArray(value)) return value.map((it, i) => this.resolve(it, `${path}[${i}]`));
    if (typeof value !== "object" || value === null) return value;
    const reference = readReference(value, path);
    if (reference) return this.#read(reference, path);
    return Object.fromEntries(
      Object.entries(value).map(([key, it]) => [key, this.resolve(it, path ? `${path}.${key}` : key)])
    );
  }
  #read({ from, name }, path) {
    if (!this.secrets && (SECRET.test(path) || ACCOUNT.test(path))) return "stands-in-for-what-is-kept-elsewhere";
    if (from === "env") return this.env[name] || this.#fail(path, `the environment variable ${name} is not set`);
    try {
      return readFileSync3(resolve(this.folder, name), "utf8").replace(/\r?\n$/, "");
    } catch (error) {
      return this.#fail(path, `the file ${name} cannot be read (${error.code})`);
    }
  }
  #fail(path, what) {
    this.failed.push(path);
    this.problems.push(`${path}: ${what}`);
    return "";
  }
};
function warnings(file, json2) {
  const { mode } = statSync(file);
  if (process.platform === "win32" || (mode & 63) === 0) return [];
  const literal2 = [];
  mapValues(json2, (it, path) => {
    if (typeof it === "string" && SECRET.test(path)) literal2.push(path);
    return it;
  });
  if (literal2.length === 0) return [];
  return [
    `${file}: others on this machine can read it, and it holds ${literal2.join(", ")}; chmod 600 it, or use {"env": …}`
  ];
}

// ts/cli/terminal.ts
var UNSEEN = (
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /(?![\n\t])[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff]/g
);
var shown = (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
function visible(text) {
  return text.replace(UNSEEN, shown);
}
function visibleLine(text) {
  return visible(text).replace(/[\n\t]/g, shown);
}
function jsonLine(value) {
  return visible(JSON.stringify(value));
}
function outlive(code) {
  for (const stream of [process.stdout, process.stderr])
    stream.removeAllListeners("error").on("error", (error) => {
      if (code !== void 0 && error.code !== code) throw error;
    });
}

// ts/cli/build.ts
var build = {
  summary: "Write the file that is pasted into Authgear's Portal",
  options: {
    config: CONFIG,
    out: { value: "FILE", default: "invite.hook.ts", help: "the file to write" },
    locales: {
      value: "LIST",
      help: "built-in texts, such as en,ja (default en and those that the configuration names)"
    },
    json: { help: "one JSON object: out, bytes, locales, ses, warnings" }
  },
  examples: [
    ["build", "Write invite.hook.ts from invite.config.json"],
    ["build --locales en,ja,ko --out my-hook.ts", "With texts in three languages"]
  ],
  notes: `The file holds every key of the configuration in plain, since the Portal has no place for secrets: only you can read
it, and it belongs into no repository. The same configuration makes the same bytes.`,
  run
};
async function run(values) {
  const [file, out] = [values.config ?? "", values.out ?? ""];
  const { config, warnings: warnings2, leftOut } = loadConfig(file, { without: UNUSED });
  warnings2.push(...leftOut.map((key) => `${file}: ${key} is left out; the pasted file has no use for it`));
  const locales = values.locales === void 0 ? spokenLocales(config) : readLocales(values.locales);
  if (values.locales === void 0 && locales.length === 1) warnings2.push(alone(locales.join()));
  const builtIn = chooseLocales(locales);
  checkLocales(config, builtIn);
  const text = pasteIn(config, builtIn, readPart);
  const bytes2 = Buffer.byteLength(text);
  if (bytes2 > AUTHGEAR_LIMIT) {
    process.stderr.write(
      `authgear-invite: the file would have ${bytes2} bytes, and Authgear takes ${AUTHGEAR_LIMIT}; use fewer locales, or shorter texts. Nothing was written.
`
    );
    return EXIT.failed;
  }
  write(out, text);
  if (isSharedByGit(out)) warnings2.push(`${out}: holds keys, and git does not ignore it; add it to .gitignore`);
  if (values.json) print(jsonLine({ out, bytes: bytes2, locales: Object.keys(builtIn), ses: usesSes(config), warnings: warnings2 }));
  else {
    for (const warning of warnings2) process.stderr.write(`warning  ${visibleLine(warning)}
`);
    print(visibleLine(`${out}: ${bytes2} bytes of ${AUTHGEAR_LIMIT}, with ${Object.keys(builtIn).join(", ")}`));
  }
  return EXIT.done;
}
var KNOWN = Object.keys(BUILT_IN);
var alone = (locale) => `--locales: not given, so users of other languages get ${locale}; give those that yours speak, such as en,ja`;
function checkLocales(config, builtIn) {
  const { defaultLocale = "en" } = config;
  try {
    createSoundEngine(config, builtIn).free();
  } catch (error) {
    if (covers(Object.keys(builtIn), defaultLocale)) throw error;
    throw new UsageError(`--locales: lacks ${defaultLocale}, the default locale; add it, or set defaultLocale`);
  }
}
function readLocales(list4) {
  const names = list4.split(",").map((it) => it.trim());
  const odd = names.find((it) => !KNOWN.includes(it));
  if (odd === void 0) return names;
  throw new UsageError(`--locales: "${odd}" is not built in; the built-in locales are ${KNOWN.join(", ")}`);
}
function write(out, text) {
  const draft = `${out}.${process.pid}.tmp`;
  try {
    if (existsSync2(out) && !readFileSync4(out, "utf8").startsWith(BEGINNING))
      throw new UsageError(`--out: ${out} is there, and no paste-in file; give another name`);
    writeFileSync(draft, text, { mode: 384, flag: "wx" });
    renameSync(draft, out);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    rmSync(draft, { force: true });
    throw new UsageError(`--out: ${out} cannot be written (${error.code})`);
  }
}
function isSharedByGit(file) {
  const args = ["check-ignore", "--quiet", "--", basename(file)];
  return spawnSync("git", args, { cwd: dirname2(resolve2(file)), stdio: "ignore" }).status === 1;
}

// ts/cli/admin-config.ts
import { dirname as dirname3, resolve as resolve3 } from "node:path";
var KEYS = ["endpoint", "projectId", "keyId", "privateKey", "passwordPolicy"];
var ANY_POLICY = {
  min_length: 32,
  uppercase_required: true,
  lowercase_required: true,
  digit_required: true,
  symbol_required: true
};
function loadAdmin(file, own = {}, env = process.env) {
  const read2 = readJson(file, "--config");
  if ("wrong" in read2) throw new ConfigError([`${file}: ${read2.wrong}`]);
  const block = read2.json?.admin;
  if (typeof block !== "object" || block === null || Array.isArray(block))
    throw new ConfigError([`${file}: admin: must be an object with endpoint, projectId, keyId and privateKey`]);
  const references = new References(dirname3(resolve3(file)), env, true);
  const { passwordPolicy, ...options } = references.resolve(block, "admin");
  const problems = [...shape(block), ...references.problems];
  const attempt = (work2) => {
    try {
      return work2();
    } catch (error) {
      const more = problemsOf(error);
      problems.push(...more.filter((it) => !problems.some((known) => known.startsWith(`${it.split(":")[0]}:`))));
      return void 0;
    }
  };
  const admin = attempt(() => createAdmin({ ...options, ...own }));
  const password2 = attempt(() => createPasswordGenerator(passwordPolicy ?? ANY_POLICY));
  if (!admin || !password2 || problems.length > 0) throw new ConfigError(problems.map((it) => `${file}: ${it}`));
  const { origin } = new URL(options.endpoint);
  return { admin, origin, password: () => password2().password };
}
function shape(block) {
  const unknown = Object.keys(block).filter((key) => !KEYS.includes(key));
  const problems = unknown.map((key) => `admin.${key}: unknown key; there are ${KEYS.join(", ")}`);
  if (typeof block.privateKey === "string")
    problems.push(
      'admin.privateKey: must be {"env": "NAME"} or {"file": "path"}; a private key has no place in this file'
    );
  return problems;
}
function problemsOf(error) {
  if (error instanceof AdminOptionsError) return error.problems.map((it) => `admin.${it}`);
  if (error instanceof PasswordPolicyError)
    return error.message.split("\n").map((it) => `admin.passwordPolicy${/^\w+(\[\d+\])?:/.test(it) ? "." : ": "}${it}`);
  throw error;
}

// ts/cli/check.ts
var check = {
  summary: "Tell all that is wrong or odd in a configuration",
  options: { config: CONFIG, json: { help: "one JSON object: problems, warnings" } },
  examples: [
    ["check", "Check invite.config.json"],
    ["check --config other.json --json", "For a program"]
  ],
  notes: `Problems keep it from working, and exit with 1; warnings do not. Each is printed with its path, and without any value.`,
  run: run2
};
async function run2(values) {
  const file = values.config ?? "";
  const { problems, warnings: warnings2 } = findings(file);
  if (values.json) print(jsonLine({ problems, warnings: warnings2 }));
  else {
    for (const problem of problems) print(visibleLine(`problem  ${problem}`));
    for (const warning of warnings2) print(visibleLine(`warning  ${warning}`));
    const count2 = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;
    print(`${visibleLine(file)}: ${count2(problems.length, "problem")}, ${count2(warnings2.length, "warning")}`);
  }
  return problems.length > 0 ? EXIT.failed : EXIT.done;
}
function findings(file) {
  try {
    const { config, problems, warnings: warnings2, leftOut } = inspectConfig(file, { without: ["admin"] });
    if (problems.length === 0) warnings2.push(...advise(config));
    return { problems: [...problems, ...leftOut.length > 0 ? adminProblems(file) : []], warnings: warnings2 };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems, warnings: [] };
    throw error;
  }
}
function adminProblems(file) {
  try {
    loadAdmin(file);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((it) => it.replace(`${file}: `, ""));
    throw error;
  }
}

// ts/cli/completion.ts
var SHELLS = {
  bash,
  zsh: (places2) => `autoload -U +X bashcompinit && bashcompinit
${bash(places2)}`,
  fish
};
function completion(commands2) {
  return {
    summary: "Print what a shell needs to complete commands and options",
    args: Object.keys(SHELLS).join("|"),
    choices: Object.keys(SHELLS),
    options: {},
    examples: [
      ["completion bash > ~/.local/share/bash-completion/completions/authgear-invite", "For bash"],
      ["completion fish > ~/.config/fish/completions/authgear-invite.fish", "For fish"]
    ],
    run: async (_, shells) => {
      const [shell = "", ...more] = shells;
      const write3 = Object.hasOwn(SHELLS, shell) && more.length === 0 ? SHELLS[shell] : void 0;
      if (!write3) throw new UsageError(`completion: give one of ${Object.keys(SHELLS).join(", ")}`);
      print(write3([...places(commands2, "")]));
      return EXIT.done;
    }
  };
}
function* places(commands2, path) {
  for (const [name, it] of Object.entries(commands2)) {
    const words = path ? `${path} ${name}` : name;
    if ("commands" in it) yield* places(it.commands, words);
    else {
      const options = Object.entries({ ...it.options, help: { help: "show help" } });
      yield { words, options, next: (it.choices ?? []).map((choice) => [choice, ""]) };
    }
  }
  const next = Object.entries(commands2).map(([name, { summary: summary3 }]) => [name, summary3]);
  yield { words: path, options: [], next };
}
function bash(places2) {
  const choosing = places2.flatMap(
    ({ words, options }) => options.flatMap(
      ([name, { choices }]) => choices ? [`    "${words} "*"--${name} ") offered="${choices.join(" ")}";;`] : []
    )
  );
  const valued = places2.flatMap(
    ({ options }) => options.flatMap(([name, { value }]) => value ? [`*" --${name} "`] : [])
  );
  const cases = places2.map(({ words, options, next }) => {
    const offered = [...next.map(([name]) => name), ...options.map(([name]) => `--${name}`)].join(" ");
    return words ? `    "${words} "*) offered="${offered}";;` : `    "") offered="${offered}";;`;
  });
  return `_authgear_invite() {
  local line="\${COMP_WORDS[*]:1:COMP_CWORD-1}" offered=
  COMPREPLY=()
  case "$line\${line:+ }" in
${choosing.join("\n")}
    ${[...new Set(valued)].join("|")}) ;;
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$offered" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _authgear_invite authgear-invite`;
}
function fish(places2) {
  const quoted = (text) => `'${text.replace(/['\\]/g, "\\$&")}'`;
  return places2.flatMap(({ words, options, next }) => {
    const at = [
      ...words.split(" ").filter(Boolean).map((it) => `__fish_seen_subcommand_from ${it}`),
      ...next.length > 0 ? [`not __fish_seen_subcommand_from ${next.map(([name]) => name).join(" ")}`] : []
    ];
    const line2 = `complete -c authgear-invite -n ${quoted(at.join("; and "))}`;
    return [
      ...next.map(([name, summary3]) => `${line2} -f -a ${name} -d ${quoted(summary3)}`),
      ...options.map(([name, { help, value, choices }]) => {
        const takes = [value && "-r ", choices && `-a ${quoted(choices.join(" "))} `].filter(Boolean).join("");
        return `${line2} -l ${name} ${takes}-d ${quoted(help)}`;
      })
    ];
  }).join("\n");
}

// ts/cli/envelope.ts
import { dirname as dirname4, resolve as resolve4 } from "node:path";
function loadEnvelope(file) {
  const read2 = readJson(file, "--config");
  const config = "json" in read2 ? read2.json : void 0;
  const block = config?.envelope;
  if (typeof block !== "object" || block === null) return void 0;
  const references = new References(dirname4(resolve4(file)), process.env, true);
  const { secrets, placeholders } = references.resolve(block, "envelope");
  const [secret] = Array.isArray(secrets) ? secrets : [];
  const problems = references.problems;
  if (problems.length === 0 && (typeof secret !== "string" || [...secret].length < SECRET_LENGTH))
    problems.push(`envelope.secrets[0]: must have at least ${SECRET_LENGTH} characters; take random ones`);
  if (problems.length > 0) throw new ConfigError(problems.map((it) => `${file}: ${it}`));
  const names = Array.isArray(placeholders) ? placeholders.filter((it) => typeof it === "string") : [];
  const isHooks = config?.serviceName !== void 0;
  const messageProblem = isHooks ? messageJudge(config, new References(references.folder, process.env, false)) : () => void 0;
  return { secret, placeholders: names, messageProblem };
}
function messageJudge({ defaultLocale, messages }, references) {
  const texts3 = references.resolve(messages, "messages");
  const said = /* @__PURE__ */ new Map();
  return (name) => {
    if (!said.has(name)) {
      const rules = [{ on: "user.created", message: name }];
      const config = { serviceName: "-", url: "https://localhost", defaultLocale, messages: texts3, rules };
      const { problems, free } = createEngine(config, BUILT_IN);
      free();
      said.set(name, problems.find((it) => it.startsWith(OF_MESSAGE))?.slice(OF_MESSAGE.length));
    }
    return said.get(name);
  };
}
var OF_MESSAGE = "rules[0].message: ";
var ENVELOPE_OPTIONS = {
  name: { value: "NAME", help: "the new user's name" },
  "given-name": { value: "NAME", help: "the given name" },
  "family-name": { value: "NAME", help: "the family name" },
  nickname: { value: "NAME", help: "the nickname" },
  inviter: { value: "NAME", help: "who invites the user" },
  message: { value: "MESSAGE", help: "another message of the configuration than the rule's" },
  "no-message": { help: "the hook sends no message" },
  set: { value: "NAME=TEXT", many: true, help: "a placeholder of envelope.placeholders; may be given again" }
};
var ENVELOPE_NOTES = `What createUser cannot say (--name to --set) reaches your hook in x_state, sealed for an hour and for this login alone. That
takes a secret in this configuration, and the same one in the hook's:
  "envelope": { "secrets": [{"env": "ENVELOPE_SECRET"}], "placeholders": ["team"] }`;
var LIFE_MS = 36e5;
function readEnvelope(values, { set = [] }) {
  if (values["no-message"] && values.message !== void 0)
    throw new UsageError("--no-message: does not go with --message");
  const said = {
    name: values.name,
    givenName: values["given-name"],
    familyName: values["family-name"],
    nickname: values.nickname,
    inviter: values.inviter,
    message: values.message,
    suppress: values["no-message"] ? true : void 0,
    values: set.length > 0 ? Object.fromEntries(set.map(readSet)) : void 0
  };
  if (Object.values(said).every((it) => it === void 0)) return void 0;
  checkNames(values);
  return said;
}
var NAMES = ["name", "given-name", "family-name", "nickname", "inviter"];
function checkNames(values) {
  const messages = { invite: { en: { subject: "-", text: "{name}" } } };
  const { preview: preview2, free } = createEngine({ serviceName: "-", url: "https://localhost", messages }, {});
  for (const option of NAMES) {
    const attributes = { email: "new@user.example", name: values[option] };
    const shown2 = preview2(created("-", { user: { standard_attributes: attributes } }));
    if (values[option] !== void 0 && shown2.type === "message" && shown2.text === "")
      throw new UsageError(
        `--${option}: the message would leave it out; a name has letters, spaces and ' - . , alone, and at most six words`
      );
  }
  free();
}
function readSet(text) {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError("--set: must be a placeholder, = and its text, as team=Support");
  return [text.slice(0, at), text.slice(at + 1)];
}
async function seal(said, login, block) {
  const problem = said.message === void 0 ? void 0 : block.messageProblem(said.message);
  if (problem) throw new UsageError(`--message: ${problem}`);
  const unknown = Object.keys(said.values ?? {}).find((name) => !block.placeholders.includes(name));
  if (unknown !== void 0)
    throw new UsageError(`--set: ${unknown} is not in envelope.placeholders of the configuration; name it there`);
  return sealEnvelope({ ...said, expires: new Date(Date.now() + LIFE_MS) }, login, block.secret);
}

// ts/cli/login.ts
var LOGIN_KINDS = ["email", "phone", "username"];
var MOST = { email: 254, phone: 16, username: 100 };
function loginProblem(kind, value) {
  if (kind === "email" && !/^[^\s@]+@[^\s@]+$/.test(value)) return "must be an e-mail address, as new@user.example";
  if (kind === "phone" && !/^\+[1-9]\d{6,14}$/.test(value))
    return "must be + and digits with the country's code, as +85251000001";
  if (value.trim() === "") return "must not be empty";
  return value.length > MOST[kind] ? `must have at most ${MOST[kind]} characters` : void 0;
}
function canonicalLocale(tag) {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return void 0;
  }
}
function readLocale({ locale }) {
  if (locale === void 0) return void 0;
  const tag = canonicalLocale(locale);
  if (tag === void 0) throw new UsageError("--locale: must be a BCP 47 tag, as ja or zh-Hant");
  return tag;
}

// ts/cli/invitation.ts
function eventFor(account, { id = `account-${account.id}`, locale = "" } = {}) {
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
        groups: account.groups ?? []
      },
      identities: [
        ...logins.map(({ kind, typed }) => loginId(kind, typed)),
        ...oauthEmails.map((email) => identity("oauth", { email }))
      ]
    },
    context: {
      timestamp: Math.floor(Date.parse(createdAt) / 1e3),
      user_id: account.id,
      triggered_by: "admin_api",
      preferred_languages: locale ? [locale] : [],
      language: locale,
      geo_location_code: null
    }
  };
}
function sendNow(event, { config, engine }, decision = engine.decide(event)) {
  const about = { id: event.id, type: event.type, userId: event.payload.user.id, start: HOST.now() };
  const setup = { config, builtin: JSON.stringify(BUILT_IN), host: { ...HOST, sign } };
  return carryOut(decision, about, engine, setup);
}

// ts/cli/password-mail.ts
var STAND_IN = "x";
function preparePasswordMail(file, email, context2) {
  const loaded = loadConfig(file, { without: ["webhook"] });
  const eventOf2 = ({ id, createdAt }) => {
    const event = eventFor(
      { id, createdAt, logins: [{ kind: "email", typed: email }] },
      { locale: context2.ui_locales }
    );
    return { ...event, context: { ...event.context, oauth: { x_state: context2.x_state } } };
  };
  const decide2 = (account, password2) => loaded.engine.decidePassword(eventOf2(account), password2);
  const problems = obstacles(loaded, decide2({ id: STAND_IN, createdAt: (/* @__PURE__ */ new Date()).toISOString() }, STAND_IN));
  if (problems.length > 0) throw new ConfigError(problems.map((it) => `${file}: ${it}`));
  return { send: (account, password2) => sendNow(eventOf2(account), loaded, decide2(account, password2)) };
}
function obstacles({ config }, trial) {
  if (config.signIn === "code") return ["signIn: is code, and such a project has no passwords; use --password none"];
  if (trial.type === "invalid") return trial.problems;
  return trial.type === "skip" ? [`the mail cannot be sent: ${trial.detail}`] : [];
}

// ts/cli/create.ts
var MODES = ["throwaway", "authgear-sends", "we-send", "none"];
var EFFECTS = {
  throwaway: ["with a random password that nobody knows", "the hook sends the invitation"],
  "authgear-sends": ["with a password that Authgear has mailed", "the hook sees the account, too"],
  "we-send": ["with a password that was mailed to its owner", "the hook sees the account, too"],
  none: ["without a password", "the hook sends the invitation"]
};
var create = {
  summary: "Create an account for somebody else",
  options: {
    config: CONFIG,
    email: { value: "ADDRESS", help: "the new user's login: this e-mail address" },
    phone: { value: "NUMBER", help: "or this phone number, as +85251000001" },
    username: { value: "NAME", help: "or this username" },
    locale: { value: "TAG", help: "the language of the new user, as ja or zh-Hant" },
    password: { value: "MODE", default: "throwaway", choices: MODES, help: MODES.join(", ") },
    "change-at-login": { help: "with authgear-sends: the password must be changed at the first login" },
    "keep-password": { help: "with we-send: it need not be changed at the first login" },
    "also-invite": { help: "with we-send: the hook may send its message, too, or its rules leave the account out" },
    ...ENVELOPE_OPTIONS,
    json: { help: "one JSON object, also for a failure" }
  },
  examples: [
    ["create --email new@user.example", "An account whose owner sets the password by Forgot Password"],
    ["create --phone +85251000001 --locale zh-Hant", "The same by SMS, in Chinese"],
    [
      'create --email new@user.example --name "Ada Lovelace" --inviter Grace',
      "The message says who it is for, and by whom"
    ],
    ["create --email new@user.example --password authgear-sends --change-at-login", "Authgear mails the password"],
    ["create --email new@user.example --password we-send", "Your own mail, by your own provider, carries the password"]
  ],
  notes: `Passwords: throwaway makes a random one, sends it to nobody and shows it to nobody. authgear-sends has Authgear make one
and mail it: your hook sees that account, too, and sends its own message unless its rules say otherwise. we-send mails one
from here, by the senders of the configuration, and has it changed at the first login; whoever reads that mail has the
password. An envelope (see below) keeps your hook silent about that account. none makes none.

${ENVELOPE_NOTES}

The configuration's admin block holds the key from the Portal's Admin API page; the rest of the file matters to we-send and to
what is sealed alone:
  "admin": { "endpoint": "https://acme.authgear.cloud", "projectId": "acme", "keyId": "…",
             "privateKey": {"file": "admin-key.pem"}, "passwordPolicy": {"min_length": 12} }
passwordPolicy has the names of authenticator.password.policy in authgear.yaml. Without it a password has 32 characters
of all kinds.

A lost answer is looked into: the account is made once, and the exit code tells the truth. What could not be found out is
a failure whose JSON says in_doubt.`,
  run: run3
};
async function run3(values, _, lists) {
  const mode = oneOf(values, "password", MODES);
  const loginId2 = readLoginId(values);
  const context2 = readContext(values);
  const said = readEnvelope(values, lists);
  checkMode(mode, loginId2, values);
  const file = values.config ?? "";
  const { admin, password: password2 } = loadAdmin(file);
  const alone2 = mode === "we-send" && !values["also-invite"];
  const sealed = alone2 ? { ...said, suppress: true } : said;
  if (sealed) {
    const block = loadEnvelope(file);
    if (!block) throw new UsageError(alone2 ? NOT_ALONE : NOT_SEALED);
    context2.x_state = await seal(sealed, Object.values(loginId2).join(), block);
  }
  const mail = mode === "we-send" && "email" in loginId2 ? preparePasswordMail(file, loginId2.email, context2) : void 0;
  const user2 = { loginId: loginId2, ...passwordFor(mode, password2, values) };
  let made;
  try {
    made = await admin.createUser(user2, context2);
  } catch (error) {
    if (!(error instanceof AdminApiError)) throw new ConfigError(problemsOf(error).map((it) => `${file}: ${it}`));
    if (values.json) print(jsonLine(failure(error)));
    process.stderr.write(`authgear-invite: ${explain(error)}
`);
    return EXIT.failed;
  }
  const sent = await mail?.send(made, user2.password ?? "");
  const failed = sent && sent.outcome !== "sent" ? sent : void 0;
  if (values.json)
    print(jsonLine({ outcome: "created", user_id: made.id, node_id: made.nodeId, password: mode, mail: sent }));
  else if (!failed) print(`Created ${made.id} ${effect(mode, sealed?.suppress)}.`);
  if (failed) process.stderr.write(`authgear-invite: ${visibleLine(explainMail(made.id, failed))}
`);
  return failed ? EXIT.failed : EXIT.done;
}
var NOT_ALONE = '--password: we-send takes an "envelope" in the configuration, or the hook sends its own message, too; see --help, or say --also-invite';
var NOT_SEALED = 'create: what createUser cannot say takes a secret to seal it with; give the configuration "envelope": { "secrets": [{"env": "ENVELOPE_SECRET"}] }, and the hook the same';
function effect(mode, silent) {
  const [made, hook] = EFFECTS[mode];
  return `${made}; ${silent ? "the hook sends no message" : hook}`;
}
function checkMode(mode, loginId2, values) {
  if ((mode === "authgear-sends" || mode === "we-send") && !("email" in loginId2))
    throw new UsageError(`--password: ${mode} goes with --email; passwords are sent by e-mail alone`);
  for (const [option, needed] of [
    ["change-at-login", "authgear-sends"],
    ["keep-password", "we-send"],
    ["also-invite", "we-send"]
  ])
    if (values[option] && mode !== needed) throw new UsageError(`--${option}: goes with --password ${needed}`);
}
function passwordFor(mode, password2, values) {
  switch (mode) {
    case "throwaway":
      return { password: password2() };
    case "authgear-sends":
      return { password: "", sendPassword: true, setPasswordExpired: values["change-at-login"] !== void 0 };
    case "we-send":
      return { password: password2(), setPasswordExpired: values["keep-password"] === void 0 };
    case "none":
      return { password: null };
  }
}
function readLoginId({ email, phone, username }) {
  const given = Object.entries({ email, phone, username }).filter(([, value]) => value !== void 0);
  const [only, ...more] = given;
  if (!only || more.length > 0) throw new UsageError("create: give one of --email, --phone and --username");
  const problem = loginProblem(only[0], only[1] ?? "");
  if (problem) throw new UsageError(`--${only[0]}: ${problem}`);
  return { [only[0]]: only[1] };
}
function readContext(values) {
  const tag = readLocale(values);
  return tag === void 0 ? {} : { ui_locales: tag };
}
var failure = ({ fault, reason, causes, status, retryAfterMs, inDoubt }) => ({
  outcome: "failed",
  fault,
  reason,
  causes,
  status,
  retry_after_seconds: retryAfterMs && Math.ceil(retryAfterMs / 1e3),
  in_doubt: inDoubt
});
function explainMail(id, { outcome, reason }) {
  const what = outcome === "unknown" ? "may not have been mailed" : "was not mailed";
  return `made ${id}, but its password ${what}, and nobody knows it: ${reason}; "authgear-invite resend --user ${id}" sends the invitation, with which its owner can set another`;
}
function explain(error) {
  const { causes, reason, message } = error;
  if (isDuplicate(error)) return "there is an account with this login already; nothing was changed";
  if (causes.includes("InvalidLoginIDKey"))
    return "the project has no such login; see its Authentication > Login Methods";
  if (reason === "PasswordPolicyViolated")
    return `the project's policy does not take the password (${causes.join(", ")}); tell it in admin.passwordPolicy`;
  return message;
}

// ts/outbox/sqlite.ts
var NoSqlite = class extends Error {
  name = "NoSqlite";
  constructor() {
    super(`Node.js ${process.versions.node} has no SQLite of its own; use 22.13 or later, or: npm install libsql`);
  }
};
async function loadSqlite() {
  const own = await load("node:sqlite");
  if (own) return (path) => new own.DatabaseSync(path);
  const libsql = await load("libsql");
  if (libsql) return (path) => adapt(new libsql.default(path));
  throw new NoSqlite();
}
async function load(name) {
  const { emitWarning } = process;
  process.emitWarning = () => {
  };
  try {
    return await import(name);
  } catch {
    return void 0;
  } finally {
    process.emitWarning = emitWarning;
  }
}
function adapt(database) {
  return {
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
    prepare: (sql) => {
      const statement = database.prepare(sql);
      return {
        run: (...values) => statement.run(values),
        get: (...values) => statement.get(values),
        all: (...values) => statement.all(values)
      };
    }
  };
}
var FAULTS = {
  5: "busy",
  6: "busy",
  8: "readonly",
  10: "io",
  11: "corrupt",
  13: "full",
  14: "io",
  26: "corrupt"
};
function faultOf(error) {
  const { errcode, rawCode = errcode } = error ?? {};
  return FAULTS[(rawCode ?? 0) & 255] ?? "unknown";
}

// ts/cli/doctor/domain.ts
import { Resolver } from "node:dns/promises";

// ts/cli/doctor/finding.ts
var PATIENCE_MS = 5e3;
var LIMIT_MS = 12e3;
async function limited(check4, work2, limitMs = LIMIT_MS) {
  let timer;
  const late = new Promise((resolve7) => {
    timer = setTimeout(resolve7, limitMs, [{ check: check4, level: "warning", seen: "was given up; nothing answered in time" }]);
  });
  const failed = (error) => [
    { check: check4, level: "warning", seen: `could not be checked (${error?.name})` }
  ];
  return Promise.race([(async () => work2())().catch(failed), late]).finally(() => clearTimeout(timer));
}

// ts/cli/doctor/domain.ts
var TRY_MS = 2e3;
var NONE = /* @__PURE__ */ new Set(["ENODATA", "ENOTFOUND"]);
function domainsOf({ email = [] }) {
  const domains = email.flatMap(({ from }) => {
    const domain2 = (/<([^<>]*)>\s*$/.exec(from)?.[1] ?? from).split("@").at(-1)?.trim() ?? "";
    return URL.canParse(`http://${domain2}`) ? [new URL(`http://${domain2}`).hostname] : [];
  });
  return [...new Set(domains)];
}
async function domain(name, server) {
  const check4 = `dns ${name}`;
  const resolver = new Resolver({ timeout: TRY_MS, tries: 2 });
  const timer = setTimeout(() => resolver.cancel(), PATIENCE_MS);
  if (server !== void 0) resolver.setServers([server]);
  try {
    const [spf, dmarc, mx] = await Promise.all([
      texts2(resolver, name, /^v=spf1( |$)/i),
      // A domain has its organization's where it has none of its own.
      Promise.all(parents(name).map((it) => texts2(resolver, `_dmarc.${it}`, /^v=DMARC1 *(;|$)/i))),
      some(resolver.resolveMx(name))
    ]);
    const seen = [
      spf.length > 0 && "SPF",
      dmarc.some((it) => it.length > 0) && "DMARC",
      mx.length > 0 ? "MX" : "no MX: nobody can answer the mail"
    ];
    const findings2 = [{ check: check4, level: "ok", seen: seen.filter(Boolean).join(", ") }];
    if (spf.length === 0)
      findings2.push({
        check: check4,
        level: "warning",
        seen: "no SPF record (TXT v=spf1)",
        todo: "see the provider's page on domains; some keep it on a subdomain"
      });
    if (spf.length > 1)
      findings2.push({ check: check4, level: "warning", seen: "several SPF records, so none counts", todo: "join them in one" });
    if (!dmarc.some((it) => it.length > 0))
      findings2.push({
        check: check4,
        level: "warning",
        seen: "no DMARC record (TXT at _dmarc)",
        todo: "add one, such as v=DMARC1; p=none: large mailboxes refuse or hide mail without it"
      });
    return findings2;
  } catch (error) {
    const { code } = error;
    return [
      { check: check4, level: "warning", seen: `the DNS could not be asked (${code === "ECANCELLED" ? "ETIMEOUT" : code})` }
    ];
  } finally {
    clearTimeout(timer);
    resolver.cancel();
  }
}
function parents(name) {
  const labels = name.split(".");
  return labels.slice(0, Math.max(1, labels.length - 1)).map((_, i) => labels.slice(i).join("."));
}
var texts2 = async (resolver, name, wanted) => (await some(resolver.resolveTxt(name))).map((pieces) => pieces.join("")).filter((text) => wanted.test(text));
async function some(records) {
  return records.catch((error) => {
    if (NONE.has(error.code)) return [];
    throw error;
  });
}

// ts/cli/doctor/hosts.ts
async function ask(url, method = "HEAD") {
  try {
    return await HOST.fetch(url, { method, redirect: "manual", signal: HOST.timeout(PATIENCE_MS) });
  } catch (error) {
    const { name, cause } = error;
    return name === "TimeoutError" ? `no answer in ${PATIENCE_MS / 1e3} s` : `no connection (${cause?.code ?? name})`;
  }
}
function hostsOf(config) {
  const engine = createEngine({ ...config, rules: [{ on: "user.created" }] }, BUILT_IN);
  const requests = [SAMPLES.guide, SAMPLES.phone].flatMap((event) => {
    const decision = engine.decide(event);
    return decision.type === "send" ? decision.attempts : [];
  });
  engine.free();
  const receivers = Object.entries({ deadLetter: config.deadLetter, receipt: config.receipt });
  const hosts = [
    ...requests.map(({ provider, request }) => ({ whose: provider, url: request?.url })),
    ...receivers.map(([whose, receiver]) => ({ whose, url: receiver?.url }))
  ];
  const known = /* @__PURE__ */ new Map();
  for (const { whose, url } of hosts) {
    if (!url) continue;
    const { origin } = new URL(url);
    known.set(`${whose} ${origin}`, { whose, origin });
  }
  return [...known.values()];
}
async function reach({ whose, origin }) {
  const check4 = `reach ${whose}`;
  const asked = Date.now();
  const answer = await ask(origin);
  if (typeof answer === "string")
    return {
      check: check4,
      level: "problem",
      seen: `${origin}: ${answer}`,
      todo: "look at this machine's network, firewall and proxy, and at endpoint in the configuration"
    };
  const date = Date.parse(answer.headers.get("date") ?? "");
  const aheadMs = Number.isNaN(date) ? void 0 : (asked + Date.now()) / 2 - (date + 500);
  return { check: check4, level: "ok", seen: `${origin} answers (HTTP ${answer.status}); no key was sent`, aheadMs };
}
var SLOW_MS = 6e4;
var DEADLY_MS = 24e4;
function clock(aheadMs) {
  const check4 = "clock";
  if (aheadMs === void 0) return { check: check4, level: "warning", seen: "no host told its time" };
  const seconds = Math.round(Math.abs(aheadMs) / 1e3);
  const off = Math.abs(aheadMs);
  const seen = `this machine is ${seconds} s ${aheadMs < 0 ? "behind" : "ahead"}`;
  if (off <= SLOW_MS) return { check: check4, level: "ok", seen: seconds <= 2 ? "agrees with the servers'" : seen };
  const todo = "set the clock (NTP): tokens and signatures are taken for 5 minutes";
  return { check: check4, level: off > DEADLY_MS ? "problem" : "warning", seen, todo };
}

// ts/cli/log.ts
function jsonLog(stream) {
  return (level, what, facts) => void stream.write(
    `${JSON.stringify({ time: (/* @__PURE__ */ new Date()).toISOString(), level, "authgear-invite": what, ...facts })}
`
  );
}
var COLORS = { info: 32, warn: 33, error: 31 };
var DIM = 2;
var CLEAR = "\r\x1B[K";
function prettyLog(stream, env = process.env) {
  const color = Boolean(stream.isTTY) && !env.NO_COLOR;
  const paint = (code, text) => color ? `\x1B[${code}m${text}\x1B[0m` : text;
  let shown2 = "";
  const log = (level, what, facts = {}) => {
    const time4 = (/* @__PURE__ */ new Date()).toTimeString().slice(0, 8);
    const rest = Object.entries(facts).filter(([, value]) => value !== void 0 && value !== null).map(([name, value]) => `${paint(DIM, `${name}=`)}${typeof value === "string" ? value : JSON.stringify(value)}`);
    stream.write(`${shown2 && CLEAR}${paint(DIM, time4)} ${paint(COLORS[level], what)} ${rest.join(" ")}
${shown2}`);
  };
  const status = (text) => {
    if (!stream.isTTY) return;
    shown2 = text && paint(DIM, text.slice(0, (stream.columns ?? 80) - 1));
    stream.write(CLEAR + shown2);
  };
  return { log, status };
}

// ts/cli/doctor.ts
var doctor = {
  summary: "Look for what keeps messages from arriving",
  options: {
    config: CONFIG,
    server: { value: "URL", help: "also ask this authgear-invite serve, as http://127.0.0.1:8080" },
    dns: { value: "ADDRESS", help: "ask this DNS server instead of the system's, as 9.9.9.9" },
    json: { help: "one JSON object: problems, warnings, findings" }
  },
  examples: [
    ["doctor", "Look at the configuration, the Admin API, the providers' hosts, the clock and the DNS"],
    ["doctor --server http://127.0.0.1:8080 --json", "The server too; for a program"]
  ],
  notes: `All is looked at at the same time, and it ends within 15 seconds also when nothing answers. No message is sent, and no key
leaves but for the Admin API's own token. What it cannot see: whether the hook is registered (Portal > Advanced > Hooks), and
whether a provider knows your domain and key (send --to yourself@… tells). Who was never told: reconcile.
Problems exit with 1, warnings do not.`,
  run: run4
};
async function run4(values) {
  const { config: file = "", server, dns } = values;
  if (server !== void 0 && !/^https?:\/\//.test(server)) throw new UsageError("--server: must be a URL");
  if (dns !== void 0 && !/^[\da-fA-F.:[\]]+$/.test(dns))
    throw new UsageError("--dns: must be the address of a server");
  const { status } = prettyLog(process.stderr);
  status("looking …");
  const findings2 = await examine(file, server, dns);
  status("");
  const count2 = (level) => findings2.filter((it) => it.level === level).length;
  const [problems, warnings2] = [count2("problem"), count2("warning")];
  if (values.json) print(jsonLine({ problems, warnings: warnings2, findings: findings2 }));
  else {
    for (const finding of findings2) print(line(finding));
    print(
      `${problems} ${problems === 1 ? "problem" : "problems"}, ${warnings2} ${warnings2 === 1 ? "warning" : "warnings"}`
    );
  }
  return problems > 0 ? EXIT.failed : EXIT.done;
}
var COLORS2 = { ok: 32, warning: 33, problem: 31 };
function line({ check: check4, level, seen, todo }) {
  const color = process.stdout.isTTY && !process.env.NO_COLOR;
  const word = level.padEnd(7);
  const text = visibleLine(`${check4}: ${seen}${todo ? `; ${todo}` : ""}`);
  return `${color ? `\x1B[${COLORS2[level]}m${word}\x1B[0m` : word}  ${text}`;
}
async function examine(file, server, dns) {
  const { problems, warnings: warnings2 } = findings(file);
  const config = soundConfig(file);
  const admin = blockOf(file);
  const hosts = [...admin ? [{ whose: "admin API", origin: admin.origin }] : [], ...config ? hostsOf(config) : []];
  const reached = hosts.map(reach);
  const checks = [
    limited("configuration", () => [
      ...problems.map((seen) => ({ check: "configuration", level: "problem", seen })),
      ...warnings2.map((seen) => ({ check: "configuration", level: "warning", seen })),
      ...problems.length === 0 ? [{ check: "configuration", level: "ok", seen: `${file} can work` }] : []
    ]),
    limited("node", async () => [await node()]),
    ...config ? [limited("hook", () => [hookSize(config)])] : [],
    ...admin ? [limited("admin API", async () => [await takesKey(admin)])] : [],
    ...reached.map(
      (it, i) => limited(`reach ${hosts[i]?.whose}`, async () => {
        const { aheadMs: _, ...finding } = await it;
        return [finding];
      })
    ),
    ...reached.length > 0 ? [
      limited("clock", async () => [
        clock((await Promise.all(reached)).find((it) => it.aheadMs !== void 0)?.aheadMs)
      ])
    ] : [],
    ...config ? domainsOf(config).map((name) => limited(`dns ${name}`, () => domain(name, dns))) : [],
    ...server ? [limited("server", () => serverHealth(server))] : []
  ];
  return (await Promise.all(checks)).flat();
}
function soundConfig(file) {
  try {
    const { config, problems } = inspectConfig(file, { without: UNUSED });
    return problems.length === 0 ? config : void 0;
  } catch (error) {
    if (error instanceof ConfigError) return void 0;
    throw error;
  }
}
function blockOf(file) {
  try {
    return loadAdmin(file, { attempts: 1, attemptSeconds: PATIENCE_MS / 1e3 });
  } catch (error) {
    if (error instanceof ConfigError) return void 0;
    throw error;
  }
}
async function node() {
  const { node: version } = process.versions;
  const check4 = "node";
  if (Number(version.split(".")[0]) < 20)
    return { check: check4, level: "problem", seen: `Node.js ${version}`, todo: "use 20 or later" };
  const sqlite = await loadSqlite().then(
    () => "with SQLite for serve",
    () => "without SQLite, which only serve needs (22.13 or later, or npm install libsql)"
  );
  return { check: check4, level: "ok", seen: `Node.js ${version}, ${sqlite}` };
}
function hookSize(config) {
  const bytes2 = Buffer.byteLength(pasteIn(config, chooseLocales(spokenLocales(config)), readPart));
  const seen = `the paste-in file has ${bytes2} bytes of ${AUTHGEAR_LIMIT}`;
  return bytes2 > AUTHGEAR_LIMIT ? { check: "hook", level: "problem", seen, todo: "use fewer locales, or shorter texts" } : { check: "hook", level: "ok", seen };
}
var NOBODY = "00000000-0000-0000-0000-000000000000";
async function takesKey({ admin }) {
  try {
    await admin.node(NOBODY);
    return { check: "admin API", level: "ok", seen: "answers, and takes the key" };
  } catch (error) {
    if (!(error instanceof AdminApiError)) throw error;
    return { check: "admin API", level: "problem", seen: error.message.replace(/^node: /, "") };
  }
}
async function serverHealth(url) {
  const check4 = "server";
  const [health2, metrics] = await Promise.all([
    ask(new URL("/healthz", url).href, "GET"),
    ask(new URL("/metrics", url).href, "GET")
  ]);
  if (typeof health2 === "string")
    return [{ check: check4, level: "problem", seen: health2, todo: "start authgear-invite serve, or give its own address" }];
  if (health2.status === 503)
    return [{ check: check4, level: "problem", seen: "its outbox cannot be written", todo: "look at its log and its disk" }];
  if (!health2.ok)
    return [
      {
        check: check4,
        level: "problem",
        seen: `HTTP ${health2.status}: is no authgear-invite serve`,
        todo: "give its own address"
      }
    ];
  const text = typeof metrics === "string" ? "" : await metrics.text();
  const came = /^authgear_invite_responses_total\{status="20\d"\} [1-9]/m.test(text);
  const registered = came ? { check: check4, level: "ok", seen: "events have come since it was started" } : {
    check: check4,
    level: "warning",
    seen: "no event has come since it was started",
    todo: "create an account, and look at Portal > Advanced > Hooks: URL, user.created, secret"
  };
  return [{ check: check4, level: "ok", seen: "is healthy" }, registered];
}

// ts/cli/import.ts
import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { resolve as resolve6 } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

// ts/cli/import/fields.ts
var FIELDS = [
  ...LOGIN_KINDS,
  "locale",
  "name",
  "given_name",
  "family_name",
  "nickname",
  "inviter",
  "message"
];
var NAMES2 = ["name", "given_name", "family_name", "nickname"];
var ALIASES = {
  e_mail: "email",
  phone_number: "phone",
  preferred_username: "username"
};
var MOST2 = 100;
var isField = (name) => FIELDS.some((it) => it === name);
function fieldOf(header) {
  const plain = header.trim().toLowerCase().replace(/[\s-]+/g, "_");
  return isField(plain) ? plain : Object.hasOwn(ALIASES, plain) ? ALIASES[plain] : void 0;
}
function loginOf(fields) {
  const kind = LOGIN_KINDS.find((it) => fields[it] !== void 0);
  return kind && [kind, fields[kind]];
}
var toLoginId = ([kind, value]) => ({ [kind]: value });
var ofPlaceholder = (name) => `values.${name}`;
function placeholdersOf(fields) {
  const values = Object.entries(fields).flatMap(
    ([column, value]) => value !== void 0 && column.startsWith("values.") ? [[column.slice("values.".length), value]] : []
  );
  return values.length > 0 ? Object.fromEntries(values) : void 0;
}
function clean(column, value) {
  const text = value.trim();
  if (text === "") return void 0;
  return column === "locale" ? canonicalLocale(text) ?? text : text;
}
function problemsOf2(fields, messageProblem) {
  const problems = Object.entries(fields).flatMap(([column, value]) => {
    const problem = value === void 0 ? void 0 : problemOf(column, value, messageProblem);
    return problem ? [`${column}: ${problem}`] : [];
  });
  return loginOf(fields) ? problems : ["has no email, phone or username", ...problems];
}
function problemOf(column, value, messageProblem) {
  if (value.includes("�")) return "is not UTF-8 text; save the file as UTF-8";
  if (/[\x00-\x1f\x7f]/.test(value)) return "must be one line without control characters";
  if (column === "email" || column === "phone" || column === "username") return loginProblem(column, value);
  if (column === "locale") return canonicalLocale(value) ? void 0 : "must be a BCP 47 tag, as ja or zh-Hant";
  if (value.length > MOST2) return `must have at most ${MOST2} characters`;
  return column === "message" ? messageProblem(value) : void 0;
}

// ts/cli/import/pace.ts
var LEAST = 1 / 64;
var STEP = 1 / 32;
var ATTEMPTS = 4;
var LIMITED = 40;
var BACKOFF_MS = 500;
var NOTED_MS = 5e3;
var Pace = class {
  #perSecond;
  #atOnce;
  #clock;
  /** The share of both bounds, above 0 to 1. */
  #level = 1;
  #running = 0;
  #waiting = [];
  #next = 0;
  #slowed = Number.NEGATIVE_INFINITY;
  constructor(perSecond, atOnce, clock2) {
    this.#perSecond = perSecond;
    this.#atOnce = atOnce;
    this.#clock = clock2;
  }
  get perSecond() {
    return this.#perSecond * this.#level;
  }
  get atOnce() {
    return Math.max(1, Math.floor(this.#atOnce * this.#level));
  }
  /** For people: that it is slower than it might be; empty when it is not. */
  get note() {
    const wait = this.#next - this.#clock.now();
    if (wait > NOTED_MS) return `waits ${Math.ceil(wait / 1e3)} s, as it was asked to`;
    return this.#level < 1 ? `slowed to ${this.perSecond.toFixed(1)}/s` : "";
  }
  /** Waits for a place among those that run at once. */
  async place() {
    while (this.#running >= this.atOnce) await new Promise((resolve7) => this.#waiting.push(resolve7));
    this.#running += 1;
  }
  /** Gives it back. */
  leave() {
    this.#running -= 1;
    for (const wake of this.#waiting.splice(0)) wake();
  }
  /** Waits for its turn; returns when that was. */
  async turn() {
    const at = Math.max(this.#clock.now(), this.#next);
    this.#next = at + 1e3 / this.perSecond;
    const wait = at - this.#clock.now();
    if (wait > 0) await this.#clock.sleep(wait);
    return this.#clock.now();
  }
  ok() {
    this.#level = Math.min(1, this.#level + STEP);
  }
  /** It was too much, says the answer to what left at `turn`; what left before that was known says nothing new. */
  slow(turn, waitMs = 0) {
    const now = this.#clock.now();
    if (turn > this.#slowed) {
      this.#level = Math.max(LEAST, this.#level / 2);
      this.#slowed = now;
    }
    this.#next = Math.max(this.#next, now + waitMs, now + 1e3 / this.perSecond);
  }
};
var Halt = class extends Error {
  name = "Halt";
};
var Stopped = class extends Error {
  name = "Stopped";
};
async function persist(work2, { pace, clock: clock2, stop }) {
  for (let [failed, limited2] = [0, 0]; ; ) {
    const turn = await pace.turn();
    try {
      const value = await work2();
      pace.ok();
      return value;
    } catch (error) {
      if (!(error instanceof AdminApiError) || error.fault === "refused") throw error;
      if (error.fault === "forbidden") throw new Halt(error.message);
      if (error.fault === "rate_limited") {
        pace.slow(turn, error.retryAfterMs);
        limited2 += 1;
        if (limited2 >= LIMITED) throw new Halt(`${error.message}, ${limited2} times in a row`);
      } else {
        failed += 1;
        if (failed >= ATTEMPTS) throw error.fault === "unreachable" ? new Halt(error.message) : error;
      }
      if (stop.aborted) throw new Stopped();
      if (failed > 0) await clock2.sleep(clock2.random() * BACKOFF_MS * 2 ** failed);
    }
  }
}
async function forEach(items, { pace, stop }, work2) {
  const running = /* @__PURE__ */ new Set();
  const errors = [];
  try {
    for await (const item of items) {
      await pace.place();
      if (stop.aborted || errors.length > 0) {
        pace.leave();
        break;
      }
      const one = work2(item).catch((error) => void errors.push(error)).finally(() => {
        pace.leave();
        running.delete(one);
      });
      running.add(one);
    }
  } finally {
    await Promise.all(running);
  }
  const [first] = errors.filter((it) => !(it instanceof Stopped));
  if (first) throw first;
}

// ts/cli/import/work.ts
function lastLine({ ledger, journal }, row3, ...kinds) {
  const at = ledger.at(row3);
  const line2 = at === void 0 ? void 0 : journal.read(at);
  return kinds.some((it) => it === line2?.is) ? line2 : void 0;
}
function end({ journal }, row3, outcome) {
  journal.write({ is: "ended", row: row3, ...outcome });
  return journal.flush();
}

// ts/cli/import/message.ts
var PASSES = 5;
var ENVELOPE_MS = 36e5;
async function sendMessage(row3, made, work2, { config, engine }) {
  const host = { ...HOST, sign };
  const event = await eventOf(row3, made, work2);
  const decision = engine.decide(event);
  const { user: user2, created: created2 } = made;
  if (decision.type === "invalid") throw new Halt(`the configuration is wrong: ${decision.problems.join("; ")}`);
  if (decision.type === "skip" && !made.mark)
    return end(work2, row3.number, { outcome: "created", user: user2, message: "skipped", reason: decision.detail });
  const send3 = decision.type === "send" ? decision : { channel: "email", attempts: [] };
  const { delivery, mark } = await deliverPaced(row3.number, made, send3, work2, { config, core: engine, host });
  const { outcome } = delivery;
  const reason = "reason" in delivery ? delivery.reason : void 0;
  const message = outcome === "sent" ? "sent" : mark ? "unknown" : "not sent";
  await end(work2, row3.number, { outcome: "created", user: user2, created: created2, message, reason, mark });
  const about = { id: event.id, type: event.type, userId: user2, start: host.now() };
  const setup = { config, builtin: JSON.stringify(BUILT_IN), host };
  await tell(
    "reason" in delivery && mark ? { ...delivery, outcome: "unknown" } : delivery,
    about,
    setup,
    decision.type === "send" ? decision : void 0
  );
  if (message === "not sent" && isEverybodys(delivery)) throw new Halt(`no message can be sent: ${reason}`);
}
async function deliverPaced(row3, { user: user2, created: created2, mark: before }, send3, { journal, pace, stop }, world) {
  for (let pass2 = 1; ; pass2++) {
    const turn = await pace.turn();
    let mark = before;
    const { delivery, waitMs } = await deliverMarked(send3, mark, world, async (left) => {
      if (left === mark) return;
      mark = left;
      journal.write({ is: "leaving", row: row3, user: user2, created: created2, mark });
      await journal.flush();
    });
    const limited2 = delivery.attempts.some(({ status }) => status === 429);
    if (limited2) pace.slow(turn, waitMs);
    else if (delivery.outcome === "sent") pace.ok();
    const doubt = delivery.outcome === "unknown" || before !== void 0 && delivery.outcome !== "sent";
    if (doubt || delivery.outcome === "sent" || !limited2 || pass2 >= PASSES || stop.aborted)
      return { delivery, mark: doubt ? mark : void 0 };
    journal.write({ is: "made", row: row3, user: user2, created: created2 });
    await journal.flush();
  }
}
async function eventOf({ fields }, { user: user2, created: created2 }, { seal: seal2 }) {
  const logins = LOGIN_KINDS.flatMap((kind) => fields[kind] === void 0 ? [] : [{ kind, typed: fields[kind] }]);
  const standardAttributes = Object.fromEntries([...NAMES2, "locale"].map((it) => [it, fields[it]]));
  const account = { id: user2, createdAt: created2, logins, standardAttributes, canReauthenticate: false };
  const event = eventFor(account, { locale: fields.locale });
  const x_state = await seal2(fields, new Date(Date.parse(created2) + ENVELOPE_MS));
  return x_state ? { ...event, context: { ...event.context, oauth: { x_state } } } : event;
}
var isEverybodys = ({ attempts }) => attempts.length > 0 && attempts.every(({ status, detail }) => status === 401 || status === 403 || detail === "no connection");

// ts/cli/import/batches.ts
var BATCH_BYTES = 499e3;
var BATCH_ROWS = 500;
var POLL_MS = 200;
var POLL_CAP_MS = 5e3;
var IDENTIFIERS = { email: "email", phone: "phone_number", username: "preferred_username" };
async function importAll(rows2, work2) {
  const { ledger, stop } = work2;
  const fresh = /* @__PURE__ */ new Map();
  const open2 = /* @__PURE__ */ new Map();
  const unsent = [];
  for await (const row3 of rows2) {
    if (stop.aborted) return;
    const state = ledger.state(row3.number);
    const batch = ledger.batchOf(row3.number);
    if (state === "batched" && batch) {
      const group = [...open2.get(batch) ?? [], row3];
      open2.set(batch, group);
      if (group.length === batch.open) {
        open2.delete(batch);
        await goOn(batch, group, work2);
      }
    } else if (state === "made" || state === "leaving") {
      unsent.push(row3);
      if (unsent.length >= BATCH_ROWS) await sendAll(unsent.splice(0), work2);
    } else await collect(row3, fresh, work2);
  }
  await sendAll(unsent, work2);
  for (const { rows: rows3 } of fresh.values()) if (!stop.aborted) await importBatch(rows3, work2);
}
async function collect(row3, fresh, work2) {
  const [kind] = loginOf(row3.fields) ?? [];
  if (!kind) return;
  const size2 = bytes(JSON.stringify(recordOf(row3.fields))).length + 1;
  const full = fresh.get(kind);
  if (full && (full.size + size2 > BATCH_BYTES || full.rows.length >= BATCH_ROWS)) {
    fresh.delete(kind);
    await importBatch(full.rows, work2);
  }
  const collected = fresh.get(kind) ?? { rows: [], size: 0 };
  collected.rows.push(row3);
  collected.size += size2;
  fresh.set(kind, collected);
}
function recordOf(fields) {
  const { email, phone, username, locale } = fields;
  const names = Object.fromEntries(NAMES2.map((it) => [it, fields[it]]));
  return { email, phone_number: phone, preferred_username: username, ...names, locale };
}
async function importBatch(rows2, work2, since = work2.clock.now()) {
  const task = await submit(rows2, since, work2);
  const done = await finished(task, work2);
  if (!done) throw new Halt("importTask: Authgear does not know the import that it has just begun");
  await settle(rows2, detailsOf(done, rows2), since, work2);
}
async function goOn({ rows: numbers, task, since }, rows2, work2) {
  const done = task === void 0 ? void 0 : await finished(task, work2);
  if (!done) return importBatch(rows2, work2, since);
  const all = detailsOf(done, numbers);
  const details = rows2.map(({ number }) => all[numbers.indexOf(number)]);
  await settle(rows2, details, since, work2);
}
async function submit(rows2, since, work2) {
  const { admin, journal, ledger } = work2;
  const [kind = "email"] = loginOf(rows2[0]?.fields ?? {}) ?? [];
  const batch = ledger.batches + 1;
  const numbers = rows2.map(({ number }) => number);
  journal.write({ is: "batch", batch, since, rows: numbers, hashes: numbers.map(ledger.hash) });
  await journal.flush();
  const request = { identifier: IDENTIFIERS[kind], records: rows2.map(({ fields }) => recordOf(fields)) };
  try {
    const { id } = await persist(() => admin.importUsers(request), { ...work2, pace: work2.calls });
    journal.write({ is: "task", batch, task: id });
    return id;
  } catch (error) {
    throw error instanceof AdminApiError ? new Halt(error.message) : error;
  }
}
async function finished(id, { admin, calls, clock: clock2, stop }) {
  for (let wait = POLL_MS; ; wait = Math.min(POLL_CAP_MS, 1.5 * wait)) {
    try {
      const task = await persist(() => admin.importTask(id), { pace: calls, clock: clock2, stop });
      if (task.status === "completed") return task;
    } catch (error) {
      if (!(error instanceof AdminApiError)) throw error;
      if (error.fault !== "refused") throw new Halt(error.message);
      return void 0;
    }
    await clock2.sleep(wait);
  }
}
function detailsOf({ details = [] }, rows2) {
  const byIndex = rows2.map(() => void 0);
  for (const detail of details) if (detail.index in byIndex) byIndex[detail.index] = detail;
  return byIndex;
}
async function settle(rows2, details, since, work2) {
  await forEach(rows2.entries(), work2, async ([i, row3]) => {
    const user2 = await accountOf(row3, details[i], since, work2);
    if (!user2) return;
    const made = { user: user2.id, created: user2.createdAt };
    work2.journal.write({ is: "made", row: row3.number, ...made });
    await sendMessage(row3, made, work2, work2.config);
  });
}
async function accountOf(row3, detail, since, work2) {
  const { admin } = work2;
  const { outcome = "failed", user_id: id } = detail ?? {};
  const ask3 = (look) => persist(look, { ...work2, pace: work2.calls });
  try {
    if (outcome === "inserted" && id) {
      const user3 = await ask3(() => admin.node(id));
      if (!user3)
        await end(work2, row3.number, { outcome: "failed", user: id, reason: "the account was deleted at once" });
      return user3;
    }
    const login = loginOf(row3.fields);
    const whose = id ? { id } : login && toLoginId(login);
    const reason = reasonOf(detail);
    const mayBeOurs = outcome === "skipped" || !detail || reason === "InvariantViolated";
    const user2 = mayBeOurs && whose ? await ask3(() => admin.madeSince(since, whose)) : void 0;
    if (user2) return user2;
    if (outcome === "skipped")
      await end(work2, row3.number, { outcome: "exists", user: id, reason: "it was there before; nothing was changed" });
    else await end(work2, row3.number, { outcome: "failed", reason });
  } catch (error) {
    if (!(error instanceof AdminApiError)) throw error;
    throw new Halt(error.message);
  }
  return void 0;
}
function reasonOf(detail) {
  const [error] = detail?.errors ?? [];
  return /^\w{1,64}$/.exec(`${error?.reason}`)?.[0] ?? "Authgear does not say why";
}
async function sendAll(rows2, work2) {
  await forEach(rows2, work2, async (row3) => {
    const made = lastLine(work2, row3.number, "made", "leaving", "ended");
    if (made) await sendMessage(row3, { user: made.user, created: made.created, mark: made.mark }, work2, work2.config);
  });
}

// ts/cli/import/ledger.ts
import { createHash } from "node:crypto";
var STATES = ["new", "bad", "begun", "batched", "made", "leaving", "failed", "done"];
var Ledger = class {
  /** Rows, the bad ones included. */
  count = 0;
  /** The number of the last batch. */
  batches = 0;
  #hash = new BigUint64Array(1024);
  #at = new Float64Array(1024);
  #line = new Uint32Array(1024);
  #state = new Uint8Array(1024);
  #counts;
  /** By the offset of their line. */
  #open = /* @__PURE__ */ new Map();
  /** Rows that the journal knows with another content. */
  #changed = /* @__PURE__ */ new Set();
  constructor() {
    this.#counts = Object.fromEntries(STATES.map((it) => [it, 0]));
  }
  /** Batches of which some rows are open. */
  get openBatches() {
    return this.#open.size;
  }
  /** What the rows take. */
  get bytes() {
    return [this.#hash, this.#at, this.#line, this.#state].reduce((sum, it) => sum + it.byteLength, 0);
  }
  /** The next row. */
  add(line2, hash, bad) {
    if (this.count === this.#state.length) this.#grow();
    this.#hash[this.count] = hash;
    this.#line[this.count] = line2;
    this.count += 1;
    this.#counts.new += 1;
    if (bad) this.#set(this.count, "bad");
  }
  #grow() {
    const size2 = 2 * this.count;
    const grown = (from, to) => {
      to.set(from);
      return to;
    };
    this.#hash = grown(this.#hash, new BigUint64Array(size2));
    this.#at = grown(this.#at, new Float64Array(size2));
    this.#line = grown(this.#line, new Uint32Array(size2));
    this.#state = grown(this.#state, new Uint8Array(size2));
  }
  hash = (row3) => (this.#hash[row3 - 1] ?? 0n).toString(16).padStart(16, "0");
  line = (row3) => this.#line[row3 - 1] ?? 0;
  state = (row3) => STATES[this.#state[row3 - 1] ?? 0];
  counts = (state) => this.#counts[state];
  /** Where the journal's last line about a row begins; `undefined` when there is none. */
  at = (row3) => this.#at[row3 - 1] || void 0;
  /** The batch of a row that is `batched`. */
  batchOf = (row3) => this.#open.get(this.at(row3) ?? 0);
  /** What a line of the journal says, when it is read and when it is written. */
  apply(line2, offset) {
    switch (line2.is) {
      case "begun":
        this.#compare(line2.row, line2.hash);
        this.#move(line2.row, "begun", offset);
        break;
      case "batch": {
        const { batch, since, rows: rows2, hashes } = line2;
        this.batches = Math.max(this.batches, batch);
        this.#open.set(offset, { batch, since, rows: rows2, open: rows2.length });
        for (const [i, row3] of rows2.entries()) {
          this.#compare(row3, hashes[i] ?? "");
          this.#move(row3, "batched", offset);
        }
        break;
      }
      case "task":
        for (const open2 of this.#open.values()) if (open2.batch === line2.batch) open2.task = line2.task;
        break;
      case "made":
      case "leaving":
        this.#move(line2.row, line2.is, offset);
        break;
      case "ended":
        this.#compare(line2.row);
        if (line2.outcome === "bad") this.#at[line2.row - 1] = offset;
        else this.#move(line2.row, stateAfter(line2), offset);
    }
  }
  #move(row3, state, offset) {
    const open2 = this.batchOf(row3);
    if (open2 && this.state(row3) === "batched") {
      open2.open -= 1;
      if (open2.open === 0) this.#open.delete(this.at(row3) ?? 0);
    }
    this.#at[row3 - 1] = offset;
    this.#set(row3, state);
  }
  #set(row3, state) {
    this.#counts[this.state(row3)] -= 1;
    this.#counts[state] += 1;
    this.#state[row3 - 1] = STATES.indexOf(state);
  }
  #compare(row3, hash) {
    if (row3 > this.count) this.#changed.add(row3);
    else if (hash !== void 0 && hash === this.hash(row3)) this.#changed.delete(row3);
    else if (hash !== void 0) this.#changed.add(row3);
  }
  /**
   * The whole journal was read: whether it is about these rows. One that failed may have been corrected since.
   *
   * @throws {UsageError}
   */
  check(journal, file) {
    const other = [...this.#changed].filter((row3) => row3 > this.count || this.state(row3) !== "failed");
    const [first] = other;
    if (first !== void 0)
      throw new UsageError(
        `${journal}: is about other rows: ${file} has ${this.count} rows, and ${other.length} are not what was begun, such as row ${first}; give back the file as it was (rows may be added at its end, and those that failed be corrected), or name another --journal`
      );
    this.#changed.clear();
  }
};
function stateAfter({ outcome, message, mark, since }) {
  if (outcome === "failed") return "failed";
  if (outcome === "unknown") return since === void 0 ? "done" : "begun";
  if (message === "not sent") return "made";
  return message === "unknown" && mark?.keySeconds ? "leaving" : "done";
}
var hash64 = (salt, text) => createHash("sha256").update(`${salt}
${text}`).digest().readBigUInt64BE();
var rowHash = (salt, fields) => hash64(
  salt,
  JSON.stringify([...FIELDS.map((it) => fields[it] ?? null), ...Object.entries(placeholdersOf(fields) ?? {}).sort()])
);

// ts/cli/import/rows.ts
import { pipeline } from "node:stream";

// node_modules/csv-parse/lib/index.js
import { Transform } from "stream";

// node_modules/csv-parse/lib/utils/is_object.js
var is_object = function(obj) {
  return typeof obj === "object" && obj !== null && !Array.isArray(obj);
};

// node_modules/csv-parse/lib/api/CsvError.js
var CsvError = class _CsvError extends Error {
  constructor(code, message, options, ...contexts) {
    if (Array.isArray(message)) message = message.join(" ").trim();
    super(message);
    if (Error.captureStackTrace !== void 0) {
      Error.captureStackTrace(this, _CsvError);
    }
    this.code = code;
    for (const context2 of contexts) {
      for (const key in context2) {
        const value = context2[key];
        this[key] = Buffer.isBuffer(value) ? value.toString(options.encoding) : value == null ? value : JSON.parse(JSON.stringify(value));
      }
    }
  }
};

// node_modules/csv-parse/lib/api/normalize_columns_array.js
var normalize_columns_array = function(columns2) {
  const normalizedColumns = [];
  for (let i = 0, l = columns2.length; i < l; i++) {
    const column = columns2[i];
    if (column === void 0 || column === null || column === false) {
      normalizedColumns[i] = { disabled: true };
    } else if (typeof column === "string" || typeof column === "number") {
      normalizedColumns[i] = { name: `${column}` };
    } else if (is_object(column)) {
      if (typeof column.name !== "string") {
        throw new CsvError("CSV_OPTION_COLUMNS_MISSING_NAME", [
          "Option columns missing name:",
          `property "name" is required at position ${i}`,
          "when column is an object literal"
        ]);
      }
      normalizedColumns[i] = column;
    } else {
      throw new CsvError("CSV_INVALID_COLUMN_DEFINITION", [
        "Invalid column definition:",
        "expect a string or a literal object,",
        `got ${JSON.stringify(column)} at position ${i}`
      ]);
    }
  }
  return normalizedColumns;
};

// node_modules/csv-parse/lib/utils/ResizeableBuffer.js
var ResizeableBuffer = class {
  constructor(size2 = 100) {
    this.size = size2;
    this.length = 0;
    this.buf = Buffer.allocUnsafe(size2);
  }
  prepend(val) {
    if (Buffer.isBuffer(val)) {
      const length = this.length + val.length;
      if (length >= this.size) {
        this.resize();
        if (length >= this.size) {
          throw Error("INVALID_BUFFER_STATE");
        }
      }
      const buf = this.buf;
      this.buf = Buffer.allocUnsafe(this.size);
      val.copy(this.buf, 0);
      buf.copy(this.buf, val.length);
      this.length += val.length;
    } else {
      const length = this.length++;
      if (length === this.size) {
        this.resize();
      }
      const buf = this.clone();
      this.buf[0] = val;
      buf.copy(this.buf, 1, 0, length);
    }
  }
  append(val) {
    const length = this.length++;
    if (length === this.size) {
      this.resize();
    }
    this.buf[length] = val;
  }
  clone() {
    return Buffer.from(this.buf.slice(0, this.length));
  }
  resize() {
    const length = this.length;
    this.size = this.size * 2;
    const buf = Buffer.allocUnsafe(this.size);
    this.buf.copy(buf, 0, 0, length);
    this.buf = buf;
  }
  toString(encoding) {
    if (encoding) {
      return this.buf.toString(encoding, 0, this.length);
    } else {
      return Uint8Array.prototype.slice.call(this.buf.slice(0, this.length));
    }
  }
  toJSON() {
    return this.toString("utf8");
  }
  reset() {
    this.length = 0;
  }
};
var ResizeableBuffer_default = ResizeableBuffer;

// node_modules/csv-parse/lib/api/init_state.js
var init_state = function(options) {
  const timchars = [
    // Basic Latin
    32,
    // [Space](https://www.fileformat.info/info/unicode/char/0020/index.htm)
    9,
    // [CHARACTER TABULATION (HT)](https://www.fileformat.info/info/unicode/char/0009/index.htm)
    10,
    // [LINE FEED (LF)](https://www.fileformat.info/info/unicode/char/000a/index.htm)
    13,
    // [CARRIAGE RETURN (CR)](https://www.fileformat.info/info/unicode/char/000d/index.htm)
    12,
    // [FORM FEED (FF)](https://www.fileformat.info/info/unicode/char/000c/index.htm)
    11,
    // [LINE TABULATION (VT)](https://www.fileformat.info/info/unicode/char/000b/index.htm)
    // Latin-1 Supplement
    160,
    // [NO-BREAK SPACE (NBSP)](https://www.fileformat.info/info/unicode/char/00a0/index.htm)
    // Ogham
    5760,
    // [OGHAM SPACE MARK](https://www.fileformat.info/info/unicode/char/1680/index.htm)
    // General Punctuation
    8192,
    // [EN QUAD](https://www.fileformat.info/info/unicode/char/2000/index.htm)
    8193,
    // [EM QUAD](https://www.fileformat.info/info/unicode/char/2001/index.htm)
    8194,
    // [EN SPACE](https://www.fileformat.info/info/unicode/char/2002/index.htm)
    8195,
    // [EM SPACE](https://www.fileformat.info/info/unicode/char/2003/index.htm)
    8196,
    // [THREE-PER-EM SPACE](https://www.fileformat.info/info/unicode/char/2004/index.htm)
    8197,
    // [FOUR-PER-EM SPACE](https://www.fileformat.info/info/unicode/char/2005/index.htm)
    8198,
    // [SIX-PER-EM SPACE](https://www.fileformat.info/info/unicode/char/2006/index.htm)
    8199,
    // [FIGURE SPACE](https://www.fileformat.info/info/unicode/char/2007/index.htm)
    8200,
    // [PUNCTUATION SPACE](https://www.fileformat.info/info/unicode/char/2008/index.htm)
    8201,
    // [THIN SPACE](https://www.fileformat.info/info/unicode/char/2009/index.htm)
    8202,
    // [HAIR SPACE](https://www.fileformat.info/info/unicode/char/200a/index.htm)
    8232,
    // [LINE SEPARATOR](https://www.fileformat.info/info/unicode/char/2028/index.htm)
    8233,
    // [PARAGRAPH SEPARATOR](https://www.fileformat.info/info/unicode/char/2029/index.htm)
    8239,
    // [NARROW NO-BREAK SPACE (NNBSP)](https://www.fileformat.info/info/unicode/char/202f/index.htm)
    8287,
    // [MEDIUM MATHEMATICAL SPACE (MMSP)](https://www.fileformat.info/info/unicode/char/205f/index.htm)
    12288,
    // [IDEOGRAPHIC SPACE](https://www.fileformat.info/info/unicode/char/3000/index.htm)
    65279
    // [ZERO WIDTH NO-BREAK SPACE (BOM)](https://www.fileformat.info/info/unicode/char/feff/index.htm)
  ].reduce((acc, codepoint) => {
    const encoded = Buffer.from(
      String.fromCharCode(codepoint),
      options.encoding
    );
    if (codepoint !== 63 && encoded.length === 1 && encoded[0] === 63) {
      return acc;
    }
    acc.push(encoded);
    return acc;
  }, []);
  const timcharFirstBytes = new Uint8Array(256);
  for (const t of timchars) timcharFirstBytes[t[0]] = 1;
  return {
    bomSkipped: false,
    bufBytesStart: 0,
    castField: options.cast_function,
    commenting: false,
    delimiterBufPrevious: void 0,
    delimiterDiscovered: false,
    // Current error encountered by a record
    error: void 0,
    enabled: options.from_line === 1,
    escaping: false,
    escapeIsQuote: Buffer.isBuffer(options.escape) && Buffer.isBuffer(options.quote) && Buffer.compare(options.escape, options.quote) === 0,
    // columns can be `false`, `true`, `Array`
    expectedRecordLength: Array.isArray(options.columns) ? options.columns.length : void 0,
    field: new ResizeableBuffer_default(20),
    firstLineToHeaders: options.cast_first_line_to_header,
    needMoreDataSize: Math.max(
      // Skip if the remaining buffer smaller than comment
      options.comment !== null ? options.comment.length : 0,
      ...options.delimiter ? options.delimiter.map((delimiter) => delimiter.length) : [],
      // Auto discovery of delimiter is limited to 1 character
      options.delimiter_auto ? 1 : 0,
      // Skip if the remaining buffer can be escape sequence
      options.quote !== null ? options.quote.length : 0,
      ...timchars.map((t) => t.length)
    ),
    previousBuf: void 0,
    quoting: false,
    stop: false,
    rawBuffer: new ResizeableBuffer_default(100),
    record: [],
    recordHasError: false,
    record_length: 0,
    recordDelimiterMaxLength: options.record_delimiter.length === 0 ? 0 : Math.max(...options.record_delimiter.map((v) => v.length)),
    trimChars: [
      Buffer.from(" ", options.encoding)[0],
      Buffer.from("	", options.encoding)[0]
    ],
    wasQuoting: false,
    wasRowDelimiter: false,
    timchars,
    timcharFirstBytes
  };
};

// node_modules/csv-parse/lib/utils/underscore.js
var underscore = function(str) {
  return str.replace(/([A-Z])/g, function(_, match) {
    return "_" + match.toLowerCase();
  });
};

// node_modules/csv-parse/lib/api/normalize_options.js
var normalize_options = function(opts) {
  const options = {};
  for (const opt in opts) {
    options[underscore(opt)] = opts[opt];
  }
  if (options.encoding === void 0 || options.encoding === true) {
    options.encoding = "utf8";
  } else if (options.encoding === null || options.encoding === false) {
    options.encoding = null;
  } else if (typeof options.encoding !== "string" && options.encoding !== null) {
    throw new CsvError(
      "CSV_INVALID_OPTION_ENCODING",
      [
        "Invalid option encoding:",
        "encoding must be a string or null to return a buffer,",
        `got ${JSON.stringify(options.encoding)}`
      ],
      options
    );
  }
  if (options.bom === void 0 || options.bom === null || options.bom === false) {
    options.bom = false;
  } else if (options.bom !== true) {
    throw new CsvError(
      "CSV_INVALID_OPTION_BOM",
      [
        "Invalid option bom:",
        "bom must be true,",
        `got ${JSON.stringify(options.bom)}`
      ],
      options
    );
  }
  options.cast_function = null;
  if (options.cast === void 0 || options.cast === null || options.cast === false || options.cast === "") {
    options.cast = void 0;
  } else if (typeof options.cast === "function") {
    options.cast_function = options.cast;
    options.cast = true;
  } else if (options.cast !== true) {
    throw new CsvError(
      "CSV_INVALID_OPTION_CAST",
      [
        "Invalid option cast:",
        "cast must be true or a function,",
        `got ${JSON.stringify(options.cast)}`
      ],
      options
    );
  }
  if (options.cast_date === void 0 || options.cast_date === null || options.cast_date === false || options.cast_date === "") {
    options.cast_date = false;
  } else if (options.cast_date === true) {
    options.cast_date = function(value) {
      const date = Date.parse(value);
      return !isNaN(date) ? new Date(date) : value;
    };
  } else if (typeof options.cast_date !== "function") {
    throw new CsvError(
      "CSV_INVALID_OPTION_CAST_DATE",
      [
        "Invalid option cast_date:",
        "cast_date must be true or a function,",
        `got ${JSON.stringify(options.cast_date)}`
      ],
      options
    );
  }
  options.cast_first_line_to_header = void 0;
  if (options.columns === true) {
    options.cast_first_line_to_header = void 0;
  } else if (typeof options.columns === "function") {
    options.cast_first_line_to_header = options.columns;
    options.columns = true;
  } else if (Array.isArray(options.columns)) {
    options.columns = normalize_columns_array(options.columns);
  } else if (options.columns === void 0 || options.columns === null || options.columns === false) {
    options.columns = false;
  } else {
    throw new CsvError(
      "CSV_INVALID_OPTION_COLUMNS",
      [
        "Invalid option columns:",
        "expect an array, a function or true,",
        `got ${JSON.stringify(options.columns)}`
      ],
      options
    );
  }
  if (options.group_columns_by_name === void 0 || options.group_columns_by_name === null || options.group_columns_by_name === false) {
    options.group_columns_by_name = false;
  } else if (options.group_columns_by_name !== true) {
    throw new CsvError(
      "CSV_INVALID_OPTION_GROUP_COLUMNS_BY_NAME",
      [
        "Invalid option group_columns_by_name:",
        "expect an boolean,",
        `got ${JSON.stringify(options.group_columns_by_name)}`
      ],
      options
    );
  } else if (options.columns === false) {
    throw new CsvError(
      "CSV_INVALID_OPTION_GROUP_COLUMNS_BY_NAME",
      [
        "Invalid option group_columns_by_name:",
        "the `columns` mode must be activated."
      ],
      options
    );
  }
  if (options.comment === void 0 || options.comment === null || options.comment === false || options.comment === "") {
    options.comment = null;
  } else {
    if (typeof options.comment === "string") {
      options.comment = Buffer.from(options.comment, options.encoding);
    }
    if (!Buffer.isBuffer(options.comment)) {
      throw new CsvError(
        "CSV_INVALID_OPTION_COMMENT",
        [
          "Invalid option comment:",
          "comment must be a buffer or a string,",
          `got ${JSON.stringify(options.comment)}`
        ],
        options
      );
    }
  }
  if (options.comment_no_infix === void 0 || options.comment_no_infix === null || options.comment_no_infix === false) {
    options.comment_no_infix = false;
  } else if (options.comment_no_infix !== true) {
    throw new CsvError(
      "CSV_INVALID_OPTION_COMMENT",
      [
        "Invalid option comment_no_infix:",
        "value must be a boolean,",
        `got ${JSON.stringify(options.comment_no_infix)}`
      ],
      options
    );
  }
  if (options.delimiter_auto === void 0 || options.delimiter_auto === null || options.delimiter_auto === false) {
    options.delimiter_auto = false;
  } else if (options.delimiter_auto === true) {
    options.delimiter_auto = {};
  } else if (!is_object(options.delimiter_auto)) {
    throw new CsvError(
      "CSV_INVALID_OPTION_DELIMITER_AUTO",
      [
        "Invalid option delimiter_auto:",
        "delimiter_auto must be a boolean or a configuration object,",
        `got ${JSON.stringify(options.delimiter_auto)}`
      ],
      options
    );
  }
  if (options.delimiter_auto) {
    if (options.delimiter_auto.preferred === void 0)
      options.delimiter_auto.preferred = {
        [",".charCodeAt(0)]: 1.8,
        ["	".charCodeAt(0)]: 1.8,
        [";".charCodeAt(0)]: 1.6,
        [" ".charCodeAt(0)]: 1.6,
        [":".charCodeAt(0)]: 1.5,
        [".".charCodeAt(0)]: 1.4,
        ["/".charCodeAt(0)]: 1.4
      };
    else if (!is_object(options.delimiter_auto.preferred)) {
      throw new CsvError(
        "CSV_INVALID_OPTION_DELIMITER_AUTO",
        [
          "Invalid option delimiter_auto:",
          "preferred must be an object,",
          `got ${JSON.stringify(options.delimiter_auto.preferred)}`
        ],
        options
      );
    }
    if (options.delimiter_auto.score === void 0)
      options.delimiter_auto.score = (info, options2) => {
        return (info.total - info.std) * (options2.preferred[info.char_code] || 1);
      };
    else if (typeof options.delimiter_auto.score !== "function") {
      throw new CsvError(
        "CSV_INVALID_OPTION_DELIMITER_AUTO",
        [
          "Invalid option delimiter_auto:",
          "score must be a function,",
          `got ${JSON.stringify(options.delimiter_auto.score)}`
        ],
        options
      );
    }
    if (options.delimiter_auto.size === void 0)
      options.delimiter_auto.size = 2048;
    else if (typeof options.delimiter_auto.size !== "number") {
      throw new CsvError(
        "CSV_INVALID_OPTION_DELIMITER_AUTO",
        [
          "Invalid option delimiter_auto:",
          "size must be a number,",
          `got ${JSON.stringify(options.delimiter_auto.size)}`
        ],
        options
      );
    }
  }
  const delimiter_json = JSON.stringify(options.delimiter);
  if (options.delimiter_auto !== false) {
    options.delimiter = [];
  }
  if (!Array.isArray(options.delimiter)) {
    if (options.delimiter === void 0 || options.delimiter === null || options.delimiter === false) {
      options.delimiter = Buffer.from(",", options.encoding);
    }
    options.delimiter = [options.delimiter];
  }
  options.delimiter = options.delimiter.map(function(delimiter) {
    if (typeof delimiter === "string") {
      delimiter = Buffer.from(delimiter, options.encoding);
    }
    if (!Buffer.isBuffer(delimiter) || delimiter.length === 0) {
      throw new CsvError(
        "CSV_INVALID_OPTION_DELIMITER",
        [
          "Invalid option delimiter:",
          "delimiter must be a non empty string or buffer or array of string|buffer,",
          `got ${delimiter_json}`
        ],
        options
      );
    }
    return delimiter;
  });
  if (options.escape === void 0 || options.escape === true) {
    options.escape = Buffer.from('"', options.encoding);
  } else if (typeof options.escape === "string") {
    options.escape = Buffer.from(options.escape, options.encoding);
  } else if (options.escape === null || options.escape === false) {
    options.escape = null;
  }
  if (options.escape !== null) {
    if (!Buffer.isBuffer(options.escape)) {
      throw new Error(
        `Invalid Option: escape must be a buffer, a string or a boolean, got ${JSON.stringify(options.escape)}`
      );
    }
  }
  if (options.from === void 0 || options.from === null) {
    options.from = 1;
  } else {
    if (typeof options.from === "string" && /\d+/.test(options.from)) {
      options.from = parseInt(options.from);
    }
    if (Number.isInteger(options.from)) {
      if (options.from < 0) {
        throw new Error(
          `Invalid Option: from must be a positive integer, got ${JSON.stringify(opts.from)}`
        );
      }
    } else {
      throw new Error(
        `Invalid Option: from must be an integer, got ${JSON.stringify(options.from)}`
      );
    }
  }
  if (options.from_line === void 0 || options.from_line === null) {
    options.from_line = 1;
  } else {
    if (typeof options.from_line === "string" && /\d+/.test(options.from_line)) {
      options.from_line = parseInt(options.from_line);
    }
    if (Number.isInteger(options.from_line)) {
      if (options.from_line <= 0) {
        throw new Error(
          `Invalid Option: from_line must be a positive integer greater than 0, got ${JSON.stringify(opts.from_line)}`
        );
      }
    } else {
      throw new Error(
        `Invalid Option: from_line must be an integer, got ${JSON.stringify(opts.from_line)}`
      );
    }
  }
  if (options.ignore_last_delimiters === void 0 || options.ignore_last_delimiters === null) {
    options.ignore_last_delimiters = false;
  } else if (typeof options.ignore_last_delimiters === "number") {
    options.ignore_last_delimiters = Math.floor(options.ignore_last_delimiters);
    if (options.ignore_last_delimiters === 0) {
      options.ignore_last_delimiters = false;
    }
  } else if (typeof options.ignore_last_delimiters !== "boolean") {
    throw new CsvError(
      "CSV_INVALID_OPTION_IGNORE_LAST_DELIMITERS",
      [
        "Invalid option `ignore_last_delimiters`:",
        "the value must be a boolean value or an integer,",
        `got ${JSON.stringify(options.ignore_last_delimiters)}`
      ],
      options
    );
  }
  if (options.ignore_last_delimiters === true && options.columns === false) {
    throw new CsvError(
      "CSV_IGNORE_LAST_DELIMITERS_REQUIRES_COLUMNS",
      [
        "The option `ignore_last_delimiters`",
        "requires the activation of the `columns` option"
      ],
      options
    );
  }
  if (options.info === void 0 || options.info === null || options.info === false) {
    options.info = false;
  } else if (options.info !== true) {
    throw new Error(
      `Invalid Option: info must be true, got ${JSON.stringify(options.info)}`
    );
  }
  if (options.max_record_size === void 0 || options.max_record_size === null || options.max_record_size === false) {
    options.max_record_size = 0;
  } else if (Number.isInteger(options.max_record_size) && options.max_record_size >= 0) {
  } else if (typeof options.max_record_size === "string" && /\d+/.test(options.max_record_size)) {
    options.max_record_size = parseInt(options.max_record_size);
  } else {
    throw new Error(
      `Invalid Option: max_record_size must be a positive integer, got ${JSON.stringify(options.max_record_size)}`
    );
  }
  if (options.objname === void 0 || options.objname === null || options.objname === false) {
    options.objname = void 0;
  } else if (Buffer.isBuffer(options.objname)) {
    if (options.objname.length === 0) {
      throw new Error(`Invalid Option: objname must be a non empty buffer`);
    }
    if (options.encoding === null) {
    } else {
      options.objname = options.objname.toString(options.encoding);
    }
  } else if (typeof options.objname === "string") {
    if (options.objname.length === 0) {
      throw new Error(`Invalid Option: objname must be a non empty string`);
    }
  } else if (typeof options.objname === "number") {
  } else {
    throw new Error(
      `Invalid Option: objname must be a string or a buffer, got ${options.objname}`
    );
  }
  if (options.objname !== void 0) {
    if (typeof options.objname === "number") {
      if (options.columns !== false) {
        throw Error(
          "Invalid Option: objname index cannot be combined with columns or be defined as a field"
        );
      }
    } else {
      if (options.columns === false) {
        throw Error(
          "Invalid Option: objname field must be combined with columns or be defined as an index"
        );
      }
    }
  }
  if (options.on_record === void 0 || options.on_record === null) {
    options.on_record = void 0;
  } else if (typeof options.on_record !== "function") {
    throw new CsvError(
      "CSV_INVALID_OPTION_ON_RECORD",
      [
        "Invalid option `on_record`:",
        "expect a function,",
        `got ${JSON.stringify(options.on_record)}`
      ],
      options
    );
  }
  if (options.on_skip !== void 0 && options.on_skip !== null && typeof options.on_skip !== "function") {
    throw new Error(
      `Invalid Option: on_skip must be a function, got ${JSON.stringify(options.on_skip)}`
    );
  }
  if (options.quote === null || options.quote === false || options.quote === "") {
    options.quote = null;
  } else {
    if (options.quote === void 0 || options.quote === true) {
      options.quote = Buffer.from('"', options.encoding);
    } else if (typeof options.quote === "string") {
      options.quote = Buffer.from(options.quote, options.encoding);
    }
    if (!Buffer.isBuffer(options.quote)) {
      throw new Error(
        `Invalid Option: quote must be a buffer or a string, got ${JSON.stringify(options.quote)}`
      );
    }
  }
  if (options.raw === void 0 || options.raw === null || options.raw === false) {
    options.raw = false;
  } else if (options.raw !== true) {
    throw new Error(
      `Invalid Option: raw must be true, got ${JSON.stringify(options.raw)}`
    );
  }
  if (options.record_delimiter === void 0) {
    options.record_delimiter = [];
  } else if (typeof options.record_delimiter === "string" || Buffer.isBuffer(options.record_delimiter)) {
    if (options.record_delimiter.length === 0) {
      throw new CsvError(
        "CSV_INVALID_OPTION_RECORD_DELIMITER",
        [
          "Invalid option `record_delimiter`:",
          "value must be a non empty string or buffer,",
          `got ${JSON.stringify(options.record_delimiter)}`
        ],
        options
      );
    }
    options.record_delimiter = [options.record_delimiter];
  } else if (!Array.isArray(options.record_delimiter)) {
    throw new CsvError(
      "CSV_INVALID_OPTION_RECORD_DELIMITER",
      [
        "Invalid option `record_delimiter`:",
        "value must be a string, a buffer or array of string|buffer,",
        `got ${JSON.stringify(options.record_delimiter)}`
      ],
      options
    );
  }
  options.record_delimiter = options.record_delimiter.map(function(rd, i) {
    if (typeof rd !== "string" && !Buffer.isBuffer(rd)) {
      throw new CsvError(
        "CSV_INVALID_OPTION_RECORD_DELIMITER",
        [
          "Invalid option `record_delimiter`:",
          "value must be a string, a buffer or array of string|buffer",
          `at index ${i},`,
          `got ${JSON.stringify(rd)}`
        ],
        options
      );
    } else if (rd.length === 0) {
      throw new CsvError(
        "CSV_INVALID_OPTION_RECORD_DELIMITER",
        [
          "Invalid option `record_delimiter`:",
          "value must be a non empty string or buffer",
          `at index ${i},`,
          `got ${JSON.stringify(rd)}`
        ],
        options
      );
    }
    if (typeof rd === "string") {
      rd = Buffer.from(rd, options.encoding);
    }
    return rd;
  });
  if (typeof options.relax_column_count === "boolean") {
  } else if (options.relax_column_count === void 0 || options.relax_column_count === null) {
    options.relax_column_count = false;
  } else {
    throw new Error(
      `Invalid Option: relax_column_count must be a boolean, got ${JSON.stringify(options.relax_column_count)}`
    );
  }
  if (typeof options.relax_column_count_less === "boolean") {
  } else if (options.relax_column_count_less === void 0 || options.relax_column_count_less === null) {
    options.relax_column_count_less = false;
  } else {
    throw new Error(
      `Invalid Option: relax_column_count_less must be a boolean, got ${JSON.stringify(options.relax_column_count_less)}`
    );
  }
  if (typeof options.relax_column_count_more === "boolean") {
  } else if (options.relax_column_count_more === void 0 || options.relax_column_count_more === null) {
    options.relax_column_count_more = false;
  } else {
    throw new Error(
      `Invalid Option: relax_column_count_more must be a boolean, got ${JSON.stringify(options.relax_column_count_more)}`
    );
  }
  if (typeof options.relax_quotes === "boolean") {
  } else if (options.relax_quotes === void 0 || options.relax_quotes === null) {
    options.relax_quotes = false;
  } else {
    throw new Error(
      `Invalid Option: relax_quotes must be a boolean, got ${JSON.stringify(options.relax_quotes)}`
    );
  }
  if (typeof options.skip_empty_lines === "boolean") {
  } else if (options.skip_empty_lines === void 0 || options.skip_empty_lines === null) {
    options.skip_empty_lines = false;
  } else {
    throw new Error(
      `Invalid Option: skip_empty_lines must be a boolean, got ${JSON.stringify(options.skip_empty_lines)}`
    );
  }
  if (typeof options.skip_records_with_empty_values === "boolean") {
  } else if (options.skip_records_with_empty_values === void 0 || options.skip_records_with_empty_values === null) {
    options.skip_records_with_empty_values = false;
  } else {
    throw new Error(
      `Invalid Option: skip_records_with_empty_values must be a boolean, got ${JSON.stringify(options.skip_records_with_empty_values)}`
    );
  }
  if (typeof options.skip_records_with_error === "boolean") {
  } else if (options.skip_records_with_error === void 0 || options.skip_records_with_error === null) {
    options.skip_records_with_error = false;
  } else {
    throw new Error(
      `Invalid Option: skip_records_with_error must be a boolean, got ${JSON.stringify(options.skip_records_with_error)}`
    );
  }
  if (options.rtrim === void 0 || options.rtrim === null || options.rtrim === false) {
    options.rtrim = false;
  } else if (options.rtrim !== true) {
    throw new Error(
      `Invalid Option: rtrim must be a boolean, got ${JSON.stringify(options.rtrim)}`
    );
  }
  if (options.ltrim === void 0 || options.ltrim === null || options.ltrim === false) {
    options.ltrim = false;
  } else if (options.ltrim !== true) {
    throw new Error(
      `Invalid Option: ltrim must be a boolean, got ${JSON.stringify(options.ltrim)}`
    );
  }
  if (options.trim === void 0 || options.trim === null || options.trim === false) {
    options.trim = false;
  } else if (options.trim !== true) {
    throw new Error(
      `Invalid Option: trim must be a boolean, got ${JSON.stringify(options.trim)}`
    );
  }
  if (options.trim === true && opts.ltrim !== false) {
    options.ltrim = true;
  } else if (options.ltrim !== true) {
    options.ltrim = false;
  }
  if (options.trim === true && opts.rtrim !== false) {
    options.rtrim = true;
  } else if (options.rtrim !== true) {
    options.rtrim = false;
  }
  if (options.to === void 0 || options.to === null) {
    options.to = -1;
  } else if (options.to !== -1) {
    if (typeof options.to === "string" && /\d+/.test(options.to)) {
      options.to = parseInt(options.to);
    }
    if (Number.isInteger(options.to)) {
      if (options.to <= 0) {
        throw new Error(
          `Invalid Option: to must be a positive integer greater than 0, got ${JSON.stringify(opts.to)}`
        );
      }
    } else {
      throw new Error(
        `Invalid Option: to must be an integer, got ${JSON.stringify(opts.to)}`
      );
    }
  }
  if (options.to_line === void 0 || options.to_line === null) {
    options.to_line = -1;
  } else if (options.to_line !== -1) {
    if (typeof options.to_line === "string" && /\d+/.test(options.to_line)) {
      options.to_line = parseInt(options.to_line);
    }
    if (Number.isInteger(options.to_line)) {
      if (options.to_line <= 0) {
        throw new Error(
          `Invalid Option: to_line must be a positive integer greater than 0, got ${JSON.stringify(opts.to_line)}`
        );
      }
    } else {
      throw new Error(
        `Invalid Option: to_line must be an integer, got ${JSON.stringify(opts.to_line)}`
      );
    }
  }
  return options;
};

// node_modules/csv-parse/lib/utils/delimiter_discover.js
var delimiter_discover = function(records, options) {
  if (!options) {
    ({ delimiter_auto: options } = normalize_options({ delimiter_auto: true }));
  }
  if (typeof records === "string") {
    records = Buffer.from(records);
  }
  if (Buffer.isBuffer(records)) {
    records = ((data2) => {
      const records2 = [];
      const parser = transform({ delimiter: [] });
      const push = (record2) => records2.push(record2);
      const close = () => {
      };
      const error = parser.parse(data2, true, push, close);
      if (error !== void 0) throw error;
      return records2;
    })(records);
  }
  const info = Array(127).fill().map(() => ({ lines: [] }));
  records.map(([record2], line2) => {
    for (let i = 0, l = record2.length; i < l; i++) {
      const code = record2.charCodeAt(i);
      if (info[code].lines[line2] === void 0) info[code].lines[line2] = 0;
      info[code].lines[line2]++;
    }
  });
  info.map((info2, i) => {
    info2.char_code = i;
    info2.std = std(info2.lines);
    info2.total = info2.lines.reduce((acc, val) => acc + val, 0);
    info2.preferred = !!options.preferred[i];
    info2.score = options.score(info2, options);
  });
  const result = info.reduce(
    (acc, info2) => acc.score > info2.score ? acc : info2,
    {}
  );
  return String.fromCharCode(result.char_code);
};
var std = function(array) {
  const n = array.length;
  if (n === 0) return 0;
  const mean = array.reduce((a, b) => a + b) / n;
  return Math.sqrt(
    array.map((x) => Math.pow(x - mean, 2)).reduce((a, b) => a + b) / n
  );
};

// node_modules/csv-parse/lib/api/index.js
var isRecordEmpty = function(record2) {
  return record2.every(
    (field) => field == null || field.toString && field.toString().trim() === ""
  );
};
var cr = 13;
var nl = 10;
var boms = {
  // Note, the following are equals:
  // Buffer.from("\ufeff")
  // Buffer.from([239, 187, 191])
  // Buffer.from('EFBBBF', 'hex')
  utf8: Buffer.from([239, 187, 191]),
  // Note, the following are equals:
  // Buffer.from "\ufeff", 'utf16le
  // Buffer.from([255, 254])
  utf16le: Buffer.from([255, 254])
};
var transform = function(original_options = {}) {
  const info = {
    bytes: 0,
    bytes_records: 0,
    comment_lines: 0,
    empty_lines: 0,
    invalid_field_length: 0,
    lines: 1,
    records: 0
  };
  const options = normalize_options(original_options);
  return {
    info,
    original_options,
    options,
    state: init_state(options),
    __needMoreData: function(i, bufLen, end2) {
      if (end2) return false;
      const { encoding, escape, quote } = this.options;
      const { quoting, needMoreDataSize, recordDelimiterMaxLength } = this.state;
      const numOfCharLeft = bufLen - i - 1;
      const requiredLength = Math.max(
        needMoreDataSize,
        // Skip if the remaining buffer smaller than record delimiter
        // If "record_delimiter" is yet to be discovered:
        // 1. It is equals to `[]` and "recordDelimiterMaxLength" equals `0`
        // 2. We set the length to windows line ending in the current encoding
        // Note, that encoding is known from user or bom discovery at that point
        // recordDelimiterMaxLength,
        recordDelimiterMaxLength === 0 ? Buffer.from("\r\n", encoding).length : recordDelimiterMaxLength,
        // Skip if remaining buffer can be an escaped quote
        quoting ? (escape === null ? 0 : escape.length) + quote.length : 0,
        // Skip if remaining buffer can be record delimiter following the closing quote
        quoting ? quote.length + recordDelimiterMaxLength : 0
      );
      return numOfCharLeft < requiredLength;
    },
    // Central parser implementation
    parse: function(nextBuf, end2, push, close) {
      const {
        bom,
        comment_no_infix,
        delimiter_auto,
        encoding,
        from_line,
        ltrim,
        max_record_size,
        raw,
        relax_quotes,
        rtrim,
        skip_empty_lines,
        to,
        to_line
      } = this.options;
      let { comment, escape, quote, record_delimiter } = this.options;
      const {
        bomSkipped,
        delimiterDiscovered,
        delimiterBufPrevious,
        rawBuffer,
        escapeIsQuote
      } = this.state;
      if (!delimiterDiscovered && delimiter_auto) {
        let delimiterBuf;
        if (delimiterBufPrevious === void 0) {
          delimiterBuf = nextBuf;
        } else if (delimiterBufPrevious !== void 0 && nextBuf === void 0) {
          delimiterBuf = delimiterBufPrevious;
        } else {
          delimiterBuf = Buffer.concat([delimiterBufPrevious, nextBuf]);
        }
        nextBuf = void 0;
        if (end2 || delimiterBuf.length > delimiter_auto.size) {
          this.options.delimiter = [
            Buffer.from(
              delimiter_discover(delimiterBuf, this.options.delimiter_auto)
            )
          ];
          this.state.previousBuf = delimiterBuf;
          this.state.delimiterBufPrevious = void 0;
          this.state.delimiterDiscovered = true;
        } else {
          this.state.delimiterBufPrevious = delimiterBuf;
          return;
        }
      }
      const { previousBuf } = this.state;
      let buf;
      if (previousBuf === void 0) {
        if (nextBuf === void 0) {
          close();
          return;
        } else {
          buf = nextBuf;
        }
      } else if (previousBuf !== void 0 && nextBuf === void 0) {
        buf = previousBuf;
      } else {
        buf = Buffer.concat([previousBuf, nextBuf]);
      }
      if (bomSkipped === false) {
        if (bom === false) {
          this.state.bomSkipped = true;
        } else if (buf.length < 3) {
          if (end2 === false) {
            this.state.previousBuf = buf;
            return;
          }
        } else {
          for (const encoding2 in boms) {
            if (boms[encoding2].compare(buf, 0, boms[encoding2].length) === 0) {
              const bomLength = boms[encoding2].length;
              this.state.bufBytesStart += bomLength;
              buf = buf.slice(bomLength);
              const options2 = normalize_options({
                ...this.original_options,
                encoding: encoding2
              });
              for (const key in options2) {
                this.options[key] = options2[key];
              }
              ({ comment, escape, quote } = this.options);
              break;
            }
          }
          this.state.bomSkipped = true;
        }
      }
      const bufLen = buf.length;
      let pos;
      for (pos = 0; pos < bufLen; pos++) {
        if (this.__needMoreData(pos, bufLen, end2)) {
          break;
        }
        if (this.state.wasRowDelimiter === true) {
          this.info.lines++;
          this.state.wasRowDelimiter = false;
        }
        if (to_line !== -1 && this.info.lines > to_line) {
          this.state.stop = true;
          close();
          return;
        }
        if (this.state.quoting === false && record_delimiter.length === 0) {
          const record_delimiterCount = this.__autoDiscoverRecordDelimiter(
            buf,
            pos
          );
          if (record_delimiterCount) {
            record_delimiter = this.options.record_delimiter;
          }
        }
        const chr = buf[pos];
        if (raw === true) {
          rawBuffer.append(chr);
        }
        if ((chr === cr || chr === nl) && this.state.wasRowDelimiter === false) {
          this.state.wasRowDelimiter = true;
        }
        if (this.state.escaping === true) {
          this.state.escaping = false;
        } else {
          if (escape !== null && this.state.quoting === true && this.__isEscape(buf, pos, chr) && pos + escape.length < bufLen) {
            if (escapeIsQuote) {
              if (this.__isQuote(buf, pos + escape.length)) {
                this.state.escaping = true;
                pos += escape.length - 1;
                continue;
              }
            } else {
              this.state.escaping = true;
              pos += escape.length - 1;
              continue;
            }
          }
          if (this.state.commenting === false && this.__isQuote(buf, pos)) {
            if (this.state.quoting === true) {
              const nextChr = buf[pos + quote.length];
              const isNextChrTrimable = rtrim && this.__isCharTrimable(buf, pos + quote.length);
              const isNextChrComment = comment !== null && this.__compareBytes(comment, buf, pos + quote.length, nextChr);
              const isNextChrDelimiter = this.__isDelimiter(
                buf,
                pos + quote.length,
                nextChr
              );
              const isNextChrRecordDelimiter = record_delimiter.length === 0 ? this.__autoDiscoverRecordDelimiter(buf, pos + quote.length) : this.__isRecordDelimiter(nextChr, buf, pos + quote.length);
              if (escape !== null && this.__isEscape(buf, pos, chr) && this.__isQuote(buf, pos + escape.length)) {
                pos += escape.length - 1;
              } else if (!nextChr || isNextChrDelimiter || isNextChrRecordDelimiter || isNextChrComment || isNextChrTrimable) {
                this.state.quoting = false;
                this.state.wasQuoting = true;
                pos += quote.length - 1;
                continue;
              } else if (relax_quotes === false) {
                const err = this.__error(
                  new CsvError(
                    "CSV_INVALID_CLOSING_QUOTE",
                    [
                      "Invalid Closing Quote:",
                      `got "${String.fromCharCode(nextChr)}"`,
                      `at line ${this.info.lines}`,
                      "instead of delimiter, record delimiter, trimable character",
                      "(if activated) or comment"
                    ],
                    this.options,
                    this.__infoField()
                  )
                );
                if (err !== void 0) return err;
              } else {
                this.state.quoting = false;
                this.state.wasQuoting = true;
                this.state.field.prepend(quote);
                pos += quote.length - 1;
              }
            } else {
              if (this.state.field.length !== 0) {
                if (relax_quotes === false) {
                  const info2 = this.__infoField();
                  const bom2 = Object.keys(boms).map(
                    (b) => boms[b].equals(this.state.field.toString()) ? b : false
                  ).filter(Boolean)[0];
                  const err = this.__error(
                    new CsvError(
                      "INVALID_OPENING_QUOTE",
                      [
                        "Invalid Opening Quote:",
                        `a quote is found on field ${JSON.stringify(info2.column)} at line ${info2.lines}, value is ${JSON.stringify(this.state.field.toString(encoding))}`,
                        bom2 ? `(${bom2} bom)` : void 0
                      ],
                      this.options,
                      info2,
                      {
                        field: this.state.field
                      }
                    )
                  );
                  if (err !== void 0) return err;
                }
              } else {
                this.state.quoting = true;
                pos += quote.length - 1;
                continue;
              }
            }
          }
          if (this.state.quoting === false) {
            const recordDelimiterLength = this.__isRecordDelimiter(
              chr,
              buf,
              pos
            );
            if (recordDelimiterLength !== 0) {
              const skipCommentLine = this.state.commenting && this.state.wasQuoting === false && this.state.record.length === 0 && this.state.field.length === 0;
              if (skipCommentLine) {
                this.info.comment_lines++;
              } else {
                if (this.state.enabled === false && this.info.lines + (this.state.wasRowDelimiter === true ? 1 : 0) >= from_line) {
                  this.state.enabled = true;
                  this.__resetField();
                  this.__resetRecord();
                  pos += recordDelimiterLength - 1;
                  continue;
                }
                if (skip_empty_lines === true && this.state.wasQuoting === false && this.state.record.length === 0 && this.state.field.length === 0) {
                  this.info.empty_lines++;
                  pos += recordDelimiterLength - 1;
                  continue;
                }
                this.info.bytes = this.state.bufBytesStart + pos;
                const errField = this.__onField();
                if (errField !== void 0) return errField;
                this.info.bytes = this.state.bufBytesStart + pos + recordDelimiterLength;
                const errRecord = this.__onRecord(push);
                if (errRecord !== void 0) return errRecord;
                if (to !== -1 && this.info.records >= to) {
                  this.state.stop = true;
                  close();
                  return;
                }
              }
              this.state.commenting = false;
              pos += recordDelimiterLength - 1;
              continue;
            }
            if (this.state.commenting) {
              continue;
            }
            if (comment !== null && (comment_no_infix === false || this.state.record.length === 0 && this.state.field.length === 0)) {
              const commentCount = this.__compareBytes(comment, buf, pos, chr);
              if (commentCount !== 0) {
                this.state.commenting = true;
                continue;
              }
            }
            const delimiterLength = this.__isDelimiter(buf, pos, chr);
            if (delimiterLength !== 0) {
              this.info.bytes = this.state.bufBytesStart + pos;
              const errField = this.__onField();
              if (errField !== void 0) return errField;
              pos += delimiterLength - 1;
              continue;
            }
          }
        }
        if (this.state.commenting === false) {
          if (max_record_size !== 0 && this.state.record_length + this.state.field.length > max_record_size) {
            return this.__error(
              new CsvError(
                "CSV_MAX_RECORD_SIZE",
                [
                  "Max Record Size:",
                  "record exceed the maximum number of tolerated bytes",
                  `of ${max_record_size}`,
                  `at line ${this.info.lines}`
                ],
                this.options,
                this.__infoField()
              )
            );
          }
        }
        const lappend = ltrim === false || this.state.quoting === true || this.state.field.length !== 0 || !this.__isCharTrimable(buf, pos);
        const rappend = rtrim === false || this.state.wasQuoting === false;
        if (lappend === true && rappend === true) {
          this.state.field.append(chr);
        } else if (rtrim === true && !this.__isCharTrimable(buf, pos)) {
          return this.__error(
            new CsvError(
              "CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE",
              [
                "Invalid Closing Quote:",
                "found non trimable byte after quote",
                `at line ${this.info.lines}`
              ],
              this.options,
              this.__infoField()
            )
          );
        } else {
          if (lappend === false) {
            pos += this.__isCharTrimable(buf, pos) - 1;
          }
          continue;
        }
      }
      if (end2 === true) {
        if (this.state.quoting === true) {
          const err = this.__error(
            new CsvError(
              "CSV_QUOTE_NOT_CLOSED",
              [
                "Quote Not Closed:",
                `the parsing is finished with an opening quote at line ${this.info.lines}`
              ],
              this.options,
              this.__infoField()
            )
          );
          if (err !== void 0) return err;
        } else {
          if (this.state.wasQuoting === true || this.state.record.length !== 0 || this.state.field.length !== 0) {
            this.info.bytes = this.state.bufBytesStart + pos;
            const errField = this.__onField();
            if (errField !== void 0) return errField;
            const errRecord = this.__onRecord(push);
            if (errRecord !== void 0) return errRecord;
          } else if (this.state.wasRowDelimiter === true) {
            this.info.empty_lines++;
          } else if (this.state.commenting === true) {
            this.info.comment_lines++;
          }
        }
      } else {
        this.state.bufBytesStart += pos;
        this.state.previousBuf = buf.slice(pos);
      }
      if (this.state.wasRowDelimiter === true) {
        this.info.lines++;
        this.state.wasRowDelimiter = false;
      }
    },
    __onRecord: function(push) {
      const {
        columns: columns2,
        group_columns_by_name,
        encoding,
        info: info2,
        from,
        relax_column_count,
        relax_column_count_less,
        relax_column_count_more,
        raw,
        skip_records_with_empty_values
      } = this.options;
      const { enabled, record: record2 } = this.state;
      if (enabled === false) {
        return this.__resetRecord();
      }
      const recordLength = record2.length;
      if (columns2 === true) {
        if (skip_records_with_empty_values === true && isRecordEmpty(record2)) {
          this.__resetRecord();
          return;
        }
        return this.__firstLineToColumns(record2);
      }
      if (columns2 === false && this.info.records === 0) {
        this.state.expectedRecordLength = recordLength;
      }
      if (recordLength !== this.state.expectedRecordLength) {
        const err = columns2 === false ? new CsvError(
          "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH",
          [
            "Invalid Record Length:",
            `expect ${this.state.expectedRecordLength},`,
            `got ${recordLength} on line ${this.info.lines}`
          ],
          this.options,
          this.__infoField(),
          {
            record: record2
          }
        ) : new CsvError(
          "CSV_RECORD_INCONSISTENT_COLUMNS",
          [
            "Invalid Record Length:",
            `columns length is ${columns2.length},`,
            // rename columns
            `got ${recordLength} on line ${this.info.lines}`
          ],
          this.options,
          this.__infoField(),
          {
            record: record2
          }
        );
        if (relax_column_count === true || relax_column_count_less === true && recordLength < this.state.expectedRecordLength || relax_column_count_more === true && recordLength > this.state.expectedRecordLength) {
          this.info.invalid_field_length++;
          this.state.error = err;
        } else {
          const finalErr = this.__error(err);
          if (finalErr) return finalErr;
        }
      }
      if (skip_records_with_empty_values === true && isRecordEmpty(record2)) {
        this.__resetRecord();
        return;
      }
      if (this.state.recordHasError === true) {
        this.__resetRecord();
        this.state.recordHasError = false;
        return;
      }
      this.info.records++;
      if (from === 1 || this.info.records >= from) {
        const { objname } = this.options;
        if (columns2 !== false) {
          const obj = {};
          for (let i = 0, l = record2.length; i < l; i++) {
            if (columns2[i] === void 0 || columns2[i].disabled) continue;
            if (group_columns_by_name === true && Object.hasOwn(obj, columns2[i].name)) {
              if (Array.isArray(obj[columns2[i].name])) {
                obj[columns2[i].name] = obj[columns2[i].name].concat(record2[i]);
              } else {
                obj[columns2[i].name] = [obj[columns2[i].name], record2[i]];
              }
            } else {
              Object.defineProperty(obj, columns2[i].name, {
                value: record2[i],
                enumerable: true,
                writable: true,
                configurable: true
              });
            }
          }
          if (raw === true || info2 === true) {
            const extRecord = Object.assign(
              { record: obj },
              raw === true ? { raw: this.state.rawBuffer.toString(encoding) } : {},
              info2 === true ? { info: this.__infoRecord() } : {}
            );
            const err = this.__push(
              objname === void 0 ? extRecord : [obj[objname], extRecord],
              push
            );
            if (err) {
              return err;
            }
          } else {
            const err = this.__push(
              objname === void 0 ? obj : [obj[objname], obj],
              push
            );
            if (err) {
              return err;
            }
          }
        } else {
          if (raw === true || info2 === true) {
            const extRecord = Object.assign(
              { record: record2 },
              raw === true ? { raw: this.state.rawBuffer.toString(encoding) } : {},
              info2 === true ? { info: this.__infoRecord() } : {}
            );
            const err = this.__push(
              objname === void 0 ? extRecord : [record2[objname], extRecord],
              push
            );
            if (err) {
              return err;
            }
          } else {
            const err = this.__push(
              objname === void 0 ? record2 : [record2[objname], record2],
              push
            );
            if (err) {
              return err;
            }
          }
        }
      }
      this.__resetRecord();
    },
    __firstLineToColumns: function(record2) {
      const { firstLineToHeaders } = this.state;
      try {
        const headers = firstLineToHeaders === void 0 ? record2 : firstLineToHeaders.call(null, record2);
        if (!Array.isArray(headers)) {
          return this.__error(
            new CsvError(
              "CSV_INVALID_COLUMN_MAPPING",
              [
                "Invalid Column Mapping:",
                "expect an array from column function,",
                `got ${JSON.stringify(headers)}`
              ],
              this.options,
              this.__infoField(),
              {
                headers
              }
            )
          );
        }
        const normalizedHeaders = normalize_columns_array(headers);
        this.state.expectedRecordLength = normalizedHeaders.length;
        this.options.columns = normalizedHeaders;
        this.__resetRecord();
        return;
      } catch (err) {
        return err;
      }
    },
    __resetRecord: function() {
      if (this.options.raw === true) {
        this.state.rawBuffer.reset();
      }
      this.state.error = void 0;
      this.state.record = [];
      this.state.record_length = 0;
    },
    __onField: function() {
      const { cast, encoding, rtrim, max_record_size } = this.options;
      const { enabled, wasQuoting } = this.state;
      if (enabled === false) {
        return this.__resetField();
      }
      let field = this.state.field.toString(encoding);
      if (rtrim === true && wasQuoting === false) {
        field = field.trimRight();
      }
      if (cast === true) {
        const [err, f] = this.__cast(field);
        if (err !== void 0) return err;
        field = f;
      }
      this.state.record.push(field);
      if (max_record_size !== 0 && typeof field === "string") {
        this.state.record_length += field.length;
      }
      this.__resetField();
    },
    __resetField: function() {
      this.state.field.reset();
      this.state.wasQuoting = false;
    },
    __push: function(record2, push) {
      const { on_record } = this.options;
      if (on_record !== void 0) {
        const info2 = this.__infoRecord();
        try {
          record2 = on_record.call(null, record2, info2);
        } catch (err) {
          return err;
        }
        if (record2 === void 0 || record2 === null) {
          return;
        }
      }
      this.info.bytes_records += this.info.bytes;
      push(record2);
    },
    // Return a tuple with the error and the casted value
    __cast: function(field) {
      const { columns: columns2, relax_column_count } = this.options;
      const isColumns = Array.isArray(columns2);
      if (isColumns === true && relax_column_count && this.options.columns.length <= this.state.record.length) {
        return [void 0, void 0];
      }
      if (this.state.castField !== null) {
        try {
          const info2 = this.__infoField();
          return [void 0, this.state.castField.call(null, field, info2)];
        } catch (err) {
          return [err];
        }
      }
      if (this.__isFloat(field)) {
        return [void 0, parseFloat(field)];
      } else if (this.options.cast_date !== false) {
        const info2 = this.__infoField();
        return [void 0, this.options.cast_date.call(null, field, info2)];
      }
      return [void 0, field];
    },
    __compareBytes: function(sourceBuf, targetBuf, targetPos, firstByte) {
      if (sourceBuf[0] !== firstByte) return 0;
      const sourceLength = sourceBuf.length;
      for (let i = 1; i < sourceLength; i++) {
        if (sourceBuf[i] !== targetBuf[targetPos + i]) return 0;
      }
      return sourceLength;
    },
    // Helper to test if a character is trimable
    __isCharTrimable: function(buf, pos) {
      const { timchars, timcharFirstBytes } = this.state;
      const first = buf[pos];
      if (first === void 0 || timcharFirstBytes[first] === 0) return 0;
      loop1: for (let i = 0; i < timchars.length; i++) {
        const timchar = timchars[i];
        for (let j = 0; j < timchar.length; j++) {
          if (timchar[j] !== buf[pos + j]) continue loop1;
        }
        return timchar.length;
      }
      return 0;
    },
    __isDelimiter: function(buf, pos, chr) {
      const { delimiter, ignore_last_delimiters } = this.options;
      if (ignore_last_delimiters === true && this.state.record.length === this.options.columns.length - 1) {
        return 0;
      } else if (ignore_last_delimiters !== false && typeof ignore_last_delimiters === "number" && this.state.record.length === ignore_last_delimiters - 1) {
        return 0;
      }
      loop1: for (let i = 0; i < delimiter.length; i++) {
        const del = delimiter[i];
        if (del[0] === chr) {
          for (let j = 1; j < del.length; j++) {
            if (del[j] !== buf[pos + j]) continue loop1;
          }
          return del.length;
        }
      }
      return 0;
    },
    __isEscape: function(buf, pos, chr) {
      const { escape } = this.options;
      if (escape === null) return false;
      const l = escape.length;
      if (escape[0] === chr) {
        for (let i = 0; i < l; i++) {
          if (escape[i] !== buf[pos + i]) {
            return false;
          }
        }
        return true;
      }
      return false;
    },
    __isFloat: function(value) {
      return value - parseFloat(value) + 1 >= 0;
    },
    // Keep it in case we implement the `cast_int` option
    // __isInt(value){
    //   // return Number.isInteger(parseInt(value))
    //   // return !isNaN( parseInt( obj ) );
    //   return /^(\-|\+)?[1-9][0-9]*$/.test(value)
    // }
    __isQuote: function(buf, pos) {
      const { quote } = this.options;
      if (quote === null) return false;
      const l = quote.length;
      for (let i = 0; i < l; i++) {
        if (quote[i] !== buf[pos + i]) {
          return false;
        }
      }
      return true;
    },
    __isRecordDelimiter: function(chr, buf, pos) {
      const { record_delimiter } = this.options;
      const recordDelimiterLength = record_delimiter.length;
      loop1: for (let i = 0; i < recordDelimiterLength; i++) {
        const rd = record_delimiter[i];
        const rdLength = rd.length;
        if (rd[0] !== chr) {
          continue;
        }
        for (let j = 1; j < rdLength; j++) {
          if (rd[j] !== buf[pos + j]) {
            continue loop1;
          }
        }
        return rd.length;
      }
      return 0;
    },
    __autoDiscoverRecordDelimiter: function(buf, pos) {
      const { encoding } = this.options;
      const rds = [
        // Important, the windows line ending must be before mac os 9
        Buffer.from("\r\n", encoding),
        Buffer.from("\n", encoding),
        Buffer.from("\r", encoding)
      ];
      loop: for (let i = 0; i < rds.length; i++) {
        const l = rds[i].length;
        for (let j = 0; j < l; j++) {
          if (rds[i][j] !== buf[pos + j]) {
            continue loop;
          }
        }
        this.options.record_delimiter.push(rds[i]);
        this.state.recordDelimiterMaxLength = rds[i].length;
        return rds[i].length;
      }
      return 0;
    },
    __error: function(msg) {
      const { encoding, raw, skip_records_with_error } = this.options;
      const err = typeof msg === "string" ? new Error(msg) : msg;
      if (skip_records_with_error) {
        this.state.recordHasError = true;
        if (this.options.on_skip !== void 0) {
          try {
            this.options.on_skip(
              err,
              raw ? this.state.rawBuffer.toString(encoding) : void 0
            );
          } catch (err2) {
            return err2;
          }
        }
        return void 0;
      } else {
        return err;
      }
    },
    __infoDataSet: function() {
      return {
        ...this.info,
        columns: this.options.columns
      };
    },
    __infoRecord: function() {
      const { columns: columns2, raw, encoding } = this.options;
      return {
        ...this.__infoDataSet(),
        bytes_records: this.info.bytes,
        error: this.state.error,
        header: columns2 === true,
        index: this.state.record.length,
        raw: raw ? this.state.rawBuffer.toString(encoding) : void 0
      };
    },
    __infoField: function() {
      const { columns: columns2 } = this.options;
      const isColumns = Array.isArray(columns2);
      const bytes_records = this.info.bytes_records;
      return {
        ...this.__infoRecord(),
        bytes_records,
        column: isColumns === true ? columns2.length > this.state.record.length ? columns2[this.state.record.length].name : null : this.state.record.length,
        quoting: this.state.wasQuoting
      };
    }
  };
};

// node_modules/csv-parse/lib/index.js
var Parser = class extends Transform {
  constructor(opts = {}) {
    super({ ...{ readableObjectMode: true }, ...opts, encoding: null });
    this.api = transform({
      on_skip: (err, chunk) => {
        this.emit("skip", err, chunk);
      },
      ...opts
    });
    this.state = this.api.state;
    this.options = this.api.options;
    this.info = this.api.info;
  }
  // Implementation of `Transform._transform`
  _transform(buf, _, callback) {
    if (this.state.stop === true) {
      return;
    }
    const err = this.api.parse(
      buf,
      false,
      (record2) => {
        this.push(record2);
      },
      () => {
        this.push(null);
        this.end();
        this.on("end", this.destroy);
      }
    );
    if (err !== void 0) {
      this.state.stop = true;
    }
    callback(err);
  }
  // Implementation of `Transform._flush`
  _flush(callback) {
    if (this.state.stop === true) {
      return;
    }
    const err = this.api.parse(
      void 0,
      true,
      (record2) => {
        this.push(record2);
      },
      () => {
        this.push(null);
        this.on("end", this.destroy);
      }
    );
    callback(err);
  }
};
var parse3 = function() {
  let data2, options, callback;
  for (const i in arguments) {
    const argument = arguments[i];
    const type = typeof argument;
    if (data2 === void 0 && (typeof argument === "string" || Buffer.isBuffer(argument))) {
      data2 = argument;
    } else if (options === void 0 && is_object(argument)) {
      options = argument;
    } else if (callback === void 0 && type === "function") {
      callback = argument;
    } else {
      throw new CsvError(
        "CSV_INVALID_ARGUMENT",
        ["Invalid argument:", `got ${JSON.stringify(argument)} at index ${i}`],
        options || {}
      );
    }
  }
  const parser = new Parser(options);
  if (callback) {
    const records = options === void 0 || options.objname === void 0 ? [] : /* @__PURE__ */ Object.create(null);
    parser.on("readable", function() {
      let record2;
      while ((record2 = this.read()) !== null) {
        if (options === void 0 || options.objname === void 0) {
          records.push(record2);
        } else {
          Object.assign(records, {
            [record2[0]]: record2[1]
            // writable: true,
            // enumerable: true,
            // configurable: true
          });
        }
      }
    });
    parser.on("error", function(err) {
      callback(err, void 0, parser.api.__infoDataSet());
    });
    parser.on("end", function() {
      callback(void 0, records, parser.api.__infoDataSet());
    });
  }
  if (data2 !== void 0) {
    const writer = function() {
      parser.write(data2);
      parser.end();
    };
    if (typeof setImmediate === "function") {
      setImmediate(writer);
    } else {
      setTimeout(writer, 0);
    }
  }
  return parser;
};

// ts/cli/import/rows.ts
var ROW_BYTES = 1024 * 1024;
var MOST_UNKNOWN = 20;
var newColumns = () => ({ known: /* @__PURE__ */ new Set(), unknown: /* @__PURE__ */ new Set() });
function readRows(source, format3, columns2) {
  return format3.format === "csv" ? readCsv(source, format3, columns2) : readJsonLines(source, format3, columns2);
}
var BROKEN = {
  CSV_QUOTE_NOT_CLOSED: "a quote is opened and never closed",
  CSV_INVALID_CLOSING_QUOTE: 'behind a closing quote there is more; a quote within quotes is ""',
  INVALID_OPENING_QUOTE: 'there is a quote in the midst of a value; it must be quoted as a whole, and this quote be ""',
  CSV_MAX_RECORD_SIZE: "a row is longer than 1 MiB; a quote may be opened and never closed"
};
async function* readCsv(source, format3, columns2) {
  const { delimiter } = format3;
  const parser = parse3({
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: ROW_BYTES
  });
  let header;
  let line2 = 1;
  let [number, emptyLines] = [0, 0];
  try {
    for await (const { record: record2, info } of pipeline(source.read(), parser, () => {
    })) {
      line2 += info.empty_lines - emptyLines;
      emptyLines = info.empty_lines;
      if (header) yield toRow(++number, line2, record2, header, format3);
      else header = readHeader(record2, format3, columns2, source.name);
      line2 += 1 + record2.reduce((sum, value) => sum + (value.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
    }
  } catch (error) {
    const { code = "" } = error;
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${source.name}: line ${line2}: ${BROKEN[code] ?? `cannot be read (${code})`}`);
  }
  if (!header) throw new UsageError(`${source.name}: is empty; its first line must name the columns`);
}
function columnOf(header, { map, placeholders }) {
  const name = header.trim();
  return map.get(name) ?? fieldOf(name) ?? (placeholders.includes(name) ? ofPlaceholder(name) : void 0);
}
function readHeader(record2, format3, columns2, name) {
  const { delimiter, map } = format3;
  const header = record2.map((it) => columnOf(it, format3));
  for (const header2 of map.keys())
    if (!record2.some((it) => it.trim() === header2))
      throw new UsageError(`--map: ${name} has no column ${visibleLine(JSON.stringify(header2))}`);
  const twice = header.find((it, i) => it && header.indexOf(it) < i);
  if (twice) throw new UsageError(`${name}: line 1: more than one column is the ${twice}; rename one, or see --map`);
  if (!header.some((it) => it === "email" || it === "phone" || it === "username")) {
    const other = [";", "	", ","].find((it) => it !== delimiter && record2.some((text) => text.includes(it)));
    const hint = other ? `try --delimiter ${other === "	" ? "tab" : `"${other}"`}` : "or say which it is by --map";
    throw new UsageError(`${name}: line 1: must name a column email, phone or username; ${hint}`);
  }
  for (const [i, column] of header.entries()) {
    if (column) columns2.known.add(column);
    else columns2.unknown.add(/@|\d{5}/.test(record2[i] ?? "") ? `column ${i + 1}` : record2[i] ?? "");
  }
  return header;
}
function toRow(number, line2, record2, header, format3) {
  const fields = {};
  for (const [i, column] of header.entries()) if (column) fields[column] = clean(column, record2[i] ?? "");
  const width = record2.length === header.length ? [] : [`has ${record2.length} values, and the header ${header.length}`];
  return { number, line: line2, fields, problems: [...width, ...problemsOf2(fields, format3.messageProblem)] };
}
async function* readJsonLines(source, format3, columns2) {
  let number = 0;
  for await (const [line2, text] of linesOf(source.read(), source.name)) {
    if (text.trim() === "") continue;
    number += 1;
    yield { number, line: line2, ...readObject(text, format3, columns2) };
  }
  if (number === 0) throw new UsageError(`${source.name}: is empty`);
}
async function* linesOf(input, name) {
  const decoder = new TextDecoder();
  let [line2, rest] = [0, ""];
  for await (const chunk of input) {
    const lines3 = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines3.pop() ?? "";
    for (const text of lines3) yield [++line2, text];
    if (rest.length > ROW_BYTES) throw new UsageError(`${name}: line ${line2 + 1}: is longer than 1 MiB`);
  }
  rest += decoder.decode();
  if (rest) yield [line2 + 1, rest];
}
function readObject(text, format3, columns2) {
  const fields = {};
  let json2;
  try {
    json2 = JSON.parse(text);
  } catch {
    return { fields, problems: ["is no JSON"] };
  }
  if (typeof json2 !== "object" || json2 === null || Array.isArray(json2))
    return { fields, problems: ['must be an object, as {"email": "new@user.example"}'] };
  const problems = [];
  for (const [key, value] of Object.entries(json2)) {
    const column = columnOf(key, format3);
    if (!column) {
      if (columns2.unknown.size < MOST_UNKNOWN) columns2.unknown.add(key);
      continue;
    }
    columns2.known.add(column);
    if (fields[column] !== void 0) problems.push(`${column}: stands there twice`);
    else if (typeof value === "string") fields[column] = clean(column, value);
    else if (value !== null) problems.push(`${column}: must be text, in quotes`);
  }
  return { fields, problems: [...problems, ...problemsOf2(fields, format3.messageProblem)] };
}

// ts/cli/import/seen.ts
var Seen = class {
  #keys = new BigUint64Array(1024);
  #rows = new Uint32Array(1024);
  #count = 0;
  /** The row that came with this key before; otherwise it is this row from now on. */
  add(key, row3) {
    if (2 * this.#count >= this.#rows.length) this.#grow();
    const at = this.#find(key);
    if (this.#rows[at]) return this.#rows[at];
    this.#keys[at] = key;
    this.#rows[at] = row3;
    this.#count += 1;
    return void 0;
  }
  /** Where the key is or belongs; a row of 0 is a free place. */
  #find(key) {
    const mask = this.#rows.length - 1;
    let at = Number(BigInt.asUintN(32, key)) & mask;
    while (this.#rows[at] && this.#keys[at] !== key) at = at + 1 & mask;
    return at;
  }
  #grow() {
    const [keys, rows2] = [this.#keys, this.#rows];
    this.#keys = new BigUint64Array(2 * keys.length);
    this.#rows = new Uint32Array(2 * rows2.length);
    for (const [i, row3] of rows2.entries()) {
      if (!row3) continue;
      const key = keys[i] ?? 0n;
      const at = this.#find(key);
      this.#keys[at] = key;
      this.#rows[at] = row3;
    }
  }
};

// ts/cli/import/check.ts
var TOLD_AT_ONCE = 1e3;
async function checkRows({ source, format: format3, columns: columns2, salt, via }, tell2) {
  const ledger = new Ledger();
  const seen = new Seen();
  for await (const row3 of readRows(source, format3, columns2)) {
    const before = loginsOf(row3, via).map((login) => seen.add(hash64(salt, login), row3.number));
    const same = before.find((it) => it !== void 0 && it !== row3.number);
    const double = same === void 0 ? [] : [`has the same login as row ${same}, line ${ledger.line(same)}`];
    const problems = [...row3.problems, ...double];
    for (const problem of problems) tell2({ row: row3.number, line: row3.line, problem });
    ledger.add(row3.line, rowHash(salt, row3.fields), problems.length > 0);
  }
  if (ledger.count === 0) throw new UsageError(`${source.name}: has no rows`);
  return ledger;
}
function loginsOf({ fields }, via) {
  const plain = (kind, value) => `${kind}:${value.normalize("NFKC").toLowerCase()}`;
  if (via === "create") return [loginOf(fields)].flatMap((it) => it ? [plain(...it)] : []);
  return LOGIN_KINDS.flatMap((kind) => fields[kind] === void 0 ? [] : [plain(kind, fields[kind])]);
}
async function* rowsToDo({ source, format: format3, columns: columns2, salt }, ledger, journal) {
  let told2 = 0;
  for await (const row3 of readRows(source, format3, columns2)) {
    const hash = rowHash(salt, row3.fields).toString(16).padStart(16, "0");
    if (row3.number > ledger.count || hash !== ledger.hash(row3.number))
      throw new UsageError(`${source.name}: was changed in the meantime; run it again`);
    const state = ledger.state(row3.number);
    if (state === "bad" && ledger.at(row3.number) === void 0) {
      const [reason = "has the same login as another row"] = row3.problems;
      journal.write({ is: "ended", row: row3.number, outcome: "bad", reason });
      if (++told2 % TOLD_AT_ONCE === 0) await journal.flush();
    }
    if (state !== "bad" && state !== "done") yield row3;
  }
}

// ts/cli/import/create.ts
var ENVELOPE_MS2 = 36e5;
var MOST_LOST = 5;
async function createAll(rows2, work2, password2) {
  let lost = 0;
  await forEach(rows2, work2, async (row3) => {
    lost = await createOne(row3, work2, password2) ? 0 : lost + 1;
    if (lost >= MOST_LOST) throw new Halt(`createUser: there was no answer for ${lost} rows in a row`);
  });
}
async function createOne({ number: row3, fields }, work2, password2) {
  const { admin, journal, ledger, clock: clock2, seal: seal2 } = work2;
  const login = loginOf(fields);
  if (!login) return true;
  const before = ledger.state(row3) === "begun" ? lastLine(work2, row3, "begun", "ended") : void 0;
  const since = before?.since ?? clock2.now();
  const user2 = { loginId: toLoginId(login), password: password2() };
  const x_state = await seal2(fields, new Date(clock2.now() + ENVELOPE_MS2));
  const context2 = { ui_locales: fields.locale, x_state };
  if (!before) {
    journal.write({ is: "begun", row: row3, hash: ledger.hash(row3), since });
    await journal.flush();
  }
  let doubt = before !== void 0;
  const once2 = async () => {
    try {
      return await admin.createUser(user2, context2, doubt ? since : void 0);
    } catch (error) {
      if (error instanceof AdminApiError) doubt ||= error.inDoubt;
      throw error;
    }
  };
  try {
    const { id } = await persist(once2, work2);
    await end(work2, row3, { outcome: "created", user: id, message: "by hook" });
  } catch (error) {
    if (!(error instanceof AdminApiError)) throw error;
    if (error.fault === "refused")
      await end(work2, row3, { outcome: isDuplicate(error) ? "exists" : "failed", reason: explain(error) });
    else {
      await end(work2, row3, { outcome: "unknown", reason: error.message, since });
      return false;
    }
  }
  return true;
}

// ts/cli/import/journal.ts
import { closeSync, createReadStream, fsyncSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname as dirname5, resolve as resolve5 } from "node:path";

// ts/cli/import/lock.ts
import { unlinkSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
async function lock(name, platform = process.platform) {
  const path = pathFor(name, platform);
  const server = await listen2(path) ?? (await isAbandoned(path, platform) ? await listen2(path) : void 0);
  return server && (() => server.close());
}
function pathFor(name, platform) {
  if (platform === "linux") return `\0${name}`;
  return platform === "win32" ? `\\\\.\\pipe\\${name}` : join("/tmp", `${name}.sock`);
}
function listen2(path) {
  return new Promise((resolve7, reject) => {
    const server = createServer((socket) => socket.destroy()).unref();
    server.once(
      "error",
      (error) => error.code === "EADDRINUSE" ? resolve7(void 0) : reject(error)
    );
    server.listen(path, () => resolve7(server));
  });
}
async function isAbandoned(path, platform) {
  if (platform === "linux" || platform === "win32") return false;
  const dead = await new Promise((resolve7) => {
    const socket = connect(path, () => socket.destroy(resolve7(false)));
    socket.once("error", (error) => resolve7(error.code === "ECONNREFUSED"));
  });
  if (dead) unlinkSync(path);
  return dead;
}

// ts/cli/import/journal.ts
var JournalError = class extends Error {
  name = "JournalError";
};
var BEGINNING2 = '{"journal":"authgear-invite import","version":';
var PRIVATE = 384;
var READ_BYTES = 64 * 1024;
async function readHeader2(path) {
  try {
    for await (const { line: line2 } of linesOf2(path)) return toHeader(line2, path);
  } catch (error) {
    if (error.code !== "ENOENT") throw unusable(path, error);
  }
  return void 0;
}
async function* toldUsers(path) {
  for await (const { number, line: line2 } of linesOf2(path)) {
    if (number === 1) toHeader(line2, path);
    const it = line2;
    if (it.is === "made") yield { userId: it.user, message: "pending" };
    if (it.is === "leaving") yield { userId: it.user, message: "leaving" };
    if (it.is === "ended" && it.user && it.message) yield { userId: it.user, message: it.message };
  }
}
async function* linesOf2(path) {
  let rest = Buffer.alloc(0);
  let offset = 0;
  let number = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10, from)) {
      number += 1;
      let line2;
      try {
        line2 = JSON.parse(rest.toString("utf8", from, at));
      } catch {
        throw new JournalError(`${path}: line ${number} is damaged; restore a copy, or name another --journal`);
      }
      yield { line: line2, number, offset: offset + from, end: offset + at + 1 };
      from = at + 1;
    }
    rest = rest.subarray(from);
    offset += from;
    const text = rest.toString("latin1", 0, BEGINNING2.length);
    if (number === 0 && !BEGINNING2.startsWith(text)) throw noJournal(path);
  }
}
var noJournal = (path) => new JournalError(`${path}: is no journal of an import; name another --journal`);
function toHeader(line2, path) {
  const { journal, version, salt } = line2 ?? {};
  if (journal !== "authgear-invite import" || typeof salt !== "string") throw noJournal(path);
  if (version !== 1) throw new JournalError(`${path}: was made by a newer version of authgear-invite; use that one`);
  return line2;
}
function unusable(path, error) {
  if (error instanceof JournalError || error instanceof UsageError) return error;
  const { code = "unknown" } = error;
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG")
    return new JournalError(`${path}: the disk is full; free some space and run it again, nothing is lost`);
  return new JournalError(`${path}: cannot be read or written (${code}); check the path, the permissions and the disk`);
}
async function readJournal(path, header, onLine) {
  let size2 = 0;
  try {
    for await (const { line: line2, number, offset, end: end2 } of linesOf2(path)) {
      if (number > 1) onLine(line2, offset);
      else if (toHeader(line2, path).salt !== header.salt)
        throw new JournalError(`${path}: was begun by another process in this moment; wait for its end`);
      size2 = end2;
    }
  } catch (error) {
    if (error.code !== "ENOENT") throw unusable(path, error);
  }
  return size2;
}
var Journal = class _Journal {
  /** Called with each line that is written. */
  onLine = () => {
  };
  path;
  #file;
  #release;
  /** Where the file ends, and where it will when all that waits is written. */
  #size;
  #end;
  #waiting = [];
  /** The turn of the disk that takes what waits now, and the one that was begun last. */
  #next;
  #last = Promise.resolve();
  #broken;
  constructor(path, file, release, size2) {
    this.path = path;
    this.#file = file;
    this.#release = release;
    this.#size = size2;
    this.#end = size2;
  }
  /**
   * Opens a journal or makes one, and tells what is in it. Its header must be this one.
   *
   * @throws {JournalError}
   */
  static async open(path, header, onLine) {
    let file;
    let release;
    try {
      closeSync(openSync(path, "a", PRIVATE));
      file = await open(path, "r+");
      const { dev, ino } = await file.stat({ bigint: true });
      release = await lock(`authgear-invite-${dev}-${ino}`);
      if (!release) throw new JournalError(`${path}: another process imports with this journal; wait for its end`);
      const size2 = await readJournal(path, header, onLine);
      await file.truncate(size2);
      const journal = new _Journal(path, file, release, size2);
      journal.onLine = onLine;
      if (size2 === 0) await journal.#begin(header);
      return journal;
    } catch (error) {
      await file?.close();
      release?.();
      throw unusable(path, error);
    }
  }
  async #begin(header) {
    this.#append(`${JSON.stringify(header)}
`);
    await this.flush();
    if (process.platform === "win32") return;
    const folder = openSync(dirname5(resolve5(this.path)), "r");
    fsyncSync(folder);
    closeSync(folder);
  }
  /** Adds a line; it is on the disk after the next {@link flush}. */
  write(line2) {
    const offset = this.#append(`${JSON.stringify(line2)}
`);
    this.onLine(line2, offset);
  }
  #append(text) {
    const offset = this.#end;
    this.#waiting.push(text);
    this.#end += Buffer.byteLength(text);
    return offset;
  }
  /**
   * Resolves when all that was added is on the disk. What is added while the disk works shares the next turn.
   *
   * @throws {JournalError} From then on always: nothing more is promised.
   */
  flush() {
    this.#next ??= this.#last.catch(() => {
    }).then(() => new Promise((done) => setImmediate(done))).then(() => {
      this.#next = void 0;
      return this.#commit();
    });
    this.#last = this.#next;
    return this.#next;
  }
  async #commit() {
    if (this.#broken) throw this.#broken;
    const bytes2 = Buffer.from(this.#waiting.join(""));
    this.#waiting = [];
    try {
      await this.#alone();
      for (let written = 0; written < bytes2.length; ) {
        const { bytesWritten } = await this.#file.write(bytes2, written, bytes2.length - written, this.#size + written);
        written += bytesWritten;
      }
      await this.#file.datasync();
      this.#size += bytes2.length;
    } catch (error) {
      this.#broken = unusable(this.path, error);
      if (!(error instanceof JournalError)) await this.#file.truncate(this.#size).catch(() => {
      });
      throw this.#broken;
    }
  }
  /** A lock holds on one machine only; this sees who writes from another one. */
  async #alone() {
    const { size: size2 } = await this.#file.stat();
    if (size2 !== this.#size)
      throw new JournalError(`${this.path}: another process writes to it; end that one, and run this again`);
  }
  /** The line at an offset that was told. It must have been flushed. */
  read(offset) {
    const buffer = Buffer.alloc(1024);
    let text = "";
    for (let at = offset; ; ) {
      const count2 = readSync(this.#file.fd, buffer, 0, buffer.length, at);
      if (count2 === 0) throw new JournalError(`${this.path}: was shortened by somebody else`);
      const end2 = buffer.subarray(0, count2).indexOf(10);
      text += buffer.toString("latin1", 0, end2 < 0 ? count2 : end2);
      if (end2 >= 0) return JSON.parse(Buffer.from(text, "latin1").toString());
      at += count2;
    }
  }
  async close() {
    await this.flush().finally(async () => {
      await this.#file.close();
      this.#release();
    });
  }
};

// ts/cli/import/progress.ts
var SHOWN_MS = 250;
var LINE_MS = 3e4;
var BAR = 24;
var WINDOW_MS = 2e4;
function startProgress(stream, total, before, note) {
  const { status } = prettyLog(stream);
  const start = Date.now();
  const marks = [[start, before]];
  let done = before;
  const text = () => {
    const now = Date.now();
    marks.push([now, done]);
    while (marks.length > 2 && now - (marks[0]?.[0] ?? now) > WINDOW_MS) marks.shift();
    const [from, at] = marks[0] ?? [now, done];
    const rate = now > from ? 1e3 * (done - at) / (now - from) : 0;
    return [describe(done, total, rate), note()].filter(Boolean).join(" · ");
  };
  const timer = setInterval(
    () => stream.isTTY ? status(text()) : stream.write(`${text()}
`),
    stream.isTTY ? SHOWN_MS : LINE_MS
  );
  return {
    done: () => {
      done += 1;
    },
    end: () => {
      clearInterval(timer);
      status("");
    }
  };
}
function describe(done, total, rate) {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.floor(share * BAR);
  const parts = [
    `${"█".repeat(filled)}${"░".repeat(BAR - filled)} ${Math.floor(100 * share)} %`,
    `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`,
    `${rate.toFixed(1)}/s`,
    ...rate > 0 && done < total ? [`${duration((total - done) / rate)} left`] : []
  ];
  return parts.join(" · ");
}
function duration(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min` : `${Math.ceil(seconds)} s`;
}

// ts/cli/import/result.ts
import { closeSync as closeSync2, openSync as openSync2, renameSync as renameSync2, rmSync as rmSync2, writeFileSync as writeFileSync2 } from "node:fs";
var COLUMNS = ["row", "line", "outcome", "user_id", "message", "reason"];
var CHUNK = 1e3;
function writeResult(ledger, journal, write3) {
  const totals = { rows: ledger.count, outcomes: {}, messages: {} };
  let lines3 = [COLUMNS.join(",")];
  for (let row3 = 1; row3 <= ledger.count; row3++) {
    const { outcome, user: user2 = "", message = "", reason = "" } = resultOf(row3, ledger, journal);
    totals.outcomes[outcome] = (totals.outcomes[outcome] ?? 0) + 1;
    if (message) totals.messages[message] = (totals.messages[message] ?? 0) + 1;
    lines3.push([`${row3}`, `${ledger.line(row3)}`, ...[outcome, user2, message, reason].map(cell)].join(","));
    if (lines3.length >= CHUNK) {
      write3(`${lines3.join("\r\n")}\r
`);
      lines3 = [];
    }
  }
  if (lines3.length > 0) write3(`${lines3.join("\r\n")}\r
`);
  return totals;
}
function resultOf(row3, ledger, journal) {
  const at = ledger.at(row3);
  const state = ledger.state(row3);
  if (at === void 0 || state === "batched") return { outcome: UNFINISHED[state] ?? state };
  const line2 = journal.read(at);
  if (line2.is === "ended") return line2;
  return { outcome: UNFINISHED[state] ?? state, ...messageOf(line2) };
}
var UNFINISHED = {
  new: "not begun",
  begun: "begun",
  batched: "begun",
  made: "created",
  leaving: "created"
};
var messageOf = (line2) => line2.is === "made" || line2.is === "leaving" ? { user: line2.user, message: line2.is === "made" ? "not begun" : "unknown" } : {};
function cell(value) {
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
function resultFile(path, work2) {
  if (path === "-") return work2((text) => void process.stdout.write(text));
  const draft = `${path}.part`;
  try {
    const fd = openSync2(draft, "w", 384);
    try {
      const value = work2((text) => writeFileSync2(fd, text));
      renameSync2(draft, path);
      return value;
    } finally {
      closeSync2(fd);
      rmSync2(draft, { force: true });
    }
  } catch (error) {
    const { name, code } = error;
    if (name !== "Error" || !code) throw error;
    throw new UsageError(`${path}: the result cannot be written (${code}); name another --result and run it again`);
  }
}

// ts/cli/import/seal.ts
function sealer(secret) {
  return async (fields, expires) => {
    const login = loginOf(fields);
    const { name, given_name: givenName, family_name: familyName, nickname, inviter, message } = fields;
    const content = { name, givenName, familyName, nickname, inviter, message, values: placeholdersOf(fields) };
    if (secret === void 0 || !login || Object.values(content).every((it) => it === void 0)) return void 0;
    return sealEnvelope({ expires, ...content }, login[1], secret);
  };
}

// ts/cli/import/source.ts
import { closeSync as closeSync3, createReadStream as createReadStream2, createWriteStream, fstatSync, mkdtempSync, openSync as openSync3, rmSync as rmSync3 } from "node:fs";
import { tmpdir } from "node:os";
import { join as join2 } from "node:path";
import { pipeline as pipeline2 } from "node:stream/promises";
async function openSource(file) {
  if (file === "-") return spool(process.stdin, "stdin");
  let fd;
  try {
    fd = openSync3(file, "r");
    if (fstatSync(fd).isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
  } catch (error) {
    const { code } = error;
    throw new UsageError(`${file}: ${code === "ENOENT" ? "there is no such file" : `cannot be read (${code})`}`);
  }
  if (fstatSync(fd).isFile()) return sourceOf2(fd, file);
  return spool(createReadStream2("", { fd }), file);
}
function sourceOf2(fd, name) {
  return {
    name,
    read: () => createReadStream2("", { fd, start: 0, autoClose: false }),
    close: () => closeSync3(fd)
  };
}
async function spool(input, name) {
  const folder = mkdtempSync(join2(tmpdir(), "authgear-invite-"));
  const remove = () => rmSync3(folder, { recursive: true, force: true });
  try {
    const fd = openSync3(join2(folder, "input"), "wx+", 384);
    if (process.platform !== "win32") remove();
    await pipeline2(input, createWriteStream("", { fd, start: 0, autoClose: false }));
    const { close, ...source } = sourceOf2(fd, name);
    return {
      ...source,
      close: () => {
        close();
        remove();
      }
    };
  } catch (error) {
    remove();
    throw new UsageError(`${name}: cannot be read (${error.code})`);
  }
}

// ts/cli/import.ts
var FORMATS = ["csv", "jsonl"];
var VIAS = ["create", "import-api"];
var PASSWORDS = ["throwaway", "none"];
var CALLS_PER_SECOND = 50;
var importCommand = {
  summary: "Create many accounts out of a file, and have each of their owners invited once",
  args: "FILE",
  options: {
    config: CONFIG,
    via: {
      value: "WAY",
      choices: VIAS,
      default: "create",
      help: "create: one by one, the hook sends; import-api: in batches, this sends"
    },
    password: {
      value: "MODE",
      choices: PASSWORDS,
      help: "with create: throwaway or none (default throwaway); import-api makes none"
    },
    format: { value: "FORMAT", choices: FORMATS, help: "csv or jsonl (default by the file's name, else csv)" },
    delimiter: { value: "CHAR", default: ",", help: 'of CSV: one character such as ";", or tab' },
    map: {
      value: "HEADER=FIELD",
      many: true,
      help: "a column whose header is not the field's name; may be given again"
    },
    "skip-bad": { help: "leave bad rows out instead of doing nothing" },
    "dry-run": { help: "only look for what is wrong, and say what would be done" },
    rate: { value: "N", default: "5", help: "rows a second, at the most" },
    concurrency: { value: "N", default: "4", help: "rows at once, at the most" },
    journal: { value: "FILE", help: "what was done, for going on (default FILE.journal)" },
    result: { value: "FILE", help: "the outcome of each row as CSV, - for stdout (default FILE.result.csv)" },
    json: { help: "a JSON object for each bad row, and one at the end" }
  },
  examples: [
    ["import users.csv --dry-run", "What is wrong in the file, and what would be done"],
    ["import users.csv", "An account for each row, whose owner sets the password by Forgot Password"],
    ["import users.csv", "The same again, after it was ended or killed: it goes on"],
    [
      'import staff.csv --delimiter ";" --map "E-mail address=email" --map "First name=given_name"',
      "Another kind of CSV"
    ],
    ["import users.jsonl --via import-api --rate 20", "In batches; the invitations are sent from here"],
    ["import - --journal users.journal < users.csv", "From another program"]
  ],
  notes: `Columns: ${FIELDS.join(", ")}.
A row needs one of email, phone (as +85251000001) and username; with create the first of them that it has is the login.
locale is the language of the user. inviter and message, and with create the names, reach the message only by an
envelope: envelope.secrets of the configuration. message is the name of another message than the rule's. A column may also be
one of envelope.placeholders. Others are ignored. JSON Lines has an object of texts in each line.

All rows are looked at first. When one is bad, or two have the same login, nothing is done.

The journal has row numbers, hashes of rows, IDs of users, times and outcomes; no address, name or password. Run the
same command again to go on where it ended, however it ended: no account and no message is missed or made twice. Rows that
failed are tried again. Rows may be added at the file's end. In doubt about a message it is repeated only where the
provider's idempotency key allows it; otherwise its outcome is unknown, and it is for you to decide.

Outcomes: created, exists (it was there before; nothing was changed), failed, unknown, bad (see --skip-bad), and where it
was ended begun or not begun. Messages: by hook, sent, skipped (by your rules), not sent (run it again), unknown. The exit
code is 0 when every row is created or exists, and every message is sent, skipped or the hook's.

The hook has 10 places. A message takes about a second, so 5 rows a second leave half of them free for others. When
Authgear or the provider says that it is too much, it goes slower by itself.

--json prints {"row", "line", "problem"} for each bad row, and at the end {"outcome": "done", "stopped", "halted", "refused" or
"dry_run", "reason", "rows", "outcomes", "messages", "journal", "result"}.`,
  run: run5
};
async function run5(values, [file, ...more], { map }) {
  if (file === void 0 || more.length > 0) throw new UsageError("import: name one file, or - for stdin");
  const options = readOptions(values, file);
  const loaded = load2(options);
  const { placeholders = [], messageProblem = () => void 0 } = loaded.envelope ?? {};
  const { format: format3, delimiter } = options;
  const reading = { format: format3, delimiter, map: readMap(map, placeholders), placeholders, messageProblem };
  const source = await openSource(file);
  try {
    const header = await usable(readHeader2(options.journal)) ?? newHeader(options.via);
    if (header.via !== options.via)
      throw new UsageError(
        `${options.journal}: was begun with --via ${header.via}; go on with that, or name another --journal`
      );
    const input = { source, format: reading, columns: newColumns(), salt: header.salt, via: options.via };
    let bad = 0;
    const ledger = await checkRows(input, (it) => {
      bad += 1;
      tellBad(it, options);
    });
    tellColumns(input.columns, loaded.envelope !== void 0, options);
    if (bad > 0 && !options.skipBad) return refuse(ledger, options);
    if (options.dryRun) return await dryRun(ledger, header, options);
    return await work(input, ledger, header, loaded, options);
  } finally {
    source.close();
  }
}
var newHeader = (via) => ({
  journal: "authgear-invite import",
  version: 1,
  via,
  salt: randomBytes(16).toString("hex")
});
function readOptions(values, file) {
  const via = oneOf(values, "via", VIAS);
  if (values.password !== void 0 && via === "import-api" && values.password !== "none")
    throw new UsageError("--password: the import API takes no new passwords; its accounts have none");
  const password2 = oneOf({ password: values.password ?? "throwaway" }, "password", PASSWORDS);
  const byName = /\.(jsonl|ndjson)$/i.test(file) ? "jsonl" : "csv";
  const format3 = oneOf({ format: values.format ?? byName }, "format", FORMATS);
  const delimiter = values.delimiter === "tab" || values.delimiter === "\\t" ? "	" : values.delimiter ?? ",";
  if (!/^[^"\r\n]$/.test(delimiter)) throw new UsageError('--delimiter: must be one character such as ";", or tab');
  if (file === "-" && values.journal === void 0)
    throw new UsageError("--journal: is needed with -, to know what was done when it is run again");
  const journal = values.journal ?? `${file}.journal`;
  const result = values.result ?? `${file === "-" ? journal : file}.result.csv`;
  const json2 = values.json !== void 0;
  const files = [file, journal, result].filter((it) => it !== "-").map((it) => resolve6(it));
  if (new Set(files).size < files.length)
    throw new UsageError("import: FILE, --journal and --result must be three different files");
  if (json2 && result === "-") throw new UsageError("--result: must be a file with --json, which takes stdout");
  return {
    file,
    config: values.config ?? "",
    via,
    password: password2,
    format: format3,
    delimiter,
    rate: wholeNumber(values, "rate", 1, 1e4),
    concurrency: wholeNumber(values, "concurrency", 1, 64),
    journal,
    result,
    skipBad: values["skip-bad"] !== void 0,
    dryRun: values["dry-run"] !== void 0,
    json: json2
  };
}
function readMap(entries = [], placeholders) {
  return new Map(
    entries.map((entry) => {
      const at = entry.lastIndexOf("=");
      const name = entry.slice(at + 1).trim();
      const column = isField(name) ? name : ofPlaceholder(name);
      if (at < 1 || column !== name && !placeholders.includes(name))
        throw new UsageError(
          `--map: must be HEADER=FIELD, as Mail=email; fields are ${[...FIELDS, ...placeholders].join(", ")}`
        );
      return [entry.slice(0, at).trim(), column];
    })
  );
}
function load2({ config: file, via }) {
  const { admin, password: password2 } = loadAdmin(file, { attempts: 1 });
  return {
    admin,
    password: password2,
    envelope: loadEnvelope(file),
    config: via === "import-api" ? loadConfig(file) : void 0
  };
}
function tellBad(bad, { json: json2, file }) {
  if (json2) print(jsonLine(bad));
  else warn(`${file}: line ${bad.line}: ${bad.problem}`);
}
function tellColumns({ known, unknown }, sealed, { file, via }) {
  const names = [...unknown].map((it) => JSON.stringify(it)).join(", ");
  if (unknown.size > 0) warn(`${file}: columns that are ignored: ${names}; see --map`);
  const lost = [...known].filter(
    (it) => it === "inviter" || it === "message" || via === "create" && NAMES2.some((name) => name === it)
  );
  if (lost.length > 0 && !sealed)
    warn(
      `${lost.join(", ")}: will not reach the message; only an envelope takes that along: set envelope.secrets in the configuration`
    );
  const logins = LOGIN_KINDS.filter((it) => known.has(it));
  if (via === "create" && logins.length > 1)
    warn(
      `${logins.join(", ")}: createUser makes one login, the first of them that a row has; --via import-api makes all`
    );
}
var warn = (text) => void process.stderr.write(`authgear-invite: ${visibleLine(text)}
`);
function refuse(ledger, options) {
  const reason = `${count(ledger.counts("bad"), "row")} of ${ledger.count.toLocaleString("en")} cannot be imported; nothing was done`;
  if (options.json)
    print(jsonLine({ outcome: "refused", reason, rows: ledger.count, outcomes: { bad: ledger.counts("bad") } }));
  warn(`${reason}; correct them, or leave them out with --skip-bad`);
  return EXIT.usage;
}
async function dryRun(ledger, header, options) {
  const { journal, file, via, rate, json: json2 } = options;
  await usable(readJournal(journal, header, (line2, offset) => ledger.apply(line2, offset)));
  ledger.check(journal, file);
  const bad = ledger.counts("bad");
  const done = ledger.counts("done");
  const unsent = ledger.counts("made") + ledger.counts("leaving");
  const todo = ledger.count - bad - done - unsent;
  if (json2) print(jsonLine({ outcome: "dry_run", rows: ledger.count, outcomes: { bad, done, unsent, todo } }));
  else {
    const how = via === "create" ? "by createUser, and the hook would invite" : "by the import API, and this would invite";
    const rest = [
      unsent > 0 && `${count(unsent, "message")} to be sent for accounts made before`,
      done > 0 && `${count(done, "row")} done before`,
      bad > 0 && `${count(bad, "bad row")} left out`
    ];
    print(
      [
        `Would make ${count(todo, "account")} ${how} their owners; about ${duration((todo + unsent) / rate)}`,
        ...rest.filter(Boolean)
      ].join("; ")
    );
  }
  return EXIT.done;
}
var count = (n, what) => `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;
async function work(input, ledger, header, loaded, options) {
  const journal = await openJournal(ledger, header, options);
  try {
    const ending = await carryOut2(input, ledger, journal, loaded, options);
    await journal.flush();
    const totals = resultFile(options.result, (write3) => writeResult(ledger, journal, write3));
    return conclude(totals, ending, options);
  } finally {
    await journal.close().catch(() => {
    });
  }
}
async function openJournal(ledger, header, { journal: path, file }) {
  const journal = await usable(Journal.open(path, header, (line2, offset) => ledger.apply(line2, offset)));
  try {
    ledger.check(path, file);
    return journal;
  } catch (error) {
    await journal.close();
    throw error;
  }
}
var usable = (work2) => work2.catch((error) => {
  throw error instanceof JournalError ? new UsageError(error.message) : error;
});
async function carryOut2(input, ledger, journal, { admin, password: password2, envelope, config }, options) {
  const { stop, clock: clock2, release } = stopping();
  const pace = new Pace(options.rate, options.concurrency, clock2);
  const todo = ledger.count - ledger.counts("bad");
  const progress = startProgress(process.stderr, todo, ledger.counts("done"), () => pace.note);
  journal.onLine = (line2, offset) => {
    ledger.apply(line2, offset);
    if (line2.is === "ended" && line2.outcome !== "bad") progress.done();
  };
  const common = { admin, journal, ledger, pace, clock: clock2, stop, seal: sealer(envelope?.secret) };
  const rows2 = rowsToDo(input, ledger, journal);
  try {
    if (config)
      await importAll(rows2, {
        ...common,
        config,
        calls: new Pace(Math.max(CALLS_PER_SECOND, options.rate), options.concurrency, clock2)
      });
    else await createAll(rows2, common, options.password === "none" ? () => null : password2);
    return { stopped: stop.aborted };
  } catch (error) {
    if (error instanceof Halt) return { halted: error.message, stopped: stop.aborted };
    if (error instanceof Stopped) return { stopped: true };
    throw error;
  } finally {
    progress.end();
    release();
  }
}
function stopping() {
  const controller = new AbortController();
  const stop = controller.signal;
  setMaxListeners(0, stop);
  const onSignal = () => {
    if (stop.aborted) process.exit(EXIT.failed);
    warn("ending what was begun; Ctrl-C again ends at once, and loses nothing either");
    controller.abort();
  };
  const signals = ["SIGINT", "SIGTERM"];
  for (const signal of signals) process.on(signal, onSignal);
  const clock2 = {
    now: Date.now,
    random: Math.random,
    sleep: (ms) => sleep(ms, void 0, { signal: stop }).catch(() => {
      throw new Stopped();
    })
  };
  return {
    stop,
    clock: clock2,
    release: () => {
      for (const signal of signals) process.off(signal, onSignal);
    }
  };
}
function conclude(totals, { halted, stopped }, { json: json2, journal, result }) {
  const { rows: rows2, outcomes, messages } = totals;
  const done = (outcomes.created ?? 0) + (outcomes.exists ?? 0);
  const told2 = (messages["by hook"] ?? 0) + (messages.sent ?? 0) + (messages.skipped ?? 0);
  const whole = done === rows2 && told2 === (outcomes.created ?? 0);
  const outcome = halted ? "halted" : stopped ? "stopped" : "done";
  if (json2) print(jsonLine({ outcome, reason: halted, rows: rows2, outcomes, messages, journal, result }));
  else warn(summary(totals, result));
  if (halted) warn(halted);
  if (!whole) warn(advice(totals, halted !== void 0 || stopped));
  return whole ? EXIT.done : EXIT.failed;
}
function summary({ rows: rows2, outcomes, messages }, result) {
  const list4 = (counts) => Object.entries(counts).map(([name, n]) => `${n.toLocaleString("en")} ${name}`).join(", ");
  const sent = Object.keys(messages).length > 0 ? `; messages: ${list4(messages)}` : "";
  return `${count(rows2, "row")}: ${list4(outcomes)}${sent}${result === "-" ? "" : `; see ${result}`}`;
}
function advice({ messages }, ended) {
  const doubt = messages.unknown ? "; look into your provider's log for those that are unknown before you send them again" : "";
  return `run the same command again to ${ended ? "go on" : "try again what failed"}${doubt}`;
}

// ts/cli/init.ts
import { writeFileSync as writeFileSync3 } from "node:fs";

// ts/cli/ask.ts
import { createInterface } from "node:readline/promises";
var canAsk = () => Boolean(process.stdin.isTTY && process.stderr.isTTY);
var lines;
async function ask2(question3) {
  lines ??= createInterface({ input: process.stdin, terminal: false })[Symbol.asyncIterator]();
  process.stderr.write(question3);
  process.stdin.ref();
  const { value, done } = await lines.next();
  process.stdin.unref();
  return done ? void 0 : value.trim();
}
async function confirm(question3) {
  if (!canAsk()) throw new UsageError("--yes: is needed where nobody can be asked");
  return /^y(es)?$/i.test(await ask2(visibleLine(`${question3} [y/N] `)) ?? "");
}

// ts/cli/init.ts
var SCHEMA = "./node_modules/authgear-invite/config.schema.json";
var QUESTIONS = {
  serviceName: "The name of your site or app, as its users know it",
  url: "The address where users sign in, such as https://accounts.acme.example",
  provider: "Who sends, such as resend, ses or twilio",
  from: "Whom it comes from, such as Acme <no-reply@acme.example>",
  domain: "The domain that you send from at this provider",
  region: "The region, such as eu-west-1"
};
var init = {
  summary: "Write a first configuration, asking for what it needs",
  options: {
    config: { ...CONFIG, help: "the file to write" },
    ...Object.fromEntries(
      Object.entries(QUESTIONS).map(([key, help]) => [dashed(key), { value: "TEXT", help: lowerFirst(help) }])
    ),
    provider: {
      value: "TEXT",
      help: lowerFirst(QUESTIONS.provider ?? ""),
      get choices() {
        return providers().map(({ name }) => name);
      }
    },
    "portal-passwords": {
      help: "admins let the Portal generate passwords, which Authgear mails: leave those users out"
    },
    yes: { help: "do not ask" },
    force: { help: "overwrite the file" },
    json: { help: "one JSON object: file, variables" }
  },
  examples: [
    ["init", "Be asked"],
    [
      'init --yes --service-name Acme --url https://accounts.acme.example --provider resend --from "Acme <no-reply@acme.example>"',
      "Without a question"
    ]
  ],
  notes: `Keys are not asked for: the file names environment variables that hold them. A configuration can do much more than
what is asked here; the $schema in it lets editors show all of it, once the package is installed.`,
  run: run6
};
async function run6(values) {
  const file = values.config ?? "";
  const asks = !values.yes && canAsk();
  const answers = new Answers(values, asks);
  const serviceName = await answers.get("serviceName", (it) => told({ serviceName: it }, "serviceName"));
  const url = await answers.get("url", (it) => told({ url: it }, "url"));
  const known = providers();
  const names = known.map((it) => it.name);
  const name = await answers.get(
    "provider",
    (it) => names.includes(it) ? void 0 : `must be one of ${names.join(", ")}`
  );
  const { channel, needs, knows } = known.find((it) => it.name === name);
  const sender = { provider: name };
  const variables = [];
  const extras = knows.filter((it) => !needs.includes(it) && it in QUESTIONS && values[dashed(it)] !== void 0);
  for (const key of [...needs, ...extras]) {
    if (SECRET.test(key) || ACCOUNT.test(`.${key}`)) {
      const variable = variableOf(name, key);
      variables.push(variable);
      sender[key] = { env: variable };
    } else {
      const path = `${channel}[0].${key}`;
      sender[key] = await answers.get(key, (it) => told({ [channel]: [{ provider: name, [key]: it }] }, path));
    }
  }
  answers.refuseRest();
  const leavesOut = values["portal-passwords"] ?? (asks && await confirm2());
  const rules = [{ on: "user.created", when: { origin: ["admin_api_direct"] } }];
  const config = { $schema: SCHEMA, serviceName, url, [channel]: [sender], ...leavesOut && { rules } };
  write2(file, `${JSON.stringify(config, null, 2)}
`, values.force !== void 0);
  print(values.json ? jsonLine({ file, variables }) : nextSteps(file, channel, variables));
  return EXIT.done;
}
function nextSteps(file, channel, variables) {
  const set = variables.length > 0 ? `Set ${variables.join(" and ")}, then:` : "Then:";
  const tries = channel === "email" ? ["preview", "send --to YOUR-ADDRESS"] : ["preview --event phone", "send --to +YOUR-NUMBER"];
  const config = file === CONFIG.default ? "" : ` --config ${/[^\w./\\:-]/.test(file) ? `"${file}"` : file}`;
  const lines3 = ["check", ...tries, "build --locales en,ja"].map((it) => `  authgear-invite ${it}${config}`);
  const texts3 = "--locales names the built-in texts that your users can read.";
  return [`${file} is written. ${set}`, ...lines3, texts3].map(visibleLine).join("\n");
}
var Answers = class {
  constructor(values, asks) {
    this.values = values;
    this.asks = asks;
  }
  values;
  asks;
  #used = /* @__PURE__ */ new Set();
  /** `fault` says what is wrong with an answer. */
  async get(key, fault) {
    const option = dashed(key);
    this.#used.add(key);
    const given = this.values[option];
    if (given !== void 0 || !this.asks) {
      const wrong = given === void 0 ? `is needed: ${lowerFirst(QUESTIONS[key] ?? key)}` : fault(given);
      if (wrong) throw new UsageError(`--${option}: ${wrong}`);
      return given ?? "";
    }
    for (; ; ) {
      const answer = await ask2(`${QUESTIONS[key] ?? key}: `);
      if (answer === void 0) throw new UsageError("nothing was written");
      const wrong = answer === "" ? "is needed" : fault(answer);
      if (!wrong) return answer;
      process.stderr.write(`  ${visibleLine(wrong)}
`);
    }
  }
  /** An option that this provider has no use for is a mistake. */
  refuseRest() {
    const idle = Object.keys(QUESTIONS).find((it) => !this.#used.has(it) && this.values[dashed(it)] !== void 0);
    if (idle) throw new UsageError(`--${dashed(idle)}: ${this.values.provider} has no such option`);
  }
};
async function confirm2() {
  const answer = await ask2("Do admins let the Portal generate passwords, which Authgear mails to users? [y/N] ");
  return /^y(es)?$/i.test(answer ?? "");
}
function told(config, path) {
  const engine = createEngine(config, BUILT_IN);
  engine.free();
  return engine.problems.find((it) => it.startsWith(`${path}: `))?.slice(path.length + 2);
}
function write2(file, text, force) {
  try {
    writeFileSync3(file, text, { flag: force ? "w" : "wx", mode: 384 });
  } catch (error) {
    const { code } = error;
    if (code === "EEXIST") throw new UsageError(`--config: ${file} is there already; --force overwrites it`);
    throw new UsageError(`--config: ${file} cannot be written (${code})`);
  }
}
function providers() {
  const { properties } = JSON.parse(readPart("config.schema.json"));
  const all = ["email", "sms"].flatMap(
    (channel) => properties[channel].items.anyOf.flatMap(
      ({ properties: { provider, ...rest }, required }) => (provider.enum ?? [provider.const ?? ""]).map((name) => ({
        name,
        channel,
        needs: required.filter((it) => it !== "provider"),
        knows: Object.keys(rest)
      }))
    )
  );
  const plain = all.filter(({ needs }) => needs.includes("from") && !needs.includes("authToken"));
  return plain.filter(({ name }, i) => plain.findIndex((it) => it.name === name) === i);
}
var variableOf = (provider, key) => `${provider === "ses" ? "aws" : provider}_${dashed(key).replaceAll("-", "_")}`.toUpperCase();
function dashed(key) {
  return key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
}
function lowerFirst(text) {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

// ts/outbox/commit.ts
import { fdatasync } from "node:fs";
import { promisify } from "node:util";

// ts/outbox/file.ts
import { chmodSync, closeSync as closeSync4, existsSync as existsSync3, openSync as openSync4, statfsSync } from "node:fs";
var OutboxError = class extends Error {
  name = "OutboxError";
  fault;
  constructor(fault, message) {
    super(message);
    this.fault = fault;
  }
};
var APPLICATION_ID = 1634299510;
var SCHEMA2 = [
  `CREATE TABLE message (
     id INTEGER PRIMARY KEY,
     key TEXT NOT NULL UNIQUE,
     state TEXT NOT NULL,
     since INTEGER NOT NULL,
     due INTEGER,
     passes INTEGER NOT NULL DEFAULT 0,
     mark TEXT,
     last TEXT
   );
   CREATE TABLE event (id INTEGER PRIMARY KEY, event_id TEXT, type TEXT NOT NULL, user_id TEXT, body BLOB NOT NULL);
   CREATE TABLE pulse (id INTEGER PRIMARY KEY, at INTEGER NOT NULL);
   CREATE INDEX work ON message (due, since) WHERE due IS NOT NULL;
   CREATE INDEX dead ON message (id) WHERE state = 'dead';`
];
var PATIENCE_MS2 = 5e3;
var BUSY_PAUSE_MS = 20;
var RESERVE_BYTES = 16 * 1024 * 1024;
var MEASURED_MS = 250;
var PRIVATE2 = 384;
var TEXTS = {
  busy: "another process holds it locked; end that process, or wait",
  full: "the disk is full; free some space",
  corrupt: "it is damaged, or no SQLite database; nothing was changed: move it away to begin anew, or restore a copy",
  readonly: "it cannot be written; check the permissions of the file and its folder",
  io: "it cannot be read or written; check the path, the permissions and the disk",
  unknown: "SQLite failed"
};
async function openFile(path, { as, sqlite }) {
  const open2 = sqlite ?? await loadSqlite();
  const serves = as === "serve";
  if (!serves && !existsSync3(path)) throw new OutboxError("missing", `${path}: there is no such outbox`);
  const opened = [];
  const close = () => {
    for (const database of opened.splice(0).reverse()) quietly(() => database.close());
  };
  try {
    if (serves) {
      opened.push(takeLock(path, open2));
      create2(path);
    }
    const db = open2(path);
    opened.push(db);
    db.exec(`PRAGMA busy_timeout = ${serves ? 0 : PATIENCE_MS2}`);
    recognise(db, path, serves);
    if (!serves) return { db, close };
    chmodSync(path, PRIVATE2);
    await patiently(() => setUp(db));
    if (pragma(db, "quick_check(1)") !== "ok") throw new OutboxError("corrupt", `${path}: ${TEXTS.corrupt}`);
    const log = openSync4(`${path}-wal`, "r+");
    return {
      db,
      log,
      close: () => {
        quietly(() => db.exec("PRAGMA wal_checkpoint(TRUNCATE)"));
        close();
        quietly(() => closeSync4(log));
      }
    };
  } catch (error) {
    close();
    throw asOutboxError(path, error);
  }
}
var pragma = (db, name) => Object.values(db.prepare(`PRAGMA ${name}`).get())[0];
function recognise(db, path, serves) {
  const id = pragma(db, "application_id");
  const version = Number(pragma(db, "user_version"));
  const empty = id === 0 && version === 0 && !db.prepare("SELECT 1 FROM sqlite_schema").get();
  if (id !== APPLICATION_ID && !(empty && serves))
    throw new OutboxError("foreign", `${path}: is a database, but no outbox; name another file`);
  if (version > SCHEMA2.length)
    throw new OutboxError("newer", `${path}: was made by a newer version of authgear-invite; use that one`);
}
function setUp(db) {
  db.exec("PRAGMA journal_mode = WAL");
  db.exec("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 67108864");
  transaction(db, () => {
    for (const statements of SCHEMA2.slice(Number(pragma(db, "user_version")))) db.exec(statements);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA2.length}`);
  });
  db.exec("PRAGMA synchronous = NORMAL");
}
async function patiently(work2) {
  for (const deadline = Date.now() + PATIENCE_MS2; ; ) {
    try {
      return work2();
    } catch (error) {
      if (faultOf(error) !== "busy" || Date.now() > deadline) throw error;
      await new Promise((resolve7) => setTimeout(resolve7, BUSY_PAUSE_MS));
    }
  }
}
function transaction(db, work2) {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work2();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    quietly(() => db.exec("ROLLBACK"));
    throw error;
  }
}
function takeLock(path, open2) {
  create2(`${path}.lock`);
  const lock2 = open2(`${path}.lock`);
  try {
    lock2.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
    return lock2;
  } catch (error) {
    lock2.close();
    if (faultOf(error) !== "busy") throw error;
    throw new OutboxError("in_use", `${path}: another server sends from this outbox; end it, or name another file`);
  }
}
function create2(path) {
  try {
    closeSync4(openSync4(path, "a", PRIVATE2));
  } catch (error) {
    const { code = "" } = error;
    throw new OutboxError("io", `${path}: cannot be opened (${code}); check the path and its permissions`);
  }
}
function quietly(work2) {
  try {
    work2();
  } catch {
  }
}
function createGuard(path) {
  let until = 0;
  let full = false;
  return () => {
    const now = performance.now();
    if (now >= until) {
      until = now + MEASURED_MS;
      const { bavail, bsize } = statfsSync(path);
      full = bavail * bsize < RESERVE_BYTES;
    }
    if (full) throw new OutboxError("full", `${path}: ${TEXTS.full}`);
  };
}
function asOutboxError(path, error) {
  if (error instanceof OutboxError) return error;
  const fault = faultOf(error);
  const { rawCode, errcode = rawCode, name } = error ?? {};
  return new OutboxError(
    fault,
    `${path}: ${errcode ? `${TEXTS[fault]} (SQLite ${errcode})` : `${TEXTS.io} (${name})`}`
  );
}

// ts/outbox/commit.ts
var BATCH = 512;
var GroupCommit = class {
  #path;
  #db;
  #sync;
  #onCommit;
  #waiting = [];
  #running = false;
  #busySince;
  #broken;
  constructor(path, db, sync, onCommit = () => {
  }) {
    this.#path = path;
    this.#db = db;
    this.#sync = sync;
    this.#onCommit = onCommit;
  }
  /** Makes a change; resolves with its result when it is on the disk, or rejects with an {@link OutboxError}. */
  write(change) {
    return new Promise((resolve7, reject) => {
      this.#waiting.push({ change, resolve: resolve7, reject });
      if (!this.#running) void this.#run();
    });
  }
  /** Gives up what waits, now and from now on. */
  close() {
    this.#broken ??= new OutboxError("unknown", `${this.#path}: is being closed`);
    this.#reject(this.#waiting.splice(0), this.#broken);
  }
  async #run() {
    this.#running = true;
    while (this.#waiting.length > 0) {
      await new Promise((resolve7) => setImmediate(resolve7));
      await this.#commit(this.#waiting.splice(0, BATCH));
    }
    this.#running = false;
  }
  async #commit(batch) {
    if (this.#broken) return this.#reject(batch, this.#broken);
    const start = performance.now();
    try {
      const results = transaction(this.#db, () => batch.map(({ change }) => change()));
      this.#busySince = void 0;
      await this.#settle(batch, results);
      this.#onCommit(batch.length, performance.now() - start);
    } catch (error) {
      await this.#failed(batch, error, start);
    }
  }
  /** What a failed sync has lost nobody knows, and the next one would not tell: from then on nothing is promised. */
  async #settle(batch, results) {
    try {
      await this.#sync();
    } catch (error) {
      this.#broken = new OutboxError(
        "io",
        `${this.#path}: the disk failed (${error.code}); restart`
      );
      return this.#reject(batch, this.#broken);
    }
    for (const [i, { resolve: resolve7 }] of batch.entries()) resolve7(results[i]);
  }
  async #failed(batch, error, now) {
    const fault = faultOf(error);
    this.#busySince ??= now;
    if (fault === "busy" && now - this.#busySince < PATIENCE_MS2) {
      this.#waiting.unshift(...batch);
      await new Promise((resolve7) => setTimeout(resolve7, BUSY_PAUSE_MS));
      return;
    }
    this.#busySince = void 0;
    if (fault === "full" && batch.length > 1) for (const one of batch) await this.#commit([one]);
    else this.#reject(batch, asOutboxError(this.#path, error));
  }
  #reject(batch, error) {
    for (const { reject } of batch) reject(error);
  }
};
var syncDescriptor = promisify(fdatasync);
var syncOf = (log) => log === void 0 ? async () => {
} : () => syncDescriptor(log);

// ts/outbox/store.ts
var SWEEP = 500;
var PULSE_MS = 5e3;
var Store = class _Store {
  path;
  #file;
  #commits;
  #guard;
  #prepared = /* @__PURE__ */ new Map();
  constructor(path, file, { onCommit, sync = syncOf(file.log) }) {
    this.path = path;
    this.#file = file;
    this.#guard = createGuard(path);
    this.#commits = new GroupCommit(path, file.db, sync, onCommit);
  }
  /** @throws {OutboxError | NoSqlite} */
  static async open(path, options) {
    return new _Store(path, await openFile(path, options), options);
  }
  // --- Changes; each resolves when it is on the disk, or rejects with an OutboxError -----------------------------------
  /** Keeps a message to be sent; `duplicate` when its key is known. */
  async insert(key, now, event) {
    this.#guard();
    return this.#commits.write(() => {
      const { changes, lastInsertRowid } = this.#run(
        "INSERT INTO message (key, state, since, due) VALUES (?, 'queued', ?, ?) ON CONFLICT DO NOTHING",
        key,
        now,
        now
      );
      if (Number(changes) === 0) return "duplicate";
      const { eventId = null, type, userId = null, body } = event;
      const id = Number(lastInsertRowid);
      this.#run(
        "INSERT INTO event (id, event_id, type, user_id, body) VALUES (?, ?, ?, ?, ?)",
        id,
        eventId,
        type,
        userId,
        body
      );
      return "queued";
    });
  }
  /** Changes a row that still is as it was read; a person may have retried it meanwhile. */
  change(entry, change) {
    return this.#commits.write(() => {
      const columns2 = Object.keys(change);
      const values = Object.values(change).map(
        (it) => typeof it === "object" && it !== null ? JSON.stringify(it) : it
      );
      const set = columns2.map((column) => `${column} = ?`).join(", ");
      this.#run(`UPDATE message SET ${set} WHERE id = ? AND state = ?`, ...values, entry.id, entry.state);
      if (change.due === null && (change.state ?? entry.state) === "sent")
        this.#run("DELETE FROM event WHERE id = ?", entry.id);
    });
  }
  /** Sends a dead message again, or a waiting one now; false for one that was sent. */
  retry(id, now) {
    return this.#commits.write(() => {
      const revived = this.#run(
        "UPDATE message SET state = 'queued', since = ?, due = ?, passes = 0, mark = NULL WHERE id = ? AND state = 'dead'",
        now,
        now,
        id
      );
      const hurried = this.#run("UPDATE message SET due = ? WHERE id = ? AND state IN ('queued', 'sending')", now, id);
      return Number(revived.changes) + Number(hurried.changes) > 0;
    });
  }
  /** Forgets, oldest first, what is done and older than that, some hundreds at once. */
  sweep(before) {
    const old = `SELECT id FROM (SELECT id, due, since FROM message ORDER BY id LIMIT ${SWEEP}) WHERE due IS NULL AND since < ?`;
    return this.#commits.write(() => {
      this.#run(`DELETE FROM event WHERE id IN (${old})`, before);
      const swept = this.#all(`DELETE FROM message WHERE id IN (${old}) RETURNING state`, before);
      const dead = swept.filter(({ state }) => state === "dead").length;
      return { sent: swept.length - dead, dead };
    });
  }
  /**
   * For a clock that was set back: nobody knows any more for how long keys have been held, and what is due later than
   * `latest` would come late.
   */
  distrustClock(now, latest) {
    return this.#commits.write(() => {
      this.#run(
        "UPDATE message SET mark = json_set(mark, '$.keySeconds', 0) WHERE due IS NOT NULL AND state = 'sending'"
      );
      this.#run("UPDATE message SET due = ? WHERE due > ?", now, latest);
    });
  }
  /** Whether the disk takes a change; rejects when it does not. */
  async pulse(now) {
    this.#guard();
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new OutboxError("io", `${this.path}: the disk does not answer`)), PULSE_MS);
    });
    const written = this.#commits.write(
      () => void this.#run("INSERT OR REPLACE INTO pulse (id, at) VALUES (1, ?)", now)
    );
    await Promise.race([written, late]).finally(() => clearTimeout(timer));
  }
  // --- Reading; throws OutboxError -------------------------------------------------------------------------------------
  /** What is due, in the order in which it became so. */
  due(now, limit) {
    return this.#read(
      () => this.#all("SELECT id FROM message WHERE due <= ? ORDER BY due LIMIT ?", now, limit).map(
        (it) => it.id
      )
    );
  }
  entry(by) {
    const [column, value] = "id" in by ? ["id", by.id] : ["key", by.key];
    return this.#read(() => toEntry(this.#get(`SELECT * FROM message WHERE ${column} = ?`, value)));
  }
  /** The message of the same event as the one with this key, whichever rule or channel led to it. */
  entryOfEvent(key) {
    const event = key.split(".").slice(0, 3).join(".");
    return this.#read(
      () => toEntry(this.#get("SELECT * FROM message WHERE key > ? AND key < ? ORDER BY key", `${event}.`, `${event}/`))
    );
  }
  event(id) {
    return this.#read(() => {
      const row3 = this.#get(
        "SELECT * FROM event WHERE id = ?",
        id
      );
      return row3 && { eventId: row3.event_id ?? void 0, type: row3.type, userId: row3.user_id ?? void 0, body: row3.body };
    });
  }
  /** Rows from `after` on, in the order of their acceptance. */
  list({ states, after, limit }) {
    const marks = states.map(() => "?").join(", ");
    return this.#read(
      () => this.#all(
        `SELECT * FROM message WHERE id > ? AND state IN (${marks}) ORDER BY id LIMIT ?`,
        after,
        ...states,
        limit
      ).map((row3) => toEntry(row3))
    );
  }
  /** When the newest message was accepted. */
  newest() {
    const row3 = this.#read(() => this.#get("SELECT since FROM message ORDER BY id DESC LIMIT 1"));
    return row3?.since ?? 0;
  }
  counts() {
    return this.#read(() => {
      const work2 = this.#get(
        "SELECT count(*) AS open, min(since) AS oldest FROM message WHERE due IS NOT NULL"
      );
      const dead = this.#get("SELECT count(*) AS dead FROM message WHERE state = 'dead'");
      return { open: work2?.open ?? 0, oldest: work2?.oldest ?? null, dead: dead?.dead ?? 0 };
    });
  }
  /** Gives up what waits for the disk, and closes the file. */
  close() {
    this.#commits.close();
    this.#file.close();
  }
  #read(work2) {
    try {
      return work2();
    } catch (error) {
      throw asOutboxError(this.path, error);
    }
  }
  #statement(sql) {
    let statement = this.#prepared.get(sql);
    if (!statement) {
      statement = this.#file.db.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }
  #run(sql, ...values) {
    return this.#statement(sql).run(...values);
  }
  #get(sql, ...values) {
    return this.#statement(sql).get(...values) ?? void 0;
  }
  #all(sql, ...values) {
    return this.#statement(sql).all(...values);
  }
};
function toEntry(row3) {
  if (!row3) return void 0;
  const { id, key, state, since, due, passes, mark, last } = row3;
  return { id, key, state, since, due, passes, mark: mark && JSON.parse(mark), last: last && JSON.parse(last) };
}

// ts/cli/mask.ts
function masked(login) {
  if (/^\+\d+$/.test(login)) return `***${login.slice(-2)}`;
  const at = login.lastIndexOf("@");
  return `${[...login][0] ?? ""}***${at > 0 ? login.slice(at) : ""}`;
}
function maskedLogin(event) {
  const { user: user2, identities } = (event ?? {}).payload ?? {};
  const typed = (Array.isArray(identities) ? identities : []).map(
    (it) => it?.claims?.["https://authgear.com/claims/login_id/original_value"]
  );
  const { email, phone_number, preferred_username } = user2?.standard_attributes ?? {};
  const login = [...typed, email, phone_number, preferred_username].find((it) => typeof it === "string" && it);
  return login === void 0 ? void 0 : masked(login);
}

// ts/cli/outbox.ts
var STATES2 = ["queued", "sending", "sent", "dead"];
var PAGE = 500;
var data = {
  value: "FILE",
  default: "invite.outbox.db",
  env: "AUTHGEAR_INVITE_DATA",
  help: "the outbox"
};
var json = { help: "JSON, one object a line" };
var list2 = {
  summary: "List messages",
  options: {
    data,
    state: {
      value: "STATE",
      choices: STATES2,
      help: `${STATES2.join(", ")}, or several with commas (default: all but sent)`
    },
    limit: { value: "N", default: "100", help: "no more than so many; 0 for all" },
    json
  },
  examples: [
    ["outbox list", "What is waiting, and what failed"],
    ["outbox list --state dead --limit 0 --json", "All dead letters, for a program"]
  ],
  notes: `States: queued (will be sent), sending (a request has left, and nobody knows yet what became of it), sent, dead
(not_sent: no provider took it for days; unknown: it may have been sent).`,
  run: (values) => visit2(values, listRows)
};
var show = {
  summary: "Show all that is known of a message",
  args: "KEY",
  options: { data, json },
  examples: [["outbox show authgear-invite.0a1b2c3d.1788251400.0.email", "One message"]],
  run: (values, keys) => {
    const key = onlyKey("outbox show", keys);
    return visit2(values, async (store) => {
      const message = find(store, key);
      const details = describe2(message, store.event(message.id));
      print(values.json ? jsonLine(details) : lines2(details));
      return EXIT.done;
    });
  }
};
var retry = {
  summary: "Send dead messages again, or a waiting one now",
  args: "[KEY]",
  options: {
    data,
    "all-dead": { help: "all dead messages" },
    "not-sent": { help: "with --all-dead: only not_sent ones" },
    json
  },
  examples: [
    ["outbox retry authgear-invite.0a1b2c3d.1788251400.0.email", "One message"],
    ["outbox retry --all-dead --not-sent", "After an outage: all that certainly was not sent"]
  ],
  notes: `A message that is dead as unknown may have been sent: retried, it may come twice. The running server sees to what is
retried within a second.`,
  run: (values, keys) => {
    const all = values["all-dead"] !== void 0;
    if (all === keys.length > 0) throw new UsageError("outbox retry: give a KEY, or --all-dead");
    if (values["not-sent"] && !all) throw new UsageError("outbox retry: --not-sent goes with --all-dead");
    return visit2(values, (store) => retryRows(store, values, all ? void 0 : onlyKey("outbox retry", keys)));
  }
};
var outbox = { summary: "Look into the outbox, and send again", commands: { list: list2, show, retry } };
async function visit2(values, work2) {
  const store = await Store.open(values.data ?? "", { as: "visit" });
  try {
    return await work2(store, values);
  } finally {
    store.close();
  }
}
async function listRows(store, values) {
  const states = readStates(values.state);
  const limit = /^\d{1,9}$/.test(values.limit ?? "") ? Number(values.limit) : Number.NaN;
  if (Number.isNaN(limit)) throw new UsageError("--limit: must be a whole number; 0 for all");
  let count2 = 0;
  let more = false;
  for (const message of rows(store, states)) {
    more = limit > 0 && count2 >= limit;
    if (more) break;
    count2 += 1;
    print(values.json ? jsonLine(summarize(message)) : row(message));
  }
  if (!values.json)
    process.stderr.write(count2 === 0 ? "Nothing.\n" : more ? `The first ${limit}; --limit 0 lists all.
` : "");
  return EXIT.done;
}
async function retryRows(store, values, key) {
  const wanted = ({ last }) => !values["not-sent"] || last?.outcome === "not_sent";
  const chosen = key === void 0 ? [...rows(store, ["dead"])].filter(wanted) : [find(store, key)];
  const done = await Promise.all(chosen.map(({ id }) => store.retry(id, Date.now())));
  const retried = done.filter(Boolean).length;
  print(values.json ? jsonLine({ retried }) : `${retried} to be sent.`);
  if (key !== void 0 && retried === 0) {
    process.stderr.write("It was sent already; there is nothing to retry.\n");
    return EXIT.failed;
  }
  return EXIT.done;
}
function* rows(store, states) {
  for (let after = 0; ; ) {
    const page = store.list({ states, after, limit: PAGE });
    yield* page;
    const last = page.at(-1);
    if (!last) return;
    after = last.id;
  }
}
function readStates(text) {
  if (text === void 0) return STATES2.filter((it) => it !== "sent");
  return text.split(",").map((name) => {
    const state = STATES2.find((it) => it === name);
    if (!state) throw new UsageError(`--state: must be ${STATES2.join(", ")}, or several with commas`);
    return state;
  });
}
function onlyKey(command, keys) {
  const [key, ...more] = keys;
  if (key === void 0 || more.length > 0) throw new UsageError(`${command}: give one KEY, as outbox list shows it`);
  return key;
}
function find(store, key) {
  const message = store.entry({ key });
  if (!message) throw new UsageError("there is no message with this key; outbox list shows them");
  return message;
}
function summarize({ key, state, since, due, passes, last }) {
  return {
    key,
    state,
    outcome: last && state !== "queued" ? last.outcome : void 0,
    since: time(since),
    next: state === "queued" || state === "sending" ? time(due) : void 0,
    passes,
    reason: last && "reason" in last ? last.reason : void 0
  };
}
function describe2(message, event) {
  const { mark, last } = message;
  return {
    ...summarize(message),
    event: event?.eventId,
    type: event?.type,
    user: event?.userId,
    recipient: event && recipient(event.body),
    provider: last && "provider" in last ? last.provider : mark?.provider,
    provider_message_id: last && "id" in last ? last.id : void 0,
    left: mark ? time(mark.first) : void 0,
    key_holds_until: mark?.keySeconds ? time(mark.first + mark.keySeconds * 1e3) : void 0,
    last_pass: time(last?.at),
    attempts: last?.attempts,
    reports: last?.told
  };
}
function row(message) {
  const { key, state, outcome, since, next, passes, reason } = summarize(message);
  const what = state === "dead" ? `dead (${outcome})` : state;
  const rest = [`passes ${passes}`, next && `next ${next}`, reason].filter(Boolean).join("  ");
  return visibleLine(`${since}  ${what.padEnd(15)}  ${key}  ${rest}`);
}
function lines2(details) {
  return Object.entries(details).filter(([, value]) => value !== void 0 && value !== null).map(
    ([name, value]) => visibleLine(`${`${name}:`.padEnd(21)}${typeof value === "object" ? JSON.stringify(value) : value}`)
  ).join("\n");
}
function recipient(body) {
  try {
    return maskedLogin(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    return void 0;
  }
}
var time = (ms) => ms == null ? void 0 : new Date(ms).toISOString();

// ts/cli/password.ts
import { once } from "node:events";
import { text as readText } from "node:stream/consumers";

// ts/cli/strength.ts
var NoZxcvbn = class extends Error {
  name = "NoZxcvbn";
  constructor() {
    super(`minimum_guessable_level takes zxcvbn to check; npm install ${MODULES.join(" ")}`);
  }
};
var MODULES = ["@zxcvbn-ts/core", "@zxcvbn-ts/language-common", "@zxcvbn-ts/language-en"];
async function loadScore() {
  const modules = Promise.all(MODULES.map((name) => import(name)));
  const [zxcvbn, common, english] = await modules.catch(() => {
    throw new NoZxcvbn();
  });
  const dictionary = { ...common.dictionary, ...english.dictionary };
  const factory = new zxcvbn.ZxcvbnFactory({ dictionary, graphs: common.adjacencyGraphs });
  return (password2) => factory.check(password2).score;
}

// ts/cli/password.ts
var MOST3 = 1e6;
var PAGE2 = 500;
var password = {
  summary: "Make a password that Authgear takes",
  options: {
    count: { short: "n", value: "N", default: "1", help: "how many, one a line" },
    length: { value: "N", help: "characters (default 24, or more where the policy asks for it)" },
    words: { value: "N", help: "a passphrase of so many words and a digit instead" },
    symbols: { value: "SET", help: "safe (- and _, the default), all, or the symbols themselves" },
    "no-look-alikes": { help: "no characters that are taken for one another, such as 0 and O" },
    policy: { value: "FILE", help: "the project's password policy, as JSON" },
    check: { help: "make none: tell all that one on standard input breaks, in Authgear's names" },
    json: { help: "JSON with the entropy, one object a line; with --check: violations" }
  },
  examples: [
    ["password", "One of 24 characters"],
    ["password --words 5", "A passphrase, to be read out"],
    ["password -n 100 --length 16 --policy policy.json", "A hundred that satisfy a policy"],
    ["password --check --policy policy.json < password.txt", "Whether a policy takes one"]
  ],
  notes: `The policy has the names of authenticator.password.policy in authgear.yaml: {"min_length": 12, "digit_required": true}.
All passwords that satisfy it are as likely. Passwords are all that is printed; on a terminal the entropy stands below.

--check exits with 1 when the password breaks anything. A minimum_guessable_level is checked with zxcvbn, which you install
beside this: npm install @zxcvbn-ts/core @zxcvbn-ts/language-common @zxcvbn-ts/language-en`,
  run: run7
};
async function run7(values) {
  const policy = values.policy === void 0 ? {} : readPolicy(values.policy);
  if (values.check) return check2(await readPassword(), policy, values.json !== void 0);
  const count2 = wholeNumber(values, "count", 1, MOST3);
  const size2 = (option) => values[option] === void 0 ? void 0 : wholeNumber(values, option, 1, Number.MAX_SAFE_INTEGER);
  const next = createPasswordGenerator(policy, {
    length: size2("length"),
    words: size2("words"),
    symbols: values.symbols,
    noLookAlikes: values["no-look-alikes"] !== void 0
  });
  let bits = 0;
  for (let left = count2; left > 0; left -= PAGE2) {
    const page = Array.from({ length: Math.min(left, PAGE2) }, next);
    bits = page[0]?.entropyBits ?? 0;
    const text = page.map((it) => `${values.json ? JSON.stringify(it) : it.password}
`).join("");
    if (!process.stdout.write(text)) await once(process.stdout, "drain");
  }
  if (process.stderr.isTTY && !values.json)
    process.stderr.write(`${bits.toFixed(1)} bits of entropy${count2 > 1 ? " each" : ""}
`);
  return EXIT.done;
}
async function readPassword() {
  if (process.stdin.isTTY)
    throw new UsageError("--check: takes the password on standard input, where nobody sees it; give a file or a pipe");
  return (await readText(process.stdin)).replace(/\r?\n$/, "");
}
async function check2(password2, policy, json2) {
  const broken = checkPassword(password2, policy);
  const level = policy.minimum_guessable_level ?? 0;
  if (level > 0 && (await loadScore())(password2) < level - 1) broken.push("PasswordBelowGuessableLevel");
  if (json2) print(JSON.stringify({ violations: broken }));
  else for (const violation of broken) print(violation);
  return broken.length > 0 ? EXIT.failed : EXIT.done;
}
function readPolicy(file) {
  const read2 = readJson(file, "--policy");
  if ("wrong" in read2) throw new UsageError(`${file}: ${read2.wrong}`);
  return read2.json;
}

// ts/cli/preview.ts
import { existsSync as existsSync4, readFileSync as readFileSync5, writeFileSync as writeFileSync4 } from "node:fs";

// ts/cli/event.ts
var NAMES3 = Object.keys(SAMPLES);
var EVENT = {
  value: "NAME|FILE",
  choices: NAMES3,
  default: "guide",
  help: `a sample (${NAMES3.join(", ")}), or a JSON file with an event`
};
function readEvent(name) {
  if (Object.hasOwn(SAMPLES, name)) return SAMPLES[name];
  const read2 = readJson(name, `--event, or give ${NAMES3.join(", ")}`);
  if ("wrong" in read2) throw new UsageError(`${name}: ${read2.wrong}`);
  return read2.json;
}

// ts/cli/preview.ts
var preview = {
  summary: "Show the message that an event leads to, or why there is none",
  options: {
    config: CONFIG,
    event: EVENT,
    locale: { value: "TAG", help: "a BCP 47 tag in place of the user's own" },
    html: { value: "FILE", help: "also write the mail's HTML" },
    json: { help: "one JSON object" }
  },
  examples: [
    ["preview --locale ja", "The guide's case, for a user who reads Japanese"],
    ["preview --event phone", "The SMS, and what it costs"],
    ["preview --event event.json --json", "An event of your own, for a program"]
  ],
  notes: "Nothing is sent, and no key is read: it works before there is a provider. That nothing would be sent is no failure.",
  run: run8
};
async function run8(values) {
  const file = values.config ?? "";
  const locale = readLocale(values);
  const event = readEvent(values.event ?? "");
  const { engine, problems } = inspectConfig(file, { secrets: false });
  const shown2 = engine.preview(event, locale);
  if (shown2.type === "invalid") throw new ConfigError(problems.map((it) => `${file}: ${it}`));
  if (values.html !== void 0) writeHtml(values.html, shown2);
  print(values.json ? jsonLine(shown2) : describe3(shown2));
  return EXIT.done;
}
function describe3(shown2) {
  if (shown2.type === "skip") {
    const rule = shown2.rule === null ? "" : `, rules[${shown2.rule}]`;
    return `Nothing is sent: ${visibleLine(shown2.detail)} (${shown2.reason}${rule})`;
  }
  const lines3 = Object.entries(heads(shown2)).filter(([, value]) => value !== void 0);
  const head = lines3.map(([name, value]) => `${`${name}:`.padEnd(9)}${visibleLine(`${value}`)}`);
  return `${head.join("\n")}

${visible(shown2.text)}`;
}
function heads(shown2) {
  const { from, provider, address, to, message, rule, locale, localeFrom, warnings: warnings2 } = shown2;
  return {
    From: from && `${from} (${provider})`,
    To: to === "admin" ? `${address}, to be passed on` : address,
    ...shown2.channel === "email" ? { "Reply-To": shown2.replyTo, Subject: shown2.subject } : { SMS: size(shown2) },
    Message: `${message}, by rules[${rule}]`,
    Locale: `${locale}, by ${localeFrom}`,
    Warning: warnings2.length > 0 ? warnings2.join("; ") : void 0
  };
}
function size({ text, segments, encoding }) {
  return `${[...text].length} characters of ${encoding}: ${segments} ${segments === 1 ? "segment" : "segments"}`;
}
function writeHtml(file, shown2) {
  if (shown2.type !== "message" || shown2.channel !== "email")
    throw new UsageError("--html: the event leads to no mail; leave it out to see why");
  try {
    if (existsSync4(file) && !/^\s*<!doctype html/i.test(readFileSync5(file, "utf8")))
      throw new UsageError(`--html: ${file} is there, and no HTML page; give another name`);
    writeFileSync4(file, shown2.html);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--html: ${file} cannot be written (${error.code})`);
  }
}

// ts/cli/reconcile/judge.ts
async function* accounts(admin, range, court) {
  const filter = { activityTypes: ["USER_CREATED"], rangeFrom: range.from, rangeTo: range.to };
  for await (const { data: data2, user: user2, createdAt } of admin.auditLogs(filter)) {
    const event = data2;
    const userId = user2?.id ?? event?.payload?.user?.id ?? "";
    yield { userId, createdAt, login: maskedLogin(event), event, ...judge(event, user2, court) };
  }
}
var WEIGHT = ["told", "in_doubt", "outbox", "not_told"];
function judge(event, user2, { engine, witnesses }) {
  const decision = engine.decide(event);
  if (decision.type === "invalid") return skipped("invalid_config", decision.problems.join("; "));
  if (decision.type === "skip") return skipped(decision.reason, decision.detail);
  if (!user2) return skipped("user_deleted", "the user has been deleted since");
  const { key } = decision;
  const testimonies = witnesses.map((witness) => witness({ key, user: user2 }));
  testimonies.sort((a, b) => WEIGHT.indexOf(a.status) - WEIGHT.indexOf(b.status));
  const [first] = testimonies;
  if (first && first.status !== "not_told") return { ...first, key };
  if (user2.lastLoginAt) return skipped("logged_in", "the user has logged in already");
  const today = engine.decide(asOfNow(event, user2));
  if (today.type === "skip") return skipped(today.reason, today.detail);
  return { status: "not_told", why: testimonies.map(({ why }) => why).join(", "), key };
}
var skipped = (reason, why) => ({ status: "skipped", reason, why });
var asOfNow = (event, { isDisabled, isDeactivated, isAnonymous, isAnonymized, accountValidFrom, accountValidUntil }) => ({
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
      account_valid_until: accountValidUntil
    }
  }
});

// ts/cli/reconcile/witness.ts
function outboxWitness(store) {
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
async function journalWitness(path) {
  const told2 = /* @__PURE__ */ new Map();
  try {
    for await (const { userId, message } of toldUsers(path)) told2.set(userId, message);
  } catch (error) {
    const { code } = error;
    throw code ? new UsageError(`${path}: cannot be read (${code}); --journal names the journal of an import`) : error;
  }
  return ({ user: user2 }) => {
    const message = told2.get(user2.id);
    if (message === void 0) return { status: "not_told", why: "not in the journal" };
    if (message === "sent") return { status: "told", why: "the import sent it" };
    if (message === "unknown" || message === "leaving")
      return { status: "in_doubt", why: `${message} in the journal: it may have been sent` };
    return { status: "not_told", why: `${message} in the journal` };
  };
}
var markOf = (mark, now) => `${mark} ${now.toISOString()}`;
function attributeWitness(name) {
  return ({ user: user2 }) => {
    const value = user2.customAttributes[name];
    if (value === void 0 || value === null || value === "") return { status: "not_told", why: `${name} is not set` };
    const doubt = typeof value === "string" && /^(sending|unknown)( |$)/.exec(value)?.[1];
    if (!doubt) return { status: "told", why: `${name} is set` };
    return { status: "in_doubt", why: `${name} says ${doubt}: ${WHY[doubt]}` };
  };
}
var WHY = {
  sending: "a run ended while a request was under way, or still is at it",
  unknown: "a request left, and nobody knows what became of it"
};

// ts/cli/reconcile/send.ts
var afresh = (admin, court, teller) => async (account, tell2) => {
  const now = judge(account.event, await admin.node(account.userId), court);
  if (now.status === "not_told") await teller(account, tell2);
  else tell2({ outcome: "skipped", why: now.why });
};
var byOutbox = (store) => async ({ event, userId, key = "" }, tell2) => {
  const stored = { eventId: event.id, type: event.type, userId, body: bytes(JSON.stringify(event)) };
  await store.insert(key, Date.now(), stored);
  tell2({ outcome: "queued" });
};
var byAttribute = (name, admin, loaded) => async ({ event, userId }, tell2) => {
  const mark = (it) => admin.setCustomAttribute(userId, name, it ? markOf(it, /* @__PURE__ */ new Date()) : null);
  if (!await mark("sending")) return tell2({ outcome: "skipped", why: "the user has been deleted since" });
  const end2 = await sendNow(event, loaded);
  tell2({
    outcome: end2.outcome,
    why: "reason" in end2 ? end2.reason : void 0,
    provider: "provider" in end2 ? end2.provider : void 0
  });
  await mark(leftBy(end2));
};
function leftBy({ outcome }) {
  return outcome === "sent" || outcome === "unknown" ? outcome : void 0;
}

// ts/cli/reconcile.ts
var HOUR_MS = 36e5;
var UNITS = { m: 6e4, h: HOUR_MS, d: 24 * HOUR_MS };
var reconcile = {
  summary: "Find those who were created by an admin and never told",
  options: {
    config: CONFIG,
    since: { value: "TIME", default: "48h", help: "accounts created since: 48h, 7d, or as 2026-11-01T00:00:00Z" },
    until: { value: "TIME", default: "2m", help: "and before; a hook may still be at it with younger ones" },
    outbox: { value: "FILE", help: "told is who is in this outbox of authgear-invite serve; the server may run" },
    "keep-days": { value: "N", default: "30", help: "as told to serve: for so long the outbox remembers" },
    journal: { value: "FILE", help: "told is whom this journal of an import says so" },
    attribute: { value: "NAME", help: "told is who has this custom attribute set" },
    send: { help: "send to those who were not told" },
    "per-second": { value: "N", default: "5", help: "no more messages than so many" },
    yes: { help: "do not ask" },
    json: { help: "JSON, one object a line, for every account" }
  },
  examples: [
    ["reconcile --since 7d --outbox invite.outbox.db", "Who is not in the outbox, though a rule meets the account"],
    ["reconcile --outbox invite.outbox.db --send", "Put them there, and the server sends"],
    ["reconcile --attribute invited --send", "Send from here, and set the custom attribute invited"]
  ],
  notes: `It reads USER_CREATED in the audit log by the Admin API (the block admin, as for create), which goes back as far as the
project's plan allows. The same core decides, so that no rule is forgotten; users who are deleted or disabled meanwhile, or
have logged in, are left alone. A message has the idempotency key that the hook's has: what the hook sent in the last hours is
not sent again by a provider that honours it.

At least one of --outbox, --journal and --attribute must say who was told; of several the one who knows more is believed. A
custom attribute alone cannot know what a pasted hook has sent, for a hook cannot set it: everybody looks forgotten whom no
earlier run of reconcile has told. Set it yourself where you know better.

--send needs a memory, and a journal is none. With --attribute it sends from here. The attribute, a text that the project
must define (User Profile > Custom Attributes), says "sending TIME" before a request leaves and "sent TIME" after it, so that
a run that is cut off leaves a doubt, which is told and never repeated; "unknown TIME": nobody knows what became of it. To
have such a user told again, empty the attribute, or resend. Each change fires user.profile.updated. With --outbox alone the
event goes into the outbox, and the server sends.

It exits with 1 when somebody was not told, or nobody knows.`,
  run: run9
};
async function run9(values) {
  const file = values.config ?? "";
  const now = Date.now();
  const range = readRange(values, now);
  const perSecond = wholeNumber(values, "per-second", 1, 100);
  const { outbox: outbox2, journal, attribute } = values;
  check3(values, range, now);
  const { admin } = loadAdmin(file);
  const loaded = loadConfig(file, { without: ["webhook"] });
  const store = outbox2 === void 0 ? void 0 : await Store.open(outbox2, { as: "visit" });
  try {
    const court = {
      engine: loaded.engine,
      witnesses: [
        ...store ? [outboxWitness(store)] : [],
        ...journal ? [await journalWitness(journal)] : [],
        ...attribute ? [attributeWitness(attribute)] : []
      ]
    };
    const walk = () => accounts(admin, range, court);
    const counts = await list3(walk(), range, values);
    const left = counts.not_told + counts.in_doubt + counts.outbox;
    if (!values.send || counts.not_told === 0) return left === 0 ? EXIT.done : EXIT.failed;
    if (!outbox2) process.stderr.write(`${attribute} cannot know what a hook has sent.
`);
    if (!values.yes && !await confirm(`Send to ${people(counts.not_told)}?`)) {
      process.stderr.write("Nothing was sent.\n");
      return EXIT.failed;
    }
    const teller = attribute ? byAttribute(attribute, admin, loaded) : byOutbox(store);
    const told2 = await sendAll2(walk(), afresh(admin, court, teller), {
      perSecond,
      count: counts.not_told,
      json: Boolean(values.json)
    });
    return told2 && left === counts.not_told ? EXIT.done : EXIT.failed;
  } finally {
    store?.close();
  }
}
function check3({ outbox: outbox2, journal, attribute, ...values }, { from }, now) {
  if (outbox2 === void 0 && journal === void 0 && attribute === void 0)
    throw new UsageError("reconcile: give --outbox, --journal or --attribute: something must know who was told");
  if (values.send && outbox2 === void 0 && attribute === void 0)
    throw new UsageError("--send: goes with --attribute or --outbox, which remember who is told now");
  if (attribute !== void 0 && !/^[a-z]([a-z0-9_]*[a-z0-9])?$/.test(attribute))
    throw new UsageError("--attribute: must be the name of a custom attribute, as invited");
  const days = wholeNumber(values, "keep-days", 2, 3650) - 1;
  if (outbox2 !== void 0 && from.getTime() < now - days * UNITS.d)
    throw new UsageError(`--since: must be at most ${days}d ago, a day less than --keep-days: the outbox forgets`);
}
function readRange(values, now) {
  const range = { from: readTime(values, "since", now), to: readTime(values, "until", now) };
  if (range.from >= range.to) throw new UsageError("--since: must be before --until");
  return range;
}
function readTime(values, option, now) {
  const text = values[option] ?? "";
  const [, number, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const ms = number ? now - Number(number) * UNITS[unit] : Date.parse(text);
  if (number || /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(ms)) return new Date(ms);
  throw new UsageError(`--${option}: must be as 90m, 48h or 7d, or a time as 2026-11-01T00:00:00Z`);
}
var { status: showStatus } = prettyLog(process.stderr);
async function list3(found, { from, to }, { json: json2 }) {
  const counts = { told: 0, not_told: 0, in_doubt: 0, outbox: 0, skipped: 0, reasons: /* @__PURE__ */ new Map() };
  let seen = 0;
  for await (const account of found) {
    const { status, reason = "" } = account;
    counts[status] += 1;
    if (status === "skipped") counts.reasons.set(reason, (counts.reasons.get(reason) ?? 0) + 1);
    showStatus("");
    if (json2) print(jsonLine(toJson(account)));
    else if (status !== "told" && status !== "skipped") print(row2(account));
    showStatus(`${people(++seen)} looked at, ${counts.not_told} not told`);
  }
  showStatus("");
  if (!json2) print(`${summary2(counts)}; looked at accounts created from ${time2(from)} to ${time2(to)}`);
  return counts;
}
var time2 = (date) => date.toISOString().replace(/\.\d+/, "");
var toJson = ({ userId, createdAt, login, status, reason, why, key }) => ({
  user_id: userId,
  created_at: createdAt,
  login,
  status,
  reason,
  why,
  key
});
var row2 = ({ createdAt, userId, login = "", status, why }) => visibleLine(`${createdAt}  ${userId}  ${login.padEnd(24)}  ${status.replace("_", " ")}: ${why}`);
function summary2({ not_told, in_doubt, outbox: outbox2, told: told2, skipped: skipped2, reasons }) {
  const why = [...reasons].sort(([, a], [, b]) => b - a).map(([reason, count2]) => `${reason} ${count2}`);
  return [
    `${not_told} not told`,
    in_doubt && `${in_doubt} in doubt`,
    outbox2 && `${outbox2} still in the outbox`,
    `${told2} told`,
    `${skipped2} skipped${why.length > 0 ? ` (${why.join(", ")})` : ""}`
  ].filter(Boolean).join(", ");
}
var people = (count2) => `${count2} ${count2 === 1 ? "account" : "accounts"}`;
async function sendAll2(found, teller, options) {
  const { perSecond, count: count2, json: json2 } = options;
  const outcomes = /* @__PURE__ */ new Map();
  let done = 0;
  let next = 0;
  for await (const account of found) {
    if (account.status !== "not_told") continue;
    await new Promise((resolve7) => setTimeout(resolve7, Math.max(0, next - Date.now())));
    next = Date.now() + 1e3 / perSecond;
    await teller(account, (told2) => {
      outcomes.set(told2.outcome, (outcomes.get(told2.outcome) ?? 0) + 1);
      showStatus("");
      print(json2 ? jsonLine({ user_id: account.userId, ...told2 }) : sentRow(account, told2));
      showStatus(`${++done} of ${count2}`);
    });
  }
  showStatus("");
  if (!json2) print([...outcomes].map(([outcome, n]) => `${n} ${WORDS[outcome] ?? outcome}`).join(", "));
  return [...outcomes.keys()].every((outcome) => outcome === "sent" || outcome === "queued");
}
var WORDS = { not_sent: "not sent", unknown: "unknown: may have been sent" };
var sentRow = ({ userId, login = "" }, { outcome, provider, why }) => visibleLine(
  `${userId}  ${login.padEnd(24)}  ${WORDS[outcome] ?? outcome}${provider ? ` by ${provider}` : ""}${why ? `: ${why}` : ""}`
);

// ts/cli/resend.ts
import { randomUUID as randomUUID2 } from "node:crypto";

// ts/cli/send.ts
import { randomUUID } from "node:crypto";
var QUIET_MS = 2e3;
var send = {
  summary: "Send yourself the message that an event leads to, by the configured providers",
  options: {
    config: CONFIG,
    to: { value: "ADDRESS", help: "your e-mail address, or your phone number such as +85251234567" },
    event: { ...EVENT, default: void 0, help: `${EVENT.help}; its user gets your address (default guide or phone)` },
    locale: { value: "TAG", help: "a BCP 47 tag, as if it were the user's own" },
    yes: { help: "do not ask" },
    json: { help: "one JSON object: outcome, provider, attempts …" }
  },
  examples: [
    ["send --to me@acme.example", "What a new user would get"],
    ["send --to +85251234567 --locale ja --yes", "An SMS in Japanese"]
  ],
  notes: `It is a message like any other; nothing in it says that it is a test. Dead letters and receipts are not sent.
It exits with 1 when nothing was sent, or nobody knows whether it was.`,
  run: run10
};
async function run10(values) {
  const to = readAddress(values.to);
  const locale = readLocale(values);
  const given = readEvent(values.event ?? (to.startsWith("+") ? "phone" : "guide"));
  const loaded = loadConfig(values.config ?? "", { without: ["webhook", "deadLetter", "receipt"] });
  const event = forTest(given, to, locale);
  const decision = loaded.engine.decide(event);
  if (decision.type === "send" && !goesTo(decision, to))
    throw new UsageError("the message would go to another address than --to; choose another --event");
  if (decision.type === "send" && !values.yes && !await confirm(question(decision, to))) {
    process.stderr.write("Nothing was sent.\n");
    return EXIT.failed;
  }
  const seconds = budgetMs(loaded.config) / 1e3;
  const end2 = await noted(sendNow(event, loaded, decision), `sending, for up to ${seconds} s …`);
  print(values.json ? jsonLine(end2) : describe4(end2));
  return end2.outcome === "sent" ? EXIT.done : EXIT.failed;
}
async function noted(work2, text) {
  const { status } = prettyLog(process.stderr);
  const timer = setTimeout(status, QUIET_MS, text);
  return work2.finally(() => {
    clearTimeout(timer);
    status("");
  });
}
function readAddress(to) {
  if (to !== void 0 && /^(\+\d{7,15}|[^\s@]+@[^\s@]+)$/.test(to)) return to;
  throw new UsageError("--to: must be an e-mail address, or a phone number such as +85251234567");
}
function forTest(given, to, locale) {
  try {
    const event = addressedTo(given, to);
    const { user: user2 } = event.payload;
    if (locale !== void 0) user2.standard_attributes = { ...user2.standard_attributes, locale };
    return { ...event, id: randomUUID(), context: { ...event.context, timestamp: Math.floor(Date.now() / 1e3) } };
  } catch {
    throw new UsageError("--event: must be an event with payload.user and payload.identities, as Authgear makes it");
  }
}
function goesTo({ to, address }, wanted) {
  const plain = (text) => {
    const [local, domain2 = ""] = text.split("@");
    const url = `http://${domain2}`;
    return `${local}@${URL.canParse(url) ? new URL(url).hostname : domain2}`;
  };
  return to === "user" && plain(address) === plain(wanted);
}
function question({ message, locale, attempts: [first] }, to) {
  return `Send ${message} in ${locale} by ${first?.provider} to ${to}?`;
}
function describe4(end2) {
  if (end2.outcome === "skipped") return visibleLine(`skipped: ${end2.detail} (${end2.reason})`);
  if (end2.outcome === "invalid_config") return `invalid_config: ${end2.reason}`;
  const took = /* @__PURE__ */ new Map();
  for (const { provider, result, status, detail, ms } of end2.attempts) {
    const what = [`  ${provider}: ${result}`, status && `HTTP ${status}`, detail].filter(Boolean).join(", ");
    took.set(what, [...took.get(what) ?? [], ms]);
  }
  const tries = [...took].map(
    ([what, [ms, ...more]]) => `${what}, ${more.length ? `${1 + more.length} times` : `${ms} ms`}`
  );
  const id = "id" in end2 && end2.id ? `, id ${end2.id}` : "";
  const head = {
    sent: "provider" in end2 ? `sent by ${end2.provider}${id}` : "",
    not_sent: "not sent",
    unknown: "unknown: it may have been sent"
  }[end2.outcome];
  return [`${head}: ${end2.message} in ${end2.locale}`, ...tries].map(visibleLine).join("\n");
}

// ts/cli/resend.ts
var resend = {
  summary: "Send a user the invitation once more",
  options: {
    config: CONFIG,
    user: { value: "ID", help: "the user's ID" },
    email: { value: "ADDRESS", help: "or an e-mail address" },
    phone: { value: "NUMBER", help: "or a phone number, as +85251000001" },
    username: { value: "NAME", help: "or a username" },
    locale: { value: "TAG", help: "a BCP 47 tag, as if it were the user's own" },
    yes: { help: "do not ask" },
    json: { help: "one JSON object, also for a failure: outcome, user_id, provider …" }
  },
  examples: [
    ["resend --email new@user.example", "Find the one user with this address, ask, and send"],
    ["resend --user 7b3c1c3e-52a5-4e0f-8f0b-6d1a9e0f4c11 --locale ja --yes --json", "For a program"]
  ],
  notes: `It is a second message on purpose: it has an idempotency key of its own each time, so that no provider takes it for a
repetition of the first. The text follows from the account as it is now, as for a new one that the Admin API made; rules that
ask for more of the event (the Portal, a client) do not match. The configuration's admin block is needed, as for create.
It exits with 1 when nothing was sent, or nobody knows whether it was.`,
  run: run11
};
async function run11(values) {
  const { config: file = "", user: user2, yes, json: json2 } = values;
  const locale = readLocale(values);
  const find2 = readWhom(values);
  const { admin } = loadAdmin(file);
  const loaded = loadConfig(file, { without: ["webhook"] });
  const fail = (reason, why, more = {}) => {
    if (json2) print(jsonLine({ outcome: "failed", reason, ...more }));
    process.stderr.write(`authgear-invite: ${visibleLine(why)}
`);
    return EXIT.failed;
  };
  const { ids, details } = await lookUp(find2, admin).catch((error) => {
    if (json2 && error instanceof AdminApiError) print(jsonLine(failure(error)));
    throw error;
  });
  if (ids.length > 1)
    return fail("several", `several users match; give one of them as --user: ${ids.join(", ")}`, { user_ids: ids });
  if (!details) return fail("not_found", `there is no such user${user2 ? "" : "; perhaps the login is another one"}`);
  const event = secondEvent(details, locale);
  const decision = loaded.engine.decide(event);
  if (decision.type === "send" && !yes) {
    if (details.lastLoginAt) process.stderr.write(`The user has logged in already, last at ${details.lastLoginAt}.
`);
    if (!await confirm(question2(decision, details.id))) {
      process.stderr.write("Nothing was sent.\n");
      return EXIT.failed;
    }
  }
  const end2 = await sendNow(event, loaded);
  print(json2 ? jsonLine({ user_id: details.id, ...end2 }) : describe4(end2));
  return end2.outcome === "sent" ? EXIT.done : EXIT.failed;
}
async function lookUp(find2, admin) {
  const ids = await find2(admin);
  const [only, ...more] = ids;
  return { ids, details: only !== void 0 && more.length === 0 ? await admin.details(only) : void 0 };
}
function readWhom({ user: user2, email, phone, username }) {
  const logins = { email, phone, username };
  const given = Object.values({ user: user2, ...logins }).filter((it) => it !== void 0);
  if (given.length !== 1) throw new UsageError("resend: give one of --user, --email, --phone and --username");
  if (user2 !== void 0) return async () => [user2];
  const [[kind, value] = ["email", ""]] = Object.entries(readLoginId(logins));
  return async (admin) => (await admin.usersByAttribute(ATTRIBUTES[kind], value)).map(({ id }) => id);
}
var ATTRIBUTES = { email: "email", phone: "phone_number", username: "preferred_username" };
var CLAIM = "https://authgear.com/claims/login_id/";
function secondEvent(user2, locale) {
  const { id, createdAt, customAttributes, canReauthenticate, roles, groups, identities } = user2;
  const event = eventFor(
    {
      id,
      createdAt,
      logins: identities.flatMap(
        ({ type, claims }) => type === "login_id" ? [{ kind: claims[`${CLAIM}type`], typed: `${claims[`${CLAIM}original_value`]}` }] : []
      ),
      oauthEmails: identities.flatMap(
        ({ type, claims }) => type === "oauth" && typeof claims.email === "string" ? [claims.email] : []
      ),
      standardAttributes: { ...user2.standardAttributes, ...locale !== void 0 && { locale } },
      customAttributes,
      canReauthenticate,
      roles,
      groups
    },
    { id: `resend-${randomUUID2()}` }
  );
  return asOfNow(event, user2);
}
function question2({ message, locale, address, to, attempts: [first] }, id) {
  const whom = to === "user" ? masked(address) : `${masked(address)}, who passes it on,`;
  return `Send ${message} in ${locale} by ${first?.provider} to ${whom} for user ${id}?`;
}

// ts/outbox/metrics.ts
var Counter = class {
  #values = /* @__PURE__ */ new Map();
  add(labels = {}, amount = 1) {
    const key = format2(labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + amount);
  }
  lines(name) {
    return [...this.#values].map(([labels, value]) => `${name}${labels} ${value}`);
  }
};
var Histogram = class {
  #bounds;
  #counts;
  #sum = 0;
  /** Upper bounds, ascending. */
  constructor(bounds) {
    this.#bounds = bounds;
    this.#counts = [...bounds, 0].map(() => 0);
  }
  observe(value) {
    const at = this.#bounds.findIndex((bound) => value <= bound);
    const bucket = at < 0 ? this.#bounds.length : at;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += value;
  }
  lines(name) {
    let total = 0;
    const buckets = [...this.#bounds, "+Inf"].map((bound, i) => {
      total += this.#counts[i] ?? 0;
      return `${name}_bucket{le="${bound}"} ${total}`;
    });
    return [...buckets, `${name}_sum ${this.#sum}`, `${name}_count ${total}`];
  }
};
var SECONDS = [1e-3, 25e-4, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
var SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
var Metrics = class {
  accepted = new Counter();
  responses = new Counter();
  messages = new Counter();
  passes = new Counter();
  attempts = new Counter();
  reportsFailed = new Counter();
  faults = new Counter();
  sendSeconds = new Histogram(SECONDS);
  delaySeconds = new Histogram([...SECONDS, 600, 3600, 21600, 86400]);
  commitSeconds = new Histogram(SECONDS);
  commitChanges = new Histogram(SIZES);
  /** `gauges` are measured when they are asked for. */
  text(gauges) {
    const metrics = [
      ["responses_total", "counter", "Answers to the webhook, by status.", (it) => this.responses.lines(it)],
      ["accepted_total", "counter", "Events kept in the outbox, or known by it.", (it) => this.accepted.lines(it)],
      ["messages_total", "counter", "Messages that came to an end.", (it) => this.messages.lines(it)],
      ["passes_total", "counter", "Passes over a message, by whether another follows.", (it) => this.passes.lines(it)],
      ["attempts_total", "counter", "Requests to providers, by result.", (it) => this.attempts.lines(it)],
      ["reports_failed_total", "counter", "Reports that nobody took.", (it) => this.reportsFailed.lines(it)],
      ["faults_total", "counter", "Times the outbox could not be read or written.", (it) => this.faults.lines(it)],
      ["send_seconds", "histogram", "How long a pass took.", (it) => this.sendSeconds.lines(it)],
      ["delay_seconds", "histogram", "From the 202 to the sent message.", (it) => this.delaySeconds.lines(it)],
      ["commit_seconds", "histogram", "How long a transaction took.", (it) => this.commitSeconds.lines(it)],
      ["commit_changes", "histogram", "Changes that shared a transaction.", (it) => this.commitChanges.lines(it)],
      ...Object.entries(gauges).map(([name, [value, help]]) => [
        name,
        "gauge",
        help,
        (it) => [`${it} ${value}`]
      ])
    ];
    return metrics.map(([name, type, help, lines3]) => {
      const full = `authgear_invite_${name}`;
      return [`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`, ...lines3(full), ""].join("\n");
    }).join("");
  }
};
function format2(labels) {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/["\\\n]/g, "_")}"`);
  return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
}

// ts/outbox/pass.ts
var Stopped2 = class extends Error {
  name = "Stopped";
};
var BACKOFF_MS2 = 5e3;
var BACKOFF_CAP_MS = 36e5;
var STORE_PAUSE_MS = 1e3;
async function pass(message, context2) {
  const event = context2.store.event(message.id);
  const decision = decide(event, context2.core);
  if (message.state === "queued" || message.state === "sending") await send2(message, event, decision, context2);
  if (message.due !== null && (message.state === "sent" || message.state === "dead"))
    await report(message, event, decision, context2);
}
function decide(event, core) {
  if (!event) return { type: "invalid", problems: ["the event is gone"] };
  try {
    return core.decide(JSON.parse(new TextDecoder().decode(event.body)));
  } catch (error) {
    return { type: "invalid", problems: [`core: ${error?.name}`] };
  }
}
async function send2(message, event, decision, context2) {
  const { host, config } = context2.setup;
  const start = host.now();
  const inDoubt = message.state === "sending";
  let result;
  try {
    result = await carry(message, decision, context2);
  } catch (error) {
    const mayBeSent = inDoubt || error instanceof Stopped2 && message.mark?.keySeconds;
    if (message.state === "sending" && !mayBeSent) await record(message, { state: "queued", mark: null }, context2);
    throw error;
  }
  const now = host.now();
  const change = conclude2(message, inDoubt, result, now, host.random(), context2.maxMs);
  const final = change.state !== "queued" && change.state !== "sending";
  const tells = config.receipt || config.deadLetter && change.state === "dead";
  await record(message, { ...change, due: final && !tells ? null : change.due }, context2);
  context2.notify({ what: final ? "ended" : "waiting", message, event, last: change.last, ms: now - start });
}
async function carry(message, decision, { core, setup, store }) {
  const { mark } = message;
  if (decision.type !== "send") {
    const delivery = giveUp(mark ?? void 0, `the configuration no longer sends it: ${whyNot(decision)}`);
    return { delivery, stuck: true, waitMs: 0 };
  }
  return deliverMarked(decision, mark ?? void 0, { ...setup, core }, async (left) => {
    if (left !== mark) await apply(message, { state: "sending", mark: left }, store);
  });
}
var whyNot = (decision) => decision.type === "skip" ? decision.reason : decision.problems.join("; ");
function conclude2({ since, passes, mark }, inDoubt, { delivery, stuck, waitMs }, now, random, maxMs) {
  const done = { passes: passes + 1, due: now, last: { ...delivery, at: now } };
  if (delivery.outcome === "sent") return { ...done, state: "sent", mark: null };
  const doubt = inDoubt || delivery.outcome === "unknown";
  const due = now + backoff(passes, random, waitMs);
  const last = { ...delivery, outcome: doubt ? "unknown" : "not_sent", at: now };
  const refused = delivery.attempts.at(-1)?.result === "refused";
  const repeatable = !doubt || mark !== null && holds(mark, due) && !refused;
  if (stuck || !repeatable || due >= since + maxMs) return { ...done, last, state: "dead" };
  return doubt ? { ...done, last, due, state: "sending" } : { ...done, last, due, state: "queued", mark: null };
}
var backoff = (passes, random, atLeastMs) => Math.min(BACKOFF_CAP_MS, Math.max(atLeastMs, random * BACKOFF_MS2 * 2 ** passes));
async function report(message, event, decision, context2) {
  const { config, host } = context2.setup;
  const { last } = message;
  if (!last) return record(message, { due: null }, context2);
  const { told: before, at, ...delivery } = last;
  const about = { id: event?.eventId, type: event?.type ?? "", userId: event?.userId, start: host.now() };
  const untold = {
    ...config,
    deadLetter: before?.deadLetter === "taken" ? void 0 : config.deadLetter,
    receipt: before?.receipt === "taken" ? void 0 : config.receipt
  };
  const { deadLetter, receipt } = await tell(
    delivery,
    about,
    { ...context2.setup, config: untold },
    decision.type === "send" ? decision : void 0
  );
  const told2 = {
    ...before,
    ...deadLetter && { deadLetter },
    ...receipt && { receipt },
    times: (before?.times ?? 0) + 1
  };
  const now = host.now();
  const due = now + backoff(told2.times, host.random(), 0);
  const failed = deadLetter === "failed" || receipt === "failed";
  const final = !failed || due > at + context2.maxMs;
  await record(message, { due: final ? null : due, last: { ...last, told: told2 } }, context2);
  if (failed) context2.notify({ what: "untold", message, told: told2, final });
}
async function apply(message, change, store) {
  await store.change(message, change);
  Object.assign(message, change);
}
async function record(message, change, { store, setup, notify }) {
  for (; ; ) {
    try {
      return await apply(message, change, store);
    } catch (error) {
      notify({ what: "fault", error });
      await setup.host.sleep(STORE_PAUSE_MS);
    }
  }
}

// ts/outbox/worker.ts
var TICK_MS = 250;
var SWEEP_MS = 6e4;
var PAUSE_MS = 1e3;
var AHEAD = 256;
var Worker = class {
  #options;
  #context;
  #running = /* @__PURE__ */ new Map();
  #stop = new AbortController();
  #ready = [];
  #mayBeDue = true;
  #pausedUntil = 0;
  #latest = 0;
  #sweptAt = Number.NEGATIVE_INFINITY;
  #started = false;
  #timer;
  constructor(options) {
    this.#options = options;
    const { store, core, setup, maxMs, notify } = options;
    const sleep2 = (ms) => interruptible(ms, this.#stop.signal);
    this.#context = { store, core, maxMs, notify, setup: { ...setup, host: { ...setup.host, sleep: sleep2 } } };
  }
  /** Messages that are being sent now. */
  get sending() {
    return this.#running.size;
  }
  /** Keeps an event; resolves when it is on the disk. */
  async accept({ body, about, decision }) {
    const { id: eventId, type, userId } = about;
    const key = eventId ? decision.key : `${decision.key}.${(await sha2562(decision.address)).slice(0, 16)}`;
    const event = { eventId, type, userId: typeof userId === "string" ? userId : void 0, body };
    const result = await this.#options.store.insert(key, this.#now(), event);
    if (result === "queued") this.#wake();
    return result;
  }
  /** Until then events are kept and none is sent. */
  async start() {
    this.#latest = this.#options.store.newest();
    await this.#tick();
    this.#timer = setInterval(() => void this.#tick(), TICK_MS);
  }
  /** Begins nothing new; resolves when what was begun is done. */
  async stop() {
    clearInterval(this.#timer);
    this.#stop.abort();
    await Promise.all(this.#running.values());
  }
  async #tick() {
    try {
      await this.#watchClock();
      this.#started = true;
      this.#wake();
      await this.#sweep();
    } catch (error) {
      this.#pause(error);
    }
  }
  #wake() {
    this.#mayBeDue = true;
    this.#begin();
  }
  #begin() {
    const { concurrency } = this.#options;
    if (!this.#started || this.#stop.signal.aborted || performance.now() < this.#pausedUntil) return;
    try {
      while (this.#running.size < concurrency) {
        const id = this.#next();
        if (id === void 0) return;
        const done = this.#pass(id).finally(() => {
          this.#running.delete(id);
          this.#begin();
        });
        this.#running.set(id, done);
      }
    } catch (error) {
      this.#pause(error);
    }
  }
  #next() {
    if (this.#ready.length === 0 && this.#mayBeDue) {
      const due = this.#options.store.due(this.#now(), AHEAD + this.#running.size);
      this.#ready = due.filter((id) => !this.#running.has(id)).reverse();
      this.#mayBeDue = this.#ready.length > 0;
    }
    return this.#ready.pop();
  }
  async #pass(id) {
    try {
      const message = this.#options.store.entry({ id });
      if (message?.due != null && message.due <= this.#now()) await pass(message, this.#context);
    } catch (error) {
      if (!(error instanceof Stopped2)) this.#pause(error);
    }
  }
  #pause(error) {
    this.#pausedUntil = performance.now() + PAUSE_MS;
    this.#options.notify({ what: "fault", error });
  }
  async #watchClock() {
    const now = this.#now();
    const backMs = this.#latest - now;
    this.#latest = now;
    if (backMs <= MARGIN_MS) return;
    this.#options.notify({ what: "clock", backMs });
    await this.#options.store.distrustClock(now, now + BACKOFF_CAP_MS);
  }
  async #sweep() {
    if (performance.now() < this.#sweptAt + SWEEP_MS) return;
    this.#sweptAt = performance.now();
    const { store, keepMs, notify } = this.#options;
    while (!this.#stop.signal.aborted) {
      const { sent, dead } = await store.sweep(this.#now() - keepMs);
      if (sent + dead === 0) return;
      notify({ what: "swept", sent, dead });
    }
  }
  #now() {
    return this.#options.setup.host.now();
  }
};
function interruptible(ms, stop) {
  return new Promise((resolve7, reject) => {
    const end2 = () => {
      clearTimeout(timer);
      reject(new Stopped2());
    };
    const timer = setTimeout(() => {
      stop.removeEventListener("abort", end2);
      resolve7();
    }, ms);
    if (stop.aborted) end2();
    else stop.addEventListener("abort", end2);
  });
}

// ts/cli/serve.ts
var LOGS = ["json", "pretty"];
var DAY_MS = 864e5;
var STATUS_MS = 1e3;
var COUNT_REST = 20;
var serve = {
  summary: "Receive Authgear's webhook, keep each event on disk, and send its message",
  options: {
    config: CONFIG,
    data: {
      value: "FILE",
      default: "invite.outbox.db",
      env: "AUTHGEAR_INVITE_DATA",
      help: "the outbox, made when it is lacking"
    },
    host: { value: "ADDRESS", default: "127.0.0.1", env: "AUTHGEAR_INVITE_HOST", help: "where to listen" },
    port: { value: "PORT", default: "8080", env: "AUTHGEAR_INVITE_PORT", help: "0 takes a free one" },
    concurrency: {
      value: "N",
      default: "32",
      env: "AUTHGEAR_INVITE_CONCURRENCY",
      help: "messages that are being sent at once"
    },
    "max-days": { value: "DAYS", default: "3", env: "AUTHGEAR_INVITE_MAX_DAYS", help: "how long a message is tried" },
    "keep-days": {
      value: "DAYS",
      default: "30",
      env: "AUTHGEAR_INVITE_KEEP_DAYS",
      help: "how long a message is remembered"
    },
    grace: { value: "SECONDS", default: "25", env: "AUTHGEAR_INVITE_GRACE", help: "for what is under way at the end" },
    log: {
      value: "FORMAT",
      choices: LOGS,
      env: "AUTHGEAR_INVITE_LOG",
      help: "json or pretty (default pretty on a terminal, else json)"
    }
  },
  examples: [
    ["serve --config invite.config.json", "Listen on this machine, for a proxy with TLS in front"],
    ["serve --host 0.0.0.0 --port 8080 --data /var/lib/invite/outbox.db", "In a container"]
  ],
  notes: `Give Authgear the URL of this server as a non-blocking webhook for user.created. It answers 202 when the event is
on disk. GET /healthz says whether the outbox can be written, GET /metrics is for Prometheus.

SIGTERM or SIGINT: no more requests are taken, what is being sent is ended; a second one ends at once. Nothing that was
answered with 202 is lost either way.`,
  run: run12
};
async function run12(values) {
  const port = wholeNumber(values, "port", 0, 65535);
  const concurrency = wholeNumber(values, "concurrency", 1, 1e3);
  const maxDays = wholeNumber(values, "max-days", 1, 365);
  const keepDays = wholeNumber(values, "keep-days", 2, 3650);
  const graceMs = wholeNumber(values, "grace", 0, 3600) * 1e3;
  if (keepDays <= maxDays) throw new UsageError("--keep-days: must be more than --max-days");
  const format3 = values.log === void 0 ? void 0 : oneOf(values, "log", LOGS);
  const pretty = prettyLog(process.stdout);
  const log = (format3 ?? (process.stdout.isTTY ? "pretty" : "json")) === "pretty" ? pretty.log : jsonLog(process.stdout);
  listenToConsole(log);
  outlive();
  const { config, engine, warnings: warnings2 } = loadConfig(values.config ?? "");
  for (const warning of warnings2) log("warn", "config", { warning });
  const metrics = new Metrics();
  const store = await Store.open(values.data ?? "", {
    as: "serve",
    onCommit: (changes, ms) => {
      metrics.commitChanges.observe(changes);
      metrics.commitSeconds.observe(ms / 1e3);
    }
  });
  const host = { ...HOST, sign };
  const worker = new Worker({
    store,
    core: engine,
    setup: { config, builtin: JSON.stringify(BUILT_IN), host },
    concurrency,
    maxMs: maxDays * DAY_MS,
    keepMs: keepDays * DAY_MS,
    notify: observer(log, metrics, host.now)
  });
  const webhook = createWebhook(config, {
    host,
    enqueue: async (event) => {
      const result = await worker.accept(event);
      metrics.accepted.add({ result });
      return result;
    }
  });
  const counts = counter(store, host.now);
  const handle = async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method === "GET" && pathname === "/healthz") return health(store, host.now());
    if (request.method === "GET" && pathname === "/metrics") return metricsOf(metrics, counts(), worker, host.now());
    const response = await webhook(request);
    metrics.responses.add({ status: `${response.status}` });
    return response;
  };
  const server = await listenOrSay(handle, port, values.host ?? "");
  await worker.start();
  log("info", "listening", { url: server.origin, data: store.path, ...counts() });
  const status = setInterval(() => pretty.status(statusLine(counts(), worker)), STATUS_MS);
  if (log !== pretty.log) clearInterval(status);
  const signal = await firstSignal();
  log("info", "stopping", { signal, sending: worker.sending });
  clearInterval(status);
  pretty.status("");
  const ended = await within(graceMs, Promise.all([server.close(graceMs), worker.stop()]));
  store.close();
  log(ended ? "info" : "warn", "stopped", { ended });
  if (!ended) process.exit(EXIT.done);
  return EXIT.done;
}
async function listenOrSay(handle, port, host) {
  try {
    return await listen(handle, { port, host, limits: { connections: 1024 } });
  } catch (error) {
    const { code } = error;
    throw new UsageError(`cannot listen on ${host}, port ${port} (${code}); give another --port or --host`);
  }
}
async function health(store, now) {
  try {
    await store.pulse(now);
    return Response.json({ status: "ok" });
  } catch (error) {
    return Response.json({ status: "failing", outbox: error.fault ?? "unknown" }, { status: 503 });
  }
}
function metricsOf(metrics, { open: open2, oldest, dead }, worker, now) {
  const text = metrics.text({
    queue_depth: [open2, "Messages that are not done."],
    oldest_age_seconds: [oldest === null ? 0 : Math.max(0, (now - oldest) / 1e3), "Age of the oldest of them."],
    in_flight: [worker.sending, "Messages that are being sent."],
    dead_letters: [dead, "Messages that a person has to look at."],
    resident_memory_bytes: [process.memoryUsage.rss(), "Memory of this process."]
  });
  return new Response(text, { headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" } });
}
function counter(store, now) {
  let known = { open: 0, oldest: null, dead: 0 };
  let until = 0;
  return () => {
    const start = now();
    if (start < until && start > until - DAY_MS) return known;
    known = store.counts();
    const took = now() - start;
    until = start + Math.max(STATUS_MS - 100, took * COUNT_REST);
    return known;
  };
}
var statusLine = ({ open: open2, dead }, worker) => `waiting ${open2.toLocaleString("en")} · sending ${worker.sending} · dead ${dead.toLocaleString("en")} · Ctrl-C ends`;
function observer(log, metrics, now) {
  return (notice) => {
    switch (notice.what) {
      case "ended":
      case "waiting": {
        const { what, message, event, last, ms } = notice;
        metrics.passes.add({ result: what });
        metrics.sendSeconds.observe(ms / 1e3);
        for (const { provider, result } of last.attempts) metrics.attempts.add({ provider, result });
        const facts = {
          event: event?.eventId,
          key: message.key,
          passes: message.passes,
          attempts: last.attempts.length,
          ms,
          ...last.outcome === "sent" ? { provider: last.provider, id: last.id } : { reason: last.reason }
        };
        if (what === "waiting")
          return log("warn", "waiting", { ...facts, in_doubt: message.state === "sending", next: time3(message.due) });
        metrics.messages.add({ outcome: last.outcome });
        if (last.outcome === "sent") metrics.delaySeconds.observe(Math.max(0, now() - message.since) / 1e3);
        return log(last.outcome === "sent" ? "info" : "error", last.outcome, facts);
      }
      case "untold": {
        const { message, told: told2, final } = notice;
        metrics.reportsFailed.add();
        return log(final ? "error" : "warn", "report_failed", { key: message.key, ...told2, final });
      }
      case "fault": {
        const fault = notice.error instanceof OutboxError ? notice.error.fault : notice.error.name;
        metrics.faults.add({ fault });
        const reason = notice.error instanceof OutboxError ? notice.error.message : void 0;
        return log("error", "outbox", { fault, reason });
      }
      case "swept":
        return log(notice.dead > 0 ? "warn" : "info", "forgotten", { sent: notice.sent, dead: notice.dead });
      case "clock":
        return log("warn", "clock_set_back", { seconds: Math.round(notice.backMs / 1e3) });
    }
  };
}
var time3 = (ms) => ms === null ? void 0 : new Date(ms).toISOString();
function listenToConsole(log) {
  const join3 = (level) => (line2) => {
    try {
      const { "authgear-invite": what, ...facts } = JSON.parse(line2);
      log(level, what, facts);
    } catch {
      log(level, String(line2));
    }
  };
  console.log = join3("info");
  console.warn = join3("warn");
  console.error = join3("error");
}
function firstSignal() {
  return new Promise((resolve7) => {
    let first;
    for (const signal of ["SIGTERM", "SIGINT"])
      process.on(signal, () => {
        if (first) process.exit(EXIT.failed);
        first = signal;
        resolve7(signal);
      });
  });
}
async function within(ms, work2) {
  let timer;
  const late = new Promise((resolve7) => {
    timer = setTimeout(() => resolve7(false), ms);
  });
  return Promise.race([work2.then(() => true), late]).finally(() => clearTimeout(timer));
}

// ts/cli/main.ts
var commands = {
  init,
  check,
  preview,
  send,
  build,
  create,
  import: importCommand,
  password,
  resend,
  reconcile,
  doctor,
  serve,
  outbox
};
commands.completion = completion(commands);
var WRONG = /* @__PURE__ */ new Set(["UsageError", "ConfigError", "PasswordPolicyError", "AdminOptionsError"]);
var PLAIN = /* @__PURE__ */ new Set([...WRONG, "AdminApiError", "JournalError", "OutboxError", "NoSqlite", "NoZxcvbn"]);
outlive("EPIPE");
try {
  process.exitCode = await dispatch(commands, process.argv.slice(2));
} catch (error) {
  const { name, message, code } = error;
  process.stderr.write(`authgear-invite: ${PLAIN.has(name) ? visible(message) : `failed: ${code ?? name}`}
`);
  process.exitCode = WRONG.has(name) ? EXIT.usage : EXIT.failed;
}
