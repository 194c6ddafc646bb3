/**
 * What Authgear's runner does, inside Deno: read the event, import the script under its new name, await its default
 * function, write the result. Arguments: SCRIPT INPUT OUTPUT.
 */
declare const Deno: {
  args: string[];
  readTextFile(path: string): Promise<string>;
  writeTextFile(path: string, text: string): Promise<void>;
};

const [script, input, output] = Deno.args as [string, string, string];
const event: unknown = JSON.parse(await Deno.readTextFile(input));
const hook: { default: (event: unknown) => unknown } = await import(`file://${script}`);
const result = await hook.default(event);
await Deno.writeTextFile(output, JSON.stringify(result ?? null));

export {};
