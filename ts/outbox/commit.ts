/**
 * Group commit: changes that come while a transaction is on its way to the disk share the next one, so that the disk's
 * pace bounds the latency and not the throughput.
 *
 * SQLite writes its log and does not wait for the disk (`synchronous = NORMAL`); this file waits, by fdatasync in a thread
 * of Node's, and tells nobody of a change before. So the process goes on meanwhile. To sync the log's descriptor is safe:
 * SQLite holds its locks on other files.
 */
import { fdatasync } from "node:fs";
import { promisify } from "node:util";
import { asOutboxError, BUSY_PAUSE_MS, OutboxError, PATIENCE_MS, transaction } from "./file.ts";
import { type Database, faultOf } from "./sqlite.ts";

/** Called after each transaction: how many changes it held, and how long it took to be on the disk. */
export type OnCommit = (changes: number, ms: number) => void;

/** Resolves when all that was written is on the disk. */
export type Sync = () => Promise<void>;

/** Changes in one transaction: more would hold up everything else for too long. */
const BATCH = 512;

type Waiting = { change: () => unknown; resolve: (value: never) => void; reject: (error: OutboxError) => void };

export class GroupCommit {
  readonly #path: string;
  readonly #db: Database;
  readonly #sync: Sync;
  readonly #onCommit: OnCommit;
  #waiting: Waiting[] = [];
  #running = false;
  #busySince: number | undefined;
  #broken: OutboxError | undefined;

  constructor(path: string, db: Database, sync: Sync, onCommit: OnCommit = () => {}) {
    this.#path = path;
    this.#db = db;
    this.#sync = sync;
    this.#onCommit = onCommit;
  }

  /** Makes a change; resolves with its result when it is on the disk, or rejects with an {@link OutboxError}. */
  write<R>(change: () => R): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  /** Gives up what waits, now and from now on. */
  close(): void {
    this.#broken ??= new OutboxError("unknown", `${this.#path}: is being closed`);
    this.#reject(this.#waiting.splice(0), this.#broken);
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      // At the end of this turn of the event loop all requests that have arrived are among the waiting.
      await new Promise((resolve) => setImmediate(resolve));
      await this.#commit(this.#waiting.splice(0, BATCH));
    }
    this.#running = false;
  }

  async #commit(batch: Waiting[]): Promise<void> {
    if (this.#broken) return this.#reject(batch, this.#broken);
    const start = performance.now();
    try {
      const results = transaction(this.#db, () => batch.map(({ change }) => change()));
      this.#busySince = undefined;
      await this.#settle(batch, results);
      this.#onCommit(batch.length, performance.now() - start);
    } catch (error) {
      await this.#failed(batch, error, start);
    }
  }

  /** What a failed sync has lost nobody knows, and the next one would not tell: from then on nothing is promised. */
  async #settle(batch: Waiting[], results: unknown[]): Promise<void> {
    try {
      await this.#sync();
    } catch (error) {
      this.#broken = new OutboxError(
        "io",
        `${this.#path}: the disk failed (${(error as NodeJS.ErrnoException).code}); restart`,
      );
      return this.#reject(batch, this.#broken);
    }
    for (const [i, { resolve }] of batch.entries()) resolve(results[i] as never);
  }

  async #failed(batch: Waiting[], error: unknown, now: number): Promise<void> {
    const fault = faultOf(error);
    this.#busySince ??= now;
    if (fault === "busy" && now - this.#busySince < PATIENCE_MS) {
      this.#waiting.unshift(...batch);
      await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
      return;
    }
    this.#busySince = undefined;
    // On a full disk there may be room for what erases, though not for what adds.
    if (fault === "full" && batch.length > 1) for (const one of batch) await this.#commit([one]);
    else this.#reject(batch, asOutboxError(this.#path, error));
  }

  #reject(batch: Waiting[], error: OutboxError): void {
    for (const { reject } of batch) reject(error);
  }
}

const syncDescriptor = promisify(fdatasync);

/** Syncs the log; without one SQLite itself waits for the disk. */
export const syncOf = (log: number | undefined): Sync =>
  log === undefined ? async () => {} : () => syncDescriptor(log);
