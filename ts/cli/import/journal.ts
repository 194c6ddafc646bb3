/**
 * The journal of an import: what was begun and what became of it, so that a process which is killed at any moment can be
 * followed by another that misses nothing and does nothing twice.
 *
 * A text file of JSON Lines, only ever appended to. The first line is a {@link Header}, the others are {@link Line}s; the
 * last line about a row counts. That something is begun is on the disk before it is. A last line without its line break was
 * torn by a crash, and is dropped.
 *
 * It holds row numbers, salted hashes of rows, IDs of users and import tasks, times, outcomes and reasons: no address, no
 * name, no password, no key.
 */
import { closeSync, createReadStream, fsyncSync, openSync, readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Mark } from "../../mark.ts";
import { UsageError } from "../command.ts";
import { lock, type Release } from "./lock.ts";

export type Via = "create" | "import-api";

export type Header = { journal: "authgear-invite import"; version: 1; via: Via; salt: string };

/** What became of an account. `exists`: it was there before, and nothing was changed. `bad`: the row cannot be imported. */
export type Outcome = "created" | "exists" | "failed" | "unknown" | "bad";

/** What became of its message. `by hook`: Authgear's event leads to it. */
export type MessageOutcome = "by hook" | "sent" | "not sent" | "unknown" | "skipped";

/** A row's number counts the rows from 1, `since` is in milliseconds since 1970, `created` is the account's time. */
export type Line =
  /** `createUser` is about to be called. */
  | { is: "begun"; row: number; hash: string; since: number }
  /** A batch is about to go to the import API. */
  | { is: "batch"; batch: number; since: number; rows: number[]; hashes: string[] }
  | { is: "task"; batch: number; task: string }
  /** The import API made an account; its message is not begun. */
  | { is: "made"; row: number; user: string; created: string }
  /** The request for its message is about to leave. */
  | { is: "leaving"; row: number; user: string; created: string; mark: Mark }
  | Ended;

export type Ended = {
  is: "ended";
  row: number;
  outcome: Outcome;
  user?: string;
  created?: string;
  message?: MessageOutcome;
  reason?: string;
  /** In doubt: since when the account may have been made. */
  since?: number;
  /** In doubt: the message's request. */
  mark?: Mark;
};

/** The journal cannot be used or written. The message says what is wrong and what to do. */
export class JournalError extends Error {
  override readonly name = "JournalError";
}

/** Of each journal. */
const BEGINNING = '{"journal":"authgear-invite import","version":';
const PRIVATE = 0o600;
const READ_BYTES = 64 * 1024;

/** The header of a journal that is there. Another process may be writing it. */
export async function readHeader(path: string): Promise<Header | undefined> {
  try {
    for await (const { line } of linesOf(path)) return toHeader(line, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw unusable(path, error);
  }
  return undefined;
}

/**
 * Which users an import made, and what it did about their messages, in the order in which it happened: the last one about a
 * user counts. `leaving`: the process ended while the message was being sent, or sends it now. `pending`: not begun.
 */
export async function* toldUsers(
  path: string,
): AsyncGenerator<{ userId: string; message: MessageOutcome | "leaving" | "pending" }, void, undefined> {
  for await (const { number, line } of linesOf(path)) {
    if (number === 1) toHeader(line, path);
    const it = line as Line;
    if (it.is === "made") yield { userId: it.user, message: "pending" };
    if (it.is === "leaving") yield { userId: it.user, message: "leaving" };
    if (it.is === "ended" && it.user && it.message) yield { userId: it.user, message: it.message };
  }
}

/** `number` counts from 1, `offset` and `end` are where it begins and where the next one does, in bytes. */
type Found = { line: unknown; number: number; offset: number; end: number };

/** The journal's lines as JSON; a torn last line is left out. */
async function* linesOf(path: string): AsyncGenerator<Found, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  let number = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk as Buffer]) : (chunk as Buffer);
    let from = 0;
    for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10, from)) {
      number += 1;
      let line: unknown;
      try {
        line = JSON.parse(rest.toString("utf8", from, at));
      } catch {
        throw new JournalError(`${path}: line ${number} is damaged; restore a copy, or name another --journal`);
      }
      yield { line, number, offset: offset + from, end: offset + at + 1 };
      from = at + 1;
    }
    rest = rest.subarray(from);
    offset += from;
    // What has no line break may be somebody else's file, and not a torn line of this one.
    const text = rest.toString("latin1", 0, BEGINNING.length);
    if (number === 0 && !BEGINNING.startsWith(text)) throw noJournal(path);
  }
}

const noJournal = (path: string) => new JournalError(`${path}: is no journal of an import; name another --journal`);

function toHeader(line: unknown, path: string): Header {
  const { journal, version, salt } = (line ?? {}) as Partial<Header>;
  if (journal !== "authgear-invite import" || typeof salt !== "string") throw noJournal(path);
  if (version !== 1) throw new JournalError(`${path}: was made by a newer version of authgear-invite; use that one`);
  return line as Header;
}

function unusable(path: string, error: unknown): Error {
  if (error instanceof JournalError || error instanceof UsageError) return error;
  const { code = "unknown" } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG")
    return new JournalError(`${path}: the disk is full; free some space and run it again, nothing is lost`);
  return new JournalError(`${path}: cannot be read or written (${code}); check the path, the permissions and the disk`);
}

/** Tells all lines, and returns where the last whole one ends. A file that is not there is empty. */
export async function readJournal(
  path: string,
  header: Header,
  onLine: (line: Line, offset: number) => void,
): Promise<number> {
  let size = 0;
  try {
    for await (const { line, number, offset, end } of linesOf(path)) {
      if (number > 1) onLine(line as Line, offset);
      else if (toHeader(line, path).salt !== header.salt)
        throw new JournalError(`${path}: was begun by another process in this moment; wait for its end`);
      size = end;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw unusable(path, error);
  }
  return size;
}

/** A journal that this process alone writes. */
export class Journal {
  /** Called with each line that is written. */
  onLine: (line: Line, offset: number) => void = () => {};
  readonly path: string;
  readonly #file: FileHandle;
  readonly #release: Release;
  /** Where the file ends, and where it will when all that waits is written. */
  #size: number;
  #end: number;
  #waiting: string[] = [];
  /** The turn of the disk that takes what waits now, and the one that was begun last. */
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();
  #broken: Error | undefined;

  private constructor(path: string, file: FileHandle, release: Release, size: number) {
    this.path = path;
    this.#file = file;
    this.#release = release;
    this.#size = size;
    this.#end = size;
  }

  /**
   * Opens a journal or makes one, and tells what is in it. Its header must be this one.
   *
   * @throws {JournalError}
   */
  static async open(path: string, header: Header, onLine: (line: Line, offset: number) => void): Promise<Journal> {
    let file: FileHandle | undefined;
    let release: Release | undefined;
    try {
      // Opened for reading and writing, and made where it is lacking, but never emptied.
      closeSync(openSync(path, "a", PRIVATE));
      file = await open(path, "r+");
      const { dev, ino } = await file.stat({ bigint: true });
      release = await lock(`authgear-invite-${dev}-${ino}`);
      if (!release) throw new JournalError(`${path}: another process imports with this journal; wait for its end`);
      const size = await readJournal(path, header, onLine);
      await file.truncate(size);
      const journal = new Journal(path, file, release, size);
      journal.onLine = onLine;
      if (size === 0) await journal.#begin(header);
      return journal;
    } catch (error) {
      await file?.close();
      release?.();
      throw unusable(path, error);
    }
  }

  async #begin(header: Header): Promise<void> {
    this.#append(`${JSON.stringify(header)}\n`);
    await this.flush();
    if (process.platform === "win32") return;
    // The file's name is on the disk when its folder is.
    const folder = openSync(dirname(resolve(this.path)), "r");
    fsyncSync(folder);
    closeSync(folder);
  }

  /** Adds a line; it is on the disk after the next {@link flush}. */
  write(line: Line): void {
    const offset = this.#append(`${JSON.stringify(line)}\n`);
    this.onLine(line, offset);
  }

  #append(text: string): number {
    const offset = this.#end;
    this.#waiting.push(text);
    this.#end += Buffer.byteLength(text);
    return offset;
  }

  /**
   * Resolves when all that was added is on the disk. What is added while the disk works shares the next turn.
   *
   * @throws {JournalError} From then on always: nothing more is promised.
   */
  flush(): Promise<void> {
    this.#next ??= this.#last
      .catch(() => {})
      // At the end of this turn of the event loop all that has happened is among the waiting.
      .then(() => new Promise((done) => setImmediate(done)))
      .then(() => {
        this.#next = undefined;
        return this.#commit();
      });
    this.#last = this.#next;
    return this.#next;
  }

  async #commit(): Promise<void> {
    if (this.#broken) throw this.#broken;
    const bytes = Buffer.from(this.#waiting.join(""));
    this.#waiting = [];
    try {
      await this.#alone();
      for (let written = 0; written < bytes.length; ) {
        const { bytesWritten } = await this.#file.write(bytes, written, bytes.length - written, this.#size + written);
        written += bytesWritten;
      }
      await this.#file.datasync();
      this.#size += bytes.length;
    } catch (error) {
      this.#broken = unusable(this.path, error);
      // Where the disk took a part, better none.
      if (!(error instanceof JournalError)) await this.#file.truncate(this.#size).catch(() => {});
      throw this.#broken;
    }
  }

  /** A lock holds on one machine only; this sees who writes from another one. */
  async #alone(): Promise<void> {
    const { size } = await this.#file.stat();
    if (size !== this.#size)
      throw new JournalError(`${this.path}: another process writes to it; end that one, and run this again`);
  }

  /** The line at an offset that was told. It must have been flushed. */
  read(offset: number): Line {
    const buffer = Buffer.alloc(1024);
    let text = "";
    for (let at = offset; ; ) {
      const count = readSync(this.#file.fd, buffer, 0, buffer.length, at);
      if (count === 0) throw new JournalError(`${this.path}: was shortened by somebody else`);
      const end = buffer.subarray(0, count).indexOf(10);
      text += buffer.toString("latin1", 0, end < 0 ? count : end);
      if (end >= 0) return JSON.parse(Buffer.from(text, "latin1").toString());
      at += count;
    }
  }

  async close(): Promise<void> {
    await this.flush().finally(async () => {
      await this.#file.close();
      this.#release();
    });
  }
}
