import { a as Config } from './host-CAgWzHol.js';
import { Host } from './admin.js';
export { C as ConfigError } from './engine-WvKKC3Lg.js';

/** As much of a Durable Object's state as is used here. */
interface ClaimsObjectState {
    storage: {
        sql: {
            exec(query: string, ...values: unknown[]): {
                toArray(): unknown[];
            };
        };
        getAlarm(): Promise<number | null>;
        setAlarm(at: number): Promise<void>;
    };
}
/**
 * The Durable Object. Export it from the Worker's main module and bind it as `CLAIMS`; its storage must be SQLite
 * (`new_sqlite_classes` in the migrations).
 */
declare class Claims {
    #private;
    /** By this Cloudflare's types know a Durable Object; it does not exist at run time. */
    readonly __DURABLE_OBJECT_BRAND: never;
    constructor(state: ClaimsObjectState);
    /** One operation: `{ take }`, `{ end }` or `{ read }`. Nobody outside the Worker reaches it. */
    fetch(request: Request): Promise<Response>;
    /** Forgets what is too old to come again. */
    alarm(): Promise<void>;
}

/** As much of a message in a batch as is used here. */
interface QueueMessage {
    readonly body: unknown;
    /** 1 at the first delivery. */
    readonly attempts: number;
    ack(): void;
    retry(options?: {
        delaySeconds?: number;
    }): void;
}
/** The wait before a message is tried again: doubled from attempt to attempt, up to `mostSeconds`. */
type Backoff = {
    firstSeconds: number;
    mostSeconds: number;
};

/**
 * The webhook on Cloudflare Workers, for when one machine is not enough: `fetch` verifies events and puts them into a
 * queue, `queue` sends from it. What Cloudflare takes and costs stands in `ts/worker/README.md`.
 */

/** A batch of messages, as Cloudflare hands it to `queue`. */
interface QueueBatch {
    /** The queue's name. */
    readonly queue: string;
    readonly messages: readonly QueueMessage[];
}
/** What a Worker's main module exports by default. */
interface Worker<Env> {
    /** Answers as `createWebhook` does; never rejects. */
    fetch(request: Request, env: Env): Promise<Response>;
    /** Acknowledges or retries each message by itself; never rejects. */
    queue(batch: QueueBatch, env: Env): Promise<void>;
}
/** Names of bindings and queues, and what else can be chosen. */
type WorkerOptions = {
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
declare function createWorker<Env extends object>(config: Config | ((env: Env) => Config), options?: WorkerOptions): Worker<Env>;

export { Claims, Config, createWorker };
export type { Backoff, QueueBatch, QueueMessage, Worker, WorkerOptions };
