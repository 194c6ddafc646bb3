import {
  ATTEMPTS,
  deliver
} from "./chunk-BHWBT5ZH.js";
import {
  budgetMs,
  retryAfter,
  sha256
} from "./chunk-IWARGDW3.js";

// ts/mark.ts
var MARGIN_MS = 6e4;
var Changed = class extends Error {
  name = "Changed";
};
async function deliverMarked(send, mark, { config, core, host }, leaving) {
  const attempts = mark ? send.attempts.filter((it) => isOf(it, mark)) : send.attempts;
  const obstacle = mark ? obstacleTo(mark, host.now()) : void 0;
  if (obstacle) return stuck(mark, obstacle);
  if (attempts.length === 0) return stuck(mark, "the configuration no longer has this sender");
  let waitMs = 0;
  const watched = {
    ...host,
    leaving: async (attempt, { request, keySeconds }) => {
      if (!request) return;
      const next = await markOf(attempt, request, keySeconds, host.now());
      if (mark && mark.hash !== next.hash) throw new Changed();
      await leaving(mark ?? next);
    },
    fetch: async (url, init) => {
      const response = await host.fetch(url, init);
      waitMs = Math.max(waitMs, retryAfter(response.headers.get("retry-after"), host.now()));
      return response;
    }
  };
  const end = host.now() + budgetMs(config);
  const deadline = mark ? Math.min(end, mark.first + mark.keySeconds * 1e3) : end;
  try {
    const limited = { ...config, delivery: { attempts: ATTEMPTS, ...config.delivery } };
    const delivery = await deliver({ channel: send.channel, attempts }, limited, core, watched, deadline);
    return { delivery, stuck: false, waitMs };
  } catch (error) {
    if (error instanceof Changed) return stuck(mark, "the configuration has changed since");
    throw error;
  }
}
function stuck(mark, why) {
  return { delivery: giveUp(mark, why), stuck: true, waitMs: 0 };
}
var giveUp = (mark, why) => mark ? { outcome: "unknown", reason: `${mark.provider}: it may have been sent, and ${why}`, attempts: [] } : { outcome: "not_sent", reason: why, attempts: [] };
var holds = (mark, then) => obstacleTo(mark, then) === void 0;
function obstacleTo({ first, keySeconds }, then) {
  if (!keySeconds) return "no idempotency key allows a repetition";
  const held = then >= first - MARGIN_MS && then + MARGIN_MS < first + keySeconds * 1e3;
  return held ? void 0 : "the idempotency key no longer holds";
}
async function markOf({ provider, sender }, { url, headers, body }, keySeconds, first) {
  return { provider, sender, first, keySeconds, hash: await sha256(JSON.stringify([url, headers, body])) };
}
var isOf = (attempt, mark) => attempt.provider === mark.provider && attempt.sender === mark.sender;

export {
  MARGIN_MS,
  deliverMarked,
  giveUp,
  holds
};
