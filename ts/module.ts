/** Where the npm package's WebAssembly comes from. In a build for workerd `module.workerd.ts` stands in for this file. */
import { base64 } from "../build/wasm/npm/base64.js";
import { decodeBase64 } from "./core.ts";

/** Compiles the WebAssembly that the package carries inline, so that no host has to find a file. */
export const wasmModule = (): WebAssembly.Module => new WebAssembly.Module(decodeBase64(base64));
