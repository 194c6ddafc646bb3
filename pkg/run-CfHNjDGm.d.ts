import { V as Verdict, S as Send } from './host-CAgWzHol.js';

/**
 * Brings one message to the first sender that takes it; the only file that calls fetch for a send.
 *
 * The rule behind all of it: never two messages. A request that may have been carried out is repeated only under an
 * idempotency key that the provider still honours, and never handed to another provider.
 */

/** One request that was made, or refused before it was. Holds no address and no key. */
type Try = {
    provider: string;
    result: Verdict["verdict"];
    status?: number;
    detail?: string;
    ms: number;
};
/** `unknown`: a request left, and nobody can say whether it was carried out. */
type Delivery = {
    outcome: "sent";
    provider: string;
    id?: string;
    attempts: Try[];
} | {
    outcome: "not_sent" | "unknown";
    reason: string;
    attempts: Try[];
};

/** The flow of the hook: from an event to its outcome. */

/** What became of an event: for a blocking one, which this hook must not hold up, its answer. */
type Outcome = {
    is_allowed: true;
} | Conclusion;
/** What became of an event that was decided on. Holds no address and no key. */
type Conclusion = ({
    outcome: "skipped";
    reason: string;
    detail?: string;
    rule?: number | null;
} & Reports)
/** `reason` has a line for each problem of the configuration. */
 | ({
    outcome: "invalid_config";
    reason: string;
} & Reports) | (Delivery & Partial<Facts> & Reports);
/** What was decided about a message. */
type Facts = Pick<Send, "rule" | "message" | "channel" | "to" | "locale" | "localeFrom" | "key" | "warnings">;
/** Whether the receivers of the configuration took a report; absent where none was due. */
type Reports = {
    deadLetter?: "taken" | "failed";
    receipt?: "taken" | "failed";
};
/** What the shim itself reads of an event. */
type About = {
    id?: string;
    type: string;
    userId?: unknown;
    /** When the time that Authgear gives began: see {@link startOf}. */
    start: number;
};

export type { About as A, Conclusion as C, Delivery as D, Outcome as O, Try as T };
