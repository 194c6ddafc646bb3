/** Works through the outbox: begins passes over what is due, so many at once, and looks after the file. */
import type { Core } from "../core.ts";
import { sha256 } from "../digest.ts";
import type { Setup } from "../host.ts";
import { MARGIN_MS } from "../mark.ts";
import type { Accepted } from "../webhook.ts";
import { BACKOFF_CAP_MS, type Context, type Last, type Notice, pass, Stopped } from "./pass.ts";
import type { Store } from "./store.ts";

export type WorkerOptions = {
  store: Store<Last>;
  core: Core;
  setup: Setup;
  /** Messages that are being sent at once. */
  concurrency: number;
  /** How long a message that was not sent is tried again. */
  maxMs: number;
  /** How long a message is remembered, against a second delivery of its event. */
  keepMs: number;
  notify: (notice: Notice | Upkeep) => void;
};

/** What the worker does besides sending. */
export type Upkeep = { what: "swept"; sent: number; dead: number } | { what: "clock"; backMs: number };

const TICK_MS = 250;
const SWEEP_MS = 60_000;
/** After the file could not be read or written. */
const PAUSE_MS = 1_000;
/** Ids that are read ahead. */
const AHEAD = 256;

export class Worker {
  readonly #options: WorkerOptions;
  readonly #context: Context;
  readonly #running = new Map<number, Promise<void>>();
  readonly #stop = new AbortController();
  #ready: number[] = [];
  #mayBeDue = true;
  #pausedUntil = 0;
  #latest = 0;
  #sweptAt = Number.NEGATIVE_INFINITY;
  #started = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { store, core, setup, maxMs, notify } = options;
    const sleep = (ms: number) => interruptible(ms, this.#stop.signal);
    this.#context = { store, core, maxMs, notify, setup: { ...setup, host: { ...setup.host, sleep } } };
  }

  /** Messages that are being sent now. */
  get sending(): number {
    return this.#running.size;
  }

  /** Keeps an event; resolves when it is on the disk. */
  async accept({ body, about, decision }: Accepted): Promise<"queued" | "duplicate"> {
    const { id: eventId, type, userId } = about;
    // Without an id two events of one second can have the same key; their recipients tell them apart.
    const key = eventId ? decision.key : `${decision.key}.${(await sha256(decision.address)).slice(0, 16)}`;
    const event = { eventId, type, userId: typeof userId === "string" ? userId : undefined, body };
    const result = await this.#options.store.insert(key, this.#now(), event);
    if (result === "queued") this.#wake();
    return result;
  }

  /** Until then events are kept and none is sent. */
  async start(): Promise<void> {
    this.#latest = this.#options.store.newest();
    await this.#tick();
    this.#timer = setInterval(() => void this.#tick(), TICK_MS);
  }

  /** Begins nothing new; resolves when what was begun is done. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    await Promise.all(this.#running.values());
  }

  async #tick(): Promise<void> {
    try {
      await this.#watchClock();
      this.#started = true;
      this.#wake();
      await this.#sweep();
    } catch (error) {
      this.#pause(error);
    }
  }

  #wake(): void {
    this.#mayBeDue = true;
    this.#begin();
  }

  #begin(): void {
    const { concurrency } = this.#options;
    if (!this.#started || this.#stop.signal.aborted || performance.now() < this.#pausedUntil) return;
    try {
      while (this.#running.size < concurrency) {
        const id = this.#next();
        if (id === undefined) return;
        const done = this.#pass(id).finally(() => {
          this.#running.delete(id);
          this.#begin();
        });
        this.#running.set(id, done);
      }
    } catch (error) {
      this.#pause(error);
    }
  }

  #next(): number | undefined {
    if (this.#ready.length === 0 && this.#mayBeDue) {
      const due = this.#options.store.due(this.#now(), AHEAD + this.#running.size);
      this.#ready = due.filter((id) => !this.#running.has(id)).reverse();
      this.#mayBeDue = this.#ready.length > 0;
    }
    return this.#ready.pop();
  }

  async #pass(id: number): Promise<void> {
    try {
      const message = this.#options.store.entry({ id });
      if (message?.due != null && message.due <= this.#now()) await pass(message, this.#context);
    } catch (error) {
      if (!(error instanceof Stopped)) this.#pause(error);
    }
  }

  #pause(error: unknown): void {
    this.#pausedUntil = performance.now() + PAUSE_MS;
    this.#options.notify({ what: "fault", error: error as Error });
  }

  async #watchClock(): Promise<void> {
    const now = this.#now();
    const backMs = this.#latest - now;
    this.#latest = now;
    if (backMs <= MARGIN_MS) return;
    this.#options.notify({ what: "clock", backMs });
    await this.#options.store.distrustClock(now, now + BACKOFF_CAP_MS);
  }

  async #sweep(): Promise<void> {
    if (performance.now() < this.#sweptAt + SWEEP_MS) return;
    this.#sweptAt = performance.now();
    const { store, keepMs, notify } = this.#options;
    while (!this.#stop.signal.aborted) {
      const { sent, dead } = await store.sweep(this.#now() - keepMs);
      if (sent + dead === 0) return;
      notify({ what: "swept", sent, dead });
    }
  }

  #now(): number {
    return this.#options.setup.host.now();
  }
}

/** Rejects with {@link Stopped} when there is no time left to sleep. */
function interruptible(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(new Stopped());
    };
    const timer = setTimeout(() => {
      stop.removeEventListener("abort", end);
      resolve();
    }, ms);
    if (stop.aborted) end();
    else stop.addEventListener("abort", end);
  });
}
