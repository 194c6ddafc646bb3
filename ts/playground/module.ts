/** Stands in for `ts/module.ts`: the WebAssembly and the paste-in files, as the page carries them. */
import { hooks as packedHooks, wasm as packedWasm } from "carried";
import { decodeBase64 } from "../core.ts";
import type { Hooks } from "../paste-in.ts";
import { stream } from "./stream.ts";

let module: WebAssembly.Module;
let hooks: Hooks;

/** Unpacks them; nothing else may be called before. */
export async function unpack(): Promise<void> {
  const [wasm, texts] = await Promise.all([inflate(packedWasm), inflate(packedHooks)]);
  [module, hooks] = [await WebAssembly.compile(wasm), JSON.parse(new TextDecoder().decode(texts))];
}

export const wasmModule = () => module;
export const readHook = (name: keyof Hooks) => hooks[name];

const inflate = (base64: string) => stream(decodeBase64(base64), new DecompressionStream("deflate-raw"));
