/** Rows by `createUser`, one by one; Authgear's event then has the hook send the invitation. */
import { AdminApiError, isDuplicate, type NewUser } from "../../admin.ts";
import { explain } from "../create.ts";
import { loginOf, type Row, toLoginId } from "./fields.ts";
import { forEach, Halt, persist } from "./pace.ts";
import { end, lastLine, type Work } from "./work.ts";

/** By its own time the event is made at once. */
const ENVELOPE_MS = 3_600_000;
/** So many rows in a row without an answer, and there will be none for the others. */
const MOST_LOST = 5;

/** `password` makes one for each account, or none. Rejects with what ends the import. */
export async function createAll(rows: AsyncIterable<Row>, work: Work, password: () => string | null): Promise<void> {
  let lost = 0;
  await forEach(rows, work, async (row) => {
    lost = (await createOne(row, work, password)) ? 0 : lost + 1;
    if (lost >= MOST_LOST) throw new Halt(`createUser: there was no answer for ${lost} rows in a row`);
  });
}

/** Whether there was an answer. */
async function createOne({ number: row, fields }: Row, work: Work, password: () => string | null): Promise<boolean> {
  const { admin, journal, ledger, clock, seal } = work;
  const login = loginOf(fields);
  if (!login) return true;
  const before = ledger.state(row) === "begun" ? lastLine(work, row, "begun", "ended") : undefined;
  const since = before?.since ?? clock.now();
  const user: NewUser = { loginId: toLoginId(login), password: password() };
  const x_state = await seal(fields, new Date(clock.now() + ENVELOPE_MS));
  const context = { ui_locales: fields.locale, x_state };
  if (!before) {
    journal.write({ is: "begun", row, hash: ledger.hash(row), since });
    await journal.flush();
  }
  let doubt = before !== undefined;
  const once = async () => {
    try {
      return await admin.createUser(user, context, doubt ? since : undefined);
    } catch (error) {
      if (error instanceof AdminApiError) doubt ||= error.inDoubt;
      throw error;
    }
  };
  try {
    const { id } = await persist(once, work);
    await end(work, row, { outcome: "created", user: id, message: "by hook" });
  } catch (error) {
    if (!(error instanceof AdminApiError)) throw error;
    if (error.fault === "refused")
      await end(work, row, { outcome: isDuplicate(error) ? "exists" : "failed", reason: explain(error) });
    else {
      await end(work, row, { outcome: "unknown", reason: error.message, since });
      return false;
    }
  }
  return true;
}
