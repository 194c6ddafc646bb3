/** `authgear-invite preview`: what an event would lead to. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { EmailPreview, Preview, SmsPreview } from "../core.ts";
import { ConfigError } from "../engine.ts";
import { CONFIG, type Command, EXIT, type Exit, print, UsageError, type Values } from "./command.ts";
import { inspectConfig } from "./config-file.ts";
import { EVENT, readEvent } from "./event.ts";
import { readLocale } from "./login.ts";
import { jsonLine, visible, visibleLine } from "./terminal.ts";

export const preview: Command = {
  summary: "Show the message that an event leads to, or why there is none",
  options: {
    config: CONFIG,
    event: EVENT,
    locale: { value: "TAG", help: "a BCP 47 tag in place of the user's own" },
    html: { value: "FILE", help: "also write the mail's HTML" },
    json: { help: "one JSON object" },
  },
  examples: [
    ["preview --locale ja", "The guide's case, for a user who reads Japanese"],
    ["preview --event phone", "The SMS, and what it costs"],
    ["preview --event event.json --json", "An event of your own, for a program"],
  ],
  notes:
    "Nothing is sent, and no key is read: it works before there is a provider. That nothing would be sent is no failure.",
  run,
};

async function run(values: Values): Promise<Exit> {
  const file = values.config ?? "";
  const locale = readLocale(values);
  const event = readEvent(values.event ?? "");
  const { engine, problems } = inspectConfig(file, { secrets: false });
  const shown = engine.preview(event, locale);
  if (shown.type === "invalid") throw new ConfigError(problems.map((it) => `${file}: ${it}`));
  if (values.html !== undefined) writeHtml(values.html, shown);
  print(values.json ? jsonLine(shown) : describe(shown));
  return EXIT.done;
}

function describe(shown: Exclude<Preview, { type: "invalid" }>): string {
  if (shown.type === "skip") {
    const rule = shown.rule === null ? "" : `, rules[${shown.rule}]`;
    return `Nothing is sent: ${visibleLine(shown.detail)} (${shown.reason}${rule})`;
  }
  const lines = Object.entries(heads(shown)).filter(([, value]) => value !== undefined);
  const head = lines.map(([name, value]) => `${`${name}:`.padEnd(9)}${visibleLine(`${value}`)}`);
  return `${head.join("\n")}\n\n${visible(shown.text)}`;
}

function heads(shown: EmailPreview | SmsPreview) {
  const { from, provider, address, to, message, rule, locale, localeFrom, warnings } = shown;
  return {
    From: from && `${from} (${provider})`,
    To: to === "admin" ? `${address}, to be passed on` : address,
    ...(shown.channel === "email" ? { "Reply-To": shown.replyTo, Subject: shown.subject } : { SMS: size(shown) }),
    Message: `${message}, by rules[${rule}]`,
    Locale: `${locale}, by ${localeFrom}`,
    Warning: warnings.length > 0 ? warnings.join("; ") : undefined,
  };
}

function size({ text, segments, encoding }: SmsPreview): string {
  return `${[...text].length} characters of ${encoding}: ${segments} ${segments === 1 ? "segment" : "segments"}`;
}

function writeHtml(file: string, shown: Preview): void {
  if (shown.type !== "message" || shown.channel !== "email")
    throw new UsageError("--html: the event leads to no mail; leave it out to see why");
  try {
    if (existsSync(file) && !/^\s*<!doctype html/i.test(readFileSync(file, "utf8")))
      throw new UsageError(`--html: ${file} is there, and no HTML page; give another name`);
    writeFileSync(file, shown.html);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--html: ${file} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
