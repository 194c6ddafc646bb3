import {
  BLOCKING,
  ConfigError,
  carryOut,
  chooseLocales,
  createEngine,
  localeProblems,
  sign,
  startOf
} from "./chunk-BHWBT5ZH.js";
import {
  HOST
} from "./chunk-IWARGDW3.js";

// ts/announce.ts
function describe(event, end) {
  const { outcome, key, localeFrom, ...facts } = { key: "", localeFrom: "", ...end };
  const attempts = "attempts" in end ? end.attempts.length : void 0;
  return JSON.stringify({ "authgear-invite": outcome, event, ...facts, attempts });
}

// ts/body.ts
var FIRST_BYTES = 16 * 1024;
async function readBody(request, limit, signal) {
  if (Number(request.headers.get("content-length")) > limit) return "too_large";
  if (!request.body) return new Uint8Array();
  const reader = request.body.getReader();
  const stop = () => void reader.cancel().catch(() => {
  });
  signal.addEventListener("abort", stop);
  try {
    let bytes = new Uint8Array(FIRST_BYTES);
    let size = 0;
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const end = size + next.value.length;
      if (end > limit) {
        stop();
        return "too_large";
      }
      if (end > bytes.length) {
        const longer = new Uint8Array(Math.min(limit, Math.max(end, 2 * bytes.length)));
        longer.set(bytes.subarray(0, size));
        bytes = longer;
      }
      bytes.set(next.value, size);
      size = end;
    }
    return signal.aborted ? "too_slow" : bytes.subarray(0, size);
  } catch {
    return "broken_body";
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

// ts/replay.ts
function createOnce(size, final) {
  const running = /* @__PURE__ */ new Map();
  const done = /* @__PURE__ */ new Map();
  async function begin(id, act) {
    try {
      const result = await act();
      if (final(result)) remember(id, result);
      return result;
    } finally {
      running.delete(id);
    }
  }
  function remember(id, result) {
    done.delete(id);
    done.set(id, result);
    for (const oldest of done.keys()) {
      if (done.size <= size) return;
      done.delete(oldest);
    }
  }
  return async (id, act) => {
    const known = done.get(id);
    if (known !== void 0) {
      remember(id, known);
      return { result: known, repeated: true };
    }
    const begun = running.get(id);
    if (begun) return { result: await begun, repeated: true };
    const promise = begin(id, act);
    running.set(id, promise);
    return { result: await promise, repeated: false };
  };
}

// ts/webhook.ts
var SIGNATURE = "x-authgear-body-signature";
var JSON_TYPE = /^application\/json\s*(;|$)/i;
var BODY_BYTES = 1024 * 1024;
var BODY_MS = 1e4;
var MAX_AGE_SECONDS = 86400;
var RETRY_SECONDS = 60;
var TOLD_MS = 6e4;
var REMEMBERED = 1e4;
function createWebhook(config, options = {}) {
  const { enqueue, locales, builtIn = chooseLocales(locales), host = { ...HOST, sign } } = options;
  const engine = createEngine(config, builtIn);
  const problems = [...engine.problems, ...localeProblems(locales), ...ownProblems(config)];
  if (problems.length > 0) throw new ConfigError(problems);
  const setup = { config, builtin: JSON.stringify(builtIn), host };
  const once = createOnce(REMEMBERED, isFinal);
  const tell = createTeller(host.now);
  function refuse(status, reason, headers) {
    tell(reason);
    return answer(status, "refused", reason, headers);
  }
  async function receive(request) {
    if (request.method !== "POST") return refuse(405, "method", { allow: "POST" });
    if (!JSON_TYPE.test(request.headers.get("content-type") ?? "")) return refuse(415, "content_type");
    const body = await readBody(request, BODY_BYTES, host.timeout(BODY_MS));
    if (typeof body === "string") return refuse(UNREAD[body], body);
    const received = engine.receive(body, request.headers.get(SIGNATURE) ?? "");
    if (!("refused" in received)) return accept(body, received);
    if (received.refused === "event") return refuse(400, "no_event");
    return refuse(401, "signature", { "www-authenticate": SIGNATURE });
  }
  async function accept(body, event) {
    const { id, type, userId, timestamp, decision } = event;
    if (BLOCKING.test(type)) return Response.json({ is_allowed: true });
    const untimely = checkTime(timestamp, config.webhook?.maxAgeSeconds, host.now());
    if (untimely) return refuse(403, untimely);
    if (decision.type === "skip" && decision.reason === "event_type") return answer(200, "skipped", "event_type");
    const about = { id, type, userId, start: startOf(timestamp, host) };
    if (decision.type !== "send") return conclude(await act(decision, about));
    const kept = enqueue && await keep(enqueue, { body, about, decision });
    if (kept) return kept;
    const name = id ?? `${decision.key} ${decision.address}`;
    const { result, repeated } = await once(name, () => act(decision, about));
    return repeated && isFinal(result) ? answer(200, "duplicate", result.outcome) : conclude(result);
  }
  async function act(decision, about) {
    const outcome = await carryOut(decision, about, engine, setup);
    console.log(describe(about.id, outcome));
    return outcome;
  }
  return async (request) => {
    try {
      return await receive(request);
    } catch (error) {
      console.error(JSON.stringify({ "authgear-invite": "failed", reason: error?.name }));
      return answer(500, "failed", "internal");
    }
  };
}
var UNREAD = { too_large: 413, too_slow: 408, broken_body: 400 };
function ownProblems(config) {
  const webhook = config?.webhook;
  const missing = !webhook || webhook.secrets?.length === 0;
  return missing ? ["webhook.secrets: is missing; give the project's webhook secret"] : [];
}
function checkTime(timestamp, maxAge = MAX_AGE_SECONDS, now) {
  if (!timestamp) return "no_timestamp";
  const age = now / 1e3 - timestamp;
  if (age > maxAge) return "too_old";
  return age < -maxAge ? "from_the_future" : void 0;
}
async function keep(enqueue, event) {
  try {
    const kept = await enqueue(event);
    return kept && answer(202, kept);
  } catch (error) {
    console.error(
      JSON.stringify({ "authgear-invite": "not_queued", event: event.about.id, reason: error?.name })
    );
    return answer(503, "not_queued", "queue", { "retry-after": `${RETRY_SECONDS}` });
  }
}
var isFinal = ({ outcome }) => outcome === "sent" || outcome === "unknown";
function conclude(end) {
  switch (end.outcome) {
    case "sent":
      return answer(200, "sent");
    case "skipped":
      return answer(200, "skipped", end.reason);
    case "unknown":
      return answer(200, "unknown", "may_have_been_sent");
    case "not_sent":
      return answer(502, "not_sent", "no_provider_took_it", { "retry-after": `${RETRY_SECONDS}` });
    case "invalid_config":
      return answer(500, "invalid_config", "configuration");
  }
}
function createTeller(now) {
  const told = /* @__PURE__ */ new Map();
  return (reason) => {
    const [at, last] = [now(), told.get(reason)];
    if (last && Math.abs(at - last.at) < TOLD_MS) {
      last.leftOut += 1;
      return;
    }
    told.set(reason, { at, leftOut: 0 });
    console.warn(JSON.stringify({ "authgear-invite": "refused", reason, left_out: last?.leftOut || void 0 }));
  };
}
var answer = (status, outcome, reason, headers) => Response.json({ outcome, reason }, { status, headers });

export {
  describe,
  createWebhook
};
