/** The core of the npm package: one configuration, read and checked once. */
import { initSync, classify as judge, Engine as WasmEngine } from "../build/wasm/npm/authgear_invite.js";
import type { Config } from "./config.ts";
import { type Core, type Decision, readDecision } from "./core.ts";
import { wasmModule } from "./module.ts";

/** A configuration that cannot work. The message lists every problem with its path, and holds no value. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** `path: what is wrong; what would be right`. */
  readonly problems: string[];

  constructor(problems: string[]) {
    super(`the configuration is wrong:\n${problems.join("\n")}`);
    this.problems = problems;
  }
}

/** The core under one configuration, and the webhook's secrets in it. */
export interface Engine extends Core {
  /** All that is wrong in the configuration. */
  readonly problems: string[];
  /** Verifies a webhook's raw body against its `x-authgear-body-signature` and decides on it, all in WebAssembly. */
  receive(body: Uint8Array, signature: string): Received;
}

/** A webhook's body as the core read it. A body whose signature is wrong is not read. */
export type Received = { refused: "signature" | "event" } | ReceivedEvent;

/** What of an event can be told, and what it leads to. */
export type ReceivedEvent = {
  type: string;
  /** Absent when it is no string of 1 to 256 bytes; so is `userId`. */
  id?: string;
  userId?: string;
  /** Unix seconds; any number at all. */
  timestamp?: number;
  decision: Decision;
};

/** Built-in messages by locale and name. */
export type BuiltIn = { [locale: string]: object };

let ready = false;

/** Reads and checks a configuration; what is wrong is in `problems`, and then every decision says so. */
export function createEngine(config: Config, builtIn: BuiltIn): Engine {
  if (!ready) initSync({ module: wasmModule() });
  ready = true;
  const engine = new WasmEngine(withoutFunctions(config), builtIn);
  return {
    problems: engine.problems(),
    decide: (event) => readDecision(engine.decide(event).split("\n")),
    classify: judge,
    receive(body, signature) {
      const [head = "", ...decision] = engine.receive(body, signature).split("\n");
      const received: Received = JSON.parse(head);
      return "refused" in received ? received : { ...received, decision: readDecision(decision) };
    },
  };
}

/** As {@link createEngine}, for those who cannot go on with a wrong configuration. */
export function createSoundEngine(config: Config, builtIn: BuiltIn): Engine {
  const engine = createEngine(config, builtIn);
  if (engine.problems.length > 0) throw new ConfigError(engine.problems);
  return engine;
}

/** A custom provider's function is called here, never in the core. */
const withoutFunctions = (config: Config): unknown => JSON.parse(JSON.stringify(config) ?? "null");
