/** Reads a request's body, as much of it as is bearable. */

/** How much memory a body gets before its first byte has come. */
const FIRST_BYTES = 16 * 1024;

/** Why a body was not read. */
export type Unread = "too_large" | "too_slow" | "broken_body";

/**
 * Reads a body of at most `limit` bytes. What is longer is noticed while it comes, and nothing more of it is read; what
 * has not come when `signal` aborts is given up.
 */
export async function readBody(request: Request, limit: number, signal: AbortSignal): Promise<Uint8Array | Unread> {
  if (Number(request.headers.get("content-length")) > limit) return "too_large";
  if (!request.body) return new Uint8Array();
  const reader = request.body.getReader();
  const stop = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", stop);
  try {
    // One buffer that grows: a list of chunks would let a client that sends single bytes take a hundred times as much.
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
