/** What a log is told: by the paste-in file a line or one error, by servers a line. */
import type { Conclusion, Outcome } from "./run.ts";

/**
 * Prints one line of JSON; nothing for an event that no rule names. Throws when the message was not sent or may not have
 * been, since that is what Authgear logs as a failure.
 */
export function announce(event: unknown, end: Outcome): void {
  if ("is_allowed" in end || (end.outcome === "skipped" && end.reason === "event_type")) return;
  const { id } = (event ?? {}) as { id?: unknown };
  const eventId = typeof id === "string" ? id : undefined;
  if (end.outcome !== "sent" && end.outcome !== "skipped") {
    const receipt = end.receipt ? `, receipt ${end.receipt}` : "";
    const where = `event ${eventId}, dead letter ${end.deadLetter ?? "none"}${receipt}`;
    throw new Error(`authgear-invite: ${end.outcome} (${where}): ${end.reason}`);
  }
  console.log(describe(eventId, end));
}

/** An outcome as one line of JSON. */
export function describe(event: string | undefined, end: Conclusion): string {
  const { outcome, key, localeFrom, ...facts } = { key: "", localeFrom: "", ...end };
  const attempts = "attempts" in end ? end.attempts.length : undefined;
  return JSON.stringify({ "authgear-invite": outcome, event, ...facts, attempts });
}
