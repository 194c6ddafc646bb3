/** `authgear-invite serve`: the webhook, the outbox and its worker in one process. */
import { HOST } from "../host.ts";
import { BUILT_IN } from "../locales.ts";
import { listen } from "../node.ts";
import { OutboxError } from "../outbox/file.ts";
import { Metrics } from "../outbox/metrics.ts";
import type { Last, Notice } from "../outbox/pass.ts";
import { type Counts, Store } from "../outbox/store.ts";
import { type Upkeep, Worker } from "../outbox/worker.ts";
import { sign } from "../sign.ts";
import { createWebhook } from "../webhook.ts";
import { CONFIG, type Command, EXIT, type Exit, oneOf, UsageError, wholeNumber } from "./command.ts";
import { loadConfig } from "./config-file.ts";
import { jsonLog, type Level, type Log, prettyLog } from "./log.ts";
import { outlive } from "./terminal.ts";

const LOGS = ["json", "pretty"] as const;
const DAY_MS = 86_400_000;
const STATUS_MS = 1_000;
/** What is counted over all rows is counted again after so many times the time it took. */
const COUNT_REST = 20;

export const serve: Command = {
  summary: "Receive Authgear's webhook, keep each event on disk, and send its message",
  options: {
    config: CONFIG,
    data: {
      value: "FILE",
      default: "invite.outbox.db",
      env: "AUTHGEAR_INVITE_DATA",
      help: "the outbox, made when it is lacking",
    },
    host: { value: "ADDRESS", default: "127.0.0.1", env: "AUTHGEAR_INVITE_HOST", help: "where to listen" },
    port: { value: "PORT", default: "8080", env: "AUTHGEAR_INVITE_PORT", help: "0 takes a free one" },
    concurrency: {
      value: "N",
      default: "32",
      env: "AUTHGEAR_INVITE_CONCURRENCY",
      help: "messages that are being sent at once",
    },
    "max-days": { value: "DAYS", default: "3", env: "AUTHGEAR_INVITE_MAX_DAYS", help: "how long a message is tried" },
    "keep-days": {
      value: "DAYS",
      default: "30",
      env: "AUTHGEAR_INVITE_KEEP_DAYS",
      help: "how long a message is remembered",
    },
    grace: { value: "SECONDS", default: "25", env: "AUTHGEAR_INVITE_GRACE", help: "for what is under way at the end" },
    log: {
      value: "FORMAT",
      choices: LOGS,
      env: "AUTHGEAR_INVITE_LOG",
      help: "json or pretty (default pretty on a terminal, else json)",
    },
  },
  examples: [
    ["serve --config invite.config.json", "Listen on this machine, for a proxy with TLS in front"],
    ["serve --host 0.0.0.0 --port 8080 --data /var/lib/invite/outbox.db", "In a container"],
  ],
  notes: `Give Authgear the URL of this server as a non-blocking webhook for user.created. It answers 202 when the event is
on disk. GET /healthz says whether the outbox can be written, GET /metrics is for Prometheus.

SIGTERM or SIGINT: no more requests are taken, what is being sent is ended; a second one ends at once. Nothing that was
answered with 202 is lost either way.`,
  run,
};

async function run(values: { [option: string]: string | undefined }): Promise<Exit> {
  const port = wholeNumber(values, "port", 0, 65_535);
  const concurrency = wholeNumber(values, "concurrency", 1, 1_000);
  const maxDays = wholeNumber(values, "max-days", 1, 365);
  const keepDays = wholeNumber(values, "keep-days", 2, 3_650);
  const graceMs = wholeNumber(values, "grace", 0, 3_600) * 1000;
  if (keepDays <= maxDays) throw new UsageError("--keep-days: must be more than --max-days");
  const format = values.log === undefined ? undefined : oneOf(values, "log", LOGS);
  const pretty = prettyLog(process.stdout);
  const log =
    (format ?? (process.stdout.isTTY ? "pretty" : "json")) === "pretty" ? pretty.log : jsonLog(process.stdout);
  listenToConsole(log);
  // A server outlives whoever reads its log.
  outlive();

  const { config, engine, warnings } = loadConfig(values.config ?? "");
  for (const warning of warnings) log("warn", "config", { warning });
  const metrics = new Metrics();
  const store = await Store.open<Last>(values.data ?? "", {
    as: "serve",
    onCommit: (changes, ms) => {
      metrics.commitChanges.observe(changes);
      metrics.commitSeconds.observe(ms / 1000);
    },
  });
  const host = { ...HOST, sign };
  const worker = new Worker({
    store,
    core: engine,
    setup: { config, builtin: JSON.stringify(BUILT_IN), host },
    concurrency,
    maxMs: maxDays * DAY_MS,
    keepMs: keepDays * DAY_MS,
    notify: observer(log, metrics, host.now),
  });
  const webhook = createWebhook(config, {
    host,
    enqueue: async (event) => {
      const result = await worker.accept(event);
      metrics.accepted.add({ result });
      return result;
    },
  });
  const counts = counter(store, host.now);
  const handle = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (request.method === "GET" && pathname === "/healthz") return health(store, host.now());
    if (request.method === "GET" && pathname === "/metrics") return metricsOf(metrics, counts(), worker, host.now());
    const response = await webhook(request);
    metrics.responses.add({ status: `${response.status}` });
    return response;
  };

  const server = await listenOrSay(handle, port, values.host ?? "");
  await worker.start();
  log("info", "listening", { url: server.origin, data: store.path, ...counts() });
  const status = setInterval(() => pretty.status(statusLine(counts(), worker)), STATUS_MS);
  if (log !== pretty.log) clearInterval(status);

  const signal = await firstSignal();
  log("info", "stopping", { signal, sending: worker.sending });
  clearInterval(status);
  pretty.status("");
  const ended = await within(graceMs, Promise.all([server.close(graceMs), worker.stop()]));
  store.close();
  log(ended ? "info" : "warn", "stopped", { ended });
  // What is still being sent is in doubt, which the outbox knows.
  if (!ended) process.exit(EXIT.done);
  return EXIT.done;
}

async function listenOrSay(handle: (request: Request) => Promise<Response>, port: number, host: string) {
  try {
    return await listen(handle, { port, host, limits: { connections: 1024 } });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`cannot listen on ${host}, port ${port} (${code}); give another --port or --host`);
  }
}

async function health(store: Store<Last>, now: number): Promise<Response> {
  try {
    await store.pulse(now);
    return Response.json({ status: "ok" });
  } catch (error) {
    return Response.json({ status: "failing", outbox: (error as OutboxError).fault ?? "unknown" }, { status: 503 });
  }
}

function metricsOf(metrics: Metrics, { open, oldest, dead }: Counts, worker: Worker, now: number): Response {
  const text = metrics.text({
    queue_depth: [open, "Messages that are not done."],
    oldest_age_seconds: [oldest === null ? 0 : Math.max(0, (now - oldest) / 1000), "Age of the oldest of them."],
    in_flight: [worker.sending, "Messages that are being sent."],
    dead_letters: [dead, "Messages that a person has to look at."],
    resident_memory_bytes: [process.memoryUsage.rss(), "Memory of this process."],
  });
  return new Response(text, { headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" } });
}

/** The store's counts, measured seldom when measuring takes long. */
function counter(store: Store<Last>, now: () => number): () => Counts {
  let known: Counts = { open: 0, oldest: null, dead: 0 };
  let until = 0;
  return () => {
    const start = now();
    if (start < until && start > until - DAY_MS) return known;
    known = store.counts();
    const took = now() - start;
    until = start + Math.max(STATUS_MS - 100, took * COUNT_REST);
    return known;
  };
}

const statusLine = ({ open, dead }: Counts, worker: Worker) =>
  `waiting ${open.toLocaleString("en")} · sending ${worker.sending} · dead ${dead.toLocaleString("en")} · Ctrl-C ends`;

/** From what the worker tells to log lines and metrics. */
function observer(log: Log, metrics: Metrics, now: () => number): (notice: Notice | Upkeep) => void {
  return (notice) => {
    switch (notice.what) {
      case "ended":
      case "waiting": {
        const { what, message, event, last, ms } = notice;
        metrics.passes.add({ result: what });
        metrics.sendSeconds.observe(ms / 1000);
        for (const { provider, result } of last.attempts) metrics.attempts.add({ provider, result });
        const facts = {
          event: event?.eventId,
          key: message.key,
          passes: message.passes,
          attempts: last.attempts.length,
          ms,
          ...(last.outcome === "sent" ? { provider: last.provider, id: last.id } : { reason: last.reason }),
        };
        if (what === "waiting")
          return log("warn", "waiting", { ...facts, in_doubt: message.state === "sending", next: time(message.due) });
        metrics.messages.add({ outcome: last.outcome });
        if (last.outcome === "sent") metrics.delaySeconds.observe(Math.max(0, now() - message.since) / 1000);
        return log(last.outcome === "sent" ? "info" : "error", last.outcome, facts);
      }
      case "untold": {
        const { message, told, final } = notice;
        metrics.reportsFailed.add();
        return log(final ? "error" : "warn", "report_failed", { key: message.key, ...told, final });
      }
      case "fault": {
        const fault = notice.error instanceof OutboxError ? notice.error.fault : notice.error.name;
        metrics.faults.add({ fault });
        const reason = notice.error instanceof OutboxError ? notice.error.message : undefined;
        return log("error", "outbox", { fault, reason });
      }
      case "swept":
        return log(notice.dead > 0 ? "warn" : "info", "forgotten", { sent: notice.sent, dead: notice.dead });
      case "clock":
        return log("warn", "clock_set_back", { seconds: Math.round(notice.backMs / 1000) });
    }
  };
}

const time = (ms: number | null) => (ms === null ? undefined : new Date(ms).toISOString());

/** The webhook's own lines join the log. */
function listenToConsole(log: Log): void {
  const join = (level: Level) => (line: string) => {
    try {
      const { "authgear-invite": what, ...facts } = JSON.parse(line);
      log(level, what, facts);
    } catch {
      log(level, String(line));
    }
  };
  console.log = join("info");
  console.warn = join("warn");
  console.error = join("error");
}

/** A second one, be it the same or the other, ends the process. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: NodeJS.Signals | undefined;
    for (const signal of ["SIGTERM", "SIGINT"] as const)
      process.on(signal, () => {
        if (first) process.exit(EXIT.failed);
        first = signal;
        resolve(signal);
      });
  });
}

/** Whether it ended in time. */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  return Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer));
}
