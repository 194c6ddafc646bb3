/**
 * How fast, and how many at once: both grow a little with each success and are halved when somebody says that it is too
 * much (additive increase, multiplicative decrease), within the bounds that are given.
 */
import { AdminApiError } from "../../admin.ts";

/** `sleep` rejects with {@link Stopped} when the process is to end. */
export type Clock = { now: () => number; sleep: (ms: number) => Promise<void>; random: () => number };

/** The lowest share of the bounds. */
const LEAST = 1 / 64;
const STEP = 1 / 32;
/** Requests for one call when there is no answer or no connection. */
const ATTEMPTS = 4;
/** So often in a row it may be too much. */
const LIMITED = 40;
const BACKOFF_MS = 500;
/** A wait that is told. */
const NOTED_MS = 5_000;

export class Pace {
  readonly #perSecond: number;
  readonly #atOnce: number;
  readonly #clock: Clock;
  /** The share of both bounds, above 0 to 1. */
  #level = 1;
  #running = 0;
  #waiting: (() => void)[] = [];
  #next = 0;
  #slowed = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number, atOnce: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#atOnce = atOnce;
    this.#clock = clock;
  }

  get perSecond(): number {
    return this.#perSecond * this.#level;
  }

  get atOnce(): number {
    return Math.max(1, Math.floor(this.#atOnce * this.#level));
  }

  /** For people: that it is slower than it might be; empty when it is not. */
  get note(): string {
    const wait = this.#next - this.#clock.now();
    if (wait > NOTED_MS) return `waits ${Math.ceil(wait / 1000)} s, as it was asked to`;
    return this.#level < 1 ? `slowed to ${this.perSecond.toFixed(1)}/s` : "";
  }

  /** Waits for a place among those that run at once. */
  async place(): Promise<void> {
    while (this.#running >= this.atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
  }

  /** Gives it back. */
  leave(): void {
    this.#running -= 1;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Waits for its turn; returns when that was. */
  async turn(): Promise<number> {
    const at = Math.max(this.#clock.now(), this.#next);
    this.#next = at + 1000 / this.perSecond;
    const wait = at - this.#clock.now();
    if (wait > 0) await this.#clock.sleep(wait);
    return this.#clock.now();
  }

  ok(): void {
    this.#level = Math.min(1, this.#level + STEP);
  }

  /** It was too much, says the answer to what left at `turn`; what left before that was known says nothing new. */
  slow(turn: number, waitMs = 0): void {
    const now = this.#clock.now();
    if (turn > this.#slowed) {
      this.#level = Math.max(LEAST, this.#level / 2);
      this.#slowed = now;
    }
    this.#next = Math.max(this.#next, now + waitMs, now + 1000 / this.perSecond);
  }
}

/** Nothing more can be done by anybody: the rest is left untouched. The message says why. */
export class Halt extends Error {
  override readonly name = "Halt";
}

/** It was told to end, and this would have been tried again. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/**
 * Calls the Admin API, again while that may help. What it throws of {@link AdminApiError} is about this one call: it was
 * refused, or there was no answer.
 *
 * @throws {AdminApiError | Halt | Stopped}
 */
export async function persist<T>(
  work: () => Promise<T>,
  { pace, clock, stop }: { pace: Pace; clock: Clock; stop: AbortSignal },
): Promise<T> {
  for (let [failed, limited] = [0, 0]; ; ) {
    const turn = await pace.turn();
    try {
      const value = await work();
      pace.ok();
      return value;
    } catch (error) {
      if (!(error instanceof AdminApiError) || error.fault === "refused") throw error;
      if (error.fault === "forbidden") throw new Halt(error.message);
      if (error.fault === "rate_limited") {
        pace.slow(turn, error.retryAfterMs);
        limited += 1;
        if (limited >= LIMITED) throw new Halt(`${error.message}, ${limited} times in a row`);
      } else {
        failed += 1;
        if (failed >= ATTEMPTS) throw error.fault === "unreachable" ? new Halt(error.message) : error;
      }
      if (stop.aborted) throw new Stopped();
      if (failed > 0) await clock.sleep(clock.random() * BACKOFF_MS * 2 ** failed);
    }
  }
}

/** Does it for each row, as many at once as the pace says; ends what was begun, and throws the first error. */
export async function forEach<T>(
  items: AsyncIterable<T> | Iterable<T>,
  { pace, stop }: { pace: Pace; stop: AbortSignal },
  work: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const errors: unknown[] = [];
  try {
    for await (const item of items) {
      await pace.place();
      if (stop.aborted || errors.length > 0) {
        pace.leave();
        break;
      }
      const one = work(item)
        .catch((error) => void errors.push(error))
        .finally(() => {
          pace.leave();
          running.delete(one);
        });
      running.add(one);
    }
  } finally {
    await Promise.all(running);
  }
  const [first] = errors.filter((it) => !(it instanceof Stopped));
  if (first) throw first;
}
