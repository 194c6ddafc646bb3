/**
 * The webhook on Cloudflare Workers, for when one machine is not enough: `fetch` verifies events and puts them into a
 * queue, `queue` sends from it. What Cloudflare takes and costs stands in `ts/worker/README.md`.
 */
import { Claims, type ClaimsNamespace, createClaimsClient } from "./cloudflare/claims.ts";
import {
  type Backoff,
  bury,
  type Consumer,
  consume,
  type QueueBinding,
  type Queued,
  type QueueMessage,
} from "./cloudflare/consumer.ts";
import type { Config } from "./config.ts";
import { ConfigError, createSoundEngine } from "./engine.ts";
import { HOST, type Host } from "./host.ts";
import { chooseLocales } from "./locales.ts";
import { sign } from "./sign.ts";
import { type Accepted, createWebhook } from "./webhook.ts";

export { type Backoff, Claims, type Config, ConfigError, type QueueMessage };

/** A batch of messages, as Cloudflare hands it to `queue`. */
export interface QueueBatch {
  /** The queue's name. */
  readonly queue: string;
  readonly messages: readonly QueueMessage[];
}

/** What a Worker's main module exports by default. */
export interface Worker<Env> {
  /** Answers as `createWebhook` does; never rejects. */
  fetch(request: Request, env: Env): Promise<Response>;
  /** Acknowledges or retries each message by itself; never rejects. */
  queue(batch: QueueBatch, env: Env): Promise<void>;
}

/** Names of bindings and queues, and what else can be chosen. */
export type WorkerOptions = {
  /** The binding of the queue. Default `QUEUE`. */
  queue?: string;
  /**
   * The binding of the dead-letter queue, where a message is laid aside that may have been sent and of which no
   * `deadLetter` receiver has taken notice. Used when it is there. Default `DEAD_LETTERS`.
   */
  deadLetters?: string;
  /** The binding of {@link Claims}. Used when it is there. Default `CLAIMS`. */
  claims?: string;
  /** A batch whose queue's name ends in this holds messages whose retries are used up. Default `-dlq`. */
  deadLetterSuffix?: string;
  /** Default 30 seconds, then twice as long from attempt to attempt, up to an hour; half of it is jitter. */
  backoff?: Backoff;
  /** Which locales of the built-in messages to use. Default: all. */
  locales?: string[];
  host?: Host;
};

/** A message has 128,000 bytes, its metadata and our envelope included. What is larger is sent at once. */
const LARGEST_EVENT = 120_000;
/** A Worker has 6 connections at once, and a message needs 2 while it is told of. */
const LANES = 3;
/** An invocation ends after 15 minutes: what has not been begun by then is left for the next one. */
const BEGIN_MS = 12 * 60_000;
/** After a fault of the configuration: a deployment mends it. */
const MISCONFIGURED_SECONDS = 1_800;

/**
 * A Worker that takes Authgear's webhook and sends from a queue.
 *
 * ```ts
 * export { Claims } from "authgear-invite/worker";
 * export default createWorker((env: Env) => ({
 *   serviceName: "Acme",
 *   url: "https://accounts.acme.example",
 *   email: [{ provider: "resend", apiKey: env.RESEND_KEY, from: "no-reply@acme.example" }],
 *   webhook: { secrets: [env.WEBHOOK_SECRET] },
 * }));
 * ```
 *
 * The configuration is made once in an isolate, since secrets come with the environment. One that is wrong is told in
 * the log, with each problem; events are then answered with 500, and messages wait in the queue.
 */
export function createWorker<Env extends object>(
  config: Config | ((env: Env) => Config),
  options: WorkerOptions = {},
): Worker<Env> {
  const { deadLetterSuffix = "-dlq", host = { ...HOST, sign } } = options;
  const configOf = once((env: Env) => (typeof config === "function" ? config(env) : config));
  const webhookOf = once((env: Env) => createReceiver(configOf(env), queueOf(env, options), { ...options, host }));
  const consumerOf = once((env: Env) => createConsumer(configOf(env), env, { ...options, host }));

  return {
    async fetch(request, env) {
      try {
        return await webhookOf(env)(request);
      } catch (error) {
        complain(error);
        return Response.json({ outcome: "invalid_config", reason: "configuration" }, { status: 500 });
      }
    },

    async queue({ queue, messages }, env) {
      try {
        const consumer = consumerOf(env);
        const handle = queue.endsWith(deadLetterSuffix) ? bury : consume;
        const end = host.now() + BEGIN_MS;
        await inLanes(messages, async (message) => {
          if (host.now() < end) await handle(message, consumer);
          else message.retry();
        });
      } catch (error) {
        complain(error);
        for (const message of messages) message.retry({ delaySeconds: MISCONFIGURED_SECONDS });
      }
    },
  };
}

function createReceiver(config: Config, queue: QueueBinding, { locales, host }: WorkerOptions) {
  const enqueue = async ({ body, about: { id, type, userId } }: Accepted) => {
    if (body.length > LARGEST_EVENT) return undefined;
    const queued: Queued = { event: JSON.parse(new TextDecoder().decode(body)), id, type, userId };
    await queue.send(queued, { contentType: "json" });
    return "queued" as const;
  };
  return createWebhook(config, { locales, host, enqueue });
}

function createConsumer(config: Config, env: object, options: WorkerOptions & { host: Host }): Consumer {
  const { claims = "CLAIMS", deadLetters = "DEAD_LETTERS", backoff, locales, host } = options;
  const builtIn = chooseLocales(locales);
  const namespace = binding<ClaimsNamespace>(env, claims);
  return {
    engine: createSoundEngine(config, builtIn),
    setup: { config, builtin: JSON.stringify(builtIn), host },
    queue: queueOf(env, options),
    deadLetters: binding<QueueBinding>(env, deadLetters),
    claims: namespace && createClaimsClient(namespace),
    backoff: backoff ?? { firstSeconds: 30, mostSeconds: 3600 },
  };
}

function queueOf(env: object, { queue = "QUEUE" }: WorkerOptions): QueueBinding {
  const found = binding<QueueBinding>(env, queue);
  if (!found) throw new ConfigError([`env.${queue}: is missing; bind a queue's producer by this name`]);
  return found;
}

const binding = <T>(env: object, name: string) => (env as { [name: string]: T | undefined })[name];

/** Remembers a function's result for each environment; an isolate has one. */
function once<Env extends object, T>(make: (env: Env) => T): (env: Env) => T {
  const made = new WeakMap<Env, { value: T }>();
  return (env) => {
    const known = made.get(env) ?? { value: make(env) };
    made.set(env, known);
    return known.value;
  };
}

async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const lane = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** The problems of a configuration hold no value; of any other error only its name is safe. */
function complain(error: unknown): void {
  const reason = error instanceof ConfigError ? error.problems.join("\n") : (error as Error)?.name;
  console.error(JSON.stringify({ "authgear-invite": "invalid_config", reason }));
}
