/** The Admin API's client in Deno, with the network and nothing else. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { AdminApi, IDS, newKey } from "../servers/admin-api.ts";
import { host, runHook, runtimes } from "./contract.ts";

const EMAIL = "new@user.example";

const { outputFiles } = buildSync({
  stdin: {
    contents: `
      import { createAdmin } from "./admin.ts";
      export default async function (options: Parameters<typeof createAdmin>[0]) {
        const admin = createAdmin(options);
        const before = await admin.usersByAttribute("email", "${EMAIL}");
        const user = await admin.createUser({ loginId: { email: "${EMAIL}" }, password: "", sendPassword: true });
        return { before, user };
      }`,
    resolveDir: fileURLToPath(new URL("../../ts", import.meta.url)),
    loader: "ts",
  },
  bundle: true,
  format: "esm",
  write: false,
});
const program = outputFiles[0]?.text ?? "";
const { pkcs1, verifier } = await newKey();

for (const runtime of runtimes)
  test(`${runtime.name}: a connection that breaks when it is used again brings no second mail`, async () => {
    const api = await new AdminApi(verifier).start();
    after(() => api.stop());
    api.faults.push(undefined, { does: "reset", done: true });
    const options = { ...IDS, endpoint: api.origin, privateKey: pkcs1 };
    const { code, output, stderr } = await runHook(runtime, program, options, { net: [host(api.origin)] });
    assert.equal(code, 0, stderr);
    const { before, user } = output as { before: unknown[]; user: { id: string } };
    assert.deepEqual([before, user.id], [[], api.accounts[0]?.id]);
    assert.deepEqual([api.mails.length, api.requests.length], [1, 3]);
  });
