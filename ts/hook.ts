/** What the paste-in file calls. Its last line is this module, bundled and minified. */
import type { Config } from "./config.ts";
import { HOST, type Host } from "./host.ts";
import { load } from "./load.ts";
import { run } from "./run.ts";

/**
 * Handles one event with the core in `wasm` (base64). Returns something only for a blocking event, since Authgear writes
 * what a hook returns to its log.
 */
export async function hook(event: unknown, config: Config, builtin: string, wasm: string, host: Host = HOST) {
  const outcome = await run(event, config, () => load(wasm), builtin, host);
  if ("is_allowed" in outcome) return outcome;
}
