/** The glue is generated into build/; its shape is written here, so that the types check before the first build. */
declare module "*/wasm/npm/authgear_invite.js" {
  export function initSync(options: { module: WebAssembly.Module }): unknown;
  export class Engine {
    constructor(config: unknown, builtIn: unknown);
    problems(): string[];
    decide(event: unknown): string;
    preview(event: unknown, locale?: string): string;
    receive(body: Uint8Array, signature: string): string;
    free(): void;
  }
  export function classify(reply: import("./core.ts").Reply): import("./core.ts").Verdict;
  export function render(input: unknown): string;
  export class Passwords {
    constructor(policy: unknown, options: unknown);
    generate(): string;
    readonly entropyBits: number;
  }
  export function violations(password: string, policy: unknown): string[];
}

declare module "*/wasm/npm/base64.js" {
  export const base64: string;
}

declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
