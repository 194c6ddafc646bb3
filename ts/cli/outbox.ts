/** `authgear-invite outbox`: looks into the outbox and sends again, also while the server runs. */
import type { Last, Message } from "../outbox/pass.ts";
import { type State, Store, type StoredEvent } from "../outbox/store.ts";
import { type Command, EXIT, type Exit, type Group, print, UsageError, type Values } from "./command.ts";
import { maskedLogin } from "./mask.ts";
import { jsonLine, visibleLine } from "./terminal.ts";

const STATES: State[] = ["queued", "sending", "sent", "dead"];
const PAGE = 500;

const data = {
  value: "FILE",
  default: "invite.outbox.db",
  env: "AUTHGEAR_INVITE_DATA",
  help: "the outbox",
};
const json = { help: "JSON, one object a line" };

const list: Command = {
  summary: "List messages",
  options: {
    data,
    state: {
      value: "STATE",
      choices: STATES,
      help: `${STATES.join(", ")}, or several with commas (default: all but sent)`,
    },
    limit: { value: "N", default: "100", help: "no more than so many; 0 for all" },
    json,
  },
  examples: [
    ["outbox list", "What is waiting, and what failed"],
    ["outbox list --state dead --limit 0 --json", "All dead letters, for a program"],
  ],
  notes: `States: queued (will be sent), sending (a request has left, and nobody knows yet what became of it), sent, dead
(not_sent: no provider took it for days; unknown: it may have been sent).`,
  run: (values) => visit(values, listRows),
};

const show: Command = {
  summary: "Show all that is known of a message",
  args: "KEY",
  options: { data, json },
  examples: [["outbox show authgear-invite.0a1b2c3d.1788251400.0.email", "One message"]],
  run: (values, keys) => {
    const key = onlyKey("outbox show", keys);
    return visit(values, async (store) => {
      const message = find(store, key);
      const details = describe(message, store.event(message.id));
      print(values.json ? jsonLine(details) : lines(details));
      return EXIT.done;
    });
  },
};

const retry: Command = {
  summary: "Send dead messages again, or a waiting one now",
  args: "[KEY]",
  options: {
    data,
    "all-dead": { help: "all dead messages" },
    "not-sent": { help: "with --all-dead: only not_sent ones" },
    json,
  },
  examples: [
    ["outbox retry authgear-invite.0a1b2c3d.1788251400.0.email", "One message"],
    ["outbox retry --all-dead --not-sent", "After an outage: all that certainly was not sent"],
  ],
  notes: `A message that is dead as unknown may have been sent: retried, it may come twice. The running server sees to what is
retried within a second.`,
  run: (values, keys) => {
    const all = values["all-dead"] !== undefined;
    if (all === keys.length > 0) throw new UsageError("outbox retry: give a KEY, or --all-dead");
    if (values["not-sent"] && !all) throw new UsageError("outbox retry: --not-sent goes with --all-dead");
    return visit(values, (store) => retryRows(store, values, all ? undefined : onlyKey("outbox retry", keys)));
  },
};

export const outbox: Group = { summary: "Look into the outbox, and send again", commands: { list, show, retry } };

async function visit(values: Values, work: (store: Store<Last>, values: Values) => Promise<Exit>): Promise<Exit> {
  const store = await Store.open<Last>(values.data ?? "", { as: "visit" });
  try {
    return await work(store, values);
  } finally {
    store.close();
  }
}

async function listRows(store: Store<Last>, values: Values): Promise<Exit> {
  const states = readStates(values.state);
  const limit = /^\d{1,9}$/.test(values.limit ?? "") ? Number(values.limit) : Number.NaN;
  if (Number.isNaN(limit)) throw new UsageError("--limit: must be a whole number; 0 for all");
  let count = 0;
  let more = false;
  for (const message of rows(store, states)) {
    more = limit > 0 && count >= limit;
    if (more) break;
    count += 1;
    print(values.json ? jsonLine(summarize(message)) : row(message));
  }
  if (!values.json)
    process.stderr.write(count === 0 ? "Nothing.\n" : more ? `The first ${limit}; --limit 0 lists all.\n` : "");
  return EXIT.done;
}

async function retryRows(store: Store<Last>, values: Values, key: string | undefined): Promise<Exit> {
  const wanted = ({ last }: Message) => !values["not-sent"] || last?.outcome === "not_sent";
  const chosen = key === undefined ? [...rows(store, ["dead"])].filter(wanted) : [find(store, key)];
  const done = await Promise.all(chosen.map(({ id }) => store.retry(id, Date.now())));
  const retried = done.filter(Boolean).length;
  print(values.json ? jsonLine({ retried }) : `${retried} to be sent.`);
  if (key !== undefined && retried === 0) {
    process.stderr.write("It was sent already; there is nothing to retry.\n");
    return EXIT.failed;
  }
  return EXIT.done;
}

function* rows(store: Store<Last>, states: State[]): Generator<Message> {
  for (let after = 0; ; ) {
    const page = store.list({ states, after, limit: PAGE });
    yield* page;
    const last = page.at(-1);
    if (!last) return;
    after = last.id;
  }
}

function readStates(text: string | undefined): State[] {
  if (text === undefined) return STATES.filter((it) => it !== "sent");
  return text.split(",").map((name) => {
    const state = STATES.find((it) => it === name);
    if (!state) throw new UsageError(`--state: must be ${STATES.join(", ")}, or several with commas`);
    return state;
  });
}

function onlyKey(command: string, keys: string[]): string {
  const [key, ...more] = keys;
  if (key === undefined || more.length > 0) throw new UsageError(`${command}: give one KEY, as outbox list shows it`);
  return key;
}

function find(store: Store<Last>, key: string): Message {
  const message = store.entry({ key });
  if (!message) throw new UsageError("there is no message with this key; outbox list shows them");
  return message;
}

// --- What is shown: never an address in full ---------------------------------------------------------------------------

function summarize({ key, state, since, due, passes, last }: Message) {
  return {
    key,
    state,
    outcome: last && state !== "queued" ? last.outcome : undefined,
    since: time(since),
    next: state === "queued" || state === "sending" ? time(due) : undefined,
    passes,
    reason: last && "reason" in last ? last.reason : undefined,
  };
}

function describe(message: Message, event: StoredEvent | undefined) {
  const { mark, last } = message;
  return {
    ...summarize(message),
    event: event?.eventId,
    type: event?.type,
    user: event?.userId,
    recipient: event && recipient(event.body),
    provider: last && "provider" in last ? last.provider : mark?.provider,
    provider_message_id: last && "id" in last ? last.id : undefined,
    left: mark ? time(mark.first) : undefined,
    key_holds_until: mark?.keySeconds ? time(mark.first + mark.keySeconds * 1000) : undefined,
    last_pass: time(last?.at),
    attempts: last?.attempts,
    reports: last?.told,
  };
}

function row(message: Message): string {
  const { key, state, outcome, since, next, passes, reason } = summarize(message);
  const what = state === "dead" ? `dead (${outcome})` : state;
  const rest = [`passes ${passes}`, next && `next ${next}`, reason].filter(Boolean).join("  ");
  return visibleLine(`${since}  ${what.padEnd(15)}  ${key}  ${rest}`);
}

function lines(details: object): string {
  return Object.entries(details)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) =>
      visibleLine(`${`${name}:`.padEnd(21)}${typeof value === "object" ? JSON.stringify(value) : value}`),
    )
    .join("\n");
}

function recipient(body: Uint8Array): string | undefined {
  try {
    return maskedLogin(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    return undefined;
  }
}

const time = (ms: number | null | undefined) => (ms == null ? undefined : new Date(ms).toISOString());
