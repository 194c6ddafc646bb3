/** Cloudflare on this machine: real workerd with queues and Durable Objects, by miniflare. */
import { createHmac } from "node:crypto";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import { build } from "esbuild";
import { Miniflare, type WorkerOptions } from "miniflare";
import type { Config } from "../../ts/config.ts";

export const SECRET = "hook-s3cr3t-V1nEy4rd";
export const QUEUE = "invitations";
export const DEAD = "invitations-dlq";
const ROOT = join(import.meta.dirname, "../..");

type Modules = Extract<WorkerOptions, { modules: unknown[] }>["modules"];

/** A Worker as wrangler bundles it with the package installed: one module, and the WebAssembly beside it. */
async function bundle(entry: string): Promise<Modules> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, entry)],
    bundle: true,
    write: false,
    outdir: ROOT,
    format: "esm",
    target: "es2022",
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
    alias: { "authgear-invite/worker": join(ROOT, "pkg/workerd/worker.js") },
  });
  const modules = outputFiles.map(({ path, contents, text }) =>
    path.endsWith(".wasm")
      ? { type: "CompiledWasm" as const, path: basename(path), contents }
      : { type: "ESModule" as const, path: basename(path), contents: text },
  );
  // The first one is the Worker's main module.
  return modules.sort((a, b) => b.type.localeCompare(a.type));
}

export type StageOptions = {
  entry?: string;
  config?: Config;
  bindings?: { [name: string]: string };
  /** Whether the Durable Object is bound. */
  claims?: boolean;
  /** Where it is kept; default: in memory. */
  persist?: string;
  maxRetries?: number;
  maxBatchSize?: number;
  /** Seconds for a batch to fill. */
  maxBatchTimeout?: number;
  /** In place of the options that follow from the ones above. */
  worker?: Partial<WorkerOptions>;
};

const bundles = new Map<string, Promise<Modules>>();

export class Stage {
  readonly mf: Miniflare;
  #logs = "";

  constructor(modules: Modules, options: StageOptions) {
    const { config, bindings, claims = false, persist, worker } = options;
    const { maxRetries = 3, maxBatchSize = 10, maxBatchTimeout = 0 } = options;
    this.mf = new Miniflare({
      modules,
      compatibilityDate: "2026-04-01",
      bindings: { ...bindings, ...(config && { CONFIG: config as never }) },
      queueProducers: { QUEUE, DEAD_LETTERS: DEAD },
      queueConsumers: {
        [QUEUE]: { maxBatchSize, maxBatchTimeout, maxRetries, deadLetterQueue: DEAD },
        [DEAD]: { maxBatchSize, maxBatchTimeout: 0, maxRetries },
      },
      ...(claims && { durableObjects: { CLAIMS: { className: "Claims", useSQLite: true } } }),
      ...(persist && { durableObjectsPersist: persist }),
      ...worker,
      handleRuntimeStdio: (out: Readable, err: Readable) => {
        for (const stream of [out, err]) stream.on("data", (chunk) => (this.#logs += chunk));
      },
    });
  }

  static async start(options: StageOptions): Promise<Stage> {
    const { entry = "tests/worker/entry.ts" } = options;
    const modules = bundles.get(entry) ?? bundle(entry);
    bundles.set(entry, modules);
    const stage = new Stage(await modules, options);
    await stage.mf.ready;
    return stage;
  }

  /** All that the Worker has printed. */
  get logs(): string {
    return this.#logs;
  }

  /** What it has printed of this kind. */
  lines(kind: string): { [name: string]: unknown }[] {
    const lines = this.#logs.split("\n").filter((line) => line.startsWith(`{"authgear-invite":"${kind}"`));
    return lines.map((line) => JSON.parse(line));
  }

  /** Delivers an event as Authgear does. */
  post(event: object | string, { secret = SECRET, stream = false } = {}) {
    const body = typeof event === "string" ? event : JSON.stringify(event);
    const signature = createHmac("sha256", secret).update(body).digest("hex");
    return this.mf.dispatchFetch("https://invite.acme.example/", {
      method: "POST",
      headers: { "content-type": "application/json", "x-authgear-body-signature": signature },
      body: stream ? new Blob([body]).stream() : body,
      ...(stream && { duplex: "half" }),
    } as never);
  }

  /** Puts a message into the queue, past the webhook. */
  async enqueue(...bodies: unknown[]): Promise<void> {
    const queue = await this.mf.getQueueProducer("QUEUE");
    await queue.sendBatch(bodies.map((body) => ({ body, contentType: "json" as const })));
  }

  stop(): Promise<void> {
    return this.mf.dispose();
  }
}

/** Waits until something holds, and then a moment more, so that what comes too much is noticed. */
export async function settled(holds: () => boolean, what: string, ms = 15_000): Promise<void> {
  const end = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await pause(20);
  }
  await pause(250);
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
