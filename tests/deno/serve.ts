/** The webhook under Deno's own server, as a process. Argument: the configuration as JSON. No time limit is over a second. */
import { HOST } from "../../ts/host.ts";
import { createWebhook } from "../../ts/webhook.ts";

declare const Deno: {
  args: string[];
  serve(
    options: { port: number; hostname: string; onListen: (address: { port: number }) => void },
    handler: (request: Request) => Promise<Response>,
  ): unknown;
};

const host = { ...HOST, timeout: (ms: number) => HOST.timeout(Math.min(ms, 1_000)) };
const onListen = ({ port }: { port: number }) => console.log(`listening http://127.0.0.1:${port}`);
Deno.serve({ port: 0, hostname: "127.0.0.1", onListen }, createWebhook(JSON.parse(Deno.args[0] ?? ""), { host }));
