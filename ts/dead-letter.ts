/** Hands on what was not sent, or may not have been. */
import type { Config } from "./config.ts";
import { deliver, type Try } from "./deliver.ts";
import { bytes, hex, hmac } from "./digest.ts";
import type { Host } from "./host.ts";

/** No address, no password, no key. What is not known is left out. */
export type DeadLetter = {
  event_id?: string;
  event_type: string;
  user_id?: unknown;
  rule?: number;
  message?: string;
  channel?: "email" | "sms";
  outcome: "not_sent" | "unknown" | "invalid_config";
  reason: string;
  attempts: Try[];
};

const DELIVERY = { attempts: 3, attemptSeconds: 4 };
const CORE = {
  classify: (reply: string) => (/"status":2/.test(reply) ? '{"verdict":"sent"}' : '{"verdict":"retry"}'),
};

/** POSTs the letter, signed as Authgear signs its webhooks, and says what became of it. Does not throw. */
export async function bury(
  letter: DeadLetter,
  to: Config["deadLetter"],
  host: Host,
  deadline: number,
): Promise<"none" | "taken" | "failed"> {
  if (!to) return "none";
  try {
    const body = JSON.stringify(letter);
    const signature = hex(await hmac(bytes(to.secret), body));
    const headers = { "content-type": "application/json", "x-authgear-body-signature": signature };
    const request = { url: to.url, method: "POST" as const, headers, body };
    // Two of the same letter do no harm, as the event's id tells.
    const attempts = [{ provider: "", sender: 0, request, keySeconds: 3600 }];
    const { outcome } = await deliver({ channel: "email", attempts }, { delivery: DELIVERY }, CORE, host, deadline);
    return outcome === "sent" ? "taken" : "failed";
  } catch {
    return "failed";
  }
}
