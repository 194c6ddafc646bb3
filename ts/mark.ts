/** The mark of a request that has left: by it a later pass knows what may be repeated, to whom, and for how long. */
import type { Attempt, HttpRequest } from "./core.ts";
import { sha256 } from "./digest.ts";

/** A request that has left. Holds no address and no key. */
export type Mark = {
  provider: string;
  /** Index in `config.email` or `config.sms`. */
  sender: number;
  /** When it first left, in milliseconds since 1970. */
  first: number;
  /** How long the provider honours the idempotency key; 0: not at all. */
  keySeconds: number;
  /** SHA-256 of URL, headers and body. */
  hash: string;
};

/** A key must hold for a whole pass, and clocks may differ a little. */
const MARGIN_MS = 60_000;

/** The mark of a sender's request that leaves at `first`. */
export async function markOf(
  { provider, sender }: Attempt,
  { url, headers, body }: HttpRequest,
  keySeconds: number,
  first: number,
): Promise<Mark> {
  return { provider, sender, first, keySeconds, hash: await sha256(JSON.stringify([url, headers, body])) };
}

/** Whether the request of a mark is this sender's. */
export const isOf = (attempt: Attempt, mark: Mark) =>
  attempt.provider === mark.provider && attempt.sender === mark.sender;

/** Whether a pass that begins then may repeat the request. */
export const holds = ({ first, keySeconds }: Mark, then: number) =>
  then >= first - MARGIN_MS && then + MARGIN_MS < first + keySeconds * 1000;
