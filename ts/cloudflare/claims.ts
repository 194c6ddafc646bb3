/**
 * Claims on messages, durable: a Durable Object with SQLite in which a message is claimed before its request leaves, and
 * its end is written down after. Queues deliver at least once; with claims a copy that comes while the message is being
 * sent waits, one that comes later is dropped, and one that comes after a crash knows what had left.
 */
import { sha256 } from "../digest.ts";
import type { Mark } from "../mark.ts";

/**
 * ```
 * (none) ──► sending ──► sent        mark: the request that has left, while nobody knows what became of it
 *             ▲   │ └──► dead
 *             └─ waiting
 * ```
 */
export type ClaimState = "sending" | "waiting" | "sent" | "dead";

/** What a claim is answered. */
export type Claimed = { granted: true } | Denied;

export type Denied = { granted: false } & (
  | { why: "busy" /** So long at the most somebody else is sending it. */; waitMs: number }
  | { why: "ended" }
  /** A request has left before, and nobody knows what became of it: claim that one, or none. */
  | { why: "doubt"; mark: Mark }
);

type Take = {
  key: string;
  /** Who claims: one pass over one message. */
  holder: string;
  /** What is about to leave. */
  mark: Mark;
  /** The request of this mark left before, and is to be repeated. */
  again: boolean;
  /** So long it stays the holder's, if it says no more. */
  leaseMs: number;
};
/** How a pass ended. A holder who was overtaken does not change `waiting`. */
export type End = {
  key: string;
  holder?: string;
  state: Exclude<ClaimState, "sending">;
  mark?: Mark;
  /** Why it failed. */
  note?: string;
};

/** What is known of a message. `note`: why its last pass failed. */
export type Claim = { state: ClaimState; mark?: Mark; note?: string };

/** The claims on messages, as those who send them see it. Rejects when the Durable Object cannot be reached. */
export interface ClaimsClient {
  take(claim: Take): Promise<Claimed>;
  end(end: End): Promise<void>;
  read(key: string): Promise<Claim | undefined>;
}

/** As much of a Durable Object's namespace as is used here. */
export interface ClaimsNamespace {
  idFromName(name: string): unknown;
  get(id: never): { fetch(url: string, init: { method: string; body: string }): Promise<Response> };
}

/** Talks to the objects of a namespace. One object would be a bottleneck, one for each message is dear to store. */
export function createClaimsClient(namespace: ClaimsNamespace): ClaimsClient {
  const call = async <T>(key: string, operation: Operation): Promise<T> => {
    const shard = (await sha256(key)).slice(0, 2);
    const stub = namespace.get(namespace.idFromName(shard) as never);
    const response = await stub.fetch("https://claims/", { method: "POST", body: JSON.stringify(operation) });
    if (!response.ok) throw new Error("the Durable Object failed");
    return (await response.json()) as T;
  };
  return {
    take: (take) => call(take.key, { take }),
    end: async (end) => void (await call(end.key, { end })),
    read: async (key) => (await call<Claim | null>(key, { read: key })) ?? undefined,
  };
}

type Operation = { take: Take } | { end: End } | { read: string };

type Row = { state: ClaimState; holder: string | null; until: number; mark: string | null; note: string | null };

/** As much of a Durable Object's state as is used here. */
export interface ClaimsObjectState {
  storage: {
    sql: { exec(query: string, ...values: unknown[]): { toArray(): unknown[] } };
    getAlarm(): Promise<number | null>;
    setAlarm(at: number): Promise<void>;
  };
}

/** A message in a queue lives for 14 days at the most, a webhook's event for as long as `webhook.maxAgeSeconds` says. */
const KEEP_MS = 30 * 86_400_000;
const SWEEP_MS = 86_400_000;

/**
 * The Durable Object. Export it from the Worker's main module and bind it as `CLAIMS`; its storage must be SQLite
 * (`new_sqlite_classes` in the migrations).
 */
export class Claims {
  /** By this Cloudflare's types know a Durable Object; it does not exist at run time. */
  declare readonly __DURABLE_OBJECT_BRAND: never;
  readonly #storage: ClaimsObjectState["storage"];

  constructor(state: ClaimsObjectState) {
    this.#storage = state.storage;
    this.#sql(`CREATE TABLE IF NOT EXISTS claim (
      key TEXT PRIMARY KEY, state TEXT NOT NULL, holder TEXT, until INTEGER NOT NULL, mark TEXT, note TEXT, at INTEGER NOT NULL
    ) WITHOUT ROWID`);
  }

  /** One operation: `{ take }`, `{ end }` or `{ read }`. Nobody outside the Worker reaches it. */
  async fetch(request: Request): Promise<Response> {
    const operation = (await request.json()) as Operation;
    if ("read" in operation) return Response.json(this.#read(operation.read));
    if ("end" in operation) return Response.json(this.#end(operation.end));
    const claimed = this.#take(operation.take);
    if ((await this.#storage.getAlarm()) === null) await this.#storage.setAlarm(Date.now() + SWEEP_MS);
    return Response.json(claimed);
  }

  /** Forgets what is too old to come again. */
  async alarm(): Promise<void> {
    this.#sql("DELETE FROM claim WHERE at < ?", Date.now() - KEEP_MS);
    const [left] = this.#sql("SELECT 1 FROM claim LIMIT 1");
    if (left) await this.#storage.setAlarm(Date.now() + SWEEP_MS);
  }

  #take({ key, holder, mark, again, leaseMs }: Take): Claimed {
    const now = Date.now();
    const row = this.#row(key);
    if (row?.state === "sent" || row?.state === "dead") return { granted: false, why: "ended" };
    const own = row?.holder === holder;
    if (row?.state === "sending" && !own && row.until > now)
      return { granted: false, why: "busy", waitMs: row.until - now };
    const left: Mark | undefined = row?.mark && !own ? JSON.parse(row.mark) : undefined;
    if (left && !(again && left.hash === mark.hash)) return { granted: false, why: "doubt", mark: left };
    this.#write(key, "sending", holder, now + leaseMs, left ?? mark);
    return { granted: true };
  }

  #end({ key, holder, state, mark, note }: End): Record<string, never> {
    const row = this.#row(key);
    const overtaken = row?.state === "sent" || (state === "waiting" && row?.holder !== holder);
    if (!overtaken) this.#write(key, state, null, 0, mark, note);
    return {};
  }

  #read(key: string): Claim | null {
    const row = this.#row(key);
    if (!row) return null;
    return { state: row.state, mark: row.mark ? JSON.parse(row.mark) : undefined, note: row.note ?? undefined };
  }

  #row(key: string): Row | undefined {
    return this.#sql("SELECT state, holder, until, mark, note FROM claim WHERE key = ?", key)[0] as Row | undefined;
  }

  #write(key: string, state: ClaimState, holder: string | null, until: number, mark?: Mark, note?: string): void {
    const text = mark ? JSON.stringify(mark) : null;
    this.#sql(
      "INSERT OR REPLACE INTO claim (key, state, holder, until, mark, note, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ...[key, state, holder, until, text, note ?? null, Date.now()],
    );
  }

  #sql(query: string, ...values: unknown[]): unknown[] {
    return this.#storage.sql.exec(query, ...values).toArray();
  }
}
