/** The same burst with real Deno processes, as far as one machine carries it: fewer places, fewer events, shorter times. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { host, type Runtime, runHook, withConfig } from "../deno/contract.ts";
import { acme, hook, resendSender } from "../deno/hook.ts";
import { guide } from "../fixtures/events.ts";
import type { Burst, Policy, Toll } from "./model.ts";

/** The source of a hook for a provider and a dead letter's receiver at `origin`. */
export type Source = (origin: string, policy: Policy) => string;

/** `pkg/hook.ts`, with a provider that honours keys. */
export const ours: Source = (origin, delivery) =>
  withConfig(
    hook,
    acme({ email: [resendSender(origin)], deadLetter: { url: `${origin}/dead`, secret: "hmac-5521" }, delivery }),
  );

/** The model's naive one. */
export const naive: Source = (origin, { attempts = 4, attemptSeconds = 10 }) => `
const post = async (path: string, event: any): Promise<number> => {
  try {
    const headers = { "idempotency-key": event.id };
    const signal = AbortSignal.timeout(${attemptSeconds * 1000});
    const body = JSON.stringify({ event_id: event.id });
    return (await fetch("${origin}" + path, { method: "POST", headers, body, signal })).status;
  } catch {
    return 0;
  }
};
export default async function (event: any): Promise<void> {
  for (let n = 0; n < ${attempts}; n++) {
    if (await post("/emails", event) === 200) return;
    if (n + 1 < ${attempts}) await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** n));
  }
  await post("/dead", event);
}
`;

/** Lets a burst happen. `startMs`: what a process took from its start to its first request, each. */
export async function reality(
  { events, places, limit, provider }: Omit<Burst, "start">,
  source: Source,
  policy: Policy,
  runtime: Runtime,
): Promise<Toll & { startMs: number[] }> {
  const messages = new Map<string, number>();
  const told = new Set<string>();
  const startMs: number[] = [];
  const begun = new Map<string, number>();
  let zero = 0;

  const serve = (path: string, key: string, body: string, response: ServerResponse) => {
    const now = performance.now();
    if (path === "/dead") {
      told.add(JSON.parse(body).event_id);
      response.writeHead(200).end();
      return;
    }
    const id = /burst-\d+/.exec(key)?.[0] ?? key;
    const start = begun.get(id);
    begun.delete(id);
    if (start !== undefined) startMs.push(now - start);
    if (now - zero < provider.outage * 1000) {
      if (!provider.silent) response.writeHead(503).end("{}");
      return;
    }
    messages.set(id, 1);
    setTimeout(() => response.writeHead(200).end(`{"id":"m1"}`), provider.latency * 1000);
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    request.on("error", () => {});
    for await (const chunk of request) chunks.push(chunk as Buffer);
    serve(request.url ?? "", `${request.headers["idempotency-key"]}`, Buffer.concat(chunks).toString(), response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const script = source(origin, policy);

  // Events say their time in whole seconds.
  await new Promise((resolve) => setTimeout(resolve, 1000 - (Date.now() % 1000)));
  zero = performance.now();
  const timestamp = Math.floor(Date.now() / 1000);
  let next = 0;
  const place = async () => {
    while (next < events) {
      const limitMs = limit * 1000 - (performance.now() - zero);
      if (limitMs <= 0) return;
      const id = `burst-${next++}`;
      begun.set(id, performance.now());
      const event = { ...guide, id, context: { ...guide.context, timestamp } };
      await runHook(runtime, script, event, { net: [host(origin)], limitMs });
    }
  };
  await Promise.all(Array.from({ length: places }, place));
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  const toldOnly = [...told].filter((id) => !messages.has(id)).length;
  return { sent: messages.size, told: toldOnly, unseen: events - messages.size - toldOnly, startMs };
}
