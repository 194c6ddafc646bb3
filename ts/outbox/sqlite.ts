/**
 * SQLite by the library that is there: Node's own from 22.13 on, before that libsql from npm. The only file that knows the
 * difference.
 */

export type Value = string | number | null | Uint8Array;

export interface Statement {
  run(...values: Value[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  get(...values: Value[]): unknown;
  all(...values: Value[]): unknown[];
}

export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** Opens or creates the file. */
export type Open = (path: string) => Database;

/** No library for SQLite is there. */
export class NoSqlite extends Error {
  override readonly name = "NoSqlite";

  constructor() {
    super(`Node.js ${process.versions.node} has no SQLite of its own; use 22.13 or later, or: npm install libsql`);
  }
}

/** @throws {NoSqlite} */
export async function loadSqlite(): Promise<Open> {
  const own = await load("node:sqlite");
  if (own) return (path) => new (own as { DatabaseSync: new (path: string) => Database }).DatabaseSync(path);
  const libsql = await load("libsql");
  if (libsql) return (path) => adapt(new (libsql as { default: new (path: string) => Libsql }).default(path));
  throw new NoSqlite();
}

/** A module; undefined where it is not part of this Node.js, or not installed. */
async function load(name: string): Promise<unknown> {
  const { emitWarning } = process;
  // Node.js 22 calls its SQLite experimental, on every start.
  process.emitWarning = () => {};
  try {
    return await import(name);
  } catch {
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}

type LibsqlStatement = { [method in keyof Statement]: (values: Value[]) => never };
type Libsql = { exec(sql: string): void; prepare(sql: string): LibsqlStatement; close(): void };

/** libsql takes a lone object, be it null or bytes, for named parameters and ends the process; a list it takes as it is. */
function adapt(database: Libsql): Database {
  return {
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
    prepare: (sql) => {
      const statement = database.prepare(sql);
      return {
        run: (...values) => statement.run(values),
        get: (...values) => statement.get(values),
        all: (...values) => statement.all(values),
      };
    },
  };
}

/** What is wrong, as far as somebody can do something about it. */
export type Fault = "busy" | "full" | "corrupt" | "readonly" | "io" | "unknown";

const FAULTS: { [code: number]: Fault } = {
  5: "busy",
  6: "busy",
  8: "readonly",
  10: "io",
  11: "corrupt",
  13: "full",
  14: "io",
  26: "corrupt",
};

/** What an error of either library means; the low byte of SQLite's extended code is the code itself. */
export function faultOf(error: unknown): Fault {
  const { errcode, rawCode = errcode } = (error ?? {}) as { errcode?: number; rawCode?: number };
  return FAULTS[(rawCode ?? 0) & 0xff] ?? "unknown";
}
