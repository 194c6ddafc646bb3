/** tests/deno/runner.ts with a stopwatch: what it writes is the milliseconds of each step of the hook. */
declare const Deno: {
  args: string[];
  readTextFile(path: string): Promise<string>;
  writeTextFile(path: string, text: string): Promise<void>;
};

const steps: { [step: string]: number } = {};
let last = 0;

/** The time since the last lap belongs to this step. */
function lap(step: string): void {
  const now = performance.now();
  steps[step] = (steps[step] ?? 0) + now - last;
  last = now;
}

const { Module, Instance } = WebAssembly;
WebAssembly.Module = class extends Module {
  constructor(bytes: BufferSource) {
    lap("wasm decoded and inflated");
    super(bytes);
    lap("wasm compiled");
  }
};
WebAssembly.Instance = class extends Instance {
  constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
    super(module, imports);
    lap("wasm instantiated");
  }
};
const { fetch } = globalThis;
globalThis.fetch = (...request: Parameters<typeof fetch>) => {
  lap("decided: JSON in, first call, JSON out");
  return fetch(...request).finally(() => lap("fetch, to the answer's head"));
};

const [script, input, output] = Deno.args as [string, string, string];
const event: unknown = JSON.parse(await Deno.readTextFile(input));
last = performance.now();
const hook: { default: (event: unknown) => unknown } = await import(`file://${script}`);
lap("script transpiled and evaluated");
await hook.default(event);
lap("rest: answer read and judged, log");
await Deno.writeTextFile(output, JSON.stringify(steps));

export {};
