/** What became of each row, as CSV. */
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { UsageError } from "../command.ts";
import type { Journal, Line } from "./journal.ts";
import type { Ledger, State } from "./ledger.ts";

/** How many rows have an outcome, and how many accounts which message. */
export type Totals = { rows: number; outcomes: { [outcome: string]: number }; messages: { [message: string]: number } };

const COLUMNS = ["row", "line", "outcome", "user_id", "message", "reason"];
const CHUNK = 1000;

/** Counts, and writes a line for each row. */
export function writeResult(ledger: Ledger, journal: Journal, write: (text: string) => void): Totals {
  const totals: Totals = { rows: ledger.count, outcomes: {}, messages: {} };
  let lines = [COLUMNS.join(",")];
  for (let row = 1; row <= ledger.count; row++) {
    const { outcome, user = "", message = "", reason = "" } = resultOf(row, ledger, journal);
    totals.outcomes[outcome] = (totals.outcomes[outcome] ?? 0) + 1;
    if (message) totals.messages[message] = (totals.messages[message] ?? 0) + 1;
    lines.push([`${row}`, `${ledger.line(row)}`, ...[outcome, user, message, reason].map(cell)].join(","));
    if (lines.length >= CHUNK) {
      write(`${lines.join("\r\n")}\r\n`);
      lines = [];
    }
  }
  if (lines.length > 0) write(`${lines.join("\r\n")}\r\n`);
  return totals;
}

type Result = { outcome: string; user?: string; message?: string; reason?: string };

function resultOf(row: number, ledger: Ledger, journal: Journal): Result {
  const at = ledger.at(row);
  const state = ledger.state(row);
  // The line of a batch is long, and says no more than that.
  if (at === undefined || state === "batched") return { outcome: UNFINISHED[state] ?? state };
  const line = journal.read(at);
  if (line.is === "ended") return line;
  return { outcome: UNFINISHED[state] ?? state, ...messageOf(line) };
}

const UNFINISHED: { [state in State]?: string } = {
  new: "not begun",
  begun: "begun",
  batched: "begun",
  made: "created",
  leaving: "created",
};

const messageOf = (line: Line) =>
  line.is === "made" || line.is === "leaving"
    ? { user: line.user, message: line.is === "made" ? "not begun" : "unknown" }
    : {};

/** A value that no spreadsheet takes for a formula. */
export function cell(value: string): string {
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** Writes a file that only its owner can read, whole or not at all; `-` is stdout. */
export function resultFile<T>(path: string, work: (write: (text: string) => void) => T): T {
  if (path === "-") return work((text) => void process.stdout.write(text));
  const draft = `${path}.part`;
  try {
    const fd = openSync(draft, "w", 0o600);
    try {
      const value = work((text) => writeFileSync(fd, text));
      renameSync(draft, path);
      return value;
    } finally {
      closeSync(fd);
      rmSync(draft, { force: true });
    }
  } catch (error) {
    const { name, code } = error as NodeJS.ErrnoException;
    if (name !== "Error" || !code) throw error;
    throw new UsageError(`${path}: the result cannot be written (${code}); name another --result and run it again`);
  }
}
