/** The outbox as a file: opened, locked, recognised, brought up to date; and what can be wrong with it. */
import { chmodSync, closeSync, existsSync, openSync, statfsSync } from "node:fs";
import { type Database, type Fault, faultOf, loadSqlite, type Open } from "./sqlite.ts";

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

/** So long somebody waits for another process that holds the database. */
export const PATIENCE_MS = 5_000;
export const BUSY_PAUSE_MS = 20;
/**
 * The last of the disk is left to what was accepted: to send it needs room in the log, and the log is emptied only where
 * the database can grow.
 */
const RESERVE_BYTES = 16 * 1024 * 1024;
const MEASURED_MS = 250;
/** Reading and writing for the owner alone. */
const PRIVATE = 0o600;

const TEXTS: { [fault in Fault]: string } = {
  busy: "another process holds it locked; end that process, or wait",
  full: "the disk is full; free some space",
  corrupt: "it is damaged, or no SQLite database; nothing was changed: move it away to begin anew, or restore a copy",
  readonly: "it cannot be written; check the permissions of the file and its folder",
  io: "it cannot be read or written; check the path, the permissions and the disk",
  unknown: "SQLite failed",
};

/** What {@link openFile} is told. */
export type OpenOptions = {
  /**
   * `serve`: for the one process that sends; creates the file, and holds a lock until it ends, however it ends.
   * `visit`: for everybody else; the file must exist.
   */
  as: "serve" | "visit";
  /** For tests: instead of the library that is there. */
  sqlite?: Open;
};

export type OpenFile = {
  db: Database;
  /** A descriptor of the write-ahead log, for the one who sees to it that it is on the disk. */
  log?: number;
  close: () => void;
};

/** @throws {OutboxError | NoSqlite} */
export async function openFile(path: string, { as, sqlite }: OpenOptions): Promise<OpenFile> {
  const open = sqlite ?? (await loadSqlite());
  const serves = as === "serve";
  if (!serves && !existsSync(path)) throw new OutboxError("missing", `${path}: there is no such outbox`);
  const opened: Database[] = [];
  const close = () => {
    for (const database of opened.splice(0).reverse()) quietly(() => database.close());
  };
  try {
    if (serves) {
      opened.push(takeLock(path, open));
      create(path);
    }
    const db = open(path);
    opened.push(db);
    // Serving never waits inside of SQLite, since that would hold up the whole process.
    db.exec(`PRAGMA busy_timeout = ${serves ? 0 : PATIENCE_MS}`);
    recognise(db, path, serves);
    if (!serves) return { db, close };
    chmodSync(path, PRIVATE);
    await patiently(() => setUp(db));
    if (pragma(db, "quick_check(1)") !== "ok") throw new OutboxError("corrupt", `${path}: ${TEXTS.corrupt}`);
    const log = openSync(`${path}-wal`, "r+");
    return {
      db,
      log,
      close: () => {
        // What was erased is in the log until it is emptied.
        quietly(() => db.exec("PRAGMA wal_checkpoint(TRUNCATE)"));
        close();
        quietly(() => closeSync(log));
      },
    };
  } catch (error) {
    close();
    throw asOutboxError(path, error);
  }
}

const pragma = (db: Database, name: string) => Object.values(db.prepare(`PRAGMA ${name}`).get() as object)[0];

function recognise(db: Database, path: string, serves: boolean): void {
  const id = pragma(db, "application_id");
  const version = Number(pragma(db, "user_version"));
  const empty = id === 0 && version === 0 && !db.prepare("SELECT 1 FROM sqlite_schema").get();
  if (id !== APPLICATION_ID && !(empty && serves))
    throw new OutboxError("foreign", `${path}: is a database, but no outbox; name another file`);
  if (version > SCHEMA.length)
    throw new OutboxError("newer", `${path}: was made by a newer version of authgear-invite; use that one`);
}

function setUp(db: Database): void {
  db.exec("PRAGMA journal_mode = WAL");
  db.exec("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 67108864");
  transaction(db, () => {
    for (const statements of SCHEMA.slice(Number(pragma(db, "user_version")))) db.exec(statements);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA.length}`);
  });
  // From here on commit.ts waits for the disk, outside of SQLite; the log exists and is on the disk.
  db.exec("PRAGMA synchronous = NORMAL");
}

/** Tries until nobody else holds the database. */
async function patiently(work: () => void): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; ; ) {
    try {
      return work();
    } catch (error) {
      if (faultOf(error) !== "busy" || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
    }
  }
}

/** All of it or nothing. */
export function transaction<R>(db: Database, work: () => R): R {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // After some errors SQLite has done so itself.
    quietly(() => db.exec("ROLLBACK"));
    throw error;
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

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // Nothing can be done about it, and nothing depends on it.
  }
}

/** Says, with a look at the disk now and then, when nothing more should be added; by throwing. */
export function createGuard(path: string): () => void {
  let until = 0;
  let full = false;
  return () => {
    const now = performance.now();
    if (now >= until) {
      until = now + MEASURED_MS;
      const { bavail, bsize } = statfsSync(path);
      full = bavail * bsize < RESERVE_BYTES;
    }
    if (full) throw new OutboxError("full", `${path}: ${TEXTS.full}`);
  };
}

/** SQLite's own text is left out: it can hold pieces of a statement. */
export function asOutboxError(path: string, error: unknown): OutboxError {
  if (error instanceof OutboxError) return error;
  const fault = faultOf(error);
  const { rawCode, errcode = rawCode, name } = (error ?? {}) as { rawCode?: number; errcode?: number; name?: string };
  // libsql has no code for a file that cannot be opened.
  return new OutboxError(
    fault,
    `${path}: ${errcode ? `${TEXTS[fault]} (SQLite ${errcode})` : `${TEXTS.io} (${name})`}`,
  );
}
