/** The file that is imported, which is read twice: once to look for what is wrong, and once to do it. */
import { closeSync, createReadStream, createWriteStream, fstatSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UsageError } from "../command.ts";

export type Source = {
  /** For messages. */
  name: string;
  /** From its beginning, each time. */
  read: () => Readable;
  close: () => void;
};

/** @throws {UsageError} */
export async function openSource(file: string): Promise<Source> {
  if (file === "-") return spool(process.stdin, "stdin");
  let fd: number;
  try {
    fd = openSync(file, "r");
    if (fstatSync(fd).isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file}: ${code === "ENOENT" ? "there is no such file" : `cannot be read (${code})`}`);
  }
  if (fstatSync(fd).isFile()) return sourceOf(fd, file);
  return spool(createReadStream("", { fd }), file);
}

function sourceOf(fd: number, name: string): Source {
  return {
    name,
    read: () => createReadStream("", { fd, start: 0, autoClose: false }),
    close: () => closeSync(fd),
  };
}

/** What can be read only once goes through a file that has no name any more, so that nothing of it stays. */
async function spool(input: Readable, name: string): Promise<Source> {
  const folder = mkdtempSync(join(tmpdir(), "authgear-invite-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const fd = openSync(join(folder, "input"), "wx+", 0o600);
    // Windows lets no file go that is open.
    if (process.platform !== "win32") remove();
    await pipeline(input, createWriteStream("", { fd, start: 0, autoClose: false }));
    const { close, ...source } = sourceOf(fd, name);
    return {
      ...source,
      close: () => {
        close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw new UsageError(`${name}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
