import {
  deliverMarked,
  giveUp,
  holds
} from "./chunk-7TTC4RSI.js";
import {
  createWebhook,
  describe
} from "./chunk-3IS6XMRA.js";
import {
  ConfigError,
  carryOut,
  chooseLocales,
  createSoundEngine,
  sign,
  tell
} from "./chunk-BHWBT5ZH.js";
import {
  HOST,
  budgetMs,
  sha256
} from "./chunk-IWARGDW3.js";

// ts/cloudflare/claims.ts
function createClaimsClient(namespace) {
  const call = async (key, operation) => {
    const shard = (await sha256(key)).slice(0, 2);
    const stub = namespace.get(namespace.idFromName(shard));
    const response = await stub.fetch("https://claims/", { method: "POST", body: JSON.stringify(operation) });
    if (!response.ok) throw new Error("the Durable Object failed");
    return await response.json();
  };
  return {
    take: (take) => call(take.key, { take }),
    end: async (end) => void await call(end.key, { end }),
    read: async (key) => await call(key, { read: key }) ?? void 0
  };
}
var KEEP_MS = 30 * 864e5;
var SWEEP_MS = 864e5;
var Claims = class {
  #storage;
  constructor(state) {
    this.#storage = state.storage;
    this.#sql(`CREATE TABLE IF NOT EXISTS claim (
      key TEXT PRIMARY KEY, state TEXT NOT NULL, holder TEXT, until INTEGER NOT NULL, mark TEXT, note TEXT, at INTEGER NOT NULL
    ) WITHOUT ROWID`);
  }
  /** One operation: `{ take }`, `{ end }` or `{ read }`. Nobody outside the Worker reaches it. */
  async fetch(request) {
    const operation = await request.json();
    if ("read" in operation) return Response.json(this.#read(operation.read));
    if ("end" in operation) return Response.json(this.#end(operation.end));
    const claimed = this.#take(operation.take);
    if (await this.#storage.getAlarm() === null) await this.#storage.setAlarm(Date.now() + SWEEP_MS);
    return Response.json(claimed);
  }
  /** Forgets what is too old to come again. */
  async alarm() {
    this.#sql("DELETE FROM claim WHERE at < ?", Date.now() - KEEP_MS);
    const [left] = this.#sql("SELECT 1 FROM claim LIMIT 1");
    if (left) await this.#storage.setAlarm(Date.now() + SWEEP_MS);
  }
  #take({ key, holder, mark, again, leaseMs }) {
    const now = Date.now();
    const row = this.#row(key);
    if (row?.state === "sent" || row?.state === "dead") return { granted: false, why: "ended" };
    const own = row?.holder === holder;
    if (row?.state === "sending" && !own && row.until > now)
      return { granted: false, why: "busy", waitMs: row.until - now };
    const left = row?.mark && !own ? JSON.parse(row.mark) : void 0;
    if (left && !(again && left.hash === mark.hash)) return { granted: false, why: "doubt", mark: left };
    this.#write(key, "sending", holder, now + leaseMs, left ?? mark);
    return { granted: true };
  }
  #end({ key, holder, state, mark, note }) {
    const row = this.#row(key);
    const overtaken = row?.state === "sent" || state === "waiting" && row?.holder !== holder;
    if (!overtaken) this.#write(key, state, null, 0, mark, note);
    return {};
  }
  #read(key) {
    const row = this.#row(key);
    if (!row) return null;
    return { state: row.state, mark: row.mark ? JSON.parse(row.mark) : void 0, note: row.note ?? void 0 };
  }
  #row(key) {
    return this.#sql("SELECT state, holder, until, mark, note FROM claim WHERE key = ?", key)[0];
  }
  #write(key, state, holder, until, mark, note) {
    const text = mark ? JSON.stringify(mark) : null;
    this.#sql(
      "INSERT OR REPLACE INTO claim (key, state, holder, until, mark, note, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ...[key, state, holder, until, text, note ?? null, Date.now()]
    );
  }
  #sql(query, ...values) {
    return this.#storage.sql.exec(query, ...values).toArray();
  }
};

// ts/cloudflare/pass.ts
var LEASE_MARGIN_MS = 5e3;
var NotGranted = class extends Error {
  name = "NotGranted";
  denied;
  constructor(denied) {
    super(denied.why);
    this.denied = denied;
  }
};
async function pass(send, mark, name, context) {
  try {
    return await attempt(send, mark, name, context);
  } catch (error) {
    if (!(error instanceof NotGranted)) throw error;
    const { denied } = error;
    if (denied.why === "ended") return { outcome: "ended" };
    if (denied.why === "busy") return { outcome: "busy", waitMs: denied.waitMs };
    return mark ? { outcome: "busy", waitMs: 0 } : pass(send, denied.mark, name, context);
  }
}
async function attempt(send, mark, name, context) {
  const { engine, setup, claims } = context;
  const config = { ...setup.config, delivery: { attempts: 1, ...setup.config.delivery } };
  const leaseMs = budgetMs(config) + LEASE_MARGIN_MS;
  const holder = crypto.randomUUID();
  let left = mark;
  const { delivery, stuck, waitMs } = await deliverMarked(
    send,
    mark,
    { config, core: engine, host: setup.host },
    async (next) => {
      left = next;
      const claimed = await claims?.take({ key: name, holder, mark: next, again: mark !== void 0, leaseMs });
      if (claimed && !claimed.granted) throw new NotGranted(claimed);
    }
  );
  if (delivery.outcome === "sent") return { outcome: "sent", holder, delivery };
  const failed = (failure, repeatable) => {
    return { outcome: failure.outcome, holder, delivery: failure, mark: repeatable, waitMs };
  };
  if (stuck || !mark && delivery.outcome === "not_sent") return failed(delivery);
  const refused = delivery.attempts.at(-1)?.result === "refused";
  return failed({ ...delivery, outcome: "unknown" }, refused ? void 0 : left);
}

// ts/cloudflare/consumer.ts
var MOST_DELAY_SECONDS = 43200;
var consume = handler(async (job, consumer) => {
  const { queued, about, message } = job;
  const { engine, setup } = consumer;
  if (queued.end) return tellAgain(job, queued.end, consumer);
  if (!("name" in job)) {
    if (queued.mark) return finish(job, giveUp(queued.mark, "the configuration no longer sends it"), consumer);
    console.log(describe(about.id, await carryOut(job.decision, about, engine, setup)));
    return message.ack();
  }
  const result = await pass(job.decision, queued.mark, job.name, consumer);
  switch (result.outcome) {
    case "busy":
      return message.retry({ delaySeconds: toSeconds(result.waitMs) });
    case "ended":
      return drop(job);
    case "sent":
      await settle(job, { holder: result.holder, state: "sent" }, consumer);
      console.log(describe(about.id, await tell(result.delivery, about, setup, job.decision)));
      return message.ack();
    default:
      return fail(job, result, consumer);
  }
});
var bury = handler(async (job, consumer) => {
  const { queued } = job;
  const claim = "name" in job ? await consumer.claims?.read(job.name) : void 0;
  if (claim?.state === "sent") return drop(job);
  const why = `the queue's retries are used up${claim?.note ? `; ${claim.note}` : ""}`;
  await tellAgain(job, queued.end ?? giveUp(queued.mark ?? claim?.mark, why), consumer);
  await settle(job, { state: "dead" }, consumer);
});
function handler(handle) {
  return async (message, consumer) => {
    const queued = { type: "", event: null, ...message.body };
    const { event, id, type, userId } = queued;
    const about = { id, type, userId, start: consumer.setup.host.now() };
    try {
      const decision = consumer.engine.decide(event);
      const decided = decision.type === "send" ? { decision, name: await nameOf(decision, about) } : { decision };
      await handle({ message, queued, about, ...decided }, consumer);
    } catch (error) {
      complain("failed", about, error);
      message.retry({ delaySeconds: delay(message, consumer) });
    }
  };
}
var nameOf = async ({ key, address }, { id }) => id ? key : `${key}.${await sha256(address)}`;
async function fail(job, result, consumer) {
  const { message, about } = job;
  const { outcome, holder, mark, delivery } = result;
  const delaySeconds = delay(message, consumer, result.waitMs);
  if (outcome === "not_sent") message.retry({ delaySeconds });
  else if (!await comeBack(job, mark, delaySeconds, consumer)) return finish(job, delivery, consumer, holder);
  await settle(job, { holder, state: "waiting", mark, note: delivery.reason }, consumer);
  const { reason, attempts } = delivery;
  const facts = { outcome, reason, attempts: attempts.length, delaySeconds };
  console.log(JSON.stringify({ "authgear-invite": "deferred", event: about.id, ...facts }));
}
async function comeBack({ message, queued }, mark, delaySeconds, { queue, setup }) {
  if (!mark || !holds(mark, setup.host.now() + delaySeconds * 1e3)) return false;
  if (queued.mark) {
    message.retry({ delaySeconds });
    return true;
  }
  try {
    await queue.send({ ...queued, mark }, { contentType: "json", delaySeconds });
    message.ack();
    return true;
  } catch {
    return false;
  }
}
async function finish(job, end, consumer, holder) {
  const { message, queued, about } = job;
  const { setup, queue, deadLetters = setup.config.deadLetter && queue } = consumer;
  const told = await report(job, end, consumer);
  try {
    const receipt = told.receipt === "taken" ? told.receipt : void 0;
    if (told.deadLetter !== "taken")
      await deadLetters?.send({ ...queued, end: { ...end, receipt } }, { contentType: "json" });
  } catch (error) {
    complain("untold", about, error);
  }
  await settle(job, { holder, state: "dead" }, consumer);
  message.ack();
}
async function tellAgain(job, end, consumer) {
  const { message } = job;
  const told = await report(job, end, consumer);
  if (told.deadLetter === "failed") message.retry({ delaySeconds: delay(message, consumer) });
  else message.ack();
}
async function report({ about, decision }, end, { setup }) {
  const { receipt, ...delivery } = end;
  const config = receipt ? { ...setup.config, receipt: void 0 } : setup.config;
  const told = await tell(delivery, about, { ...setup, config }, decision.type === "send" ? decision : void 0);
  console.error(describe(about.id, told));
  return told;
}
function drop({ message, about }) {
  console.log(JSON.stringify({ "authgear-invite": "duplicate", event: about.id }));
  message.ack();
}
async function settle(job, end, { claims }) {
  if (!("name" in job)) return;
  try {
    await claims?.end({ key: job.name, ...end });
  } catch (error) {
    complain("unclaimed", job.about, error);
  }
}
function delay({ attempts }, { backoff, setup }, waitMs = 0) {
  const { firstSeconds, mostSeconds } = backoff;
  const full = Math.min(mostSeconds, firstSeconds * 2 ** (attempts - 1));
  return toSeconds(Math.max(waitMs, full * 1e3 * (0.5 + setup.host.random() / 2)));
}
var toSeconds = (ms) => Math.min(MOST_DELAY_SECONDS, Math.ceil(ms / 1e3));
function complain(what, { id }, error) {
  console.error(JSON.stringify({ "authgear-invite": what, event: id, reason: error?.name }));
}

// ts/worker.ts
var LARGEST_EVENT = 12e4;
var LANES = 3;
var BEGIN_MS = 12 * 6e4;
var MISCONFIGURED_SECONDS = 1800;
function createWorker(config, options = {}) {
  const { deadLetterSuffix = "-dlq", host = { ...HOST, sign } } = options;
  const configOf = once((env) => typeof config === "function" ? config(env) : config);
  const webhookOf = once((env) => createReceiver(configOf(env), queueOf(env, options), { ...options, host }));
  const consumerOf = once((env) => createConsumer(configOf(env), env, { ...options, host }));
  return {
    async fetch(request, env) {
      try {
        return await webhookOf(env)(request);
      } catch (error) {
        complain2(error);
        return Response.json({ outcome: "invalid_config", reason: "configuration" }, { status: 500 });
      }
    },
    async queue({ queue, messages }, env) {
      try {
        const consumer = consumerOf(env);
        const handle = queue.endsWith(deadLetterSuffix) ? bury : consume;
        const end = host.now() + BEGIN_MS;
        await inLanes(messages, async (message) => {
          if (host.now() < end) await handle(message, consumer);
          else message.retry();
        });
      } catch (error) {
        complain2(error);
        for (const message of messages) message.retry({ delaySeconds: MISCONFIGURED_SECONDS });
      }
    }
  };
}
function createReceiver(config, queue, { locales, host }) {
  const enqueue = async ({ body, about: { id, type, userId } }) => {
    if (body.length > LARGEST_EVENT) return void 0;
    const queued = { event: JSON.parse(new TextDecoder().decode(body)), id, type, userId };
    await queue.send(queued, { contentType: "json" });
    return "queued";
  };
  return createWebhook(config, { locales, host, enqueue });
}
function createConsumer(config, env, options) {
  const { claims = "CLAIMS", deadLetters = "DEAD_LETTERS", backoff, locales, host } = options;
  const builtIn = chooseLocales(locales);
  const namespace = binding(env, claims);
  return {
    engine: createSoundEngine(config, builtIn),
    setup: { config, builtin: JSON.stringify(builtIn), host },
    queue: queueOf(env, options),
    deadLetters: binding(env, deadLetters),
    claims: namespace && createClaimsClient(namespace),
    backoff: backoff ?? { firstSeconds: 30, mostSeconds: 3600 }
  };
}
function queueOf(env, { queue = "QUEUE" }) {
  const found = binding(env, queue);
  if (!found) throw new ConfigError([`env.${queue}: is missing; bind a queue's producer by this name`]);
  return found;
}
var binding = (env, name) => env[name];
function once(make) {
  const made = /* @__PURE__ */ new WeakMap();
  return (env) => {
    const known = made.get(env) ?? { value: make(env) };
    made.set(env, known);
    return known.value;
  };
}
async function inLanes(items, work) {
  const rest = items.values();
  const lane = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
function complain2(error) {
  const reason = error instanceof ConfigError ? error.problems.join("\n") : error?.name;
  console.error(JSON.stringify({ "authgear-invite": "invalid_config", reason }));
}
export {
  Claims,
  ConfigError,
  createWorker
};
