/** What fetch says in its own way: errors, bodies, and when to try again. */

/**
 * What proves that nothing left: in Deno since 1.46 and until 1.44 words of the message, in Node the cause's code or system
 * call. All else is in doubt.
 */
const NO_CONNECTION =
  /client error \(Connect\)|error trying to connect|before secure TLS| (connect|getaddrinfo)$| (ECONNREFUSED|UND_ERR_CONNECT_TIMEOUT|UNABLE_TO_\w+|(?!ERR_SSL)\w*CERT\w*) \w+$/;

/** `retry`: nothing left; `refused`: this process may not connect; `unknown`: nobody can say what became of it. */
export type Lost = { verdict: "retry" | "refused" | "unknown"; detail: string };

/** With `errors` where a host has several addresses: each address has its own. */
type FetchCause = { message?: string; code?: string; syscall?: string; errors?: FetchCause[] };

/** Nothing of the error's own text is passed on: it holds the URL, and with it account names. */
export function lost(error: unknown, signal: AbortSignal): Lost {
  const { name, message, cause } = (error ?? {}) as { name?: string; message?: string; cause?: FetchCause };
  const causes = cause?.errors?.length ? cause.errors : [cause];
  const text = (it?: FetchCause) => `${message} ${it?.message} ${it?.code} ${it?.syscall}`;
  if (causes.every((it) => NO_CONNECTION.test(text(it)))) return { verdict: "retry", detail: "no connection" };
  if (name === "NotCapable" || name === "PermissionDenied") return { verdict: "refused", detail: "no permission" };
  return { verdict: "unknown", detail: signal.aborted ? "timeout" : "connection lost" };
}

/** The body as text; null when it breaks off or is too long. */
export async function readText(response: Response, limit: number): Promise<string | null> {
  try {
    // To read a body at once costs a new process half as much. HTTP holds a sender to the length that he names, but what
    // is unpacked may be longer.
    const length = response.headers.get("content-length");
    const plain = !response.headers.has("content-encoding");
    return await (plain && length && +length <= limit ? response.text() : readPieces(response, limit));
  } catch {
    return null;
  }
}

async function readPieces({ body }: Response, limit: number): Promise<string | null> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let size = 0; size <= limit; ) {
    // To iterate over the stream costs a new process twice as much.
    const { value } = (await reader?.read()) ?? {};
    if (!value) return text;
    size += value.length;
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return null;
}

/** The milliseconds that a Retry-After asks for, in seconds or as a date. */
export function retryAfter(value: string | null, now: number): number {
  const ms = /^\d+$/.test(value ?? "") ? Number(value) * 1000 : Date.parse(value ?? "") - now;
  return Math.max(0, ms) || 0;
}
