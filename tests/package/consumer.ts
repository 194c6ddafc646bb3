/** What somebody writes who uses the package; it is compiled against the installed types, and never run. */
import {
  type Config,
  ConfigError,
  checkConfig,
  createHook,
  type Decision,
  decide,
  type Outcome,
  preview,
  renderTemplate,
  TemplateError,
  type UserCreatedEvent,
} from "authgear-invite";
import { type Admin, AdminApiError, createAdmin, type User } from "authgear-invite/admin";
import { type Listening, listen } from "authgear-invite/node";
import { createWebhook } from "authgear-invite/webhook";
import { createWorker } from "authgear-invite/worker";

export const config: Config = {
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [
    { provider: "resend", apiKey: "re_1", from: "Acme <no-reply@acme.example>" },
    {
      provider: "custom",
      from: "no-reply@acme.example",
      request: ({ to, subject, html, idempotencyKey }) => ({
        url: "https://mail.acme.example/send",
        headers: { "idempotency-key": idempotencyKey },
        body: JSON.stringify({ to, subject, html }),
        keySeconds: 3600,
      }),
    },
  ],
  sms: [{ provider: "twilio", accountSid: "AC1", authToken: "t", messagingServiceSid: "MG1" }],
  rules: [{ on: "user.created", when: { triggeredBy: ["admin_api"], roles: ["staff"] }, locale: "de" }],
  messages: { invite: { de: { subject: "Willkommen" } } },
};

export const event: UserCreatedEvent = {
  id: "e1",
  seq: 1,
  type: "user.created",
  context: {
    timestamp: 1788251400,
    user_id: "u1",
    triggered_by: "admin_api",
    preferred_languages: [],
    language: "en",
    geo_location_code: null,
  },
  payload: {
    user: {
      id: "u1",
      created_at: "2026-09-01T08:30:00Z",
      updated_at: "2026-09-01T08:30:00Z",
      is_anonymous: false,
      is_verified: false,
      is_disabled: false,
      is_deactivated: false,
      can_reauthenticate: false,
      standard_attributes: { email: "newuser@newuser.example" },
    },
    identities: [],
  },
};

export async function use(): Promise<string> {
  const hook: (event: unknown) => Promise<Outcome> = createHook(config, {
    locales: ["en", "ja"],
    host: { fetch: async () => new Response("{}"), now: () => 0 },
  });
  const outcome = await hook(event);
  if ("is_allowed" in outcome) return "a blocking event";
  if (outcome.outcome === "sent") return `${outcome.provider} ${outcome.id} ${outcome.attempts.length}`;

  const decision: Decision = decide(event, config);
  if (decision.type === "send") return decision.attempts[0]?.request?.body ?? "";
  if (decision.type === "skip") return `${decision.reason}: ${decision.detail}`;

  const shown = preview(config, event, "ja");
  if (shown.type === "message")
    return shown.channel === "email" ? shown.subject + shown.html : `${shown.text} ${shown.segments} ${shown.encoding}`;

  try {
    return renderTemplate("{{name}}", { name: "Ada" }, { delimiters: "{{ }}", html: true, strict: false });
  } catch (error) {
    if (error instanceof TemplateError) return `${error.errors[0]?.line}:${error.errors[0]?.column}`;
    if (error instanceof ConfigError) return error.problems.join();
    return checkConfig(config).join();
  }
}

export const server: Promise<Listening> = listen(createWebhook(config), { port: 0 });
export const worker = createWorker((env: { RESEND_KEY: string }) => ({
  ...config,
  email: [{ provider: "resend", apiKey: env.RESEND_KEY, from: "no-reply@acme.example" }],
}));

// What is wrong is refused: a misspelt key, an unknown provider, a lacking key, a wrong type, a wrong choice.
const { email: _, ...acme } = config;
const from = "no-reply@acme.example";
export const wrong: Config[] = [
  // @ts-expect-error
  { ...acme, serviceNmae: "Acme" },
  // @ts-expect-error
  { ...acme, email: [{ provider: "resent", apiKey: "re_1", from }] },
  // @ts-expect-error
  { ...acme, email: [{ provider: "mailgun", apiKey: "key", from }] },
  // @ts-expect-error
  { ...acme, email: [{ provider: "resend", apiKey: 7, from }] },
  // @ts-expect-error
  { ...acme, sms: [{ provider: "twilio", accountSid: "AC1", authToken: "t" }] },
  // @ts-expect-error
  { ...acme, rules: [{ on: "user.created", when: { triggeredBy: ["admin"] } }] },
  // @ts-expect-error
  { ...acme, delimiters: "<% %>" },
  // @ts-expect-error
  { ...acme, messages: { invite: { en: "Hello" } } },
];
// @ts-expect-error
createHook({ serviceName: "Acme" });
// @ts-expect-error
renderTemplate("{name}", { name: "Ada" }, { html: "yes" });
// @ts-expect-error
preview(config, event, 7);

export async function create(admin: Admin = createAdmin({ endpoint: "", projectId: "", keyId: "", privateKey: "" })) {
  try {
    const user: User = await admin.createUser(
      { loginId: { email: "a@b.example" }, password: null },
      { ui_locales: "ja" },
    );
    return user.id;
  } catch (error) {
    return error instanceof AdminApiError && error.inDoubt ? error.fault : undefined;
  }
}
