/** `authgear-invite send`: a real message to oneself, to see that the senders work. */
import { randomUUID } from "node:crypto";
import type { UserCreatedEvent } from "../authgear.ts";
import type { Send } from "../core.ts";
import { budgetMs } from "../host.ts";
import type { Conclusion } from "../run.ts";
import { addressedTo } from "../samples.ts";
import { confirm } from "./ask.ts";
import { CONFIG, type Command, EXIT, type Exit, print, UsageError, type Values } from "./command.ts";
import { loadConfig } from "./config-file.ts";
import { EVENT, readEvent } from "./event.ts";
import { sendNow } from "./invitation.ts";
import { prettyLog } from "./log.ts";
import { readLocale } from "./login.ts";
import { jsonLine, visibleLine } from "./terminal.ts";

const QUIET_MS = 2_000;

export const send: Command = {
  summary: "Send yourself the message that an event leads to, by the configured providers",
  options: {
    config: CONFIG,
    to: { value: "ADDRESS", help: "your e-mail address, or your phone number such as +85251234567" },
    event: { ...EVENT, default: undefined, help: `${EVENT.help}; its user gets your address (default guide or phone)` },
    locale: { value: "TAG", help: "a BCP 47 tag, as if it were the user's own" },
    yes: { help: "do not ask" },
    json: { help: "one JSON object: outcome, provider, attempts …" },
  },
  examples: [
    ["send --to me@acme.example", "What a new user would get"],
    ["send --to +85251234567 --locale ja --yes", "An SMS in Japanese"],
  ],
  notes: `It is a message like any other; nothing in it says that it is a test. Dead letters and receipts are not sent.
It exits with 1 when nothing was sent, or nobody knows whether it was.`,
  run,
};

async function run(values: Values): Promise<Exit> {
  const to = readAddress(values.to);
  const locale = readLocale(values);
  const given = readEvent(values.event ?? (to.startsWith("+") ? "phone" : "guide"));
  const loaded = loadConfig(values.config ?? "", { without: ["webhook", "deadLetter", "receipt"] });
  const event = forTest(given, to, locale);
  const decision = loaded.engine.decide(event);
  if (decision.type === "send" && !goesTo(decision, to))
    throw new UsageError("the message would go to another address than --to; choose another --event");
  if (decision.type === "send" && !values.yes && !(await confirm(question(decision, to)))) {
    process.stderr.write("Nothing was sent.\n");
    return EXIT.failed;
  }
  const seconds = budgetMs(loaded.config) / 1000;
  const end = await noted(sendNow(event, loaded, decision), `sending, for up to ${seconds} s …`);
  print(values.json ? jsonLine(end) : describe(end));
  return end.outcome === "sent" ? EXIT.done : EXIT.failed;
}

/** Says so on a terminal when the work takes its time. */
async function noted<T>(work: Promise<T>, text: string): Promise<T> {
  const { status } = prettyLog(process.stderr);
  const timer = setTimeout(status, QUIET_MS, text);
  return work.finally(() => {
    clearTimeout(timer);
    status("");
  });
}

function readAddress(to: string | undefined): string {
  if (to !== undefined && /^(\+\d{7,15}|[^\s@]+@[^\s@]+)$/.test(to)) return to;
  throw new UsageError("--to: must be an e-mail address, or a phone number such as +85251234567");
}

/** Of now, under an id of its own: a provider must not take it for a repetition. */
function forTest(given: unknown, to: string, locale: string | undefined): UserCreatedEvent {
  try {
    const event = addressedTo(given as UserCreatedEvent, to);
    const { user } = event.payload;
    if (locale !== undefined) user.standard_attributes = { ...user.standard_attributes, locale };
    return { ...event, id: randomUUID(), context: { ...event.context, timestamp: Math.floor(Date.now() / 1000) } };
  } catch {
    throw new UsageError("--event: must be an event with payload.user and payload.identities, as Authgear makes it");
  }
}

/** The core writes a domain in ASCII. */
function goesTo({ to, address }: Send, wanted: string): boolean {
  const plain = (text: string) => {
    const [local, domain = ""] = text.split("@");
    const url = `http://${domain}`;
    return `${local}@${URL.canParse(url) ? new URL(url).hostname : domain}`;
  };
  return to === "user" && plain(address) === plain(wanted);
}

function question({ message, locale, attempts: [first] }: Send, to: string): string {
  return `Send ${message} in ${locale} by ${first?.provider} to ${to}?`;
}

/** What a send led to, for a person. */
export function describe(end: Conclusion): string {
  if (end.outcome === "skipped") return visibleLine(`skipped: ${end.detail} (${end.reason})`);
  if (end.outcome === "invalid_config") return `invalid_config: ${end.reason}`;
  // The same again and again, as when there is no network, is one line.
  const took = new Map<string, number[]>();
  for (const { provider, result, status, detail, ms } of end.attempts) {
    const what = [`  ${provider}: ${result}`, status && `HTTP ${status}`, detail].filter(Boolean).join(", ");
    took.set(what, [...(took.get(what) ?? []), ms]);
  }
  const tries = [...took].map(
    ([what, [ms, ...more]]) => `${what}, ${more.length ? `${1 + more.length} times` : `${ms} ms`}`,
  );
  const id = "id" in end && end.id ? `, id ${end.id}` : "";
  const head = {
    sent: "provider" in end ? `sent by ${end.provider}${id}` : "",
    not_sent: "not sent",
    unknown: "unknown: it may have been sent",
  }[end.outcome];
  return [`${head}: ${end.message} in ${end.locale}`, ...tries].map(visibleLine).join("\n");
}
