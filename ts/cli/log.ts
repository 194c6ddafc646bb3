/** Log lines: JSON for machines, or short ones for people, with a status line below them on a terminal. */

export type Level = "info" | "warn" | "error";
export type Log = (level: Level, what: string, facts?: { [name: string]: unknown }) => void;

type Stream = { write: (text: string) => unknown; isTTY?: boolean; columns?: number };

/** One JSON object a line. */
export function jsonLog(stream: Stream): Log {
  return (level, what, facts) =>
    void stream.write(
      `${JSON.stringify({ time: new Date().toISOString(), level, "authgear-invite": what, ...facts })}\n`,
    );
}

const COLORS: { [level in Level]: number } = { info: 32, warn: 33, error: 31 };
const DIM = 2;
const CLEAR = "\r\x1b[K";

/** Lines for people, and `status`, which is written over itself until the next line. */
export function prettyLog(stream: Stream, env = process.env): { log: Log; status: (text: string) => void } {
  const color = Boolean(stream.isTTY) && !env.NO_COLOR;
  const paint = (code: number, text: string) => (color ? `\x1b[${code}m${text}\x1b[0m` : text);
  let shown = "";
  const log: Log = (level, what, facts = {}) => {
    const time = new Date().toTimeString().slice(0, 8);
    const rest = Object.entries(facts)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => `${paint(DIM, `${name}=`)}${typeof value === "string" ? value : JSON.stringify(value)}`);
    stream.write(`${shown && CLEAR}${paint(DIM, time)} ${paint(COLORS[level], what)} ${rest.join(" ")}\n${shown}`);
  };
  const status = (text: string) => {
    if (!stream.isTTY) return;
    shown = text && paint(DIM, text.slice(0, (stream.columns ?? 80) - 1));
    stream.write(CLEAR + shown);
  };
  return { log, status };
}
