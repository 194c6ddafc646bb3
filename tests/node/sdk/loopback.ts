/**
 * Leads what an SDK sends to a server on loopback while the SDK believes that it talks to its provider.
 *
 * So every SDK runs as its users run it, with its own host name and path, and none needs a base URL option (two of
 * them have none). The provider's name stays in the `Host` header, or for `fetch`, which allows none, in
 * `X-Forwarded-Host`. HTTPS becomes plain HTTP on the way: what is compared is the request, not TLS.
 */
import https from "node:https";
import net from "node:net";

type Agent = { createConnection: (...args: unknown[]) => net.Socket };

const PROXY_VARIABLES = ["http_proxy", "https_proxy", "all_proxy"].flatMap((name) => [name, name.toUpperCase()]);

/** Runs `run` with `fetch` and `node:https` going to `origin`. One at a time: it changes globals. */
export async function toLoopback<T>(origin: string, run: () => Promise<T>): Promise<T> {
  const { hostname, port } = new URL(origin);
  const agent = https.Agent.prototype as unknown as Agent;
  const { createConnection } = agent;
  const realFetch = globalThis.fetch;
  const environment = new Map(PROXY_VARIABLES.map((name) => [name, process.env[name]]));

  // `authorized` is what a TLS socket says of a good certificate; SparkPost's SDK looks at it.
  agent.createConnection = () => Object.assign(net.connect(Number(port), hostname), { authorized: true });
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { host, pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    headers.set("x-forwarded-host", host);
    const { method, redirect, signal } = request;
    const body = await request.arrayBuffer();
    return realFetch(`${origin}${pathname}${search}`, { method, headers, body, redirect, signal });
  };
  for (const name of PROXY_VARIABLES) delete process.env[name];
  try {
    return await run();
  } finally {
    agent.createConnection = createConnection;
    globalThis.fetch = realFetch;
    for (const [name, value] of environment) if (value !== undefined) process.env[name] = value;
  }
}
