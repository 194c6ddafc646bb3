/** Questions to the person at the terminal; answers to programs stay clear of them, on stdout. */
import { createInterface } from "node:readline/promises";
import { UsageError } from "./command.ts";
import { visibleLine } from "./terminal.ts";

/** Whether there is somebody who can be asked. */
export const canAsk = () => Boolean(process.stdin.isTTY && process.stderr.isTTY);

/** One for all questions, so that lines that were typed or pasted ahead are not lost. */
let lines: AsyncIterator<string> | undefined;

/** One answer, without spaces around it; `undefined` at the end of input. */
export async function ask(question: string): Promise<string | undefined> {
  // Without readline's own editing Ctrl-C stays what it is.
  lines ??= createInterface({ input: process.stdin, terminal: false })[Symbol.asyncIterator]();
  process.stderr.write(question);
  process.stdin.ref();
  const { value, done } = await lines.next();
  process.stdin.unref();
  return done ? undefined : value.trim();
}

/**
 * Whether the person says yes.
 *
 * @throws {UsageError} Nobody can be asked.
 */
export async function confirm(question: string): Promise<boolean> {
  if (!canAsk()) throw new UsageError("--yes: is needed where nobody can be asked");
  return /^y(es)?$/i.test((await ask(visibleLine(`${question} [y/N] `))) ?? "");
}
