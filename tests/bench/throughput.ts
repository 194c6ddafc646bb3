/**
 * `make bench-throughput`: from a webhook's bytes to the provider's request in one warm process of Node: verify, parse,
 * decide, render, write the body. Beside ours stand the libraries that one would take otherwise, and code by hand without
 * any; all three give the same bytes. In a round each runs once, in random order; a ratio is of two runs of one round.
 */
import assert from "node:assert/strict";
import { createHmac, timingSafeEqual } from "node:crypto";
import { parseArgs } from "node:util";
import Handlebars from "handlebars";
import * as z from "zod";
import type { Config } from "../../ts/config.ts";
import { createSoundEngine } from "../../ts/engine.ts";
import { BUILT_IN } from "../../ts/locales.ts";
import { guide, selfSignUp } from "../fixtures/events.ts";
import { quantile, shuffled, spread, table, verdict } from "./statistics.ts";

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "60" }, markdown: { type: "boolean", default: false } },
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

/** The wording depends on the account, as ours does. */
const conditional = (text: string) =>
  text.replace("set a new password", "{{#reset}}set a new password{{/reset}}{{#set}}set a password{{/set}}");
const [subject, text, html] = [
  Handlebars.compile(placed(sample.subject, "{{", "}}"), { noEscape: true }),
  Handlebars.compile(conditional(placed(sample.text, "{{", "}}")), { noEscape: true }),
  Handlebars.compile(conditional(placed(sample.html, "{{", "}}"))),
];

function byLibraries(delivered: Delivery): Request | undefined {
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

const escapeHtml = (value: string) => value.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
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
type Variant = { name: string; run: () => unknown };
const variants = {
  ours: { name: "ours", run: () => ours(sent) },
  libraries: { name: "JSON.parse, zod, Handlebars, JSON.stringify, createHmac", run: () => byLibraries(sent) },
  hand: { name: "by hand: JSON.parse, template literals, createHmac", run: () => byHand(sent) },
  skip: { name: "ours, skipped", run: () => ours(skipped) },
  parse: { name: "JSON.parse and createHmac alone", run: () => JSON.parse(verified(skipped)) },
} satisfies { [name: string]: Variant };

for (const other of [byLibraries, byHand]) {
  const plain = ({ url, headers, body }: Request) => ({ url, headers, body });
  assert.deepEqual(plain(other(sent) as Request), plain(ours(sent) as Request));
  assert.deepEqual([other(skipped), ours(skipped)], [undefined, undefined]);
}

const times = new Map<Variant, number[]>(Object.values(variants).map((variant) => [variant, []]));
for (let round = 1 - WARM_UP_ROUNDS; round <= rounds; round++) {
  for (const [variant, list] of shuffled([...times])) {
    const start = process.hrtime.bigint();
    for (let call = 0; call < CALLS; call++) variant.run();
    if (round > 0) list.push(Number(process.hrtime.bigint() - start) / CALLS / 1000);
  }
}

const of = (variant: Variant) => times.get(variant) ?? [];
console.log(
  `Node ${process.versions.node}, an event of ${sent.body.length} bytes, ${rounds} rounds of ${CALLS} calls.\n`,
);
const show = (rows: string[][]) => console.log(`${table(rows, options.markdown)}\n`);
show([["", "µs, median (quartiles)"], ...Object.values(variants).map((it) => [it.name, spread(of(it), 1)])]);
const ratio = (name: string, over: Variant, under: Variant, bound: number) => {
  const ratios = of(over).map((us, round) => us / (of(under)[round] ?? 0));
  return [name, bound.toFixed(2), `${spread(ratios, 2)} ${verdict(quantile(ratios, 0.5), 0, bound)}`];
};
show([
  ["ratios of pairs", "bound", "median (quartiles)"],
  ratio("ours / libraries", variants.ours, variants.libraries, 0.5),
  ratio("ours / by hand", variants.ours, variants.hand, 1),
  ratio("skipped / JSON.parse and createHmac", variants.skip, variants.parse, 0.25),
]);
