/** A client that writes to its socket whatever it likes, as fast or slowly as it likes. */
import { connect, type Socket } from "node:net";

export type Exchange = {
  /** All that the server answered. */
  answer: string;
  /** The status of the first answer; 0 without one. */
  status: number;
  /** Bytes that the system took from the client. */
  written: number;
  /** Milliseconds until the first byte of the answer; `undefined` without one. */
  answeredMs?: number;
  /** Milliseconds until the server closed the connection. */
  closedMs: number;
};

/** `write` gets the socket and may write for as long as it is open; resolves when the server has closed it. */
export function converse(origin: string, write: (socket: Socket) => unknown, limitMs = 30_000): Promise<Exchange> {
  const { hostname, port } = new URL(origin);
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let answeredMs: number | undefined;
    const socket = connect(Number(port), hostname, () => void write(socket));
    const limit = setTimeout(() => {
      socket.destroy();
      reject(new Error(`the server left the connection open: ${Buffer.concat(chunks)}`));
    }, limitMs);
    socket.on("data", (chunk) => {
      answeredMs ??= performance.now() - start;
      chunks.push(chunk);
    });
    // A reset is one way to close.
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(limit);
      const answer = Buffer.concat(chunks).toString("latin1");
      const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0);
      resolve({ answer, status, written: socket.bytesWritten, answeredMs, closedMs: performance.now() - start });
    });
  });
}

/** Writes the same piece until so many bytes were written or the socket closes; never faster than the server reads. */
export async function pour(socket: Socket, piece: Uint8Array, bytes: number): Promise<void> {
  for (let written = 0; written < bytes && !socket.destroyed; written += piece.length) {
    if (!socket.write(piece)) {
      await new Promise<void>((resolve) => {
        const go = () => {
          socket.off("drain", go).off("close", go);
          resolve();
        };
        socket.on("drain", go).on("close", go);
      });
    }
  }
}

/** Writes one byte every so often, until the socket closes. */
export function drip(socket: Socket, text: string, everyMs: number): void {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed) clearInterval(timer);
    else socket.write(text[at++ % text.length] ?? "");
  }, everyMs);
  socket.once("close", () => clearInterval(timer));
}
