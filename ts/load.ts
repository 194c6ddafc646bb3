/** The one file that knows wasm-bindgen's glue; everything else takes a {@link Core}. */
import { classify, decide, initSync } from "../build/wasm/hook/authgear_invite.js";
import { type Core, decodeBase64 } from "./core.ts";

/** Compiles the core that stands in the paste-in file. Synchronous: one process handles one event. */
export function load(base64: string): Core {
  initSync({ module: decodeBase64(base64) });
  return { decide, classify };
}
