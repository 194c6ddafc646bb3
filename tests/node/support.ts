/** Folders that go away, and waiting. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders: string[] = [];
process.on("exit", () => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

/** A folder that is gone when the tests are. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "authgear-invite-"));
  folders.push(path);
  return path;
}

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until there is something. */
export async function eventually<T>(
  look: () => T | undefined | Promise<T | undefined>,
  what: string,
  seconds = 20,
): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(20)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`in ${seconds} seconds there was no ${what}`);
}
