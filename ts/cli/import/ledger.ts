/**
 * What is known of each row: flat arrays of 21 bytes for a row, whose contents stay in the file and in the journal, so that
 * memory does not grow by what is imported.
 */
import { createHash } from "node:crypto";
import { UsageError } from "../command.ts";
import { FIELDS, type Fields, placeholdersOf } from "./fields.ts";
import type { Line } from "./journal.ts";

/** How far a row is. What is `failed` was not done and may be tried again; `made`: the message is still to be sent. */
export const STATES = ["new", "bad", "begun", "batched", "made", "leaving", "failed", "done"] as const;
export type State = (typeof STATES)[number];

/** A batch of which some rows are open. */
export type OpenBatch = { batch: number; since: number; rows: number[]; task?: string; open: number };

export class Ledger {
  /** Rows, the bad ones included. */
  count = 0;
  /** The number of the last batch. */
  batches = 0;
  #hash = new BigUint64Array(1024);
  #at = new Float64Array(1024);
  #line = new Uint32Array(1024);
  #state = new Uint8Array(1024);
  readonly #counts: { [state in State]: number };
  /** By the offset of their line. */
  readonly #open = new Map<number, OpenBatch>();
  /** Rows that the journal knows with another content. */
  readonly #changed = new Set<number>();

  constructor() {
    this.#counts = Object.fromEntries(STATES.map((it) => [it, 0])) as { [state in State]: number };
  }

  /** Batches of which some rows are open. */
  get openBatches(): number {
    return this.#open.size;
  }

  /** What the rows take. */
  get bytes(): number {
    return [this.#hash, this.#at, this.#line, this.#state].reduce((sum, it) => sum + it.byteLength, 0);
  }

  /** The next row. */
  add(line: number, hash: bigint, bad: boolean): void {
    if (this.count === this.#state.length) this.#grow();
    this.#hash[this.count] = hash;
    this.#line[this.count] = line;
    this.count += 1;
    this.#counts.new += 1;
    if (bad) this.#set(this.count, "bad");
  }

  #grow(): void {
    const size = 2 * this.count;
    const grown = <T extends { set: (from: T) => void }>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#hash = grown(this.#hash, new BigUint64Array(size));
    this.#at = grown(this.#at, new Float64Array(size));
    this.#line = grown(this.#line, new Uint32Array(size));
    this.#state = grown(this.#state, new Uint8Array(size));
  }

  hash = (row: number): string => (this.#hash[row - 1] ?? 0n).toString(16).padStart(16, "0");
  line = (row: number): number => this.#line[row - 1] ?? 0;
  state = (row: number): State => STATES[this.#state[row - 1] ?? 0] as State;
  counts = (state: State): number => this.#counts[state];

  /** Where the journal's last line about a row begins; `undefined` when there is none. */
  at = (row: number): number | undefined => this.#at[row - 1] || undefined;

  /** The batch of a row that is `batched`. */
  batchOf = (row: number): OpenBatch | undefined => this.#open.get(this.at(row) ?? 0);

  /** What a line of the journal says, when it is read and when it is written. */
  apply(line: Line, offset: number): void {
    switch (line.is) {
      case "begun":
        this.#compare(line.row, line.hash);
        this.#move(line.row, "begun", offset);
        break;
      case "batch": {
        const { batch, since, rows, hashes } = line;
        this.batches = Math.max(this.batches, batch);
        this.#open.set(offset, { batch, since, rows, open: rows.length });
        for (const [i, row] of rows.entries()) {
          this.#compare(row, hashes[i] ?? "");
          this.#move(row, "batched", offset);
        }
        break;
      }
      case "task":
        for (const open of this.#open.values()) if (open.batch === line.batch) open.task = line.task;
        break;
      case "made":
      case "leaving":
        this.#move(line.row, line.is, offset);
        break;
      case "ended":
        this.#compare(line.row);
        if (line.outcome === "bad") this.#at[line.row - 1] = offset;
        else this.#move(line.row, stateAfter(line), offset);
    }
  }

  #move(row: number, state: State, offset: number): void {
    const open = this.batchOf(row);
    if (open && this.state(row) === "batched") {
      open.open -= 1;
      if (open.open === 0) this.#open.delete(this.at(row) ?? 0);
    }
    this.#at[row - 1] = offset;
    this.#set(row, state);
  }

  #set(row: number, state: State): void {
    this.#counts[this.state(row)] -= 1;
    this.#counts[state] += 1;
    this.#state[row - 1] = STATES.indexOf(state);
  }

  #compare(row: number, hash?: string): void {
    if (row > this.count) this.#changed.add(row);
    else if (hash !== undefined && hash === this.hash(row)) this.#changed.delete(row);
    else if (hash !== undefined) this.#changed.add(row);
  }

  /**
   * The whole journal was read: whether it is about these rows. One that failed may have been corrected since.
   *
   * @throws {UsageError}
   */
  check(journal: string, file: string): void {
    const other = [...this.#changed].filter((row) => row > this.count || this.state(row) !== "failed");
    const [first] = other;
    if (first !== undefined)
      throw new UsageError(
        `${journal}: is about other rows: ${file} has ${this.count} rows, and ${other.length} are not what was begun, such as row ${first}; ` +
          "give back the file as it was (rows may be added at its end, and those that failed be corrected), or name another --journal",
      );
    this.#changed.clear();
  }
}

function stateAfter({ outcome, message, mark, since }: Extract<Line, { is: "ended" }>): State {
  if (outcome === "failed") return "failed";
  if (outcome === "unknown") return since === undefined ? "done" : "begun";
  if (message === "not sent") return "made";
  return message === "unknown" && mark?.keySeconds ? "leaving" : "done";
}

/** 64 bits of a text; without the salt nobody can tell by them whose row it is. */
export const hash64 = (salt: string, text: string): bigint =>
  createHash("sha256").update(`${salt}\n${text}`).digest().readBigUInt64BE();

export const rowHash = (salt: string, fields: Fields): bigint =>
  hash64(
    salt,
    JSON.stringify([...FIELDS.map((it) => fields[it] ?? null), ...Object.entries(placeholdersOf(fields) ?? {}).sort()]),
  );
