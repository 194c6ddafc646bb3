/** The one file that knows wasm-bindgen's glue; everything else takes a {@link Core}. */
import { classify, decide, initSync } from "../build/wasm/hook/authgear_invite.js";
import type { Config } from "./config.ts";
import { type Core, decodeBase64, readDecision } from "./core.ts";

/** The core for a configuration; `builtin` is the JSON text of the built-in messages. */
export type Bind = (config: Config, builtin: string) => Core;

/** Compiles the core from deflated bytes in base64, as the paste-in file carries it. */
export async function load(base64: string): Promise<Bind> {
  const { writable, readable } = new DecompressionStream("deflate-raw");
  const writer = writable.getWriter();
  writer.write(decodeBase64(base64));
  writer.close();
  const reader = readable.getReader();
  let module = new Uint8Array(0);
  // By hand: a Response around the stream takes longer than inflating does.
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const longer = new Uint8Array(module.length + next.value.length);
    longer.set(module);
    longer.set(next.value, module.length);
    module = longer;
  }
  initSync({ module });
  return (config, builtin) => ({
    decide(event) {
      const input = `{"builtin":${builtin},"config":${JSON.stringify(config)},"event":${JSON.stringify(event)}}`;
      return readDecision(decide(input).split("\n"));
    },
    classify: (reply) => JSON.parse(classify(JSON.stringify(reply))),
  });
}
