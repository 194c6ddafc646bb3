/** What is not wrong in a configuration, and still is seldom meant. */
import type { NonBlockingEvent } from "./authgear.ts";
import type { Config, Rule } from "./config.ts";
import { createEngine } from "./engine.ts";
import { BUILT_IN } from "./locales.ts";
import { nearest } from "./nearest.ts";
import { SAMPLES } from "./samples.ts";

/** Advice on a sound configuration: `path: what is odd; what to do`. */
export function advise(config: Config): string[] {
  const ofSetup = [...plainPage(config), ...doubleMails(config), ...tracking(config), ...broadKeys(config)];
  return [...idleRules(config), ...ofSetup, ...ownLocales(config), ...texts(config), ...singleBraces(config)];
}

/** Events that Authgear fires today; others appear over time, and so are not wrong. */
const EVENTS = Object.keys({
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
  "identity.biometric.disabled": true,
} satisfies Record<NonBlockingEvent["type"], true>);

/** Rules that lead to nothing, of which a hook says nothing either. */
function idleRules({ rules }: Config): string[] {
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

/** Whether a rule has no condition that events of a later one could fail. */
function takesAll({ on, when = {} }: Rule, later: Rule): boolean {
  const { triggeredBy, ...more } = when;
  const { disabled, anonymous, deactivated } = later.when ?? {};
  const isOpen = Object.values(more).every((it) => it === undefined) && !(disabled || anonymous || deactivated);
  return isOpen && on === later.on && triggersOf(later.when).every((it) => triggersOf(when).includes(it));
}

const triggersOf = (when: Rule["when"]) => when?.triggeredBy ?? ["admin_api" as const];

function plainPage({ url }: Config): string[] {
  if (!/[?#]/.test(url)) return [];
  return ["url: has a query or a fragment; give the plain page where users sign in, never a link with a code"];
}

/** Authgear mails a password that the Portal generates, and no event tells of it. */
function doubleMails({ rules = [{ on: "user.created" }], email, signIn }: Config): string[] {
  const adminRules = [...rules.entries()].filter(
    ([, { on, when }]) => on === "user.created" && (when?.triggeredBy?.includes("admin_api") ?? true),
  );
  const separated = adminRules.some(([, { when }]) => when?.origin);
  const [first] = adminRules;
  if (!first || separated || !email?.length || signIn === "code") return [];
  return [
    `rules[${first[0]}].when.origin: does not tell the Portal apart: when the Portal generates a password, Authgear mails ` +
      'it and the user gets two mails; if you use that, set origin to ["admin_api_direct"]',
  ];
}

function tracking({ email = [] }: Config): string[] {
  return email.flatMap(({ provider }, i) =>
    provider === "brevo"
      ? [`email[${i}].provider: Brevo rewrites links, and no message can say otherwise; see its account's settings`]
      : [],
  );
}

/** The kind of credential tells it; no provider's prefix does. */
function broadKeys({ sms = [] }: Config): string[] {
  return sms.flatMap((it, i) =>
    "authToken" in it && it.authToken
      ? [`sms[${i}].authToken: rules the whole Twilio account; use apiKeySid and apiKeySecret, which can be restricted`]
      : [],
  );
}

/** The locales that a configuration speaks of. */
export function localesOf({ messages = {}, rules = [], defaultLocale = "en" }: Config): string[] {
  const named = [...Object.values(messages).flatMap(Object.keys), ...rules.flatMap((it) => it.locale ?? [])];
  return [...new Set([defaultLocale, ...named])].sort();
}

/** A message of one's own that lacks some of them. */
function ownLocales(config: Config): string[] {
  const { messages = {}, defaultLocale = "en" } = config;
  return Object.entries(messages).flatMap(([name, own]) => {
    const missing = localesOf(config).filter((locale) => !covers(Object.keys(own), locale));
    if (missing.length === 0) return [];
    const builtIn = Object.entries(BUILT_IN).flatMap(([locale, texts]) => (name in texts ? [locale] : []));
    const instead = missing.some((locale) => covers(builtIn, locale)) ? "the built-in text" : defaultLocale;
    return [`messages.${name}: has no text in ${missing.join(", ")}; its readers get ${instead}`];
  });
}

/** Whether one of these locales is found for a wanted one. */
export const covers = (locales: string[], wanted: string) =>
  locales.some((it) => `${wanted}-`.toLowerCase().startsWith(`${it}-`.toLowerCase()));

/** What the core warns of, such as an SMS of two segments, when a sample user gets each message in each locale. */
function texts(config: Config): string[] {
  const names = new Set(config.rules?.map(({ message = "invite" }) => message) ?? ["invite"]);
  const faults = [...names].flatMap((message) => {
    const engine = createEngine({ ...config, rules: [{ on: "user.created", message }] }, BUILT_IN);
    const shown = localesOf(config).flatMap((locale) =>
      [SAMPLES.guide, SAMPLES.phone].map((event) => engine.preview(event, locale)),
    );
    engine.free();
    return shown.flatMap((it) => {
      if (it.type !== "message") return [];
      const path = `messages.${message}.${it.locale}`;
      const warnings = it.warnings.map((warning) => `${path}: ${warning}`);
      const isSaid = [config.url, hostOf(config.url)].some((url) => it.text.includes(url));
      if (message !== "invite" || isSaid) return warnings;
      const part = it.channel === "sms" ? "sms" : "text";
      return [...warnings, `${path}.${part}: does not say where to sign in; put the placeholder url into it`];
    });
  });
  return [...new Set(faults)];
}

const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : url);

/** Placeholders as they are written without `delimiters`. */
function singleBraces(config: Config): string[] {
  const { messages = {}, delimiters } = config;
  if (delimiters !== "{{ }}") return [];
  const engine = createEngine(config, BUILT_IN);
  const { values } = engine.trace(SAMPLES.guide);
  engine.free();
  return Object.entries(messages).flatMap(([name, locales]) =>
    Object.entries(locales).flatMap(([locale, texts]) =>
      Object.entries(texts).flatMap(([part, text]) => {
        const tags = text.matchAll(/(?<!\{)\{[#^/&]?\s*([\w.]+)\s*\}(?!\})/g);
        const [tag] = [...tags].find(([, it = ""]) => Object.hasOwn(values, it)) ?? [];
        const path = `messages.${name}.${locale}.${part}`;
        return tag ? [`${path}: ${tag} is printed as it stands; with these delimiters write {${tag}}`] : [];
      }),
    ),
  );
}
