/** What the form is made of: the configuration's JSON Schema, whose descriptions are its help. */
import configSchema from "../../pkg/config.schema.json" with { type: "json" };
import { isObject, type Path, printPath } from "./path.ts";

export type Schema = {
  type?: string;
  description?: string;
  $ref?: string;
  properties?: Properties;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  enum?: string[];
  const?: string;
  additionalProperties?: Schema | false;
  /** What some of its shapes require. */
  either?: string[];
};
export type Properties = { [key: string]: Schema };

const { $schema: _, admin: __, webhook: ___, ...rest } = configSchema.properties as unknown as Properties;
/** All that a pasted file can have. */
export const PROPERTIES: Properties = rest;

export const isText = (schema: Schema) => schema.$ref === "#/definitions/text" || schema.type === "string";

export function schemaAt(...keys: string[]): Schema {
  let schema: Schema = { properties: PROPERTIES };
  for (const key of keys) schema = schema.properties?.[key] ?? (schema.additionalProperties || {});
  return schema;
}

/** The options of each provider; where it has several shapes, all of them, and only what all have is required. */
export function providersOf(channel: "email" | "sms"): Map<string, Schema> {
  const providers = new Map<string, Schema>();
  for (const shape of PROPERTIES[channel]?.items?.anyOf ?? [])
    for (const name of namesOf(shape.properties?.provider)) providers.set(name, merge(providers.get(name), shape));
  return providers;
}

const namesOf = (provider?: Schema) => provider?.enum ?? (provider?.const ? [provider.const] : []);

function merge(known: Schema | undefined, shape: Schema): Schema {
  const { provider: _, ...properties } = shape.properties ?? {};
  const own = shape.required?.filter((it) => it !== "provider") ?? [];
  const before = known?.required ?? own;
  const required = own.filter((it) => before.includes(it));
  const either = [...(known?.either ?? []), ...before, ...own].filter((it) => !required.includes(it));
  return { properties: { ...known?.properties, ...properties }, required, either };
}

const PLACES: { [path: string]: string } = {
  serviceName: "Name of your service",
  url: "Sign-in page",
};

const NAMES: { [key: string]: string } = {
  url: "URL",
  from: "From",
  replyTo: "Reply to",
  apiKey: "API key",
  apiSecret: "API secret",
  apiKeySecret: "API key secret",
  accountSid: "Account SID",
  apiKeySid: "API key SID",
  messagingServiceSid: "Messaging service SID",
  accessKeyId: "Access key ID",
  on: "Event type",
  when: "Conditions",
  clientId: "Client IDs",
  oauthEmail: "Also write to the address of a linked account",
  deadLetter: "Dead letter",
  signIn: "How users sign in",
  vars: "Your own placeholders",
  sms: "SMS",
};

/** What people call the value at a place. */
export const labelOf = (path: Path) => PLACES[printPath(path)] ?? nameOf(`${path.at(-1)}`);

/** `messageStream` → `Message stream`. */
export function nameOf(key: string): string {
  const words = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return NAMES[key] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

const PROVIDERS: { [name: string]: string } = {
  sendgrid: "SendGrid",
  sparkpost: "SparkPost",
  ses: "Amazon SES",
  messagebird: "MessageBird",
};
export const providerName = (name: string) => PROVIDERS[name] ?? nameOf(name);

export const isRecord = (schema: Schema) => isObject(schema.properties);
