/**
 * A burst of events at Authgear's hook runner, in simulated time: so many places, and a client that waits so long in all,
 * for a place and for the hook together. The hook is ts/run.ts itself; only its world is simulated. The same seed gives the
 * same numbers.
 */
import type { Core, HttpRequest } from "../../ts/core.ts";
import type { Host } from "../../ts/host.ts";
import { run } from "../../ts/run.ts";

/** Times are in seconds. */
export type Burst = {
  /** All at once, at 0. */
  events: number;
  places: number;
  /** How long the server's client waits for an event's hook in all; then its process is killed, or never started. */
  limit: number;
  /** From the start of a process to its first request. */
  start: number;
  provider: Provider;
};

/** Until `outage` it answers 503 at once or, `silent`, nothing; then it takes messages, and says so after `latency`. */
export type Provider = { latency: number; outage: number; silent: boolean; keySeconds: number };

export type Policy = { budgetSeconds?: number; attemptSeconds?: number; attempts?: number };

/** What became of the events: a message; none, but the dead letter tells of it; neither. */
export type Toll = { sent: number; told: number; unseen: number };

/** What a process does with its event. */
export type Hook = (event: number, host: Host) => Promise<void>;

/** An answer of 503 and the dead letter's receiver take so long. */
const QUICK_MS = 100;
/** When the burst is, in milliseconds since 1970: a whole second, as timestamps are. */
const ZERO = Date.UTC(2026, 8, 1);

/** A hook that knows its event's age: ours. */
export function ours(policy: Policy, keySeconds: number): Hook {
  return async (event, host) => {
    const request = (url: string): HttpRequest => ({ url, method: "POST", headers: {}, body: `${event}` });
    const core: Core = {
      decide: () => ({
        type: "send",
        rule: 0,
        message: "invite",
        channel: "email",
        to: "user",
        address: "",
        locale: "en",
        localeFrom: "default",
        key: `${event}`,
        warnings: [],
        attempts: [{ provider: "p", sender: 0, keySeconds, request: request("https://provider.example/") }],
      }),
      classify: ({ status }) =>
        status === 200 ? { verdict: "sent" } : { verdict: status === 503 ? "retry" : "unknown", detail: `${status}` },
    };
    const config = {
      serviceName: "",
      url: "",
      deadLetter: { url: `https://grave.example/${event}`, secret: "s" },
      delivery: policy,
    };
    const created = { type: "user.created", context: { timestamp: ZERO / 1000 } };
    await run(created, () => core, { config, builtin: "{}", host });
  };
}

/** One that does not: it tries again so often whatever the time is, waits 1, 2, 4 … seconds, and then hands on. */
export function naive({ attempts = 4, attemptSeconds = 10 }: Policy, keySeconds: number): Hook {
  return async (event, host) => {
    const post = async (url: string) => {
      try {
        const signal = host.timeout(attemptSeconds * 1000);
        return (await host.fetch(url, { method: "POST", body: `${event}`, signal })).status;
      } catch {
        return undefined;
      }
    };
    for (let n = 0; n < attempts; n++) {
      const status = await post("https://provider.example/");
      if (status === 200) return;
      if (status === undefined && keySeconds === 0) break;
      if (n + 1 < attempts) await host.sleep(1000 * 2 ** n);
    }
    await post(`https://grave.example/${event}`);
  };
}

/** Lets a burst happen. */
export async function simulate(burst: Burst, hook: Hook, seed: number): Promise<Toll> {
  const { events, places, limit, start, provider } = burst;
  const end = limit * 1000;
  const clock = new Clock();
  const random = generator(seed);
  const [sent, told] = [new Set<number>(), new Set<number>()];

  const answer = (url: string, event: number): { ms: number; status: number } => {
    const dead = url.startsWith("https://grave");
    if (!dead && clock.now < provider.outage * 1000)
      return { ms: provider.silent ? Number.POSITIVE_INFINITY : QUICK_MS, status: 503 };
    (dead ? told : sent).add(event);
    return { ms: dead ? QUICK_MS : provider.latency * 1000, status: 200 };
  };

  const hostOf = (event: number): Host => {
    const alarms = new WeakMap<AbortSignal, { ms: number; ring: () => void }>();
    return {
      now: () => ZERO + clock.now,
      random,
      sleep: (ms) => clock.sleep(ms),
      timeout: (ms) => {
        const alarm = new AbortController();
        alarms.set(alarm.signal, { ms, ring: () => alarm.abort(new DOMException("", "TimeoutError")) });
        return alarm.signal;
      },
      fetch: async (url, { signal }) => {
        const { ms, status } = answer(url, event);
        const alarm = alarms.get(signal as AbortSignal);
        await clock.sleep(Math.min(ms, alarm?.ms ?? ms));
        if (!alarm || ms <= alarm.ms) return new Response("", { status });
        alarm.ring();
        throw signal?.reason;
      },
    };
  };
  const processOf = async (event: number) => {
    await clock.sleep(start * 1000);
    await hook(event, hostOf(event));
  };

  let begun = 0;
  /** One event after another; nothing in here outlives the limit, since the clock does not. */
  const place = async () => {
    while (begun < events) await processOf(begun++);
  };
  for (let n = 0; n < places; n++) clock.start(place);
  await clock.runUntil(end);
  const toldOnly = [...told].filter((event) => !sent.has(event)).length;
  return { sent: sent.size, told: toldOnly, unseen: events - sent.size - toldOnly };
}

/** Time that passes when everybody sleeps. */
class Clock {
  /** In milliseconds. */
  now = 0;
  readonly #sleepers: { at: number; wake: () => void }[] = [];
  #awake = 0;

  start(task: () => Promise<void>): void {
    this.#awake += 1;
    void task().finally(() => {
      this.#awake -= 1;
    });
  }

  sleep(ms: number): Promise<void> {
    const at = this.now + ms;
    this.#awake -= 1;
    return new Promise((resolve) => {
      const wake = () => {
        this.#awake += 1;
        resolve();
      };
      // Behind all who wake no later: among equals the first comes first.
      const behind = this.#sleepers.findIndex((it) => it.at > at);
      this.#sleepers.splice(behind < 0 ? this.#sleepers.length : behind, 0, { at, wake });
    });
  }

  async runUntil(end: number): Promise<void> {
    for (;;) {
      while (this.#awake > 0) await new Promise(setImmediate);
      const next = this.#sleepers.shift();
      if (!next || next.at >= end) return;
      this.now = next.at;
      next.wake();
    }
  }
}

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
