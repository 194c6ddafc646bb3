/** The contract itself: were it laxer than Authgear's, the tests that rest on it would prove nothing. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startCapture } from "../servers/capture.ts";
import { code, configOf, host, runHook, runtimes, withConfig } from "./contract.ts";

function hookOf(body: string): string {
  return `export default async function (event: any): Promise<unknown> { ${body} }\n`;
}

for (const runtime of runtimes) {
  describe(`the runner's contract in ${runtime.name}`, { concurrency: 2 }, () => {
    it("hands over the event and takes the result", async () => {
      const outcome = await runHook(runtime, hookOf("return { got: event.id };"), { id: "e1" });
      assert.deepEqual(outcome, { ...outcome, code: 0, output: { got: "e1" }, stdout: "", stderr: "" });
    });

    it("runs a script under a new name each time", async () => {
      const source = hookOf("return import.meta.url;");
      const [one, two] = await Promise.all([runHook(runtime, source, {}), runHook(runtime, source, {})]);
      assert.match(String(one.output), /\/[0-9a-f]{16}\.ts$/);
      assert.notEqual(one.output, two.output);
    });

    it("reports what a hook throws", async () => {
      const outcome = await runHook(runtime, hookOf(`throw new Error("no luck");`), {});
      assert.equal(outcome.code, 1);
      assert.match(outcome.stderr, /no luck/);
      assert.equal(outcome.output, undefined);
    });

    const forbidden = {
      "the environment": `Deno.env.get("HOME")`,
      "other files": `await Deno.readTextFile("/etc/hostname")`,
      "the folder it lies in": `[...Deno.readDirSync(".")]`,
      "writing elsewhere": `await Deno.writeTextFile("elsewhere", "")`,
      programs: `await new Deno.Command("/bin/true").output()`,
      "the system": `Deno.hostname()`,
    };
    for (const [what, expression] of Object.entries(forbidden)) {
      it(`denies ${what}`, async () => {
        const outcome = await runHook(runtime, hookOf(expression), {});
        assert.equal(outcome.code, 1);
        assert.match(outcome.stderr, /PermissionDenied|NotCapable/);
      });
    }

    it("denies hosts that are not granted", async () => {
      const server = await startCapture({ status: 200 });
      try {
        const visit = hookOf(`return (await fetch("${server.origin}")).status;`);
        const denied = await runHook(runtime, visit, {});
        assert.equal(denied.code, 1);
        assert.match(denied.stderr, /Requires net access/);
        assert.equal(server.requests.length, 0);
        const granted = await runHook(runtime, visit, {}, { net: [host(server.origin)] });
        assert.equal(granted.output, 200, granted.stderr);
      } finally {
        await server.close();
      }
    });

    it("kills a hook that dawdles", async () => {
      const outcome = await runHook(runtime, hookOf("for (;;);"), {}, { limitMs: 1000 });
      assert.equal(outcome.code, null);
      assert.ok(outcome.ms < 5000, `${outcome.ms} ms`);
    });
  });
}

describe("withConfig", () => {
  const source = `// head\nconst config: Config = {\n  serviceName: "Acme",\n  vars: {\n  },\n};\nexport default 1;\nconst later = {\n};\n`;

  it("replaces the block at the top and nothing else", () => {
    const config = {
      serviceName: "Dollar $& Sons",
      url: "https://a.example",
      email: [{ provider: "custom" as const, from: "a@a.example", request: code("() => null") }],
    };
    assert.equal(
      withConfig(source, config),
      `// head
const config: Config = {
  "serviceName": "Dollar $& Sons",
  "url": "https://a.example",
  "email": [
    {
      "provider": "custom",
      "from": "a@a.example",
      "request": () => null,
    },
  ],
};
export default 1;
const later = {
};
`,
    );
  });

  it("takes text as it is", () => {
    assert.equal(withConfig(source, configOf(source)), source);
  });

  it("refuses a file without the block", () => {
    assert.throws(() => withConfig("const config = {};\n", "{}"), /no `const config/);
  });
});
