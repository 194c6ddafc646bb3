/** Tells others what became of an event: a dead letter for what failed, a receipt for every decision. */
import type { Channel, Config } from "./config.ts";
import type { Core, Send } from "./core.ts";
import { deliver, type Try } from "./deliver.ts";
import { bytes, hex, hmac, sha256 } from "./digest.ts";
import type { Setup } from "./host.ts";

/** The JSON that is POSTed. No address, no password, no key. What is not known is left out. */
export type Report = {
  event_id?: string;
  event_type: string;
  user_id?: unknown;
  outcome: "sent" | "not_sent" | "unknown" | "skipped" | "invalid_config";
  reason?: string;
  rule?: number | null;
  message?: string;
  channel?: Channel;
  to?: Send["to"];
  locale?: string;
  locale_from?: Send["localeFrom"];
  provider?: string;
  provider_message_id?: string;
  attempts: Try[];
  /** SHA-256 in hex of the JSON array of the built-in texts and your own, of this message in this locale. */
  template_hash?: string;
  /** HMAC-SHA256 in hex of the recipient's address, with the receiver's secret. */
  recipient_hash?: string;
};

/** Who gets a report. */
export type Receiver = NonNullable<Config["receipt"]>;

const DELIVERY = { attempts: 3, attemptSeconds: 4 };
const CORE: Pick<Core, "classify"> = {
  classify: ({ status }) => (status >= 200 && status < 300 ? { verdict: "sent" } : { verdict: "retry", detail: "" }),
};

/**
 * POSTs a report, signed as Authgear signs its webhooks, and says what became of it; `undefined` without a receiver.
 * Does not throw.
 */
export async function handOn(
  report: Report,
  send: Pick<Send, "message" | "locale" | "address"> | undefined,
  to: Receiver | undefined,
  deadline: number,
  { config, builtin, host }: Setup,
): Promise<"taken" | "failed" | undefined> {
  if (!to) return undefined;
  try {
    const secret = bytes(to.secret);
    const hashes = send && {
      template_hash: await sha256(templates(send, config, builtin)),
      recipient_hash: hex(await hmac(secret, send.address)),
    };
    const body = JSON.stringify({ ...report, ...hashes });
    const signature = hex(await hmac(secret, body));
    const headers = { "content-type": "application/json", "x-authgear-body-signature": signature };
    const request = { url: to.url, method: "POST" as const, headers, body };
    // Two of the same report do no harm, as the event's id tells.
    const attempts = [{ provider: "", sender: 0, request, keySeconds: 3600 }];
    const { outcome } = await deliver({ channel: "email", attempts }, { delivery: DELIVERY }, CORE, host, deadline);
    return outcome === "sent" ? "taken" : "failed";
  } catch {
    return "failed";
  }
}

function templates({ message, locale }: Pick<Send, "message" | "locale">, config: Config, builtin: string): string {
  const texts = [JSON.parse(builtin)[locale]?.[message], config.messages?.[message]?.[locale]];
  return JSON.stringify(texts.map((it) => it ?? null));
}
