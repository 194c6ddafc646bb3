/** Text that others wrote, on a terminal; and who reads no more. */

/** What a terminal would obey, what turns text around, and what is not seen; a line break and a tab may stay. */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /(?![\n\t])[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff]/g;

const shown = (c: string) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A text in which what would not be seen, or would be obeyed, stands as `\u001b`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, shown);
}

/** The same on one line. */
export function visibleLine(text: string): string {
  return visible(text).replace(/[\n\t]/g, shown);
}

/** A value as JSON on one line, in which a terminal finds nothing to obey. */
export function jsonLine(value: unknown): string {
  return visible(JSON.stringify(value));
}

/**
 * The work goes on, and its exit code stands, when output is lost by such an error, or by any: as in `reconcile --send |
 * head`, which must not end in the midst of a message.
 */
export function outlive(code?: string): void {
  for (const stream of [process.stdout, process.stderr])
    stream.removeAllListeners("error").on("error", (error: NodeJS.ErrnoException) => {
      if (code !== undefined && error.code !== code) throw error;
    });
}
