/** The core of the npm package: one configuration, read and checked once. */
import {
  initSync,
  classify as judge,
  render,
  Engine as WasmEngine,
  sha256 as wasmSha256,
} from "../build/wasm/npm/authgear_invite.js";
import type { Config } from "./config.ts";
import { type Core, type Decision, type Preview, type Rendered, readDecision, type Trace } from "./core.ts";
import type { BuiltIn } from "./locales.ts";
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
  /**
   * The mail with a password, for the account that an event, made by hand, speaks of; a `skip` where that has no
   * e-mail address. Rules do not matter. The password must be visible ASCII.
   */
  decidePassword(event: unknown, password: string): Decision;
  /** What an event leads to, as its reader would see it; a locale stands in for the user's own. */
  preview(event: unknown, locale?: string): Preview;
  /** Why it leads to that. */
  trace(event: unknown, locale?: string): Trace;
  /** Verifies a webhook's raw body against its `x-authgear-body-signature` and decides on it, all in WebAssembly. */
  receive(body: Uint8Array, signature: string): Received;
  /**
   * Gives its memory back at once, and ends its use. Without it that is done when the garbage collector comes by, but
   * never in old versions of workerd, which know no `FinalizationRegistry`.
   */
  free(): void;
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

let started = false;

/** Compiles the WebAssembly when it is first needed, so that an import costs nothing. */
export function start(): void {
  if (!started) initSync({ module: wasmModule() });
  started = true;
}

/** Reads and checks a configuration; what is wrong is in `problems`, and then every decision says so. */
export function createEngine(config: Config, builtIn: BuiltIn): Engine {
  start();
  let engine: WasmEngine;
  try {
    engine = new WasmEngine(toJson(config), builtIn);
  } catch {
    return UNREADABLE;
  }
  return {
    problems: engine.problems(),
    decide: (event) => readDecision(engine.decide(event).split("\n")),
    decidePassword: (event, password) => readDecision(engine.decidePassword(event, password).split("\n")),
    preview: (event, locale) => JSON.parse(engine.preview(event, locale)),
    trace: (event, locale) => JSON.parse(engine.trace(event, locale)),
    classify: judge,
    receive(body, signature) {
      const [head = "", ...decision] = engine.receive(body, signature).split("\n");
      const received: Received = JSON.parse(head);
      return "refused" in received ? received : { ...received, decision: readDecision(decision) };
    },
    free: () => engine.free(),
  };
}

const UNREADABLE_PROBLEM =
  "config: must be plain data; it holds a cycle or a BigInt, nests deeper than 64 levels, or a getter in it throws";

const UNREADABLE: Engine = {
  problems: [UNREADABLE_PROBLEM],
  decide: () => ({ type: "invalid", problems: [UNREADABLE_PROBLEM] }),
  decidePassword: () => ({ type: "invalid", problems: [UNREADABLE_PROBLEM] }),
  preview: () => ({ type: "invalid", problems: [UNREADABLE_PROBLEM] }),
  trace: () => ({ rules: [], locales: [], channels: [], values: {} }),
  classify: judge,
  receive: () => ({ refused: "signature" }),
  free: () => {},
};

/** As {@link createEngine}, for those who cannot go on with a wrong configuration. */
export function createSoundEngine(config: Config, builtIn: BuiltIn): Engine {
  const engine = createEngine(config, builtIn);
  if (engine.problems.length > 0) throw new ConfigError(engine.problems);
  return engine;
}

/** In hexadecimal. */
export function sha256(text: string): string {
  start();
  return wasmSha256(text);
}

/** Prints a template on its own. */
export function renderInput(input: { template: unknown; values: unknown; options: unknown }): Rendered {
  start();
  try {
    return JSON.parse(render(toJson(input)));
  } catch {
    return { problems: [UNREADABLE_PROBLEM.replace("config", "values")] };
  }
}

/**
 * What JSON makes of a value: without functions, so that a custom provider's is never called in the core, and without
 * getters, so that nothing can throw in the midst of it.
 *
 * @throws What `JSON.stringify` throws.
 */
export const toJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? "null");
