/** What both ways to import have in common. */
import type { Admin } from "../../admin.ts";
import type { Fields } from "./fields.ts";
import type { Ended, Journal, Line } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import type { Clock, Pace } from "./pace.ts";

export type Work = {
  /** Tries each call once. */
  admin: Admin;
  journal: Journal;
  ledger: Ledger;
  /** For what sends a message, be it from here or by the hook. */
  pace: Pace;
  clock: Clock;
  stop: AbortSignal;
  /** What `createUser` cannot say, sealed for the hook; `undefined` where there is nothing to say, or no secret. */
  seal: (fields: Fields, expires: Date) => Promise<string | undefined>;
};

/** The journal's last line about a row. */
export function lastLine<K extends Line["is"]>({ ledger, journal }: Work, row: number, ...kinds: K[]) {
  const at = ledger.at(row);
  const line = at === undefined ? undefined : journal.read(at);
  return kinds.some((it) => it === line?.is) ? (line as Extract<Line, { is: K }>) : undefined;
}

/** A row has its outcome, which is on the disk. A crash before that is harmless: it would be found out again. */
export function end({ journal }: Work, row: number, outcome: Omit<Ended, "is" | "row">): Promise<void> {
  journal.write({ is: "ended", row, ...outcome });
  return journal.flush();
}
