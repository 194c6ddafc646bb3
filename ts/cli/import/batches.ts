/** Rows by the import API, in batches, one after another; then each new account's message. */
import { AdminApiError, type ImportRequest, type ImportTask, type User } from "../../admin.ts";
import { bytes } from "../../digest.ts";
import type { LoadedConfig } from "../config-file.ts";
import type { LoginKind } from "../login.ts";
import { type Fields, loginOf, NAMES, type Row, toLoginId } from "./fields.ts";
import type { OpenBatch } from "./ledger.ts";
import { type Made, sendMessage } from "./message.ts";
import { forEach, Halt, type Pace, persist } from "./pace.ts";
import { end, lastLine, type Work } from "./work.ts";

/** Authgear takes 500,000 bytes; the rest is for what is around the records. */
const BATCH_BYTES = 499_000;
/** So many are waited for before their messages are sent. */
const BATCH_ROWS = 500;
const POLL_MS = 200;
const POLL_CAP_MS = 5_000;

const IDENTIFIERS = { email: "email", phone: "phone_number", username: "preferred_username" } as const;

type Batching = Work & {
  /** For calls that send nothing. */
  calls: Pace;
  config: LoadedConfig;
};
type Collected = { rows: Row[]; size: number };
type Detail = NonNullable<ImportTask["details"]>[number];

/** Rejects with what ends the import. */
export async function importAll(rows: AsyncIterable<Row>, work: Batching): Promise<void> {
  const { ledger, stop } = work;
  const fresh = new Map<LoginKind, Collected>();
  const open = new Map<OpenBatch, Row[]>();
  const unsent: Row[] = [];
  for await (const row of rows) {
    if (stop.aborted) return;
    const state = ledger.state(row.number);
    const batch = ledger.batchOf(row.number);
    if (state === "batched" && batch) {
      const group = [...(open.get(batch) ?? []), row];
      open.set(batch, group);
      if (group.length === batch.open) {
        open.delete(batch);
        await goOn(batch, group, work);
      }
    } else if (state === "made" || state === "leaving") {
      unsent.push(row);
      if (unsent.length >= BATCH_ROWS) await sendAll(unsent.splice(0), work);
    } else await collect(row, fresh, work);
  }
  await sendAll(unsent, work);
  for (const { rows } of fresh.values()) if (!stop.aborted) await importBatch(rows, work);
}

async function collect(row: Row, fresh: Map<LoginKind, Collected>, work: Batching): Promise<void> {
  const [kind] = loginOf(row.fields) ?? [];
  if (!kind) return;
  const size = bytes(JSON.stringify(recordOf(row.fields))).length + 1;
  const full = fresh.get(kind);
  if (full && (full.size + size > BATCH_BYTES || full.rows.length >= BATCH_ROWS)) {
    fresh.delete(kind);
    await importBatch(full.rows, work);
  }
  const collected = fresh.get(kind) ?? { rows: [], size: 0 };
  collected.rows.push(row);
  collected.size += size;
  fresh.set(kind, collected);
}

function recordOf(fields: Fields): { [name: string]: string | undefined } {
  const { email, phone, username, locale } = fields;
  const names = Object.fromEntries(NAMES.map((it) => [it, fields[it]]));
  return { email, phone_number: phone, preferred_username: username, ...names, locale };
}

// --- A batch -------------------------------------------------------------------------------------------------------------

/** `since`: when an account of these rows may have been made first. */
async function importBatch(rows: Row[], work: Batching, since = work.clock.now()): Promise<void> {
  const task = await submit(rows, since, work);
  const done = await finished(task, work);
  if (!done) throw new Halt("importTask: Authgear does not know the import that it has just begun");
  await settle(rows, detailsOf(done, rows), since, work);
}

/** A batch that another process began. Without its task it is sent again: who is there by then is skipped. */
async function goOn({ rows: numbers, task, since }: OpenBatch, rows: Row[], work: Batching): Promise<void> {
  const done = task === undefined ? undefined : await finished(task, work);
  if (!done) return importBatch(rows, work, since);
  const all = detailsOf(done, numbers);
  const details = rows.map(({ number }) => all[numbers.indexOf(number)]);
  await settle(rows, details, since, work);
}

/** The import's ID, which is in the journal. */
async function submit(rows: Row[], since: number, work: Batching): Promise<string> {
  const { admin, journal, ledger } = work;
  const [kind = "email"] = loginOf(rows[0]?.fields ?? {}) ?? [];
  const batch = ledger.batches + 1;
  const numbers = rows.map(({ number }) => number);
  journal.write({ is: "batch", batch, since, rows: numbers, hashes: numbers.map(ledger.hash) });
  await journal.flush();
  const request: ImportRequest = { identifier: IDENTIFIERS[kind], records: rows.map(({ fields }) => recordOf(fields)) };
  try {
    // Where it is in doubt whether it has begun it is begun again: who is there by then is skipped.
    const { id } = await persist(() => admin.importUsers(request), { ...work, pace: work.calls });
    journal.write({ is: "task", batch, task: id });
    return id;
  } catch (error) {
    // What is wrong with a single record stands in the task.
    throw error instanceof AdminApiError ? new Halt(error.message) : error;
  }
}

/** The import when it is done; `undefined` when Authgear does not know it any more. */
async function finished(id: string, { admin, calls, clock, stop }: Batching): Promise<ImportTask | undefined> {
  for (let wait = POLL_MS; ; wait = Math.min(POLL_CAP_MS, 1.5 * wait)) {
    try {
      const task = await persist(() => admin.importTask(id), { pace: calls, clock, stop });
      if (task.status === "completed") return task;
    } catch (error) {
      if (!(error instanceof AdminApiError)) throw error;
      if (error.fault !== "refused") throw new Halt(error.message);
      return undefined;
    }
    await clock.sleep(wait);
  }
}

function detailsOf({ details = [] }: ImportTask, rows: unknown[]): (Detail | undefined)[] {
  const byIndex: (Detail | undefined)[] = rows.map(() => undefined);
  for (const detail of details) if (detail.index in byIndex) byIndex[detail.index] = detail;
  return byIndex;
}

// --- Its rows ------------------------------------------------------------------------------------------------------------

async function settle(rows: Row[], details: (Detail | undefined)[], since: number, work: Batching): Promise<void> {
  await forEach(rows.entries(), work, async ([i, row]) => {
    const user = await accountOf(row, details[i], since, work);
    if (!user) return;
    const made = { user: user.id, created: user.createdAt };
    work.journal.write({ is: "made", row: row.number, ...made });
    await sendMessage(row, made, work, work.config);
  });
}

/** The account that this import made; for the others the outcome is told. */
async function accountOf(row: Row, detail: Detail | undefined, since: number, work: Batching) {
  const { admin } = work;
  const { outcome = "failed", user_id: id } = detail ?? {};
  const ask = (look: () => Promise<User | undefined>) => persist(look, { ...work, pace: work.calls });
  try {
    if (outcome === "inserted" && id) {
      const user = await ask(() => admin.node(id));
      if (!user)
        await end(work, row.number, { outcome: "failed", user: id, reason: "the account was deleted at once" });
      return user;
    }
    // It may be skipped because a request before, whose answer was lost, has made it.
    const login = loginOf(row.fields);
    const whose = id ? { id } : login && toLoginId(login);
    const reason = reasonOf(detail);
    const mayBeOurs = outcome === "skipped" || !detail || reason === "InvariantViolated";
    const user = mayBeOurs && whose ? await ask(() => admin.madeSince(since, whose)) : undefined;
    if (user) return user;
    if (outcome === "skipped")
      await end(work, row.number, { outcome: "exists", user: id, reason: "it was there before; nothing was changed" });
    else await end(work, row.number, { outcome: "failed", reason });
  } catch (error) {
    if (!(error instanceof AdminApiError)) throw error;
    throw new Halt(error.message);
  }
  return undefined;
}

/** A word of Authgear's, and nothing that could hold more. */
function reasonOf(detail: Detail | undefined): string {
  const [error] = (detail?.errors ?? []) as { reason?: unknown }[];
  return /^\w{1,64}$/.exec(`${error?.reason}`)?.[0] ?? "Authgear does not say why";
}

async function sendAll(rows: Row[], work: Batching): Promise<void> {
  await forEach(rows, work, async (row) => {
    const made = lastLine(work, row.number, "made", "leaving", "ended") as Made | undefined;
    if (made) await sendMessage(row, { user: made.user, created: made.created, mark: made.mark }, work, work.config);
  });
}
