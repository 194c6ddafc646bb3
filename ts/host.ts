import type { Config, SesSender } from "./config.ts";
import type { Attempt, HttpRequest } from "./core.ts";
import { hostFetch } from "./fetch.ts";

/** What delivery needs of the world around it; tests put their own in its place. */
export type Host = {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds since 1970. */
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  /** At least 0, less than 1. */
  random: () => number;
  /** A signal that aborts after so many milliseconds, and does not keep a process alive. */
  timeout: (ms: number) => AbortSignal;
  /** Signs a request for Amazon; only files that use SES carry it. */
  sign?: Sign;
  /**
   * Hears of a sender's request before it first leaves, for those who must remember that it did; what it throws keeps the
   * request from leaving. No request: it could not be made.
   */
  leaving?: (attempt: Attempt, prepared: { request?: HttpRequest; keySeconds: number }) => Promise<void>;
};

/** Returns the request with its signature; `now` is milliseconds since 1970. */
export type Sign = (request: HttpRequest, sender: SesSender, region: string, now: number) => Promise<HttpRequest>;

/** What stays the same from event to event; `builtin` is the JSON text of the built-in messages. */
export type Setup = { config: Config; builtin: string; host: Host };

/** When the configuration says nothing; Authgear gives a hook 60 seconds. */
const BUDGET_SECONDS = 50;

/** How long a delivery may take. */
export const budgetMs = ({ delivery }: Config) => (delivery?.budgetSeconds ?? BUDGET_SECONDS) * 1000;

/** The real world. */
export const HOST: Host = {
  fetch: hostFetch,
  now: Date.now,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
  timeout: (ms) => AbortSignal.timeout(Math.max(0, Math.trunc(ms))),
};
