/** What stands in for a secret, and for what is not filled in yet, so that the message can be seen all the same. */
import { mapValues, SECRET } from "../config-json.ts";
import { isObject, type Json, type JsonObject } from "./path.ts";
import { providersOf } from "./schema.ts";

export const EXAMPLES: { [key: string]: string } = {
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  from: "Acme <no-reply@acme.example>",
  replyTo: "help@acme.example",
  domain: "mail.acme.example",
  region: "eu-west-1",
};

/** Made of characters that no way of writing a request encodes. */
const masked = (key: string) => `***${key}***`;

/** The configuration without a secret, and with an example for each text that is required and lacks. */
export function staged(config: JsonObject): JsonObject {
  const hidden = mapValues(config, (it, path) => (isHidden(it, path) ? masked(keyOf(path)) : it));
  const all = hidden as JsonObject;
  const { serviceName = "Acme", url = "https://accounts.acme.example" } = all;
  const completed = (["email", "sms"] as const).flatMap((channel) => {
    const senders = all[channel];
    return Array.isArray(senders) ? [[channel, senders.map((it) => complete(it, channel))]] : [];
  });
  return { ...all, serviceName, url, ...Object.fromEntries(completed) };
}

/** An envelope's secrets open it here and are in no message and no request. */
const isHidden = (value: unknown, path: string) =>
  typeof value === "string" && value !== "" && SECRET.test(path) && !path.startsWith("envelope.");

const keyOf = (path: string) => path.replace(/\[\d+\]$/, "").replace(/^.*\./, "");

function complete(sender: Json, channel: "email" | "sms"): Json {
  if (!isObject(sender)) return sender;
  const schema = providersOf(channel).get(`${sender.provider}`);
  const lacking = schema?.required?.filter((key) => !sender[key]) ?? [];
  const either = sender.provider === "twilio" ? twilio(sender) : [];
  const sms = channel === "sms" ? { from: "+15550100" } : {};
  const examples = { ...EXAMPLES, ...sms } as { [key: string]: string };
  return {
    ...sender,
    ...Object.fromEntries([...lacking, ...either].map((key) => [key, examples[key] ?? masked(key)])),
  };
}

/** It takes a number or a service, and a token or a key. */
function twilio({ from, messagingServiceSid, authToken, apiKeySid, apiKeySecret }: JsonObject): string[] {
  const key = apiKeySid || apiKeySecret ? ["apiKeySid", "apiKeySecret"] : authToken ? [] : ["authToken"];
  const lacking = key.filter(
    (it) => !(it === "apiKeySid" ? apiKeySid : it === "apiKeySecret" ? apiKeySecret : authToken),
  );
  return [...(from || messagingServiceSid ? [] : ["from"]), ...lacking];
}
