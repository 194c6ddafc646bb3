/**
 * The outbox on disk: one row for each message, and its event until the message was sent. What the states mean stands in
 * pass.ts.
 */
import type { Mark } from "../mark.ts";
import { GroupCommit, type OnCommit, type Sync, syncOf } from "./commit.ts";
import { asOutboxError, createGuard, type OpenFile, type OpenOptions, OutboxError, openFile } from "./file.ts";
import type { Statement } from "./sqlite.ts";

export type State = "queued" | "sending" | "sent" | "dead";

/** A row, without its event. `T` is what the worker knows of the last pass. */
export type Entry<T> = {
  id: number;
  /** Names the message: event, rule and channel. */
  key: string;
  state: State;
  /** When it was accepted, or last retried by hand, in milliseconds since 1970. */
  since: number;
  due: number | null;
  passes: number;
  mark: Mark | null;
  last: T | null;
};

/** The event of a message that is not done. */
export type StoredEvent = { eventId?: string; type: string; userId?: string; body: Uint8Array };

/** What a change does to a row; what is left out stays. */
export type Change<T> = Partial<Pick<Entry<T>, "state" | "due" | "mark" | "last" | "passes">>;

export type Counts = { open: number; oldest: number | null; dead: number };

/** Rows looked at by one sweep, from the oldest on. */
const SWEEP = 500;
/** A file system that hesitates longer than this counts as one that cannot be written. */
const PULSE_MS = 5_000;

/** What {@link Store.open} is told. */
export type StoreOptions = OpenOptions & {
  onCommit?: OnCommit;
  /** For tests: instead of the disk's own. */
  sync?: Sync;
};

export class Store<T> {
  readonly path: string;
  readonly #file: OpenFile;
  readonly #commits: GroupCommit;
  readonly #guard: () => void;
  readonly #prepared = new Map<string, Statement>();

  private constructor(path: string, file: OpenFile, { onCommit, sync = syncOf(file.log) }: StoreOptions) {
    this.path = path;
    this.#file = file;
    this.#guard = createGuard(path);
    this.#commits = new GroupCommit(path, file.db, sync, onCommit);
  }

  /** @throws {OutboxError | NoSqlite} */
  static async open<T>(path: string, options: StoreOptions): Promise<Store<T>> {
    return new Store<T>(path, await openFile(path, options), options);
  }

  // --- Changes; each resolves when it is on the disk, or rejects with an OutboxError -----------------------------------

  /** Keeps a message to be sent; `duplicate` when its key is known. */
  async insert(key: string, now: number, event: StoredEvent): Promise<"queued" | "duplicate"> {
    this.#guard();
    return this.#commits.write(() => {
      const { changes, lastInsertRowid } = this.#run(
        "INSERT INTO message (key, state, since, due) VALUES (?, 'queued', ?, ?) ON CONFLICT DO NOTHING",
        key,
        now,
        now,
      );
      if (Number(changes) === 0) return "duplicate";
      const { eventId = null, type, userId = null, body } = event;
      const id = Number(lastInsertRowid);
      this.#run(
        "INSERT INTO event (id, event_id, type, user_id, body) VALUES (?, ?, ?, ?, ?)",
        id,
        eventId,
        type,
        userId,
        body,
      );
      return "queued";
    });
  }

  /** Changes a row that still is as it was read; a person may have retried it meanwhile. */
  change(entry: Pick<Entry<T>, "id" | "state">, change: Change<T>): Promise<void> {
    return this.#commits.write(() => {
      const columns = Object.keys(change);
      const values = Object.values(change).map((it) =>
        typeof it === "object" && it !== null ? JSON.stringify(it) : (it as string | number | null),
      );
      const set = columns.map((column) => `${column} = ?`).join(", ");
      this.#run(`UPDATE message SET ${set} WHERE id = ? AND state = ?`, ...values, entry.id, entry.state);
      if (change.due === null && (change.state ?? entry.state) === "sent")
        this.#run("DELETE FROM event WHERE id = ?", entry.id);
    });
  }

  /** Sends a dead message again, or a waiting one now; false for one that was sent. */
  retry(id: number, now: number): Promise<boolean> {
    return this.#commits.write(() => {
      const revived = this.#run(
        "UPDATE message SET state = 'queued', since = ?, due = ?, passes = 0, mark = NULL WHERE id = ? AND state = 'dead'",
        now,
        now,
        id,
      );
      const hurried = this.#run("UPDATE message SET due = ? WHERE id = ? AND state IN ('queued', 'sending')", now, id);
      return Number(revived.changes) + Number(hurried.changes) > 0;
    });
  }

  /** Forgets, oldest first, what is done and older than that, some hundreds at once. */
  sweep(before: number): Promise<{ sent: number; dead: number }> {
    const old = `SELECT id FROM (SELECT id, due, since FROM message ORDER BY id LIMIT ${SWEEP}) WHERE due IS NULL AND since < ?`;
    return this.#commits.write(() => {
      this.#run(`DELETE FROM event WHERE id IN (${old})`, before);
      const swept = this.#all<{ state: State }>(`DELETE FROM message WHERE id IN (${old}) RETURNING state`, before);
      const dead = swept.filter(({ state }) => state === "dead").length;
      return { sent: swept.length - dead, dead };
    });
  }

  /**
   * For a clock that was set back: nobody knows any more for how long keys have been held, and what is due later than
   * `latest` would come late.
   */
  distrustClock(now: number, latest: number): Promise<void> {
    return this.#commits.write(() => {
      this.#run(
        "UPDATE message SET mark = json_set(mark, '$.keySeconds', 0) WHERE due IS NOT NULL AND state = 'sending'",
      );
      this.#run("UPDATE message SET due = ? WHERE due > ?", now, latest);
    });
  }

  /** Whether the disk takes a change; rejects when it does not. */
  async pulse(now: number): Promise<void> {
    this.#guard();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new OutboxError("io", `${this.path}: the disk does not answer`)), PULSE_MS);
    });
    const written = this.#commits.write(
      () => void this.#run("INSERT OR REPLACE INTO pulse (id, at) VALUES (1, ?)", now),
    );
    await Promise.race([written, late]).finally(() => clearTimeout(timer));
  }

  // --- Reading; throws OutboxError -------------------------------------------------------------------------------------

  /** What is due, in the order in which it became so. */
  due(now: number, limit: number): number[] {
    return this.#read(() =>
      this.#all<{ id: number }>("SELECT id FROM message WHERE due <= ? ORDER BY due LIMIT ?", now, limit).map(
        (it) => it.id,
      ),
    );
  }

  entry(by: { id: number } | { key: string }): Entry<T> | undefined {
    const [column, value] = "id" in by ? ["id", by.id] : ["key", by.key];
    return this.#read(() => toEntry<T>(this.#get(`SELECT * FROM message WHERE ${column} = ?`, value as string)));
  }

  /** The message of the same event as the one with this key, whichever rule or channel led to it. */
  entryOfEvent(key: string): Entry<T> | undefined {
    // authgear-invite.EVENT.SECONDS.RULE.CHANNEL
    const event = key.split(".").slice(0, 3).join(".");
    return this.#read(() =>
      toEntry<T>(this.#get("SELECT * FROM message WHERE key > ? AND key < ? ORDER BY key", `${event}.`, `${event}/`)),
    );
  }

  event(id: number): StoredEvent | undefined {
    return this.#read(() => {
      const row = this.#get<{ event_id: string; type: string; user_id: string; body: Uint8Array }>(
        "SELECT * FROM event WHERE id = ?",
        id,
      );
      return (
        row && { eventId: row.event_id ?? undefined, type: row.type, userId: row.user_id ?? undefined, body: row.body }
      );
    });
  }

  /** Rows from `after` on, in the order of their acceptance. */
  list({ states, after, limit }: { states: State[]; after: number; limit: number }): Entry<T>[] {
    const marks = states.map(() => "?").join(", ");
    return this.#read(() =>
      this.#all(
        `SELECT * FROM message WHERE id > ? AND state IN (${marks}) ORDER BY id LIMIT ?`,
        after,
        ...states,
        limit,
      ).map((row) => toEntry<T>(row) as Entry<T>),
    );
  }

  /** When the newest message was accepted. */
  newest(): number {
    const row = this.#read(() => this.#get<{ since: number }>("SELECT since FROM message ORDER BY id DESC LIMIT 1"));
    return row?.since ?? 0;
  }

  counts(): Counts {
    return this.#read(() => {
      const work = this.#get<Counts>(
        "SELECT count(*) AS open, min(since) AS oldest FROM message WHERE due IS NOT NULL",
      );
      const dead = this.#get<Counts>("SELECT count(*) AS dead FROM message WHERE state = 'dead'");
      return { open: work?.open ?? 0, oldest: work?.oldest ?? null, dead: dead?.dead ?? 0 };
    });
  }

  /** Gives up what waits for the disk, and closes the file. */
  close(): void {
    this.#commits.close();
    this.#file.close();
  }

  #read<R>(work: () => R): R {
    try {
      return work();
    } catch (error) {
      throw asOutboxError(this.path, error);
    }
  }

  #statement(sql: string): Statement {
    let statement = this.#prepared.get(sql);
    if (!statement) {
      statement = this.#file.db.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }

  #run(sql: string, ...values: Parameters<Statement["run"]>) {
    return this.#statement(sql).run(...values);
  }

  #get<R = unknown>(sql: string, ...values: Parameters<Statement["run"]>): R | undefined {
    return (this.#statement(sql).get(...values) ?? undefined) as R | undefined;
  }

  #all<R = unknown>(sql: string, ...values: Parameters<Statement["run"]>): R[] {
    return this.#statement(sql).all(...values) as R[];
  }
}

function toEntry<T>(row: unknown): Entry<T> | undefined {
  if (!row) return undefined;
  const { id, key, state, since, due, passes, mark, last } = row as Entry<T> & {
    mark: string | null;
    last: string | null;
  };
  return { id, key, state, since, due, passes, mark: mark && JSON.parse(mark), last: last && JSON.parse(last) };
}
