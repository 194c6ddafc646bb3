/** A world for delivery in which time passes only when told, and a provider that behaves by script. */
import type { Attempt, Core, HttpRequest, Send, Verdict } from "../../ts/core.ts";
import { HOST, type Host } from "../../ts/host.ts";

/** What the provider does with a request. */
export type Behaviour = {
  /** How long it takes; default 0. */
  takesMs?: number;
  /** What the core makes of the answer; it travels as the answer's body. */
  verdict?: Verdict;
  status?: number;
  headers?: { [name: string]: string };
  body?: string;
  /** Instead of an answer: what fetch throws. */
  throws?: unknown;
};

export const SENT: Behaviour = { verdict: { verdict: "sent", id: "m1" } };
export const RETRY: Behaviour = { status: 503, verdict: { verdict: "retry", detail: "503" } };
export const REFUSED: Behaviour = { status: 422, verdict: { verdict: "refused", detail: "422" } };
export const UNKNOWN: Behaviour = { status: 502, verdict: { verdict: "unknown", detail: "502" } };
/** The request leaves, and nothing comes back. */
export const HANG: Behaviour = { takesMs: Number.POSITIVE_INFINITY };
export const REFUSED_PORT: Behaviour = {
  throws: new TypeError(
    "error sending request for url (https://api.example/AC1): client error (Connect): tcp connect error: Connection refused (os error 111)",
  ),
};

/** Judges by the body, which holds the verdict. */
export const core: Core = {
  decide: () => ({ type: "skip", reason: "", detail: "", rule: null }),
  classify: ({ body }) => JSON.parse(body ?? `{"verdict":"unknown","detail":"no body"}`),
};

export type Seen = { url: string; init: RequestInit; body: string; at: number };

export class World {
  time = Date.UTC(2026, 8, 1, 8, 30, 0);
  readonly requests: Seen[] = [];
  readonly sleeps: number[] = [];
  readonly host: Host;
  readonly #script: Behaviour[];
  readonly #alarms = new Map<AbortSignal, { at: number; ring: () => void }>();

  /** After the script's end its last line is repeated. */
  constructor(script: Behaviour[], random: () => number = () => 0.5) {
    this.#script = [...script];
    this.host = {
      now: () => this.time,
      random,
      sleep: async (ms) => {
        this.sleeps.push(ms);
        this.time += ms;
      },
      timeout: (ms) => {
        const controller = new AbortController();
        const ring = () => controller.abort(new DOMException("", "TimeoutError"));
        this.#alarms.set(controller.signal, { at: this.time + ms, ring });
        return controller.signal;
      },
      fetch: async (url, init) => this.#serve(url, init),
    };
  }

  async #serve(url: string, init: RequestInit): Promise<Response> {
    this.requests.push({ url, init, body: await new Response(init.body).text(), at: this.time });
    const behaviour = this.#script.length > 1 ? this.#script.shift() : this.#script[0];
    const { takesMs = 0, verdict, status = 200, headers, throws } = behaviour ?? SENT;
    const body = behaviour?.body ?? JSON.stringify(verdict);
    const alarm = init.signal && this.#alarms.get(init.signal);
    if (alarm && this.time + takesMs >= alarm.at) {
      this.time = alarm.at;
      alarm.ring();
      throw init.signal?.reason;
    }
    this.time += takesMs;
    if (throws !== undefined) throw throws;
    return new Response(body, { status, headers });
  }
}

/** The real world, without its delays. */
export const impatient: Host = { ...HOST, sleep: async () => {} };

export const request = (url: string): HttpRequest => ({
  url,
  method: "POST",
  headers: { "content-type": "application/json", "api-key": "key-5521" },
  body: `{"to":"newuser@newuser.example"}`,
});

/** A message for these providers; a number of seconds makes one that honours keys for so long. */
export function message(...providers: (number | Attempt)[]): Send {
  return {
    type: "send",
    rule: 0,
    message: "invite",
    channel: "email",
    to: "user",
    address: "newuser@newuser.example",
    locale: "en",
    localeFrom: "default",
    key: "evt.0.email",
    warnings: [],
    attempts: providers.map((it, sender) =>
      typeof it === "number"
        ? { provider: `p${sender}`, sender, keySeconds: it, request: request(`https://p${sender}.example/send`) }
        : { ...it, sender },
    ),
  };
}
