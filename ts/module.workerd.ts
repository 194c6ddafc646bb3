/** In Cloudflare's workerd WebAssembly is imported; it cannot be compiled while the program runs. */
import core from "./core.wasm";

export const wasmModule = (): WebAssembly.Module => core;
