import { Host } from './admin.js';
import { Send, Config } from './index.js';
import { A as About } from './run-CfHNjDGm.js';

/** Built-in messages by locale and name. */
type BuiltIn = {
    [locale: string]: object;
};

/** An event that was verified, read and found to lead to a message. */
type Accepted = {
    /** The event's JSON, as it came. */
    body: Uint8Array;
    about: About;
    decision: Send;
};
/** How a webhook differs from one that sends at once, with all built-in messages. */
type WebhookOptions = {
    /**
     * Keeps the event instead of sending now, so that it outlives this process; `duplicate` when it was kept before. Only
     * then is the delivery answered with 202. A rejection is answered with 503. `undefined`: it cannot be kept by its nature,
     * and is sent now.
     */
    enqueue?: (event: Accepted) => Promise<"queued" | "duplicate" | undefined>;
    /** Which locales of the built-in messages to use. Default: all. */
    locales?: string[];
    /** Built-in messages in their place. */
    builtIn?: BuiltIn;
    host?: Host;
};
/**
 * A fetch handler for Authgear's non-blocking webhooks.
 *
 * ```ts
 * Deno.serve(createWebhook(config));
 * ```
 *
 * It never rejects. Its answers are JSON, `{"outcome", "reason"}`, and hold no address, secret or stack:
 *
 * | status | outcome | when |
 * |---|---|---|
 * | 200 | `sent`, `skipped`, `duplicate` | done, or nothing to do, or done before |
 * | 200 | `unknown` | it may have been sent, so that it must not come again; the dead letter tells of it |
 * | 202 | `queued`, `duplicate` | `enqueue` has kept it |
 * | 405, 415, 413, 408, 401, 400 | `refused` | no POST, no JSON, over 1 MiB, too slow, wrong signature, no event |
 * | 403 | `refused` | the event's time is missing, or more than `webhook.maxAgeSeconds` from now |
 * | 500 | `invalid_config`, `failed` | a fault of the configuration or of this program |
 * | 502 | `not_sent` | no provider took it; with Retry-After, since a redelivery tries again |
 * | 503 | `not_queued` | `enqueue` failed; with Retry-After |
 *
 * @throws {ConfigError} The configuration is wrong, or has no `webhook.secrets`.
 */
declare function createWebhook(config: Config, options?: WebhookOptions): (request: Request) => Promise<Response>;

export { About, createWebhook };
export type { Accepted, BuiltIn, WebhookOptions };
