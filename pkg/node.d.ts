import { Server, IncomingMessage, ServerResponse } from 'node:http';

/** Serves a fetch handler by Node's own HTTP server. */

/** What answers requests: `createWebhook(config)`, for example. */
type FetchHandler = (request: Request) => Response | Promise<Response>;
/** For a server of your own: `http.createServer(toNodeListener(handler))`. The listener's promise never rejects. */
declare function toNodeListener(handler: FetchHandler): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;
/** What {@link listen} is told. */
type ListenOptions = {
    /** Default 8080; 0 takes a free one. */
    port?: number;
    /** The address to listen at. Default `127.0.0.1`, where a proxy on this machine reaches it and nobody else. */
    host?: string;
    /** Limits against clients that hold on. */
    limits?: Partial<typeof LIMITS>;
};
/** Authgear is one client with small requests; the defaults leave it far more than it needs. */
declare const LIMITS: {
    /** How long a request's head may take. */
    headMs: number;
    /** How long a whole request may take, its body included. */
    requestMs: number;
    /** How long a connection may be silent while a request is worked on or its answer is taken. */
    silenceMs: number;
    /** How long a connection is kept for the next request. */
    keepAliveMs: number;
    headBytes: number;
    /** Connections at once; more are closed as they come. */
    connections: number;
};
/** A server that listens. */
type Listening = {
    /** Where, for example `http://127.0.0.1:8080`. */
    origin: string;
    server: Server;
    /**
     * Takes no more connections and resolves when all that was begun has ended, also for clients that are gone; what is
     * not done after `graceMs` (default 60,000) is cut off.
     */
    close: (graceMs?: number) => Promise<void>;
};
/**
 * Listens, with limits that a slow or greedy client runs into before the server does.
 *
 * @throws What Node throws when it cannot listen, such as `EADDRINUSE`.
 */
declare function listen(handler: FetchHandler, options?: ListenOptions): Promise<Listening>;

export { listen, toNodeListener };
export type { FetchHandler, ListenOptions, Listening };
