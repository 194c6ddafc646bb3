/** tests/deno/runner.ts with a clock: what it writes is when each step began and ended, in milliseconds. */
declare const Deno: {
  args: string[];
  readTextFile(path: string): Promise<string>;
  writeTextFile(path: string, text: string): Promise<void>;
};

const marks: { [name: string]: number } = {};
const mark = (name: string) => {
  marks[name] ??= performance.now();
};

const { Module, Instance } = WebAssembly;
WebAssembly.Module = class extends Module {
  constructor(bytes: BufferSource) {
    mark("compile");
    super(bytes);
    mark("compiled");
  }
};
WebAssembly.Instance = class extends Instance {
  constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
    mark("instantiate");
    super(module, imports);
    mark("instantiated");
  }
};
const { fetch } = globalThis;
globalThis.fetch = (...request: Parameters<typeof fetch>) => {
  mark("fetch");
  return fetch(...request).finally(() => mark("answered"));
};

const [script, input, output] = Deno.args as [string, string, string];
const event: unknown = JSON.parse(await Deno.readTextFile(input));
mark("import");
const hook: { default: (event: unknown) => unknown } = await import(`file://${script}`);
mark("imported");
await hook.default(event);
mark("done");
await Deno.writeTextFile(output, JSON.stringify(marks));

export {};
