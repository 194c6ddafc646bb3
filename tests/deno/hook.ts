/** What the tests of the paste-in file share: the file, senders on loopback, and a run that watches for secrets. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type ConfigLiteral, host, type Outcome, type Runtime, runHook, withConfig } from "./contract.ts";

export const hook = readFileSync(new URL("../../pkg/hook.ts", import.meta.url), "utf8");
/** The same with the signature that Amazon SES asks for. */
export const sesHook = readFileSync(new URL("../../pkg/hook-ses.ts", import.meta.url), "utf8");

export const RESEND_KEY = "re_8dYq2wXvTn_6LrKc4Zb1Hs9Jm";
export const SENDGRID_KEY = "SG.pT7xWm2vQk.aB3dEf6hIj9lMn0pQr";
export const POSTMARK_TOKEN = "5f3c9a7e-41d2-4b8c-a06f-93e7d1b2c854";
export const SPARKPOST_KEY = "3b81f7e6a2c94d05b7e1cf42";
export const SES_SECRET = "wJalr7bPxRfiCYzEXq0mV2nKd9Lt";
export const DEAD_LETTER_SECRET = "hmac-V1nEy4rdW4tch3r-90210";

const SECRETS = [RESEND_KEY, SENDGRID_KEY, POSTMARK_TOKEN, SPARKPOST_KEY, SES_SECRET, DEAD_LETTER_SECRET];
const ADDRESSES = [
  "newuser@newuser.example",
  "new.user@newuser.example",
  "newuser@social.example",
  "x@evil.example",
  "no-reply@acme.example",
  "help@acme.example",
  "it@acme.example",
  "85251234567",
];

type EmailSender = NonNullable<ConfigLiteral["email"]>[number];

export function resendSender(endpoint: string): EmailSender {
  return { provider: "resend", apiKey: RESEND_KEY, from: "Acme <no-reply@acme.example>", endpoint };
}

export function sendgridSender(endpoint: string): EmailSender {
  return { provider: "sendgrid", apiKey: SENDGRID_KEY, from: "Acme <no-reply@acme.example>", endpoint };
}

export function postmarkSender(endpoint: string): EmailSender {
  return { provider: "postmark", serverToken: POSTMARK_TOKEN, from: "Acme <no-reply@acme.example>", endpoint };
}

export function sparkpostSender(endpoint: string): EmailSender {
  return { provider: "sparkpost", apiKey: SPARKPOST_KEY, from: "Acme <no-reply@acme.example>", endpoint };
}

export function acme(change: Partial<ConfigLiteral> = {}): ConfigLiteral {
  return { serviceName: "Acme", url: "https://accounts.acme.example", ...change };
}

/** Runs the hook with this configuration; the hosts of its endpoints are what it may reach. */
export async function run(
  runtime: Runtime,
  config: ConfigLiteral,
  event: unknown,
  options: { alsoAllow?: string[]; source?: string } = {},
): Promise<Outcome> {
  const urls = [...(config.email ?? []), ...(config.sms ?? [])].flatMap((sender) => sender.endpoint ?? []);
  for (const receiver of [config.deadLetter, config.receipt]) if (receiver) urls.push(receiver.url);
  const net = [...urls, ...(options.alsoAllow ?? [])].map(host);
  const outcome = await runHook(runtime, withConfig(options.source ?? hook, config), event, { net });
  assertSilent(outcome);
  return outcome;
}

/** Nothing that the hook prints, throws or returns holds a key or an address, in plain or encoded. */
export function assertSilent(outcome: Outcome): void {
  const said = { stdout: outcome.stdout, stderr: outcome.stderr, output: JSON.stringify(outcome.output) ?? "" };
  for (const [where, text] of Object.entries(said)) assertNoSecret(text, where);
}

export function assertNoSecret(text: string, where: string): void {
  const lower = text.toLowerCase();
  for (const secret of [...SECRETS, ...ADDRESSES]) {
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")]) {
      assert.ok(!lower.includes(form.toLowerCase()), `${where} holds ${secret}:\n${text}`);
    }
  }
}

/** The hook's log: one JSON object on each line. */
export function log(outcome: Outcome): { [name: string]: unknown }[] {
  return outcome.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

export function assertCalm(outcome: Outcome): void {
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.equal(outcome.stderr, "");
}
