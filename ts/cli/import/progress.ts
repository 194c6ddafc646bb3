/** How far an import is: a line that is written over itself on a terminal, otherwise one now and then. */
import { prettyLog } from "../log.ts";

type Stream = { write: (text: string) => unknown; isTTY?: boolean; columns?: number };

const SHOWN_MS = 250;
const LINE_MS = 30_000;
const BAR = 24;
/** The rate is that of so many seconds. */
const WINDOW_MS = 20_000;

export type Progress = { done: () => void; end: () => void };

/** `before` rows of `total` are done already; `note` is added to what is shown. */
export function startProgress(stream: Stream, total: number, before: number, note: () => string): Progress {
  const { status } = prettyLog(stream);
  const start = Date.now();
  const marks: [at: number, done: number][] = [[start, before]];
  let done = before;
  const text = (): string => {
    const now = Date.now();
    marks.push([now, done]);
    while (marks.length > 2 && now - (marks[0]?.[0] ?? now) > WINDOW_MS) marks.shift();
    const [from, at] = marks[0] ?? [now, done];
    const rate = now > from ? (1000 * (done - at)) / (now - from) : 0;
    return [describe(done, total, rate), note()].filter(Boolean).join(" · ");
  };
  const timer = setInterval(
    () => (stream.isTTY ? status(text()) : stream.write(`${text()}\n`)),
    stream.isTTY ? SHOWN_MS : LINE_MS,
  );
  return {
    done: () => {
      done += 1;
    },
    end: () => {
      clearInterval(timer);
      status("");
    },
  };
}

/** `rate` is in rows a second. */
export function describe(done: number, total: number, rate: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.floor(share * BAR);
  const parts = [
    `${"█".repeat(filled)}${"░".repeat(BAR - filled)} ${Math.floor(100 * share)} %`,
    `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`,
    `${rate.toFixed(1)}/s`,
    ...(rate > 0 && done < total ? [`${duration((total - done) / rate)} left`] : []),
  ];
  return parts.join(" · ");
}

export function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min` : `${Math.ceil(seconds)} s`;
}
