// ts/fetch.ts
var hostFetch = (url, init) => fetch(url, init);

// ts/host.ts
var BUDGET_SECONDS = 50;
var budgetMs = ({ delivery }) => (delivery?.budgetSeconds ?? BUDGET_SECONDS) * 1e3;
var HOST = {
  fetch: hostFetch,
  now: Date.now,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
  timeout: (ms) => AbortSignal.timeout(Math.max(0, Math.trunc(ms)))
};

// ts/digest.ts
var bytes = (text) => new TextEncoder().encode(text);
var hex = (data) => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
async function hmac(secret, text) {
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes(text)));
}
var sha256 = async (text) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(text))));

// ts/http.ts
var NO_CONNECTION = /client error \(Connect\)|error trying to connect|before secure TLS| (connect|getaddrinfo)$| (ECONNREFUSED|UND_ERR_CONNECT_TIMEOUT|UNABLE_TO_\w+|(?!ERR_SSL)\w*CERT\w*) \w+$/;
function lost(error, signal) {
  const { name, message, cause } = error ?? {};
  const causes = cause?.errors?.length ? cause.errors : [cause];
  const text = (it) => `${message} ${it?.message} ${it?.code} ${it?.syscall}`;
  if (causes.every((it) => NO_CONNECTION.test(text(it)))) return { verdict: "retry", detail: "no connection" };
  if (name === "NotCapable" || name === "PermissionDenied") return { verdict: "refused", detail: "no permission" };
  return { verdict: "unknown", detail: signal.aborted ? "timeout" : "connection lost" };
}
async function readText(response, limit) {
  try {
    const length = response.headers.get("content-length");
    const plain = !response.headers.has("content-encoding");
    return await (plain && length && +length <= limit ? response.text() : readPieces(response, limit));
  } catch {
    return null;
  }
}
async function readPieces({ body }, limit) {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let size = 0; size <= limit; ) {
    const { value } = await reader?.read() ?? {};
    if (!value) return text;
    size += value.length;
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return null;
}
function retryAfter(value, now) {
  const ms = /^\d+$/.test(value ?? "") ? Number(value) * 1e3 : Date.parse(value ?? "") - now;
  return Math.max(0, ms) || 0;
}

export {
  budgetMs,
  HOST,
  lost,
  readText,
  retryAfter,
  bytes,
  hex,
  hmac,
  sha256
};
