/**
 * `make bench-throughput`: from a webhook's bytes to the provider's request in one warm process of Node: verify, parse,
 * decide, render, write the body. Beside ours stand the libraries that one would take otherwise, and code by hand without
 * any; all give the same bytes. In a round each runs once, in random order; a ratio is of two runs of one round.
 */
import assert from "node:assert/strict";
import { createHmac, timingSafeEqual } from "node:crypto";
import { parseArgs } from "node:util";
import Handlebars from "handlebars";
import { Liquid } from "liquidjs";
import { Environment } from "minijinja-js";
import Mustache from "mustache";
import * as z from "zod";
import type { Config } from "../../ts/config.ts";
import { createSoundEngine } from "../../ts/engine.ts";
import { BUILT_IN } from "../../ts/locales.ts";
import { guide, selfSignUp } from "../fixtures/events.ts";
import { bars } from "./plot.ts";
import { progress, Report } from "./report.ts";
import { quantile, shuffled, spread, verdict } from "./statistics.ts";

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "60" }, write: { type: "boolean", default: false } },
});
const rounds = Number(options.rounds);
assert.ok(Number.isInteger(rounds) && rounds > 0, "--rounds takes a whole number from 1");
const CALLS = 2000;
const WARM_UP_ROUNDS = 5;

const SECRET = "wh-s3cret-of-the-project";
const KEY = "re_bench_key";
const ORIGINAL = "https://authgear.com/claims/login_id/original_value";
const config = {
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [{ provider: "resend", apiKey: KEY, from: "Acme <no-reply@acme.example>" }],
  webhook: { secrets: [SECRET] },
} satisfies Config;

type Delivery = { body: Buffer; signature: string };
type Request = { url: string; headers: { [name: string]: string }; body: string };

const delivery = (event: object): Delivery => {
  const body = Buffer.from(JSON.stringify(event));
  return { body, signature: createHmac("sha256", SECRET).update(body).digest("hex") };
};

// --- ours ------------------------------------------------------------------------------------------------------

const engine = createSoundEngine(config, { en: BUILT_IN.en });

function ours({ body, signature }: Delivery): Request | undefined {
  const received = engine.receive(body, signature);
  return "decision" in received && received.decision.type === "send"
    ? received.decision.attempts[0]?.request
    : undefined;
}

// --- what both others share ------------------------------------------------------------------------------------

function verified({ body, signature }: Delivery): string {
  const digest = createHmac("sha256", SECRET).update(body).digest();
  assert.ok(timingSafeEqual(digest, Buffer.from(signature, "hex")));
  return body.toString();
}

function request(event: { id: string; context: { timestamp: number } }, to: string, message: Message): Request {
  return {
    url: "https://api.resend.com/emails",
    headers: {
      Accept: "application/json",
      "Content-Type": "application/json",
      Authorization: `Bearer ${KEY}`,
      "Idempotency-Key": `authgear-invite.${event.id}.${event.context.timestamp}.0.email`,
    },
    body: JSON.stringify({
      from: config.email[0]?.from,
      to: [to],
      subject: message.subject,
      text: message.text,
      html: message.html,
      headers: { "Auto-Submitted": "auto-generated" },
      tags: [{ name: "kind", value: "authgear-invite" }],
    }),
  };
}

type Message = { subject: string; text: string; html: string };

/** The mail as ours lays it out, for templates: the values of the guide's event become placeholders. */
const sample = JSON.parse(ours(delivery(guide))?.body ?? assert.fail("ours sends nothing")) as Message;
const placed = (text: string, open: string, close: string) =>
  text
    .replaceAll(config.url, `${open}url${close}`)
    .replaceAll(config.serviceName, `${open}service${close}`)
    .replaceAll("newuser@newuser.example", `${open}login${close}`);

// --- JSON.parse, zod, Handlebars, JSON.stringify, createHmac -----------------------------------------------------

const Event = z.object({
  id: z.string(),
  type: z.string(),
  payload: z.object({
    user: z.object({
      id: z.string(),
      is_disabled: z.boolean(),
      is_anonymous: z.boolean(),
      is_deactivated: z.boolean(),
      can_reauthenticate: z.boolean(),
      standard_attributes: z.record(z.string(), z.unknown()),
    }),
    identities: z.array(z.object({ type: z.string(), claims: z.record(z.string(), z.unknown()) })),
  }),
  context: z.object({
    timestamp: z.number(),
    triggered_by: z.string(),
    language: z.string(),
    user_id: z.string().nullable(),
  }),
});

type Values = { service: string; url: string; login: string; reset: boolean; set: boolean };
type Render = (values: Values) => string;

const escapeHtml = (value: string) => value.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);

/** What a template is compiled to; the wording depends on the account, as ours does. */
const ENGINES: { [name: string]: (template: Template, html: boolean) => Render } = {
  Handlebars: ({ mustache }, html) => Handlebars.compile(mustache, { noEscape: !html }),
  LiquidJS({ jinja }, html) {
    const liquid = new Liquid({ outputEscape: html ? "escape" : undefined });
    const parsed = liquid.parse(jinja);
    return (values) => liquid.renderSync(parsed, values);
  },
  "Mustache.js"({ mustache }, html) {
    // Its own escape would escape the slashes of the URL, too.
    const plain = html ? escapeHtml : String;
    return (values) => Mustache.render(mustache, values, undefined, { escape: plain });
  },
  "minijinja-js"({ jinja }, html) {
    const environment = new Environment();
    const name = html ? "mail.html" : "mail.txt";
    // It would escape the slashes of the URL.
    environment.addTemplate(name, jinja.replaceAll("{{url}}", "{{url|safe}}"));
    return (values) => environment.renderTemplate(name, values);
  },
};

type Template = { mustache: string; jinja: string };

function templateOf(text: string): Template {
  const template = placed(text, "{{", "}}");
  const [reset, set] = ["set a new password", "set a password"];
  return {
    mustache: template.replace(reset, `{{#reset}}${reset}{{/reset}}{{#set}}${set}{{/set}}`),
    jinja: template.replace(reset, `{% if reset %}${reset}{% endif %}{% if set %}${set}{% endif %}`),
  };
}

type Compiled = { subject: Render; text: Render; html: Render };

function compile(engine: (template: Template, html: boolean) => Render): Compiled {
  return {
    subject: engine(templateOf(sample.subject), false),
    text: engine(templateOf(sample.text), false),
    html: engine(templateOf(sample.html), true),
  };
}

function byLibraries({ subject, text, html }: Compiled, delivered: Delivery): Request | undefined {
  const event = Event.parse(JSON.parse(verified(delivered)));
  const { user } = event.payload;
  if (event.type !== "user.created" || event.context.triggered_by !== "admin_api") return;
  if (user.is_disabled || user.is_anonymous || user.is_deactivated) return;
  const identity = event.payload.identities.find(({ type, claims }) => type === "login_id" && claims.email);
  if (!identity) return;
  const login = String(identity.claims[ORIGINAL] ?? identity.claims.email);
  const reset = user.can_reauthenticate;
  const values = { service: config.serviceName, url: config.url, login, reset, set: !reset };
  return request(event, login, { subject: subject(values), text: text(values), html: html(values) });
}

// --- JSON.parse, template literals, JSON.stringify, createHmac ---------------------------------------------------

const literal = (text: string) =>
  new Function(
    "service",
    "url",
    "login",
    "reset",
    `return \`${placed(text, "${", "}").replace("set a new password", '${reset ? "set a new password" : "set a password"}')}\``,
  ) as (...values: [string, string, string, boolean]) => string;
const [subjectByHand, textByHand, htmlByHand] = [literal(sample.subject), literal(sample.text), literal(sample.html)];

function byHand(delivered: Delivery): Request | undefined {
  const event: typeof guide = JSON.parse(verified(delivered));
  if (event.type !== "user.created" || event.context.triggered_by !== "admin_api") return;
  const { user, identities } = event.payload;
  if (user.is_disabled || user.is_anonymous || user.is_deactivated) return;
  const identity = identities.find(({ type, claims }) => type === "login_id" && claims.email);
  if (!identity) return;
  const login = String(identity.claims[ORIGINAL] ?? identity.claims.email);
  const values = [config.serviceName, config.url, login, Boolean(user.can_reauthenticate)] as const;
  const escaped = [escapeHtml(config.serviceName), escapeHtml(config.url), escapeHtml(login), values[3]] as const;
  return request(event, login, {
    subject: subjectByHand(...values),
    text: textByHand(...values),
    html: htmlByHand(...escaped),
  });
}

// --- the run ---------------------------------------------------------------------------------------------------

const [sent, skipped] = [delivery(guide), delivery(selfSignUp)];
/** `short` is for the plot. */
type Variant = { name: string; short: string; run: () => unknown };
const libraries = Object.entries(ENGINES).map(([name, engine]) => {
  const compiled = compile(engine);
  return {
    short: `zod, ${name}`,
    name: `JSON.parse, zod, ${name}, JSON.stringify, createHmac`,
    of: (it: Delivery) => byLibraries(compiled, it),
  };
});
const variants = {
  ours: { name: "ours", short: "ours", run: () => ours(sent) },
  hand: { name: "by hand: JSON.parse, template literals, createHmac", short: "by hand", run: () => byHand(sent) },
  skip: { name: "ours, skipped", short: "ours, skipped", run: () => ours(skipped) },
  parse: {
    name: "JSON.parse and createHmac alone",
    short: "parse and verify alone",
    run: () => JSON.parse(verified(skipped)),
  },
} satisfies { [name: string]: Variant };
const rivals: Variant[] = libraries.map(({ of, ...names }) => ({ ...names, run: () => of(sent) }));
const all: Variant[] = [variants.ours, ...rivals, variants.hand, variants.skip, variants.parse];

for (const other of [...libraries.map(({ of }) => of), byHand]) {
  const plain = ({ url, headers, body }: Request) => ({ url, headers, body });
  assert.deepEqual(plain(other(sent) as Request), plain(ours(sent) as Request));
  assert.deepEqual([other(skipped), ours(skipped)], [undefined, undefined]);
}

const times = new Map<Variant, number[]>(all.map((variant) => [variant, []]));
for (let round = 1 - WARM_UP_ROUNDS; round <= rounds; round++) {
  progress(`round ${Math.max(round, 0)} of ${rounds}`);
  for (const [variant, list] of shuffled([...times])) {
    const start = process.hrtime.bigint();
    for (let call = 0; call < CALLS; call++) variant.run();
    if (round > 0) list.push(Number(process.hrtime.bigint() - start) / CALLS / 1000);
  }
}

const of = (variant: Variant) => times.get(variant) ?? [];
progress("");
const report = new Report("throughput", "From a webhook's bytes to a provider's request", "make bench-throughput");
report.say(
  `An event of ${sent.body.length} bytes in one warm process: verify, parse, decide, render, write the body; all give the same ` +
    `bytes. ${rounds} rounds of ${CALLS} calls; in a round each runs once, in random order.`,
);
report.table("Microseconds", [["", "median (quartiles)"], ...all.map((it) => [it.name, spread(of(it), 1)])]);
const ratio = (name: string, over: Variant, under: Variant, bound: number) => {
  const ratios = of(over).map((us, round) => us / (of(under)[round] ?? 0));
  return [name, bound.toFixed(2), `${spread(ratios, 2)} ${verdict(quantile(ratios, 0.5), 0, bound)}`];
};
report.table("Ratios of pairs", [
  ["", "bound", "median (quartiles)"],
  ...rivals.map((rival, i) => ratio(`ours / ${Object.keys(ENGINES)[i]} and its company`, variants.ours, rival, 0.5)),
  ratio("ours / by hand", variants.ours, variants.hand, 1),
  ratio("skipped / JSON.parse and createHmac", variants.skip, variants.parse, 0.25),
]);
report.figure(
  "throughput",
  "Microseconds from a webhook's bytes to a provider's request, ours and others'",
  bars("microseconds, median", [
    {
      name: "",
      bars: all.map((variant) => {
        const [low = 0, middle = 0, high = 0] = [0.25, 0.5, 0.75].map((q) => quantile(of(variant), q));
        return { name: variant.short, quartiles: [low, middle, high] };
      }),
    },
  ]),
);
if (options.write) report.write();
