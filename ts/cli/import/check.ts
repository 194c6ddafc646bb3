/** The two readings of the file: the first looks for all that is wrong, the second gives the rows that are to be done. */
import { UsageError } from "../command.ts";
import { LOGIN_KINDS } from "../login.ts";
import { loginOf, type Row } from "./fields.ts";
import type { Journal, Via } from "./journal.ts";
import { hash64, Ledger, rowHash } from "./ledger.ts";
import { type Columns, type Format, readRows } from "./rows.ts";
import { Seen } from "./seen.ts";
import type { Source } from "./source.ts";

/** Bad rows that wait in memory for the disk. */
const TOLD_AT_ONCE = 1000;

export type Input = { source: Source; format: Format; columns: Columns; salt: string; via: Via };

export type Bad = { row: number; line: number; problem: string };

/** Reads all rows; each one that cannot be imported is told. */
export async function checkRows({ source, format, columns, salt, via }: Input, tell: (bad: Bad) => void) {
  const ledger = new Ledger();
  const seen = new Seen();
  for await (const row of readRows(source, format, columns)) {
    const before = loginsOf(row, via).map((login) => seen.add(hash64(salt, login), row.number));
    const same = before.find((it) => it !== undefined && it !== row.number);
    const double = same === undefined ? [] : [`has the same login as row ${same}, line ${ledger.line(same)}`];
    const problems = [...row.problems, ...double];
    for (const problem of problems) tell({ row: row.number, line: row.line, problem });
    ledger.add(row.line, rowHash(salt, row.fields), problems.length > 0);
  }
  if (ledger.count === 0) throw new UsageError(`${source.name}: has no rows`);
  return ledger;
}

/** As Authgear compares them. `createUser` makes one login alone. */
function loginsOf({ fields }: Row, via: Via): string[] {
  const plain = (kind: string, value: string) => `${kind}:${value.normalize("NFKC").toLowerCase()}`;
  if (via === "create") return [loginOf(fields)].flatMap((it) => (it ? [plain(...it)] : []));
  return LOGIN_KINDS.flatMap((kind) => (fields[kind] === undefined ? [] : [plain(kind, fields[kind])]));
}

/** Rows that are not done yet. Those that are bad get their outcome. */
export async function* rowsToDo(
  { source, format, columns, salt }: Input,
  ledger: Ledger,
  journal: Pick<Journal, "write" | "flush">,
): AsyncGenerator<Row, void, undefined> {
  let told = 0;
  for await (const row of readRows(source, format, columns)) {
    const hash = rowHash(salt, row.fields).toString(16).padStart(16, "0");
    if (row.number > ledger.count || hash !== ledger.hash(row.number))
      throw new UsageError(`${source.name}: was changed in the meantime; run it again`);
    const state = ledger.state(row.number);
    if (state === "bad" && ledger.at(row.number) === undefined) {
      const [reason = "has the same login as another row"] = row.problems;
      journal.write({ is: "ended", row: row.number, outcome: "bad", reason });
      if (++told % TOLD_AT_ONCE === 0) await journal.flush();
    }
    if (state !== "bad" && state !== "done") yield row;
  }
}
