/** Questions to the person at the terminal; answers to programs stay clear of them, on stdout. */
import { createInterface } from "node:readline/promises";

/** Whether there is somebody who can be asked. */
export const canAsk = () => Boolean(process.stdin.isTTY && process.stderr.isTTY);

/** One answer, without spaces around it; the end of input and Ctrl-C are an empty one. */
export async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    return (await Promise.race([lines.question(question), closed])).trim();
  } finally {
    lines.close();
  }
}
