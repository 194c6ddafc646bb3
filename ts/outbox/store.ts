/**
 * The outbox on disk: one SQLite file, one row for each message.
 *
 *     queued ──► sending ──► sent            due: when there is something to do next; null: nothing more
 *       ▲           │  │                     mark: the request that has left, while nobody knows what became of it
 *       └───────────┘  └───► dead            event: the raw event, until the message was sent
 *
 * Every change waits for the disk (fsync). Changes that come while a transaction is being written share the next one, so
 * that the disk's pace bounds the latency and not the throughput.
 */
import { chmodSync, closeSync, existsSync, openSync } from "node:fs";
import { type Database, type Fault, faultOf, loadSqlite, type Open, type Statement } from "./sqlite.ts";

export type State = "queued" | "sending" | "sent" | "dead";

/** A request that has left: what must be the same when it is repeated, and for how long it may be. */
export type Mark = {
  provider: string;
  /** Index in `config.email` or `config.sms`. */
  sender: number;
  /** When it first left, in milliseconds since 1970. */
  first: number;
  /** How long the provider honours the key; 0: not at all. */
  keySeconds: number;
  /** SHA-256 of URL, headers and body. */
  hash: string;
};

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

/** Called after each transaction: how many changes it held, and how long it took. */
export type OnCommit = (changes: number, ms: number) => void;

/** The outbox cannot be opened or written. The message says what is wrong and what to do; it holds no data. */
export class OutboxError extends Error {
  override readonly name = "OutboxError";
  readonly fault: Fault | "in_use" | "missing" | "foreign" | "newer";

  constructor(fault: OutboxError["fault"], message: string) {
    super(message);
    this.fault = fault;
  }
}

/** "ainv" in ASCII: by this number the file is known as ours. */
const APPLICATION_ID = 0x61696e76;

/** One entry for each version of the schema. */
const SCHEMA = [
  `CREATE TABLE message (
     id INTEGER PRIMARY KEY,
     key TEXT NOT NULL UNIQUE,
     state TEXT NOT NULL,
     since INTEGER NOT NULL,
     due INTEGER,
     passes INTEGER NOT NULL DEFAULT 0,
     mark TEXT,
     last TEXT
   );
   CREATE TABLE event (id INTEGER PRIMARY KEY, event_id TEXT, type TEXT NOT NULL, user_id TEXT, body BLOB NOT NULL);
   CREATE TABLE pulse (id INTEGER PRIMARY KEY, at INTEGER NOT NULL);
   CREATE INDEX work ON message (due, since) WHERE due IS NOT NULL;
   CREATE INDEX dead ON message (id) WHERE state = 'dead';`,
];

/** So long a change waits for another process that holds the database, before it fails. */
const PATIENCE_MS = 5_000;
const BUSY_PAUSE_MS = 20;
/** Changes in one transaction: more would hold up everything else for too long. */
const BATCH = 512;
/** Rows looked at by one sweep, from the oldest on. */
const SWEEP = 500;
/** Reading and writing for the owner alone. */
const PRIVATE = 0o600;
/** A file system that hesitates longer than this counts as one that cannot be written. */
const PULSE_MS = 5_000;

const TEXTS: { [fault in Fault]: string } = {
  busy: "another process holds it locked; end that process, or wait",
  full: "the disk is full; free some space",
  corrupt: "it is damaged, or no SQLite database; nothing was changed: move it away to begin anew, or restore a copy",
  readonly: "it cannot be written; check the permissions of the file and its folder",
  io: "it cannot be read or written; check the path, the permissions and the disk",
  unknown: "SQLite failed",
};

type Waiting = { change: () => unknown; resolve: (value: never) => void; reject: (error: OutboxError) => void };

/** What `open` is told. */
export type OpenOptions = {
  /**
   * `serve`: for the one process that sends; creates the file, and holds a lock until it ends, however it ends.
   * `visit`: for everybody else; the file must exist.
   */
  as: "serve" | "visit";
  onCommit?: OnCommit;
  /** For tests: instead of the library that is there. */
  sqlite?: Open;
};

export class Store<T> {
  readonly path: string;
  readonly #db: Database;
  readonly #lock: Database | undefined;
  readonly #onCommit: OnCommit;
  readonly #prepared = new Map<string, Statement>();
  #waiting: Waiting[] = [];
  #busySince: number | undefined;
  #scheduled = false;

  private constructor(path: string, db: Database, lock: Database | undefined, onCommit: OnCommit) {
    this.path = path;
    this.#db = db;
    this.#lock = lock;
    this.#onCommit = onCommit;
  }

  /** @throws {OutboxError | NoSqlite} */
  static async open<T>(path: string, { as, onCommit = () => {}, sqlite }: OpenOptions): Promise<Store<T>> {
    const open = sqlite ?? (await loadSqlite());
    const serves = as === "serve";
    if (!serves && !existsSync(path)) throw new OutboxError("missing", `${path}: there is no such outbox`);
    let lock: Database | undefined;
    let db: Database | undefined;
    try {
      if (serves) {
        lock = takeLock(path, open);
        create(path);
      }
      db = open(path);
      // Serving never waits inside of SQLite, since that would hold up the whole process.
      db.exec(`PRAGMA busy_timeout = ${serves ? 0 : PATIENCE_MS}`);
      const store = new Store<T>(path, db, lock, onCommit);
      await store.#prepare(serves);
      return store;
    } catch (error) {
      close(db, lock);
      throw asOutboxError(path, error);
    }
  }

  async #prepare(serves: boolean): Promise<void> {
    const pragma = (name: string) => Object.values(this.#db.prepare(`PRAGMA ${name}`).get() as object)[0];
    const id = pragma("application_id");
    const version = Number(pragma("user_version"));
    const empty = id === 0 && version === 0 && this.#get("SELECT 1 FROM sqlite_schema") === undefined;
    if (id !== APPLICATION_ID && !(empty && serves))
      throw new OutboxError("foreign", `${this.path}: is a database, but no outbox; name another file`);
    if (version > SCHEMA.length)
      throw new OutboxError("newer", `${this.path}: was made by a newer version of authgear-invite; use that one`);
    if (!serves) return;
    chmodSync(this.path, PRIVATE);
    const deadline = Date.now() + PATIENCE_MS;
    const setUp = () => {
      this.#db.exec("PRAGMA journal_mode = WAL");
      // FULL: a transaction is on the disk when COMMIT returns. Erased bodies are overwritten.
      this.#db.exec("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 67108864");
      this.#transaction(() => {
        for (const statements of SCHEMA.slice(version)) this.#db.exec(statements);
        this.#db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA.length}`);
      });
    };
    for (;;) {
      try {
        setUp();
        break;
      } catch (error) {
        if (faultOf(error) !== "busy" || Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
      }
    }
    if (pragma("quick_check(1)") !== "ok") throw new OutboxError("corrupt", `${this.path}: ${TEXTS.corrupt}`);
  }

  // --- Changes; each resolves when it is on the disk, or rejects with an OutboxError -----------------------------------

  /** Keeps a message to be sent; `duplicate` when its key is known. */
  insert(key: string, now: number, event: StoredEvent): Promise<"queued" | "duplicate"> {
    return this.#write(() => {
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
    return this.#write(() => {
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
    return this.#write(() => {
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
    return this.#write(() => {
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
    return this.#write(() => {
      this.#run(
        "UPDATE message SET mark = json_set(mark, '$.keySeconds', 0) WHERE due IS NOT NULL AND state = 'sending'",
      );
      this.#run("UPDATE message SET due = ? WHERE due > ?", now, latest);
    });
  }

  /** Whether the disk takes a change; rejects when it does not. */
  async pulse(now: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new OutboxError("io", `${this.path}: ${TEXTS.io}`)), PULSE_MS);
    });
    const written = this.#write(() => void this.#run("INSERT OR REPLACE INTO pulse (id, at) VALUES (1, ?)", now));
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
    for (const { reject } of this.#waiting.splice(0))
      reject(new OutboxError("unknown", `${this.path}: is being closed`));
    close(this.#db, this.#lock);
  }

  // --- The disk --------------------------------------------------------------------------------------------------------

  #write<R>(change: () => R): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject });
      this.#schedule(0);
    });
  }

  /** At the end of this turn of the event loop, when all requests that have arrived are among the waiting. */
  #schedule(ms: number): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const next = () => {
      this.#scheduled = false;
      if (this.#waiting.length > 0) this.#commit();
    };
    if (ms > 0) setTimeout(next, ms);
    else setImmediate(next);
  }

  #commit(): void {
    const batch = this.#waiting.splice(0, BATCH);
    const start = performance.now();
    try {
      const results = this.#transaction(() => batch.map(({ change }) => change()));
      const ms = performance.now() - start;
      this.#busySince = undefined;
      for (const [i, { resolve }] of batch.entries()) resolve(results[i] as never);
      this.#onCommit(batch.length, ms);
    } catch (error) {
      this.#failed(batch, error, start);
    }
    if (this.#waiting.length > 0) this.#schedule(this.#busySince === undefined ? 0 : BUSY_PAUSE_MS);
  }

  #failed(batch: Waiting[], error: unknown, now: number): void {
    const fault = faultOf(error);
    this.#busySince ??= now;
    if (fault === "busy" && now - this.#busySince < PATIENCE_MS) {
      this.#waiting.unshift(...batch);
      return;
    }
    if (fault !== "busy") this.#busySince = undefined;
    // On a full disk there may be room for what erases, though not for what adds.
    if (fault === "full" && batch.length > 1) this.#oneByOne(batch);
    else for (const { reject } of batch) reject(asOutboxError(this.path, error));
  }

  #oneByOne(batch: Waiting[]): void {
    for (const { change, resolve, reject } of batch) {
      try {
        resolve(this.#transaction(change) as never);
      } catch (error) {
        reject(asOutboxError(this.path, error));
      }
    }
  }

  #transaction<R>(work: () => R): R {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      try {
        this.#db.exec("ROLLBACK");
      } catch {
        // SQLite has done so itself.
      }
      throw error;
    }
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
      statement = this.#db.prepare(sql);
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

/**
 * A lock that the system gives back when the process ends, however it ends: an exclusive transaction, never written, on a
 * file of its own, so that others can still read and write the outbox.
 */
function takeLock(path: string, open: Open): Database {
  create(`${path}.lock`);
  const lock = open(`${path}.lock`);
  try {
    lock.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock.close();
    if (faultOf(error) !== "busy") throw error;
    throw new OutboxError("in_use", `${path}: another server sends from this outbox; end it, or name another file`);
  }
}

/** SQLite gives its side files the mode of the main one. */
function create(path: string): void {
  try {
    closeSync(openSync(path, "a", PRIVATE));
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new OutboxError("io", `${path}: cannot be opened (${code}); check the path and its permissions`);
  }
}

function close(...databases: (Database | undefined)[]): void {
  for (const database of databases) {
    try {
      database?.close();
    } catch {
      // A damaged file cannot be checkpointed; what is committed stands in its log.
    }
  }
}

/** SQLite's own text is left out: it can hold pieces of a statement. */
function asOutboxError(path: string, error: unknown): OutboxError {
  if (error instanceof OutboxError) return error;
  const fault = faultOf(error);
  const { rawCode, errcode = rawCode, name } = (error ?? {}) as { rawCode?: number; errcode?: number; name?: string };
  // libsql has no code for a file that cannot be opened.
  return new OutboxError(
    fault,
    `${path}: ${errcode ? `${TEXTS[fault]} (SQLite ${errcode})` : `${TEXTS.io} (${name})`}`,
  );
}

function toEntry<T>(row: unknown): Entry<T> | undefined {
  if (!row) return undefined;
  const { id, key, state, since, due, passes, mark, last } = row as Entry<T> & {
    mark: string | null;
    last: string | null;
  };
  return { id, key, state, since, due, passes, mark: mark && JSON.parse(mark), last: last && JSON.parse(last) };
}
