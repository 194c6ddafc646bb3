/** The core as the paste-in file carries it, and the one place that knows its boundary. */
import type { Config } from "./config.ts";
import { type AskingCore, type Decision, decodeBase64, readDecision } from "./core.ts";
import { bytes, hex, hmac } from "./digest.ts";

/** The core for a configuration; `builtin` is the JSON text of the built-in messages. */
export type Bind = (config: Config, builtin: string) => AskingCore;

/** The core as the paste-in file carries it. */
export type Packed = {
  /** The wasm that unpacks it, in base64. */
  inflate: string;
  /** Deflated, in base 85. */
  core: string;
};

/** What each wasm exports: its memory, and a place for so many bytes in it. */
type Wasm = { memory: WebAssembly.Memory; reserve(length: number): number };
/** From the text at a place to what is packed in it, at another one; its length, or 0 when the text is broken. */
type Inflate = Wasm & { unpack(text: number, length: number, out: number, room: number): number };
/** From a text's place and length to those of the answer, in one number. */
type Ask = (text: number, length: number) => bigint;

/** The core asks for the MACs of this text under the envelope's secrets. */
type Unsealed = { type: "seal"; text: string };

/** Above any core: Authgear takes no file of more than 100 KiB. */
const ROOM = 128 * 1024;

/** The wasm of the core; nothing when it is damaged. */
export function unpack({ inflate, core }: Packed): Uint8Array<ArrayBuffer> {
  const wasm = start(decodeBase64(inflate)) as Inflate;
  const out = wasm.reserve(ROOM);
  return bytesAt(wasm, out, wasm.unpack(...put(wasm, core), out, ROOM));
}

/** Unpacks the core and compiles it. */
export function load(packed: Packed): Bind {
  const wasm = start(unpack(packed)) as Wasm & { decide: Ask; classify: Ask };
  const ask = (question: Ask, text: string) => {
    const answer = question(...put(wasm, text));
    return new TextDecoder().decode(bytesAt(wasm, Number(answer >> 32n), Number(answer & 0xffffffffn)));
  };
  const decide = (input: string, seals: string[] | null) =>
    readDecision(ask(wasm.decide, `${input},"seals":${JSON.stringify(seals)}}`).split("\n"));
  return (config, builtin) => ({
    decide(event) {
      const input = `{"builtin":${builtin},"config":${JSON.stringify(config)},"event":${JSON.stringify(event)}`;
      const decision = decide(input, null) as Decision | Unsealed;
      if (decision.type !== "seal") return decision;
      const macs = config.envelope?.secrets.map(async (it) => hex(await hmac(bytes(it), decision.text)));
      return Promise.all(macs ?? []).then((seals) => decide(input, seals));
    },
    classify: (reply) => JSON.parse(ask(wasm.classify, JSON.stringify(reply))),
  });
}

function start(wasm: Uint8Array<ArrayBuffer>): Wasm {
  return new WebAssembly.Instance(new WebAssembly.Module(wasm)).exports as Wasm;
}

/** Puts a text into memory, and says where it stands and how long it is. */
function put(wasm: Wasm, text: string): [number, number] {
  const bytes = new TextEncoder().encode(text);
  const at = wasm.reserve(bytes.length);
  bytesAt(wasm, at, bytes.length).set(bytes);
  return [at, bytes.length];
}

/** A view of memory, which is void once that has grown. */
function bytesAt({ memory }: Wasm, at: number, length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(memory.buffer, at, length);
}
