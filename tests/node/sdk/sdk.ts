/** What the files of this folder share: each makes one official SDK send our message with our options. */
import type { EmailMessage, EmailSender, SmsMessage, SmsSender } from "../../../ts/config.ts";
import type { Answer } from "../../servers/capture.ts";

export type EmailSdk<P extends EmailSender["provider"]> = {
  /** The provider's answer to a message that it takes. */
  accepted: Answer;
  /** Resolves to the id that the SDK read from the answer, if it hands one on. */
  send: (message: EmailMessage, options: EmailSender & { provider: P }) => Promise<string | undefined>;
};

export type SmsSdk<P extends SmsSender["provider"]> = {
  accepted: Answer;
  send: (message: SmsMessage, options: SmsSender & { provider: P }) => Promise<string | undefined>;
};

export const TAG = "authgear-invite";
export const AUTO_SUBMITTED = { "Auto-Submitted": "auto-generated" };

/** A JSON answer. */
export function json(status: number, body: unknown): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** Takes `"Acme, Inc." <a@b.example>` apart, for the SDKs that want name and address apart. */
export function mailbox(text: string): { email: string; name?: string } {
  const match = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^"<]*?))\s*<([^<>]+)>\s*$/.exec(text);
  if (!match) return { email: text.trim() };
  const name = match[1]?.replace(/\\(.)/g, "$1") ?? match[2];
  return { email: match[3] ?? "", ...(name ? { name } : {}) };
}
