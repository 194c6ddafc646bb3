/** Whether hosts can be reached, without credentials; and this machine's clock beside theirs. */
import type { Config } from "../../config.ts";
import { createEngine } from "../../engine.ts";
import { HOST } from "../../host.ts";
import { BUILT_IN } from "../../locales.ts";
import { SAMPLES } from "../../samples.ts";
import { type Finding, PATIENCE_MS } from "./finding.ts";

/** A request without credentials; any answer will do. Resolves with why there is none. */
export async function ask(url: string, method: "HEAD" | "GET" = "HEAD"): Promise<Response | string> {
  try {
    return await HOST.fetch(url, { method, redirect: "manual", signal: HOST.timeout(PATIENCE_MS) });
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    return name === "TimeoutError" ? `no answer in ${PATIENCE_MS / 1000} s` : `no connection (${cause?.code ?? name})`;
  }
}

/** A host, and whom one meets there. */
export type Host = { whose: string; origin: string };

/** The hosts that messages and reports go to. */
export function hostsOf(config: Config): Host[] {
  const engine = createEngine({ ...config, rules: [{ on: "user.created" }] }, BUILT_IN);
  const requests = [SAMPLES.guide, SAMPLES.phone].flatMap((event) => {
    const decision = engine.decide(event);
    return decision.type === "send" ? decision.attempts : [];
  });
  engine.free();
  const receivers = Object.entries({ deadLetter: config.deadLetter, receipt: config.receipt });
  const hosts = [
    ...requests.map(({ provider, request }) => ({ whose: provider, url: request?.url })),
    ...receivers.map(([whose, receiver]) => ({ whose, url: receiver?.url })),
  ];
  const known = new Map<string, Host>();
  for (const { whose, url } of hosts) {
    if (!url) continue;
    const { origin } = new URL(url);
    known.set(`${whose} ${origin}`, { whose, origin });
  }
  return [...known.values()];
}

export async function reach({ whose, origin }: Host): Promise<Finding & { aheadMs?: number }> {
  const check = `reach ${whose}`;
  const asked = Date.now();
  const answer = await ask(origin);
  if (typeof answer === "string")
    return {
      check,
      level: "problem",
      seen: `${origin}: ${answer}`,
      todo: "look at this machine's network, firewall and proxy, and at endpoint in the configuration",
    };
  const date = Date.parse(answer.headers.get("date") ?? "");
  const aheadMs = Number.isNaN(date) ? undefined : (asked + Date.now()) / 2 - (date + 500);
  return { check, level: "ok", seen: `${origin} answers (HTTP ${answer.status}); no key was sent`, aheadMs };
}

const SLOW_MS = 60_000;
/** A token of the Admin API lives for five minutes, and Amazon takes a signature for as long. */
const DEADLY_MS = 240_000;

export function clock(aheadMs: number | undefined): Finding {
  const check = "clock";
  if (aheadMs === undefined) return { check, level: "warning", seen: "no host told its time" };
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const off = Math.abs(aheadMs);
  const seen = `this machine is ${seconds} s ${aheadMs < 0 ? "behind" : "ahead"}`;
  if (off <= SLOW_MS) return { check, level: "ok", seen: seconds <= 2 ? "agrees with the servers'" : seen };
  const todo = "set the clock (NTP): tokens and signatures are taken for 5 minutes";
  return { check, level: off > DEADLY_MS ? "problem" : "warning", seen, todo };
}
