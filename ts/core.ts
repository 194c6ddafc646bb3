/** What the Rust core answers, and how the shim talks to it. */
import type { EmailMessage, SmsMessage } from "./config.ts";

/** The WebAssembly core under one configuration. Pure; a trap leaves it unusable. */
export interface Core {
  /** What an event leads to. */
  decide(event: unknown): Decision;
  /** What a provider's answer means. */
  classify(reply: Reply): Verdict;
}

/** The core where it must ask for the MACs of an envelope. */
export type AskingCore = Pick<Core, "classify"> & { decide(event: unknown): Decision | Promise<Decision> };

/** What is to be done about an event. */
export type Decision = Skip | Invalid | Send;

/** Nothing is to be sent. */
export type Skip = {
  type: "skip";
  /** For machines: `triggered_by`, `no_reachable_identity` … */
  reason: string;
  /** The same as a sentence; holds no address and no name. */
  detail: string;
  /** The rule that came closest: its index, or `null` where no rule is to blame. */
  rule: number | null;
};

/** The configuration cannot work. */
export type Invalid = {
  type: "invalid";
  /** `path: what is wrong; what would be right`. */
  problems: string[];
};

/** One message for one recipient, and the senders that may carry it, in order. */
export type Send = {
  type: "send";
  /** The index of the rule that the event met; `null` for the mail with a password, which no event leads to. */
  rule: number | null;
  /** The message's name. */
  message: string;
  channel: "email" | "sms";
  /** `admin`: nothing reaches the user, and `unreachable` of the configuration names who is told instead. */
  to: "user" | "admin";
  /** The e-mail address with an ASCII domain, or the phone number in E.164. Never to be logged. */
  address: string;
  /** The locale of the texts, and what it was chosen by. */
  locale: string;
  localeFrom: "user" | "rule" | "event" | "default" | "project";
  /** The idempotency key; `[A-Za-z0-9._-]`. */
  key: string;
  warnings: string[];
  attempts: Attempt[];
};

/** What an event leads to, as its reader would see it; no provider is needed. */
export type Preview = Skip | Invalid | EmailPreview | SmsPreview;

/** What a preview tells of any message. */
type Shown = Pick<Send, "rule" | "message" | "to" | "address" | "locale" | "localeFrom" | "warnings"> & {
  type: "message";
  /** The first sender's provider; absent when the configuration has no sender yet. */
  provider?: string;
  /** Who it is from: an e-mail address with or without a name, or an SMS sender. */
  from?: string;
  text: string;
};

/** A mail as its reader would see it. */
export type EmailPreview = Shown & { channel: "email"; replyTo?: string; subject: string; html: string };

/** An SMS as its reader would see it. */
export type SmsPreview = Shown & {
  channel: "sms";
  /** How many messages are sent, and paid for, as one text. */
  segments: number;
  /** With `GSM-7` one message holds 160 characters, with `UCS-2` 70. */
  encoding: "GSM-7" | "UCS-2";
};

/** Why an event leads to what it leads to: all that was looked at, in order. */
export type Trace = {
  rules: {
    on: string;
    message: string;
    result: "matched" | "failed" | "unread";
    /** Of the first condition that fails, as in a {@link Skip}. */
    reason?: string;
    detail?: string;
  }[];
  /** The locales that were wished for, and which of the message's own was found for each; empty where no rule matched. */
  locales: { from: Send["localeFrom"]; asked: string; found?: string }[];
  /** Empty where no rule matched. */
  channels: {
    channel: Send["channel"];
    /** Whether one is configured. */
    sender: boolean;
    addresses: {
      from: "login_id" | "attribute" | "oauth";
      value: string;
      /** `false`: an OAuth account's, and `oauthEmail` is not set. */
      tried: boolean;
      /** What it comes to; absent when it is not one plain address. The first one of a channel is taken. */
      address?: string;
    }[];
  }[];
  /** What each placeholder stands for; `null` where that is nothing. */
  values: { [placeholder: string]: string | null };
  /** Where the event carries an envelope and the configuration knows of some: `opened`, or why it is ignored. */
  envelope?: string;
};

/** A template that was printed, or what is wrong with it, or with the call. */
export type Rendered = { text: string } | { errors: TemplateFault[] } | { problems: string[] };

/** What is wrong in a template, and where: line and column count from one, columns in characters. */
export type TemplateFault = { line: number; column: number; message: string };

/** The message as one sender takes it. */
export type Attempt = {
  provider: string;
  /** Index in `config.email` or `config.sms`. */
  sender: number;
  /** Absent for `custom`, whose request the user's own function makes. */
  request?: HttpRequest;
  /** Only for `custom`. */
  message?: EmailMessage | SmsMessage;
  /** How long the provider honours the idempotency key inside the request; 0: not at all. */
  keySeconds: number;
  /** The response header that holds the message's id. */
  idHeader?: string;
  /** The request still needs a signature made with the sender's key. */
  sign?: { service: "ses"; region: string };
};

/** A request, ready for `fetch`. */
export type HttpRequest = { url: string; method: "POST"; headers: { [name: string]: string }; body: string };

/** An answer for the core to judge. */
export type Reply = {
  provider: string;
  status: number;
  /** The header `x-amzn-errortype`. */
  errorType: string | null;
  /** `null`: it could not be read whole. */
  body: string | null;
};

/** What an answer means; `detail` is safe to log. */
export type Verdict = { verdict: "sent"; id?: string } | { verdict: "retry" | "refused" | "unknown"; detail: string };

/** The core writes a decision as a line of JSON, and behind it a line for the body of each attempt's request. */
export function readDecision([head = "", ...bodies]: string[]): Decision {
  const decision: Decision = JSON.parse(head);
  const attempts = decision.type === "send" ? decision.attempts : [];
  attempts.forEach(({ request }, i) => {
    if (request) request.body = bodies[i] ?? "";
  });
  return decision;
}

/** Base64 to bytes; where the engine has no decoder, a counted loop is three times as fast as `Uint8Array.from`. */
export function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  const native = Uint8Array as unknown as { fromBase64?: (base64: string) => Uint8Array<ArrayBuffer> };
  if (native.fromBase64) return native.fromBase64(base64);
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
