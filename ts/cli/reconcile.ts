/** `authgear-invite reconcile`: who was created by an admin, and never told? */
import type { Last } from "../outbox/pass.ts";
import { Store } from "../outbox/store.ts";
import { loadAdmin } from "./admin-config.ts";
import { confirm } from "./ask.ts";
import { CONFIG, type Command, EXIT, type Exit, print, UsageError, type Values, wholeNumber } from "./command.ts";
import { loadConfig } from "./config-file.ts";
import { prettyLog } from "./log.ts";
import { type Account, accounts, type Court, type Range } from "./reconcile/judge.ts";
import { afresh, byAttribute, byOutbox, type Teller, type Told } from "./reconcile/send.ts";
import { attributeWitness, journalWitness, outboxWitness } from "./reconcile/witness.ts";
import { jsonLine, visibleLine } from "./terminal.ts";

const HOUR_MS = 3_600_000;
const UNITS = { m: 60_000, h: HOUR_MS, d: 24 * HOUR_MS } as const;

export const reconcile: Command = {
  summary: "Find those who were created by an admin and never told",
  options: {
    config: CONFIG,
    since: { value: "TIME", default: "48h", help: "accounts created since: 48h, 7d, or as 2026-11-01T00:00:00Z" },
    until: { value: "TIME", default: "2m", help: "and before; a hook may still be at it with younger ones" },
    outbox: { value: "FILE", help: "told is who is in this outbox of authgear-invite serve; the server may run" },
    "keep-days": { value: "N", default: "30", help: "as told to serve: for so long the outbox remembers" },
    journal: { value: "FILE", help: "told is whom this journal of an import says so" },
    attribute: { value: "NAME", help: "told is who has this custom attribute set" },
    send: { help: "send to those who were not told" },
    "per-second": { value: "N", default: "5", help: "no more messages than so many" },
    yes: { help: "do not ask" },
    json: { help: "JSON, one object a line, for every account" },
  },
  examples: [
    ["reconcile --since 7d --outbox invite.outbox.db", "Who is not in the outbox, though a rule meets the account"],
    ["reconcile --outbox invite.outbox.db --send", "Put them there, and the server sends"],
    ["reconcile --attribute invited --send", "Send from here, and set the custom attribute invited"],
  ],
  notes: `It reads USER_CREATED in the audit log by the Admin API (the block admin, as for create), which goes back as far as the
project's plan allows. The same core decides, so that no rule is forgotten; users who are deleted or disabled meanwhile, or
have logged in, are left alone. A message has the idempotency key that the hook's has: what the hook sent in the last hours is
not sent again by a provider that honours it.

At least one of --outbox, --journal and --attribute must say who was told; of several the one who knows more is believed. A
custom attribute alone cannot know what a pasted hook has sent, for a hook cannot set it: everybody looks forgotten whom no
earlier run of reconcile has told. Set it yourself where you know better.

--send needs a memory, and a journal is none. With --attribute it sends from here. The attribute, a text that the project
must define (User Profile > Custom Attributes), says "sending TIME" before a request leaves and "sent TIME" after it, so that
a run that is cut off leaves a doubt, which is told and never repeated; "unknown TIME": nobody knows what became of it. To
have such a user told again, empty the attribute, or resend. Each change fires user.profile.updated. With --outbox alone the
event goes into the outbox, and the server sends.

It exits with 1 when somebody was not told, or nobody knows.`,
  run,
};

async function run(values: Values): Promise<Exit> {
  const file = values.config ?? "";
  const now = Date.now();
  const range = readRange(values, now);
  const perSecond = wholeNumber(values, "per-second", 1, 100);
  const { outbox, journal, attribute } = values;
  check(values, range, now);
  const { admin } = loadAdmin(file);
  const loaded = loadConfig(file, { without: ["webhook"] });
  const store = outbox === undefined ? undefined : await Store.open<Last>(outbox, { as: "visit" });
  try {
    const court: Court = {
      engine: loaded.engine,
      witnesses: [
        ...(store ? [outboxWitness(store)] : []),
        ...(journal ? [await journalWitness(journal)] : []),
        ...(attribute ? [attributeWitness(attribute)] : []),
      ],
    };
    // The log is walked twice rather than kept.
    const walk = () => accounts(admin, range, court);
    const counts = await list(walk(), range, values);
    const left = counts.not_told + counts.in_doubt + counts.outbox;
    if (!values.send || counts.not_told === 0) return left === 0 ? EXIT.done : EXIT.failed;
    if (!outbox) process.stderr.write(`${attribute} cannot know what a hook has sent.\n`);
    if (!values.yes && !(await confirm(`Send to ${people(counts.not_told)}?`))) {
      process.stderr.write("Nothing was sent.\n");
      return EXIT.failed;
    }
    const teller = attribute ? byAttribute(attribute, admin, loaded) : byOutbox(store as Store<Last>);
    const told = await sendAll(walk(), afresh(admin, court, teller), {
      perSecond,
      count: counts.not_told,
      json: Boolean(values.json),
    });
    return told && left === counts.not_told ? EXIT.done : EXIT.failed;
  } finally {
    store?.close();
  }
}

// --- The command line --------------------------------------------------------------------------------------------------

function check({ outbox, journal, attribute, ...values }: Values, { from }: Range, now: number): void {
  if (outbox === undefined && journal === undefined && attribute === undefined)
    throw new UsageError("reconcile: give --outbox, --journal or --attribute: something must know who was told");
  if (values.send && outbox === undefined && attribute === undefined)
    throw new UsageError("--send: goes with --attribute or --outbox, which remember who is told now");
  // Authgear's own rule for the names of custom attributes.
  if (attribute !== undefined && !/^[a-z]([a-z0-9_]*[a-z0-9])?$/.test(attribute))
    throw new UsageError("--attribute: must be the name of a custom attribute, as invited");
  // The server forgets while this looks: who is told now must not look forgotten in a minute.
  const days = wholeNumber(values, "keep-days", 2, 3_650) - 1;
  if (outbox !== undefined && from.getTime() < now - days * UNITS.d)
    throw new UsageError(`--since: must be at most ${days}d ago, a day less than --keep-days: the outbox forgets`);
}

function readRange(values: Values, now: number): Range {
  const range = { from: readTime(values, "since", now), to: readTime(values, "until", now) };
  if (range.from >= range.to) throw new UsageError("--since: must be before --until");
  return range;
}

/** `48h` ago, or a time with its zone. */
function readTime(values: Values, option: string, now: number): Date {
  const text = values[option] ?? "";
  const [, number, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const ms = number ? now - Number(number) * UNITS[unit as keyof typeof UNITS] : Date.parse(text);
  if (number || (/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(ms))) return new Date(ms);
  throw new UsageError(`--${option}: must be as 90m, 48h or 7d, or a time as 2026-11-01T00:00:00Z`);
}

// --- What is shown -----------------------------------------------------------------------------------------------------

type Counts = { [status in Account["status"]]: number } & { reasons: Map<string, number> };

const { status: showStatus } = prettyLog(process.stderr);

async function list(found: AsyncIterable<Account>, { from, to }: Range, { json }: Values): Promise<Counts> {
  const counts: Counts = { told: 0, not_told: 0, in_doubt: 0, outbox: 0, skipped: 0, reasons: new Map() };
  let seen = 0;
  for await (const account of found) {
    const { status, reason = "" } = account;
    counts[status] += 1;
    if (status === "skipped") counts.reasons.set(reason, (counts.reasons.get(reason) ?? 0) + 1);
    showStatus("");
    if (json) print(jsonLine(toJson(account)));
    else if (status !== "told" && status !== "skipped") print(row(account));
    showStatus(`${people(++seen)} looked at, ${counts.not_told} not told`);
  }
  showStatus("");
  if (!json) print(`${summary(counts)}; looked at accounts created from ${time(from)} to ${time(to)}`);
  return counts;
}

const time = (date: Date) => date.toISOString().replace(/\.\d+/, "");

const toJson = ({ userId, createdAt, login, status, reason, why, key }: Account) => ({
  user_id: userId,
  created_at: createdAt,
  login,
  status,
  reason,
  why,
  key,
});

const row = ({ createdAt, userId, login = "", status, why }: Account) =>
  visibleLine(`${createdAt}  ${userId}  ${login.padEnd(24)}  ${status.replace("_", " ")}: ${why}`);

function summary({ not_told, in_doubt, outbox, told, skipped, reasons }: Counts): string {
  const why = [...reasons].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${reason} ${count}`);
  return [
    `${not_told} not told`,
    in_doubt && `${in_doubt} in doubt`,
    outbox && `${outbox} still in the outbox`,
    `${told} told`,
    `${skipped} skipped${why.length > 0 ? ` (${why.join(", ")})` : ""}`,
  ]
    .filter(Boolean)
    .join(", ");
}

const people = (count: number) => `${count} ${count === 1 ? "account" : "accounts"}`;

// --- Sending -----------------------------------------------------------------------------------------------------------

type Sending = { perSecond: number; count: number; json: boolean };

/** Whether all of them were sent, or are in the outbox. */
async function sendAll(found: AsyncIterable<Account>, teller: Teller, options: Sending): Promise<boolean> {
  const { perSecond, count, json } = options;
  const outcomes = new Map<string, number>();
  let done = 0;
  let next = 0;
  for await (const account of found) {
    if (account.status !== "not_told") continue;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - Date.now())));
    next = Date.now() + 1000 / perSecond;
    await teller(account, (told) => {
      outcomes.set(told.outcome, (outcomes.get(told.outcome) ?? 0) + 1);
      showStatus("");
      print(json ? jsonLine({ user_id: account.userId, ...told }) : sentRow(account, told));
      showStatus(`${++done} of ${count}`);
    });
  }
  showStatus("");
  if (!json) print([...outcomes].map(([outcome, n]) => `${n} ${WORDS[outcome] ?? outcome}`).join(", "));
  return [...outcomes.keys()].every((outcome) => outcome === "sent" || outcome === "queued");
}

const WORDS: { [outcome: string]: string } = { not_sent: "not sent", unknown: "unknown: may have been sent" };

const sentRow = ({ userId, login = "" }: Account, { outcome, provider, why }: Told) =>
  visibleLine(
    `${userId}  ${login.padEnd(24)}  ${WORDS[outcome] ?? outcome}${provider ? ` by ${provider}` : ""}${why ? `: ${why}` : ""}`,
  );
