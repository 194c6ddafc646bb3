/**
 * Brings one message to the first sender that takes it; the only file that calls fetch for a send.
 *
 * The rule behind all of it: never two messages. A request that may have been carried out is repeated only under an
 * idempotency key that the provider still honours, and never handed to another provider.
 */
import type { Config, CustomRequest, EmailMessage, SesSender, SmsMessage } from "./config.ts";
import type { Attempt, Core, HttpRequest, Reply, Send, Verdict } from "./core.ts";
import type { Host } from "./host.ts";
import { lost, readText, retryAfter } from "./http.ts";

/** With no more than this left there is one attempt and no second. */
export const LAST_CHANCE_MS = 5_000;
/** Another attempt is not worth starting with less than this left. */
const LEAST_MS = 1_000;
/** Requests to one sender while another waits behind it, and to the last, which may have all the time (docs/bursts.md). */
export const ATTEMPTS = 4;
const LAST_ATTEMPTS = 12;
const BACKOFF_MS = 1_000;
const BACKOFF_CAP_MS = 8_000;
const ANSWER_BYTES = 64 * 1024;

/** One request that was made, or refused before it was. Holds no address and no key. */
export type Try = { provider: string; result: Verdict["verdict"]; status?: number; detail?: string; ms: number };

/** `unknown`: a request left, and nobody can say whether it was carried out. */
export type Delivery =
  | { outcome: "sent"; provider: string; id?: string; attempts: Try[] }
  | { outcome: "not_sent" | "unknown"; reason: string; attempts: Try[] };

type Result = { verdict: Verdict["verdict"]; status?: number; id?: string; detail?: string; waitMs?: number };

/** Delivers by `deadline` (milliseconds since 1970). Throws what `host.leaving` and `host.sleep` throw, and nothing else. */
export async function deliver(
  send: Pick<Send, "channel" | "attempts">,
  config: Pick<Config, "email" | "sms" | "delivery">,
  core: Pick<Core, "classify">,
  host: Host,
  deadline: number,
): Promise<Delivery> {
  const left = () => deadline - host.now();
  const lastChance = left() <= LAST_CHANCE_MS;
  const { attempts: limit, attemptSeconds = 10 } = config.delivery ?? {};
  const attempts: Try[] = [];
  const failed = (outcome: "not_sent" | "unknown"): Delivery => {
    const reasons = new Set(attempts.map((it) => `${it.provider}: ${it.detail}`));
    return { outcome, reason: [...reasons].join("; "), attempts };
  };

  for (const attempt of send.attempts) {
    const { provider } = attempt;
    const most = limit ?? (attempt === send.attempts.at(-1) ? LAST_ATTEMPTS : ATTEMPTS);
    const prepared = await prepare(attempt, config[send.channel]?.[attempt.sender], host);
    await host.leaving?.(attempt, prepared);
    const keyMs = prepared.keySeconds * 1000;
    const first = host.now();
    let doubt = false;
    for (let n = 0; ; n++) {
      const start = host.now();
      const result: Result = prepared.request
        ? await post(prepared.request, attempt, keyMs > 0, Math.min(attemptSeconds * 1000, left()), core, host)
        : { verdict: "refused", detail: attempt.message ? "custom" : "request" };
      const { verdict, status, id, detail, waitMs = 0 } = result;
      attempts.push({ provider, result: verdict, status, detail, ms: host.now() - start });
      if (verdict === "sent") return { outcome: "sent", provider, id, attempts };

      // 409: another request had this key before, and may have been carried out.
      doubt ||= verdict === "unknown" || (verdict === "refused" && status === 409 && keyMs > 0);
      const delay = Math.max(waitMs, host.random() * Math.min(BACKOFF_CAP_MS, BACKOFF_MS * 2 ** n));
      const keyHolds = host.now() + delay - first < keyMs;
      if (verdict === "refused" || (doubt && !keyHolds)) break;
      if (lastChance || n + 1 >= most || left() < delay + LEAST_MS) break;
      await host.sleep(delay);
    }
    // A refusal later on does not undo the doubt: the first try may have been carried out before the key was revoked.
    if (doubt) return failed("unknown");
    if (left() < LEAST_MS) break;
  }
  return failed("not_sent");
}

type CustomSender = { request: (message: EmailMessage | SmsMessage) => CustomRequest };

/** The request, made once so that every repetition has the same bytes; no request if it cannot be made. */
async function prepare(
  { request, message, sign, keySeconds }: Attempt,
  sender: unknown,
  host: Host,
): Promise<{ request?: HttpRequest; keySeconds: number }> {
  try {
    if (message) {
      const made = (sender as CustomSender).request(message);
      request = typeof made.body === "string" ? { ...made, method: "POST" } : undefined;
      keySeconds = made.keySeconds ?? 0;
    } else if (request && sign) {
      request = await host.sign?.(request, sender as SesSender, sign.region, host.now());
    }
    // Throws on what fetch would refuse, so that it is not taken for a lost connection.
    if (request) new Request(request.url, { method: "POST", headers: request.headers });
    return { request, keySeconds };
  } catch {
    return { keySeconds: 0 };
  }
}

async function post(
  { url, method, headers, body }: HttpRequest,
  { provider, idHeader }: Attempt,
  keyed: boolean,
  ms: number,
  core: Pick<Core, "classify">,
  host: Host,
): Promise<Result> {
  const signal = host.timeout(ms);
  let response: Response;
  try {
    response = await host.fetch(url, {
      method,
      headers,
      // Since 2.7.6 Deno repeats a POST by itself when the connection breaks (until 2.9.5 any connection, then reused
      // ones), unless its body is streamed. A Blob is, and has a length: nothing is chunked. It costs 1 ms.
      body: keyed ? body : new Blob([body]),
      // A redirect that is followed takes keys in custom headers along.
      redirect: "manual",
      signal,
    });
  } catch (error) {
    return lost(error, signal);
  }
  const { status } = response;
  const header = (name: string) => response.headers.get(name);
  const reply: Reply = {
    provider,
    status,
    errorType: header("x-amzn-errortype"),
    body: await readText(response, ANSWER_BYTES),
  };
  try {
    const verdict: Result = core.classify(reply);
    const id = /^[\w.-]{1,128}$/.exec((idHeader && header(idHeader)) ?? "")?.[0] || verdict.id;
    return { ...verdict, status, id, waitMs: retryAfter(header("retry-after"), host.now()) };
  } catch {
    return { verdict: "unknown", detail: "core", status };
  }
}
