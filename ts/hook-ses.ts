/** The same as `hook.ts`, with the signature that Amazon SES asks for. */
import type { Config } from "./config.ts";
import { hook as withHost } from "./hook.ts";
import { HOST } from "./host.ts";
import type { Packed } from "./load.ts";
import { sign } from "./sign.ts";

export const hook = (event: unknown, config: Config, texts: string, wasm: Packed) =>
  withHost(event, config, texts, wasm, { ...HOST, sign });
