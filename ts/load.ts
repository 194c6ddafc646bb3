/** The one file that knows wasm-bindgen's glue; everything else takes a {@link Core}. */
import { classify, decide, initSync } from "../build/wasm/hook/authgear_invite.js";
import { type Core, decodeBase64 } from "./core.ts";

/** Compiles the core from deflated bytes in base64, as the paste-in file carries it. */
export async function load(base64: string): Promise<Core> {
  const stream = new DecompressionStream("deflate-raw");
  const writer = stream.writable.getWriter();
  writer.write(decodeBase64(base64));
  writer.close();
  initSync({ module: new Uint8Array(await new Response(stream.readable).arrayBuffer()) });
  return { decide, classify };
}
