#!/usr/bin/env node
import {
  PasswordPolicyError,
  createPasswordGenerator
} from "./chunk-6APSCPLX.js";
import {
  AdminApiError,
  AdminOptionsError,
  createAdmin,
  isDuplicate
} from "./chunk-BHCCFYGJ.js";
import {
  MARGIN_MS,
  deliverMarked,
  giveUp,
  holds
} from "./chunk-OVZ3D7TS.js";
import {
  createWebhook
} from "./chunk-6C6GRS6O.js";
import {
  BUILT_IN,
  ConfigError,
  carryOut,
  chooseLocales,
  createEngine,
  createSoundEngine,
  sign,
  tell
} from "./chunk-T3S7OYID.js";
import {
  HOST,
  bytes
} from "./chunk-OG46MM7V.js";
import {
  listen
} from "./chunk-NOCR3RGL.js";

// ts/cli/build.ts
import { spawnSync } from "node:child_process";
import { existsSync as existsSync2, readFileSync as readFileSync4, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname as dirname2, resolve as resolve2 } from "node:path";

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

// ts/cli/advice.ts
function advise(config) {
  return [...doubleMails(config), ...tracking(config), ...broadKeys(config), ...ownLocales(config), ...texts(config)];
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
    return shown2.flatMap(
      (it) => it.type === "message" ? it.warnings.map((warning) => `messages.${message}.${it.locale}: ${warning}`) : []
    );
  });
  return [...new Set(faults)];
}

// ts/cli/command.ts
import { parseArgs } from "node:util";
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
  const command = Object.hasOwn(commands2, name) ? commands2[name] : void 0;
  const line = [...path, name].join(" ");
  if (!command) throw new UsageError(`${line}: no such command; there ${list(Object.keys(commands2))}`);
  if ("commands" in command) return dispatch(command.commands, rest, [...path, name]);
  const { values, positionals } = read(command, rest, line);
  if (values.help) {
    print(commandHelp(command, line));
    return EXIT.done;
  }
  return command.run(withDefaults(command, values), positionals);
}
function read({ options, args }, argv, line) {
  const known = Object.entries({ ...options, help: HELP });
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: args !== void 0,
      options: Object.fromEntries(
        known.map(([name, { value, short }]) => [
          name,
          { type: value ? "string" : "boolean", ...short && { short } }
        ])
      )
    });
    return { values, positionals };
  } catch (error) {
    const [what = ""] = error.message.split(/\. (?=To specify|If you)/);
    throw new UsageError(`${line}: ${what.replace(/\.$/, "")}; see: ${PROGRAM} ${line} --help`);
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
    ([name, it]) => "commands" in it ? Object.entries(it.commands).map(([sub, { summary: summary2 }]) => [`${name} ${sub}`, summary2]) : [[name, it.summary]]
  );
  const prefix = [PROGRAM, ...path].join(" ");
  return [`Usage: ${prefix} COMMAND [OPTIONS]`, columns(rows2), `${prefix} COMMAND --help tells more.`, EXITS].join(
    "\n\n"
  );
}
function commandHelp({ summary: summary2, args, options, examples, notes }, line) {
  const rows2 = Object.entries({ ...options, help: HELP }).map(([name, it]) => {
    const extra = [it.default !== void 0 && `default ${it.default}`, it.env && `env ${it.env}`].filter(Boolean);
    const names = it.short ? `-${it.short}, --${name}` : `--${name}`;
    return [`${names}${it.value ? ` ${it.value}` : ""}`, `${it.help}${extra.length ? ` (${extra.join("; ")})` : ""}`];
  });
  const usage = ["Usage:", PROGRAM, line, args, "[OPTIONS]"].filter(Boolean).join(" ");
  const lines3 = examples.map(([example, does]) => `  ${does}:
    ${PROGRAM} ${example}`).join("\n");
  const parts = [`${summary2}.`, usage, columns(rows2), notes, `Examples:
${lines3}`, EXITS];
  return parts.filter(Boolean).join("\n\n");
}
function columns(rows2) {
  const width = Math.max(...rows2.map(([left]) => left.length));
  return rows2.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
var list = (names) => names.length === 1 ? `is ${names[0]}` : `are ${names.join(", ")}`;
function print(text) {
  process.stdout.write(`${text}
`);
}

// ts/cli/config-file.ts
import { readFileSync as readFileSync2, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

// ts/cli/json-file.ts
import { readFileSync } from "node:fs";

// node_modules/jsonc-parser/lib/esm/impl/scanner.js
function createScanner(text, ignoreTrivia = false) {
  const len = text.length;
  let pos = 0, value = "", tokenOffset = 0, token = 16, lineNumber = 0, lineStartOffset = 0, tokenLineStartOffset = 0, prevTokenLineStartOffset = 0, scanError = 0;
  function scanHexDigits(count, exact) {
    let digits = 0;
    let value2 = 0;
    while (digits < count || !exact) {
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
    if (digits < count) {
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
    let end = pos;
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
        end = pos;
      } else {
        scanError = 3;
      }
    }
    return text.substring(start, end);
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

// ts/cli/json-file.ts
function readJson(file, option) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const { code } = error;
    if (code === "ENOENT") return { wrong: `there is no such file; name it with ${option}` };
    return { wrong: code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "is not UTF-8 text" : `cannot be read (${code})` };
  }
  const errors = [];
  const json2 = parse2(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (!first) return { json: json2 };
  const before = text.slice(0, first.offset).split("\n");
  return { wrong: `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: is no JSON from here on` };
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
  const problems = [...references.problems, ...functions(config), ...rest];
  return { config, engine, problems, warnings: warnings(file, read2.json), leftOut };
}
var ASIDE = ["$schema", "admin"];
function leaveOut(json2, keys) {
  if (typeof json2 !== "object" || json2 === null || Array.isArray(json2)) return [json2, []];
  const kept = Object.entries(json2).filter(([key]) => !ASIDE.includes(key) && !keys.includes(key));
  return [Object.fromEntries(kept), keys.filter((key) => Object.hasOwn(json2, key))];
}
function functions(config) {
  const { email, sms } = config ?? {};
  return Object.entries({ email, sms }).flatMap(
    ([channel, senders]) => Array.isArray(senders) ? senders.flatMap(
      (it, i) => it?.provider === "custom" ? [`${channel}[${i}].provider: a JSON file cannot hold custom's function`] : []
    ) : []
  );
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
    const keys = Object.keys(value);
    const [key, name] = [keys[0], Object.values(value)[0]];
    if (keys.length === 1 && (key === "env" || key === "file") && typeof name === "string" && !isMap(path))
      return this.#read(key, name, path);
    return Object.fromEntries(
      Object.entries(value).map(([key2, it]) => [key2, this.resolve(it, path ? `${path}.${key2}` : key2)])
    );
  }
  #read(from, name, path) {
    if (!this.secrets && (SECRET.test(path) || ACCOUNT.test(path))) return "stand-in";
    if (from === "env") return this.env[name] || this.#fail(path, `the environment variable ${name} is not set`);
    try {
      return readFileSync2(resolve(this.folder, name), "utf8").replace(/\r?\n$/, "");
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
var isMap = (path) => /^(vars|messages(\.[^.]+)?|rules\[\d+\]\.when\.(standardAttributes|customAttributes))$/.test(path);
var SECRET = /(^|\.)(apiKey|apiSecret|apiKeySecret|accessKey|authToken|secret|secretAccessKey|secretKey|serverToken|sessionToken|privateKey|secrets\[\d+\])$/;
var ACCOUNT = /\.(accountSid|apiKeySid|messagingServiceSid|accessKeyId)$/;
function warnings(file, json2) {
  const { mode } = statSync(file);
  if (process.platform === "win32" || (mode & 63) === 0) return [];
  const literal2 = [...texts2(json2, "")].filter((path) => SECRET.test(path));
  if (literal2.length === 0) return [];
  return [
    `${file}: others on this machine can read it, and it holds ${literal2.join(", ")}; chmod 600 it, or use {"env": …}`
  ];
}
function* texts2(value, path) {
  if (typeof value === "string") yield path;
  else if (Array.isArray(value)) for (const [i, it] of value.entries()) yield* texts2(it, `${path}[${i}]`);
  else if (typeof value === "object" && value !== null)
    for (const [key, it] of Object.entries(value)) yield* texts2(it, path ? `${path}.${key}` : key);
}

// ts/cli/paste-in.ts
import { createHash } from "node:crypto";

// ts/assemble.ts
function withLocales(hook, locales, sha2562) {
  const [head = "", body = ""] = hook.split(/(?<=^\/\/ below {3}sha256 )[0-9a-f]{64}\n/m);
  const changed = body.replace(/^const texts = .*$/m, () => `const texts = ${literal(textsOf(locales))};`);
  return `${head}${sha2562(changed)}
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

// ts/cli/parts.ts
import { existsSync, readFileSync as readFileSync3 } from "node:fs";
function readPart(name) {
  const beside = new URL(`./${name}`, import.meta.url);
  return readFileSync3(existsSync(beside) ? beside : new URL(`../../pkg/${name}`, import.meta.url), "utf8");
}

// ts/cli/paste-in.ts
var AUTHGEAR_LIMIT = 100 * 1024;
var BEGINNING = "/*\nauthgear-invite: ";
function pasteIn(config, builtIn) {
  const hook = readPart(usesSes(config) ? "hook-ses.ts" : "hook.ts");
  const sha2562 = (text) => createHash("sha256").update(text).digest("hex");
  return withConfig(withLocales(hook, builtIn, sha2562), sourceOf(config));
}
var usesSes = ({ email }) => email?.some(({ provider }) => provider === "ses") ?? false;

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
  const { config, warnings: warnings2, leftOut } = loadConfig(file, { without: ["webhook"] });
  warnings2.push(...leftOut.map((key) => `${file}: ${key} is left out; the pasted file has no use for it`));
  const locales = values.locales === void 0 ? spokenLocales(config) : readLocales(values.locales);
  const builtIn = chooseLocales(locales);
  createSoundEngine(config, builtIn).free();
  const text = pasteIn(config, builtIn);
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
function spokenLocales(config) {
  const spoken = localesOf(config);
  return KNOWN.filter((it) => it === "en" || spoken.some((locale) => covers([it], locale)));
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
function loadAdmin(file, env = process.env) {
  const read2 = readJson(file, "--config");
  if ("wrong" in read2) throw new ConfigError([`${file}: ${read2.wrong}`]);
  const block = read2.json?.admin;
  if (typeof block !== "object" || block === null || Array.isArray(block))
    throw new ConfigError([`${file}: admin: must be an object with endpoint, projectId, keyId and privateKey`]);
  const references = new References(dirname3(resolve3(file)), env, true);
  const { passwordPolicy, ...options } = references.resolve(block, "admin");
  const problems = [...shape(block), ...references.problems];
  const attempt = (work) => {
    try {
      return work();
    } catch (error) {
      const more = problemsOf(error);
      problems.push(...more.filter((it) => !problems.some((known) => known.startsWith(`${it.split(":")[0]}:`))));
      return void 0;
    }
  };
  const admin = attempt(() => createAdmin(options));
  const password2 = attempt(() => createPasswordGenerator(passwordPolicy ?? ANY_POLICY));
  if (!admin || !password2 || problems.length > 0) throw new ConfigError(problems.map((it) => `${file}: ${it}`));
  return { admin, password: () => password2().password };
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
    const count = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;
    print(`${visibleLine(file)}: ${count(problems.length, "problem")}, ${count(warnings2.length, "warning")}`);
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

// ts/cli/create.ts
var MODES = ["throwaway", "authgear-sends", "none"];
var EFFECTS = {
  throwaway: "with a random password that nobody knows; the hook sends the invitation",
  "authgear-sends": "with a password that Authgear has mailed; the hook sees the account, too",
  none: "without a password; the hook sends the invitation"
};
var create = {
  summary: "Create an account for somebody else",
  options: {
    config: CONFIG,
    email: { value: "ADDRESS", help: "the new user's login: this e-mail address" },
    phone: { value: "NUMBER", help: "or this phone number, as +85251000001" },
    username: { value: "NAME", help: "or this username" },
    locale: { value: "TAG", help: "the language of the new user, as ja or zh-Hant" },
    password: { value: "MODE", default: "throwaway", help: "throwaway, authgear-sends or none" },
    "change-at-login": { help: "with authgear-sends: the password must be changed at the first login" },
    json: { help: "one JSON object, also for a failure" }
  },
  examples: [
    ["create --email new@user.example", "An account whose owner sets the password by Forgot Password"],
    ["create --phone +85251000001 --locale zh-Hant", "The same by SMS, in Chinese"],
    ["create --email new@user.example --password authgear-sends --change-at-login", "Authgear mails the password"]
  ],
  notes: `Passwords: throwaway makes a random one, sends it to nobody and shows it to nobody. authgear-sends has Authgear make one
and mail it: your hook sees that account, too, and sends its own message unless its rules say otherwise. none makes none.

The configuration's admin block holds the key from the Portal's Admin API page; the rest of the file is not looked at:
  "admin": { "endpoint": "https://acme.authgear.cloud", "projectId": "acme", "keyId": "…",
             "privateKey": {"file": "admin-key.pem"}, "passwordPolicy": {"min_length": 12} }
passwordPolicy has the names of authenticator.password.policy in authgear.yaml. Without it a password has 32 characters
of all kinds.

A lost answer is looked into: the account is made once, and the exit code tells the truth. What could not be found out is
a failure whose JSON says in_doubt.`,
  run: run3
};
async function run3(values) {
  const mode = oneOf(values, "password", MODES);
  const loginId2 = readLoginId(values);
  const context2 = readContext(values);
  if (mode === "authgear-sends" && !("email" in loginId2))
    throw new UsageError("--password: authgear-sends goes with --email; Authgear sends passwords by e-mail alone");
  if (values["change-at-login"] && mode !== "authgear-sends")
    throw new UsageError("--change-at-login: goes with --password authgear-sends");
  const file = values.config ?? "";
  const { admin, password: password2 } = loadAdmin(file);
  const user2 = { loginId: loginId2, ...passwordFor(mode, password2, values["change-at-login"] !== void 0) };
  try {
    const { id, nodeId } = await admin.createUser(user2, context2);
    print(
      values.json ? jsonLine({ outcome: "created", user_id: id, node_id: nodeId, password: mode }) : `Created ${id} ${EFFECTS[mode]}.`
    );
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof AdminApiError)) throw new ConfigError(problemsOf(error).map((it) => `${file}: ${it}`));
    if (values.json) print(jsonLine(failure(error)));
    process.stderr.write(`authgear-invite: ${explain(error)}
`);
    return EXIT.failed;
  }
}
function passwordFor(mode, password2, changeAtLogin) {
  switch (mode) {
    case "throwaway":
      return { password: password2() };
    case "authgear-sends":
      return { password: "", sendPassword: true, setPasswordExpired: changeAtLogin };
    case "none":
      return { password: null };
  }
}
function readLoginId({ email, phone, username }) {
  const given = Object.entries({ email, phone, username }).filter(([, value]) => value !== void 0);
  const [only, ...more] = given;
  if (!only || more.length > 0) throw new UsageError("create: give one of --email, --phone and --username");
  if (email !== void 0 && !/^[^\s@]+@[^\s@]+$/.test(email))
    throw new UsageError("--email: must be an e-mail address, as new@user.example");
  if (phone !== void 0 && !/^\+[1-9]\d{6,14}$/.test(phone))
    throw new UsageError("--phone: must be + and digits with the country's code, as +85251000001");
  if (username?.trim() === "") throw new UsageError("--username: must not be empty");
  return { [only[0]]: only[1] };
}
function readContext({ locale }) {
  if (locale === void 0) return {};
  try {
    const [tag] = Intl.getCanonicalLocales(locale);
    return { ui_locales: tag };
  } catch {
    throw new UsageError("--locale: must be a BCP 47 tag, as ja or zh-Hant");
  }
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
function explain(error) {
  const { causes, reason, message } = error;
  if (isDuplicate(error)) return "there is an account with this login already; nothing was changed";
  if (causes.includes("InvalidLoginIDKey"))
    return "the project has no such login; see its Authentication > Login Methods";
  if (reason === "PasswordPolicyViolated")
    return `the project's policy does not take the password (${causes.join(", ")}); tell it in admin.passwordPolicy`;
  return message;
}

// ts/cli/init.ts
import { writeFileSync as writeFileSync2 } from "node:fs";

// ts/cli/ask.ts
import { createInterface } from "node:readline/promises";
var canAsk = () => Boolean(process.stdin.isTTY && process.stderr.isTTY);
var lines;
async function ask(question2) {
  lines ??= createInterface({ input: process.stdin, terminal: false })[Symbol.asyncIterator]();
  process.stderr.write(question2);
  process.stdin.ref();
  const { value, done } = await lines.next();
  process.stdin.unref();
  return done ? void 0 : value.trim();
}
async function confirm(question2) {
  if (!canAsk()) throw new UsageError("--yes: is needed where nobody can be asked");
  return /^y(es)?$/i.test(await ask(visibleLine(`${question2} [y/N] `)) ?? "");
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
  run: run4
};
async function run4(values) {
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
  const { channel, needs } = known.find((it) => it.name === name);
  const sender = { provider: name };
  const variables = [];
  for (const key of needs) {
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
  const set = variables.length > 0 ? `Set ${variables.join(" and ")}, then:` : "Then:";
  const tries = ["check", "preview", "send --to YOUR-ADDRESS", "build"].map((it) => `  authgear-invite ${it}`);
  if (values.json) print(jsonLine({ file, variables }));
  else print([`${visibleLine(file)} is written. ${set}`, ...tries].join("\n"));
  return EXIT.done;
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
      const answer = await ask(`${QUESTIONS[key] ?? key}: `);
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
  const answer = await ask("Do admins let the Portal generate passwords, which Authgear mails to users? [y/N] ");
  return /^y(es)?$/i.test(answer ?? "");
}
function told(config, path) {
  const engine = createEngine(config, BUILT_IN);
  engine.free();
  return engine.problems.find((it) => it.startsWith(`${path}: `))?.slice(path.length + 2);
}
function write2(file, text, force) {
  try {
    writeFileSync2(file, text, { flag: force ? "w" : "wx", mode: 384 });
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
      ({ properties: { provider }, required }) => (provider.enum ?? [provider.const ?? ""]).map((name) => ({
        name,
        channel,
        needs: required.filter((it) => it !== "provider")
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
import { chmodSync, closeSync, existsSync as existsSync3, openSync, statfsSync } from "node:fs";

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

// ts/outbox/file.ts
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
var PATIENCE_MS = 5e3;
var BUSY_PAUSE_MS = 20;
var RESERVE_BYTES = 16 * 1024 * 1024;
var MEASURED_MS = 250;
var PRIVATE = 384;
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
    db.exec(`PRAGMA busy_timeout = ${serves ? 0 : PATIENCE_MS}`);
    recognise(db, path, serves);
    if (!serves) return { db, close };
    chmodSync(path, PRIVATE);
    await patiently(() => setUp(db));
    if (pragma(db, "quick_check(1)") !== "ok") throw new OutboxError("corrupt", `${path}: ${TEXTS.corrupt}`);
    const log = openSync(`${path}-wal`, "r+");
    return {
      db,
      log,
      close: () => {
        quietly(() => db.exec("PRAGMA wal_checkpoint(TRUNCATE)"));
        close();
        quietly(() => closeSync(log));
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
async function patiently(work) {
  for (const deadline = Date.now() + PATIENCE_MS; ; ) {
    try {
      return work();
    } catch (error) {
      if (faultOf(error) !== "busy" || Date.now() > deadline) throw error;
      await new Promise((resolve5) => setTimeout(resolve5, BUSY_PAUSE_MS));
    }
  }
}
function transaction(db, work) {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
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
    closeSync(openSync(path, "a", PRIVATE));
  } catch (error) {
    const { code = "" } = error;
    throw new OutboxError("io", `${path}: cannot be opened (${code}); check the path and its permissions`);
  }
}
function quietly(work) {
  try {
    work();
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
    return new Promise((resolve5, reject) => {
      this.#waiting.push({ change, resolve: resolve5, reject });
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
      await new Promise((resolve5) => setImmediate(resolve5));
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
    for (const [i, { resolve: resolve5 }] of batch.entries()) resolve5(results[i]);
  }
  async #failed(batch, error, now) {
    const fault = faultOf(error);
    this.#busySince ??= now;
    if (fault === "busy" && now - this.#busySince < PATIENCE_MS) {
      this.#waiting.unshift(...batch);
      await new Promise((resolve5) => setTimeout(resolve5, BUSY_PAUSE_MS));
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
      const work = this.#get(
        "SELECT count(*) AS open, min(since) AS oldest FROM message WHERE due IS NOT NULL"
      );
      const dead = this.#get("SELECT count(*) AS dead FROM message WHERE state = 'dead'");
      return { open: work?.open ?? 0, oldest: work?.oldest ?? null, dead: dead?.dead ?? 0 };
    });
  }
  /** Gives up what waits for the disk, and closes the file. */
  close() {
    this.#commits.close();
    this.#file.close();
  }
  #read(work) {
    try {
      return work();
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
var STATES = ["queued", "sending", "sent", "dead"];
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
    state: { value: "STATE", help: `${STATES.join(", ")}, or several with commas (default: all but sent)` },
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
      const details = describe(message, store.event(message.id));
      print(values.json ? JSON.stringify(details) : lines2(details));
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
async function visit2(values, work) {
  const store = await Store.open(values.data ?? "", { as: "visit" });
  try {
    return await work(store, values);
  } finally {
    store.close();
  }
}
async function listRows(store, values) {
  const states = readStates(values.state);
  const limit = /^\d{1,9}$/.test(values.limit ?? "") ? Number(values.limit) : Number.NaN;
  if (Number.isNaN(limit)) throw new UsageError("--limit: must be a whole number; 0 for all");
  let count = 0;
  let more = false;
  for (const message of rows(store, states)) {
    more = limit > 0 && count >= limit;
    if (more) break;
    count += 1;
    print(values.json ? JSON.stringify(summarize(message)) : row(message));
  }
  if (!values.json)
    process.stderr.write(count === 0 ? "Nothing.\n" : more ? `The first ${limit}; --limit 0 lists all.
` : "");
  return EXIT.done;
}
async function retryRows(store, values, key) {
  const wanted = ({ last }) => !values["not-sent"] || last?.outcome === "not_sent";
  const chosen = key === void 0 ? [...rows(store, ["dead"])].filter(wanted) : [find(store, key)];
  const done = await Promise.all(chosen.map(({ id }) => store.retry(id, Date.now())));
  const retried = done.filter(Boolean).length;
  print(values.json ? JSON.stringify({ retried }) : `${retried} to be sent.`);
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
  if (text === void 0) return STATES.filter((it) => it !== "sent");
  return text.split(",").map((name) => {
    const state = STATES.find((it) => it === name);
    if (!state) throw new UsageError(`--state: must be ${STATES.join(", ")}, or several with commas`);
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
function describe(message, event) {
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
  return `${since}  ${what.padEnd(15)}  ${key}  ${rest}`;
}
function lines2(details) {
  return Object.entries(details).filter(([, value]) => value !== void 0 && value !== null).map(([name, value]) => `${`${name}:`.padEnd(21)}${typeof value === "object" ? JSON.stringify(value) : value}`).join("\n");
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
var MOST = 1e6;
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
    json: { help: "JSON with the entropy, one object a line" }
  },
  examples: [
    ["password", "One of 24 characters"],
    ["password --words 5", "A passphrase, to be read out"],
    ["password -n 100 --length 16 --policy policy.json", "A hundred that satisfy a policy"]
  ],
  notes: `The policy has the names of authenticator.password.policy in authgear.yaml: {"min_length": 12, "digit_required": true}.
All passwords that satisfy it are as likely. Passwords are all that is printed; on a terminal the entropy stands below.`,
  run: run5
};
async function run5(values) {
  const count = wholeNumber(values, "count", 1, MOST);
  const size2 = (option) => values[option] === void 0 ? void 0 : wholeNumber(values, option, 1, Number.MAX_SAFE_INTEGER);
  const next = createPasswordGenerator(values.policy === void 0 ? {} : readPolicy(values.policy), {
    length: size2("length"),
    words: size2("words"),
    symbols: values.symbols,
    noLookAlikes: values["no-look-alikes"] !== void 0
  });
  let bits = 0;
  for (let left = count; left > 0; left -= PAGE2) {
    const page = Array.from({ length: Math.min(left, PAGE2) }, next);
    bits = page[0]?.entropyBits ?? 0;
    const text = page.map((it) => `${values.json ? JSON.stringify(it) : it.password}
`).join("");
    if (!process.stdout.write(text)) await once(process.stdout, "drain");
  }
  if (process.stderr.isTTY && !values.json)
    process.stderr.write(`${bits.toFixed(1)} bits of entropy${count > 1 ? " each" : ""}
`);
  return EXIT.done;
}
function readPolicy(file) {
  const read2 = readJson(file, "--policy");
  if ("wrong" in read2) throw new UsageError(`${file}: ${read2.wrong}`);
  return read2.json;
}

// ts/cli/preview.ts
import { writeFileSync as writeFileSync3 } from "node:fs";

// ts/cli/event.ts
var NAMES = Object.keys(SAMPLES);
var EVENT = {
  value: "NAME|FILE",
  default: "guide",
  help: `a sample (${NAMES.join(", ")}), or a JSON file with an event`
};
function readEvent(name) {
  if (Object.hasOwn(SAMPLES, name)) return SAMPLES[name];
  const read2 = readJson(name, `--event, or give ${NAMES.join(", ")}`);
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
  run: run6
};
async function run6(values) {
  const file = values.config ?? "";
  const event = readEvent(values.event ?? "");
  const { engine, problems } = inspectConfig(file, { secrets: false });
  const shown2 = engine.preview(event, values.locale);
  if (shown2.type === "invalid") throw new ConfigError(problems.map((it) => `${file}: ${it}`));
  if (values.html !== void 0) writeHtml(values.html, shown2);
  print(values.json ? jsonLine(shown2) : describe2(shown2));
  return EXIT.done;
}
function describe2(shown2) {
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
    writeFileSync3(file, shown2.html);
  } catch (error) {
    throw new UsageError(`--html: ${file} cannot be written (${error.code})`);
  }
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
    const time3 = (/* @__PURE__ */ new Date()).toTimeString().slice(0, 8);
    const rest = Object.entries(facts).filter(([, value]) => value !== void 0 && value !== null).map(([name, value]) => `${paint(DIM, `${name}=`)}${typeof value === "string" ? value : JSON.stringify(value)}`);
    stream.write(`${shown2 && CLEAR}${paint(DIM, time3)} ${paint(COLORS[level], what)} ${rest.join(" ")}
${shown2}`);
  };
  const status = (text) => {
    if (!stream.isTTY) return;
    shown2 = text && paint(DIM, text.slice(0, (stream.columns ?? 80) - 1));
    stream.write(CLEAR + shown2);
  };
  return { log, status };
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
var asOfNow = (event, { isDisabled, isDeactivated, isAnonymous, isAnonymized }) => ({
  ...event,
  payload: {
    ...event.payload,
    user: {
      ...event.payload.user,
      is_disabled: isDisabled,
      is_deactivated: isDeactivated,
      is_anonymous: isAnonymous,
      is_anonymized: isAnonymized
    }
  }
});

// ts/cli/invitation.ts
function sendNow(event, { config, engine }) {
  const about = { id: event.id, type: event.type, userId: event.payload.user.id, start: HOST.now() };
  const setup = { config, builtin: JSON.stringify(BUILT_IN), host: { ...HOST, sign } };
  return carryOut(engine.decide(event), about, engine, setup);
}

// ts/cli/import/journal.ts
import { closeSync as closeSync2, createReadStream, fsyncSync, openSync as openSync2, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname as dirname4, resolve as resolve4 } from "node:path";

// ts/cli/import/lock.ts
import { unlinkSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";

// ts/cli/import/journal.ts
var JournalError = class extends Error {
  name = "JournalError";
};
var READ_BYTES = 64 * 1024;
async function* toldUsers(path) {
  for await (const { number, line } of linesOf(path)) {
    if (number === 1) toHeader(line, path);
    const it = line;
    if (it.is === "made") yield { userId: it.user, message: "pending" };
    if (it.is === "leaving") yield { userId: it.user, message: "leaving" };
    if (it.is === "ended" && it.user && it.message) yield { userId: it.user, message: it.message };
  }
}
async function* linesOf(path) {
  let rest = Buffer.alloc(0);
  let offset = 0;
  let number = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10, from)) {
      number += 1;
      let line;
      try {
        line = JSON.parse(rest.toString("utf8", from, at));
      } catch {
        throw new JournalError(`${path}: line ${number} is damaged; restore a copy, or name another --journal`);
      }
      yield { line, number, offset: offset + from, end: offset + at + 1 };
      from = at + 1;
    }
    rest = rest.subarray(from);
    offset += from;
  }
}
function toHeader(line, path) {
  const { journal, version, salt } = line ?? {};
  if (journal !== "authgear-invite import" || typeof salt !== "string")
    throw new JournalError(`${path}: is no journal of an import; name another --journal`);
  if (version !== 1) throw new JournalError(`${path}: was made by a newer version of authgear-invite; use that one`);
  return line;
}

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
var byOutbox = (store) => async ({ event, userId, key = "" }, tell2) => {
  const stored = { eventId: event.id, type: event.type, userId, body: bytes(JSON.stringify(event)) };
  await store.insert(key, Date.now(), stored);
  tell2({ outcome: "queued" });
};
var byAttribute = (name, admin, loaded, court) => async ({ event, userId }, tell2) => {
  const mark = (it) => admin.setCustomAttribute(userId, name, it ? markOf(it, /* @__PURE__ */ new Date()) : null);
  const now = judge(event, await admin.node(userId), court);
  if (now.status !== "not_told") return tell2({ outcome: "skipped", why: now.why });
  if (!await mark("sending")) return tell2({ outcome: "skipped", why: "the user has been deleted since" });
  const end = await sendNow(event, loaded);
  tell2({
    outcome: end.outcome,
    why: "reason" in end ? end.reason : void 0,
    provider: "provider" in end ? end.provider : void 0
  });
  await mark(leftBy(end));
};
function leftBy(end) {
  if (end.outcome === "sent" || end.outcome === "unknown") return end.outcome;
  const conflict = end.outcome === "not_sent" && end.attempts.some(({ status }) => status === 409);
  return conflict ? "unknown" : void 0;
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

At least one of --outbox, --journal and --attribute must say who was told; of several the one who knows more is believed. A custom
attribute alone cannot know what a pasted hook has sent, for no hook can set it: to its reader everybody looks forgotten
whom no earlier run of reconcile has told. Set it yourself where you know better.

--send needs a memory, and a journal is none. With --attribute it sends from here: the attribute (a text that the project must define, in User
Profile > Custom Attributes) says "sending TIME" before a request leaves and "sent TIME" after it, so that a run that is cut
off leaves a doubt, which is told and never repeated; "unknown TIME" when nobody knows what became of it. Each change fires
user.profile.updated. With --outbox alone the event goes into the outbox.

It exits with 1 when somebody was not told, or nobody knows.`,
  run: run7
};
async function run7(values) {
  const file = values.config ?? "";
  const range = readRange(values, Date.now());
  const perSecond = wholeNumber(values, "per-second", 1, 100);
  const { outbox: outbox2, journal, attribute } = values;
  check2(values, range);
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
    const counts = await list3(walk(), values);
    const left = counts.not_told + counts.in_doubt + counts.outbox;
    if (!values.send || counts.not_told === 0) return left === 0 ? EXIT.done : EXIT.failed;
    if (!outbox2) process.stderr.write(`${attribute} cannot know what a hook has sent.
`);
    if (!values.yes && !await confirm(`Send to ${people(counts.not_told)}?`)) {
      process.stderr.write("Nothing was sent.\n");
      return EXIT.failed;
    }
    const teller = attribute ? byAttribute(attribute, admin, loaded, court) : byOutbox(store);
    const told2 = await sendAll(walk(), teller, { perSecond, count: counts.not_told, json: Boolean(values.json) });
    return told2 && left === counts.not_told ? EXIT.done : EXIT.failed;
  } finally {
    store?.close();
  }
}
function check2({ outbox: outbox2, journal, attribute, ...values }, { from }) {
  if (outbox2 === void 0 && journal === void 0 && attribute === void 0)
    throw new UsageError("reconcile: give --outbox, --journal or --attribute: something must know who was told");
  if (values.send && outbox2 === void 0 && attribute === void 0)
    throw new UsageError("--send: goes with --attribute or --outbox, which remember who is told now");
  if (attribute !== void 0 && !/^[a-z]([a-z0-9_]*[a-z0-9])?$/.test(attribute))
    throw new UsageError("--attribute: must be the name of a custom attribute, as invited");
  const keepMs = wholeNumber(values, "keep-days", 1, 1e4) * UNITS.d;
  if (outbox2 !== void 0 && from.getTime() < Date.now() - keepMs)
    throw new UsageError(`--since: the outbox has forgotten what is older than --keep-days ${values["keep-days"]}`);
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
async function list3(found, { json: json2 }) {
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
  if (!json2) print(summary(counts));
  return counts;
}
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
function summary({ not_told, in_doubt, outbox: outbox2, told: told2, skipped: skipped2, reasons }) {
  const why = [...reasons].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${reason} ${count}`);
  return [
    `${not_told} not told`,
    in_doubt && `${in_doubt} in doubt`,
    outbox2 && `${outbox2} still in the outbox`,
    `${told2} told`,
    `${skipped2} skipped${why.length > 0 ? ` (${why.join(", ")})` : ""}`
  ].filter(Boolean).join(", ");
}
var people = (count) => `${count} ${count === 1 ? "account" : "accounts"}`;
async function sendAll(found, teller, options) {
  const { perSecond, count, json: json2 } = options;
  const outcomes = /* @__PURE__ */ new Map();
  let done = 0;
  let next = 0;
  for await (const account of found) {
    if (account.status !== "not_told") continue;
    await new Promise((resolve5) => setTimeout(resolve5, next - Date.now()));
    next = Date.now() + 1e3 / perSecond;
    await teller(account, (told2) => {
      outcomes.set(told2.outcome, (outcomes.get(told2.outcome) ?? 0) + 1);
      showStatus("");
      print(json2 ? jsonLine({ user_id: account.userId, ...told2 }) : sentRow(account, told2));
      showStatus(`${++done} of ${count}`);
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

// ts/cli/send.ts
import { randomUUID } from "node:crypto";
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
  run: run8
};
async function run8(values) {
  const to = readAddress(values.to);
  const given = readEvent(values.event ?? (to.startsWith("+") ? "phone" : "guide"));
  const { config, engine } = loadConfig(values.config ?? "", { without: ["webhook", "deadLetter", "receipt"] });
  const event = forTest(given, to, values.locale);
  const decision = engine.decide(event);
  if (decision.type === "send" && !goesTo(decision, to))
    throw new UsageError("the message would go to another address than --to; choose another --event");
  if (decision.type === "send" && !values.yes && !await confirm(question(decision, to))) {
    process.stderr.write("Nothing was sent.\n");
    return EXIT.failed;
  }
  const about = { id: event.id, type: event.type, start: HOST.now() };
  const setup = { config, builtin: JSON.stringify(BUILT_IN), host: { ...HOST, sign } };
  const end = await carryOut(decision, about, engine, setup);
  print(values.json ? jsonLine(end) : describe3(end));
  return end.outcome === "sent" ? EXIT.done : EXIT.failed;
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
    const [local, domain = ""] = text.split("@");
    const url = `http://${domain}`;
    return `${local}@${URL.canParse(url) ? new URL(url).hostname : domain}`;
  };
  return to === "user" && plain(address) === plain(wanted);
}
function question({ message, locale, attempts: [first] }, to) {
  return `Send ${message} in ${locale} by ${first?.provider} to ${to}?`;
}
function describe3(end) {
  if (end.outcome === "skipped") return visibleLine(`skipped: ${end.detail} (${end.reason})`);
  if (end.outcome === "invalid_config") return `invalid_config: ${end.reason}`;
  const tries = end.attempts.map(
    ({ provider, result, status, detail, ms }) => [`  ${provider}: ${result}`, status && `HTTP ${status}`, detail, `${ms} ms`].filter(Boolean).join(", ")
  );
  const id = "id" in end && end.id ? `, id ${end.id}` : "";
  const head = {
    sent: "provider" in end ? `sent by ${end.provider}${id}` : "",
    not_sent: "not sent",
    unknown: "unknown: it may have been sent"
  }[end.outcome];
  return [`${head}: ${end.message} in ${end.locale}`, ...tries].map(visibleLine).join("\n");
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

// ts/outbox/worker.ts
import { createHash as createHash2 } from "node:crypto";

// ts/outbox/pass.ts
var Stopped = class extends Error {
  name = "Stopped";
};
var BACKOFF_MS = 5e3;
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
    const mayBeSent = inDoubt || error instanceof Stopped && message.mark?.keySeconds;
    if (message.state === "sending" && !mayBeSent) await record(message, { state: "queued", mark: null }, context2);
    throw error;
  }
  const now = host.now();
  const change = conclude(message, inDoubt, result, now, host.random(), context2.maxMs);
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
function conclude({ since, passes, mark }, inDoubt, { delivery, stuck, waitMs }, now, random, maxMs) {
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
var backoff = (passes, random, atLeastMs) => Math.min(BACKOFF_CAP_MS, Math.max(atLeastMs, random * BACKOFF_MS * 2 ** passes));
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
    const sleep = (ms) => interruptible(ms, this.#stop.signal);
    this.#context = { store, core, maxMs, notify, setup: { ...setup, host: { ...setup.host, sleep } } };
  }
  /** Messages that are being sent now. */
  get sending() {
    return this.#running.size;
  }
  /** Keeps an event; resolves when it is on the disk. */
  async accept({ body, about, decision }) {
    const { id: eventId, type, userId } = about;
    const key = eventId ? decision.key : `${decision.key}.${sha256(decision.address).slice(0, 16)}`;
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
      if (!(error instanceof Stopped)) this.#pause(error);
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
  return new Promise((resolve5, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(new Stopped());
    };
    const timer = setTimeout(() => {
      stop.removeEventListener("abort", end);
      resolve5();
    }, ms);
    if (stop.aborted) end();
    else stop.addEventListener("abort", end);
  });
}
var sha256 = (text) => createHash2("sha256").update(text).digest("hex");

// ts/cli/serve.ts
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
  run: run9
};
async function run9(values) {
  const port = wholeNumber(values, "port", 0, 65535);
  const concurrency = wholeNumber(values, "concurrency", 1, 1e3);
  const maxDays = wholeNumber(values, "max-days", 1, 365);
  const keepDays = wholeNumber(values, "keep-days", 2, 3650);
  const graceMs = wholeNumber(values, "grace", 0, 3600) * 1e3;
  if (keepDays <= maxDays) throw new UsageError("--keep-days: must be more than --max-days");
  const format3 = values.log === void 0 ? void 0 : oneOf(values, "log", ["json", "pretty"]);
  const pretty = prettyLog(process.stdout);
  const log = (format3 ?? (process.stdout.isTTY ? "pretty" : "json")) === "pretty" ? pretty.log : jsonLog(process.stdout);
  listenToConsole(log);
  process.stdout.removeAllListeners("error").on("error", () => {
  });
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
  process.once(signal, () => process.exit(EXIT.failed));
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
          return log("warn", "waiting", { ...facts, in_doubt: message.state === "sending", next: time2(message.due) });
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
var time2 = (ms) => ms === null ? void 0 : new Date(ms).toISOString();
function listenToConsole(log) {
  const join2 = (level) => (line) => {
    try {
      const { "authgear-invite": what, ...facts } = JSON.parse(line);
      log(level, what, facts);
    } catch {
      log(level, String(line));
    }
  };
  console.log = join2("info");
  console.error = join2("error");
}
function firstSignal() {
  return new Promise((resolve5) => {
    for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => resolve5(signal));
  });
}
async function within(ms, work) {
  let timer;
  const late = new Promise((resolve5) => {
    timer = setTimeout(() => resolve5(false), ms);
  });
  return Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer));
}

// ts/cli/main.ts
var commands = { init, check, preview, send, build, create, password, reconcile, serve, outbox };
var WRONG = /* @__PURE__ */ new Set(["UsageError", "ConfigError", "PasswordPolicyError", "AdminOptionsError"]);
var PLAIN = /* @__PURE__ */ new Set([...WRONG, "AdminApiError", "JournalError", "OutboxError", "NoSqlite"]);
process.stdout.on("error", (error) => {
  if (error.code === "EPIPE") process.exit(EXIT.done);
  throw error;
});
try {
  process.exitCode = await dispatch(commands, process.argv.slice(2));
} catch (error) {
  const { name, message, code } = error;
  process.stderr.write(`authgear-invite: ${PLAIN.has(name) ? visible(message) : `failed: ${code ?? name}`}
`);
  process.exitCode = WRONG.has(name) ? EXIT.usage : EXIT.failed;
}
