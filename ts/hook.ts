/** What the paste-in file calls; it carries this module bundled and minified, as a string. */
import { announce } from "./announce.ts";
import type { Config } from "./config.ts";
import { HOST, type Host } from "./host.ts";
import { load, type Packed } from "./load.ts";
import { run } from "./run.ts";

/**
 * Handles one event with the core in `wasm`; `texts` is the JSON text of the built-in messages. Throws one
 * error, without addresses and keys, when the message was not sent or may not have been.
 */
export async function hook(event: unknown, config: Config, texts: string, wasm: Packed, host: Host = HOST) {
  const core = () => load(wasm)(config, texts);
  announce(event, await run(event, core, { config, builtin: texts, host }));
}
