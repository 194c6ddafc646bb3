/** What the paste-in file calls; it carries this module bundled and minified, as a string. */
import type { Config } from "./config.ts";
import { HOST, type Host } from "./host.ts";
import { load } from "./load.ts";
import { run } from "./run.ts";

/** Handles one event with the core in `wasm` (base64). */
export async function hook(event: unknown, config: Config, texts: string, wasm: string, host: Host = HOST) {
  await run(event, config, () => load(wasm), texts, host);
}
