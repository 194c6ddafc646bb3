/** `authgear-invite import`: many accounts out of a file, each of whose owners is invited once. */
import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loadAdmin } from "./admin-config.ts";
import {
  CONFIG,
  type Command,
  EXIT,
  type Exit,
  type Lists,
  oneOf,
  print,
  UsageError,
  type Values,
  wholeNumber,
} from "./command.ts";
import { loadConfig } from "./config-file.ts";
import { loadEnvelope } from "./envelope.ts";
import { importAll } from "./import/batches.ts";
import { type Bad, checkRows, type Input, rowsToDo } from "./import/check.ts";
import { createAll } from "./import/create.ts";
import { type Column, FIELDS, isField, NAMES, ofPlaceholder } from "./import/fields.ts";
import { type Header, Journal, JournalError, readHeader, readJournal, type Via } from "./import/journal.ts";
import type { Ledger } from "./import/ledger.ts";
import { type Clock, Halt, Pace, Stopped } from "./import/pace.ts";
import { duration, startProgress } from "./import/progress.ts";
import { resultFile, type Totals, writeResult } from "./import/result.ts";
import { type Columns, newColumns } from "./import/rows.ts";
import { sealer } from "./import/seal.ts";
import { openSource } from "./import/source.ts";
import { LOGIN_KINDS } from "./login.ts";
import { jsonLine, visibleLine } from "./terminal.ts";

const FORMATS = ["csv", "jsonl"] as const;
const VIAS = ["create", "import-api"] as const;
const PASSWORDS = ["throwaway", "none"] as const;
/** Reads of the Admin API that send nothing. */
const CALLS_PER_SECOND = 50;

export const importCommand: Command = {
  summary: "Create many accounts out of a file, and have each of their owners invited once",
  args: "FILE",
  options: {
    config: CONFIG,
    via: {
      value: "WAY",
      choices: VIAS,
      default: "create",
      help: "create: one by one, the hook sends; import-api: in batches, this sends",
    },
    password: {
      value: "MODE",
      choices: PASSWORDS,
      help: "with create: throwaway or none (default throwaway); import-api makes none",
    },
    format: { value: "FORMAT", choices: FORMATS, help: "csv or jsonl (default by the file's name, else csv)" },
    delimiter: { value: "CHAR", default: ",", help: 'of CSV: one character such as ";", or tab' },
    map: {
      value: "HEADER=FIELD",
      many: true,
      help: "a column whose header is not the field's name; may be given again",
    },
    "skip-bad": { help: "leave bad rows out instead of doing nothing" },
    "dry-run": { help: "only look for what is wrong, and say what would be done" },
    rate: { value: "N", default: "5", help: "rows a second, at the most" },
    concurrency: { value: "N", default: "4", help: "rows at once, at the most" },
    journal: { value: "FILE", help: "what was done, for going on (default FILE.journal)" },
    result: { value: "FILE", help: "the outcome of each row as CSV, - for stdout (default FILE.result.csv)" },
    json: { help: "a JSON object for each bad row, and one at the end" },
  },
  examples: [
    ["import users.csv --dry-run", "What is wrong in the file, and what would be done"],
    ["import users.csv", "An account for each row, whose owner sets the password by Forgot Password"],
    ["import users.csv", "The same again, after it was ended or killed: it goes on"],
    [
      'import staff.csv --delimiter ";" --map "E-mail address=email" --map "First name=given_name"',
      "Another kind of CSV",
    ],
    ["import users.jsonl --via import-api --rate 20", "In batches; the invitations are sent from here"],
    ["import - --journal users.journal < users.csv", "From another program"],
  ],
  notes: `Columns: ${FIELDS.join(", ")}.
A row needs one of email, phone (as +85251000001) and username; with create the first of them that it has is the login.
locale is the language of the user. inviter and message, and with create the names, reach the message only by an
envelope: envelope.secrets of the configuration. message is the name of another message than the rule's. A column may also be
one of envelope.placeholders. Others are ignored. JSON Lines has an object of texts in each line.

All rows are looked at first. When one is bad, or two have the same login, nothing is done.

The journal has row numbers, hashes of rows, IDs of users, times and outcomes; no address, name or password. Run the
same command again to go on where it ended, however it ended: no account and no message is missed or made twice. Rows that
failed are tried again. Rows may be added at the file's end. In doubt about a message it is repeated only where the
provider's idempotency key allows it; otherwise its outcome is unknown, and it is for you to decide.

Outcomes: created, exists (it was there before; nothing was changed), failed, unknown, bad (see --skip-bad), and where it
was ended begun or not begun. Messages: by hook, sent, skipped (by your rules), not sent (run it again), unknown. The exit
code is 0 when every row is created or exists, and every message is sent, skipped or the hook's.

The hook has 10 places. A message takes about a second, so 5 rows a second leave half of them free for others. When
Authgear or the provider says that it is too much, it goes slower by itself.

--json prints {"row", "line", "problem"} for each bad row, and at the end {"outcome": "done", "stopped", "halted", "refused" or
"dry_run", "reason", "rows", "outcomes", "messages", "journal", "result"}.`,
  run,
};

type Options = {
  file: string;
  config: string;
  via: Via;
  password: "throwaway" | "none";
  format: "csv" | "jsonl";
  delimiter: string;
  rate: number;
  concurrency: number;
  journal: string;
  result: string;
  skipBad: boolean;
  dryRun: boolean;
  json: boolean;
};

async function run(values: Values, [file, ...more]: string[], { map }: Lists): Promise<Exit> {
  if (file === undefined || more.length > 0) throw new UsageError("import: name one file, or - for stdin");
  const options = readOptions(values, file);
  const loaded = load(options);
  const { placeholders = [], messageProblem = () => undefined } = loaded.envelope ?? {};
  const { format, delimiter } = options;
  const reading = { format, delimiter, map: readMap(map, placeholders), placeholders, messageProblem };
  const source = await openSource(file);
  try {
    const header = (await usable(readHeader(options.journal))) ?? newHeader(options.via);
    if (header.via !== options.via)
      throw new UsageError(
        `${options.journal}: was begun with --via ${header.via}; go on with that, or name another --journal`,
      );
    const input: Input = { source, format: reading, columns: newColumns(), salt: header.salt, via: options.via };
    let bad = 0;
    const ledger = await checkRows(input, (it) => {
      bad += 1;
      tellBad(it, options);
    });
    tellColumns(input.columns, loaded.envelope !== undefined, options);
    if (bad > 0 && !options.skipBad) return refuse(ledger, options);
    if (options.dryRun) return await dryRun(ledger, header, options);
    return await work(input, ledger, header, loaded, options);
  } finally {
    source.close();
  }
}

const newHeader = (via: Via): Header => ({
  journal: "authgear-invite import",
  version: 1,
  via,
  salt: randomBytes(16).toString("hex"),
});

// --- Before anything is done ---------------------------------------------------------------------------------------------

function readOptions(values: Values, file: string): Options {
  const via = oneOf(values, "via", VIAS);
  if (values.password !== undefined && via === "import-api" && values.password !== "none")
    throw new UsageError("--password: the import API takes no new passwords; its accounts have none");
  const password = oneOf({ password: values.password ?? "throwaway" }, "password", PASSWORDS);
  const byName = /\.(jsonl|ndjson)$/i.test(file) ? "jsonl" : "csv";
  const format = oneOf({ format: values.format ?? byName }, "format", FORMATS);
  const delimiter = values.delimiter === "tab" || values.delimiter === "\\t" ? "\t" : (values.delimiter ?? ",");
  if (!/^[^"\r\n]$/.test(delimiter)) throw new UsageError('--delimiter: must be one character such as ";", or tab');
  if (file === "-" && values.journal === undefined)
    throw new UsageError("--journal: is needed with -, to know what was done when it is run again");
  const journal = values.journal ?? `${file}.journal`;
  const result = values.result ?? `${file === "-" ? journal : file}.result.csv`;
  const json = values.json !== undefined;
  const files = [file, journal, result].filter((it) => it !== "-").map((it) => resolve(it));
  if (new Set(files).size < files.length)
    throw new UsageError("import: FILE, --journal and --result must be three different files");
  if (json && result === "-") throw new UsageError("--result: must be a file with --json, which takes stdout");
  return {
    file,
    config: values.config ?? "",
    via,
    password,
    format,
    delimiter,
    rate: wholeNumber(values, "rate", 1, 10_000),
    concurrency: wholeNumber(values, "concurrency", 1, 64),
    journal,
    result,
    skipBad: values["skip-bad"] !== undefined,
    dryRun: values["dry-run"] !== undefined,
    json,
  };
}

function readMap(entries: string[] = [], placeholders: string[]): Map<string, Column> {
  return new Map(
    entries.map((entry) => {
      const at = entry.lastIndexOf("=");
      const name = entry.slice(at + 1).trim();
      const column = isField(name) ? name : ofPlaceholder(name);
      if (at < 1 || (column !== name && !placeholders.includes(name)))
        throw new UsageError(
          `--map: must be HEADER=FIELD, as Mail=email; fields are ${[...FIELDS, ...placeholders].join(", ")}`,
        );
      return [entry.slice(0, at).trim(), column];
    }),
  );
}

type Loaded = ReturnType<typeof load>;

/** All that the configuration is needed for, so that what is wrong in it is told before anything is done. */
function load({ config: file, via }: Options) {
  const { admin, password } = loadAdmin(file, { attempts: 1 });
  return {
    admin,
    password,
    envelope: loadEnvelope(file),
    config: via === "import-api" ? loadConfig(file) : undefined,
  };
}

function tellBad(bad: Bad, { json, file }: Options): void {
  if (json) print(jsonLine(bad));
  else warn(`${file}: line ${bad.line}: ${bad.problem}`);
}

function tellColumns({ known, unknown }: Columns, sealed: boolean, { file, via }: Options): void {
  const names = [...unknown].map((it) => JSON.stringify(it)).join(", ");
  if (unknown.size > 0) warn(`${file}: columns that are ignored: ${names}; see --map`);
  const lost = [...known].filter(
    (it) => it === "inviter" || it === "message" || (via === "create" && NAMES.some((name) => name === it)),
  );
  if (lost.length > 0 && !sealed)
    warn(
      `${lost.join(", ")}: will not reach the message; only an envelope takes that along: set envelope.secrets in the configuration`,
    );
  const logins = LOGIN_KINDS.filter((it) => known.has(it));
  if (via === "create" && logins.length > 1)
    warn(
      `${logins.join(", ")}: createUser makes one login, the first of them that a row has; --via import-api makes all`,
    );
}

const warn = (text: string) => void process.stderr.write(`authgear-invite: ${visibleLine(text)}\n`);

function refuse(ledger: Ledger, options: Options): Exit {
  const reason = `${count(ledger.counts("bad"), "row")} of ${ledger.count.toLocaleString("en")} cannot be imported; nothing was done`;
  if (options.json)
    print(jsonLine({ outcome: "refused", reason, rows: ledger.count, outcomes: { bad: ledger.counts("bad") } }));
  warn(`${reason}; correct them, or leave them out with --skip-bad`);
  return EXIT.usage;
}

async function dryRun(ledger: Ledger, header: Header, options: Options): Promise<Exit> {
  const { journal, file, via, rate, json } = options;
  await usable(readJournal(journal, header, (line, offset) => ledger.apply(line, offset)));
  ledger.check(journal, file);
  const bad = ledger.counts("bad");
  const done = ledger.counts("done");
  const unsent = ledger.counts("made") + ledger.counts("leaving");
  const todo = ledger.count - bad - done - unsent;
  if (json) print(jsonLine({ outcome: "dry_run", rows: ledger.count, outcomes: { bad, done, unsent, todo } }));
  else {
    const how =
      via === "create" ? "by createUser, and the hook would invite" : "by the import API, and this would invite";
    const rest = [
      unsent > 0 && `${count(unsent, "message")} to be sent for accounts made before`,
      done > 0 && `${count(done, "row")} done before`,
      bad > 0 && `${count(bad, "bad row")} left out`,
    ];
    print(
      [
        `Would make ${count(todo, "account")} ${how} their owners; about ${duration((todo + unsent) / rate)}`,
        ...rest.filter(Boolean),
      ].join("; "),
    );
  }
  return EXIT.done;
}

const count = (n: number, what: string) => `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;

// --- The work --------------------------------------------------------------------------------------------------------------

async function work(input: Input, ledger: Ledger, header: Header, loaded: Loaded, options: Options): Promise<Exit> {
  const journal = await openJournal(ledger, header, options);
  try {
    const ending = await carryOut(input, ledger, journal, loaded, options);
    await journal.flush();
    const totals = resultFile(options.result, (write) => writeResult(ledger, journal, write));
    return conclude(totals, ending, options);
  } finally {
    await journal.close().catch(() => {});
  }
}

async function openJournal(ledger: Ledger, header: Header, { journal: path, file }: Options): Promise<Journal> {
  const journal = await usable(Journal.open(path, header, (line, offset) => ledger.apply(line, offset)));
  try {
    ledger.check(path, file);
    return journal;
  } catch (error) {
    await journal.close();
    throw error;
  }
}

/** A journal that cannot be used is a wrong input; one that breaks later on is not. */
const usable = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error) => {
    throw error instanceof JournalError ? new UsageError(error.message) : error;
  });

type Ending = { halted?: string; stopped: boolean };

async function carryOut(
  input: Input,
  ledger: Ledger,
  journal: Journal,
  { admin, password, envelope, config }: Loaded,
  options: Options,
): Promise<Ending> {
  const { stop, clock, release } = stopping();
  const pace = new Pace(options.rate, options.concurrency, clock);
  const todo = ledger.count - ledger.counts("bad");
  const progress = startProgress(process.stderr, todo, ledger.counts("done"), () => pace.note);
  journal.onLine = (line, offset) => {
    ledger.apply(line, offset);
    if (line.is === "ended" && line.outcome !== "bad") progress.done();
  };
  const common = { admin, journal, ledger, pace, clock, stop, seal: sealer(envelope?.secret) };
  const rows = rowsToDo(input, ledger, journal);
  try {
    if (config)
      await importAll(rows, {
        ...common,
        config,
        calls: new Pace(Math.max(CALLS_PER_SECOND, options.rate), options.concurrency, clock),
      });
    else await createAll(rows, common, options.password === "none" ? () => null : password);
    return { stopped: stop.aborted };
  } catch (error) {
    if (error instanceof Halt) return { halted: error.message, stopped: stop.aborted };
    if (error instanceof Stopped) return { stopped: true };
    throw error;
  } finally {
    progress.end();
    release();
  }
}

/** Ctrl-C: what was begun is ended, and nothing new is begun; a second one ends the process. */
function stopping(): { stop: AbortSignal; clock: Clock; release: () => void } {
  const controller = new AbortController();
  const stop = controller.signal;
  setMaxListeners(0, stop);
  const onSignal = () => {
    if (stop.aborted) process.exit(EXIT.failed);
    warn("ending what was begun; Ctrl-C again ends at once, and loses nothing either");
    controller.abort();
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  const clock: Clock = {
    now: Date.now,
    random: Math.random,
    sleep: (ms) =>
      sleep(ms, undefined, { signal: stop }).catch(() => {
        throw new Stopped();
      }),
  };
  return {
    stop,
    clock,
    release: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

function conclude(totals: Totals, { halted, stopped }: Ending, { json, journal, result }: Options): Exit {
  const { rows, outcomes, messages } = totals;
  const done = (outcomes.created ?? 0) + (outcomes.exists ?? 0);
  const told = (messages["by hook"] ?? 0) + (messages.sent ?? 0) + (messages.skipped ?? 0);
  const whole = done === rows && told === (outcomes.created ?? 0);
  const outcome = halted ? "halted" : stopped ? "stopped" : "done";
  if (json) print(jsonLine({ outcome, reason: halted, rows, outcomes, messages, journal, result }));
  else warn(summary(totals, result));
  if (halted) warn(halted);
  if (!whole) warn(advice(totals, halted !== undefined || stopped));
  return whole ? EXIT.done : EXIT.failed;
}

function summary({ rows, outcomes, messages }: Totals, result: string): string {
  const list = (counts: { [name: string]: number }) =>
    Object.entries(counts)
      .map(([name, n]) => `${n.toLocaleString("en")} ${name}`)
      .join(", ");
  const sent = Object.keys(messages).length > 0 ? `; messages: ${list(messages)}` : "";
  return `${count(rows, "row")}: ${list(outcomes)}${sent}${result === "-" ? "" : `; see ${result}`}`;
}

function advice({ messages }: Totals, ended: boolean): string {
  const doubt = messages.unknown
    ? "; look into your provider's log for those that are unknown before you send them again"
    : "";
  return `run the same command again to ${ended ? "go on" : "try again what failed"}${doubt}`;
}
