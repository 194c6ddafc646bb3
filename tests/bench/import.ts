/**
 * `make bench-import`: rows a second and peak memory of `authgear-invite import`, at 10,000 and at 100,000 rows, against an
 * Admin API and a provider that answer at once. `--rows N` for another number. That each row has
 * its account is asserted, how fast it gets it never.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.ts";
import { progress, Report } from "./report.ts";

const { values: options } = parseArgs({
  options: { rows: { type: "string", default: "100000" }, write: { type: "boolean", default: false } },
});
const rows = Number(options.rows);
assert.ok(rows >= 10, "--rows takes a whole number");

const folder = mkdtempSync(join(tmpdir(), "authgear-invite-bench-"));
const children = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});
process.on("SIGINT", () => process.exit(1));

const [apiFile, cliFile] = ["import-api.ts", "../../ts/cli/main.ts"].map(bundle) as [string, string];

const api = spawn(process.execPath, [apiFile], { stdio: ["ignore", "pipe", "inherit"] });
children.add(api);
const origin = await new Promise<string>((resolve) => api.stdout.once("data", (text) => resolve(`${text}`.trim())));

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
writeFileSync(join(folder, "key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
const config = join(folder, "config.json");
writeFileSync(
  config,
  JSON.stringify({
    serviceName: "Acme",
    url: "https://accounts.acme.example",
    email: [{ provider: "resend", apiKey: "re_bench", from: "Acme <no-reply@acme.example>", endpoint: origin }],
    admin: { endpoint: origin, projectId: "acme", keyId: "bench", privateKey: { file: "key.pem" } },
  }),
  { mode: 0o600 },
);

type Measured = { seconds: number; peakMiB: number; journalMiB: number };

async function measure(via: string, count: number): Promise<Measured> {
  const file = join(folder, `${via}-${count}.csv`);
  const lines = Array.from({ length: count }, (_, i) => `new.user${i}@customer.example,Ada Lovelace ${i},ja`);
  writeFileSync(file, `email,name,locale\n${lines.join("\n")}\n`);
  const args = [
    cliFile,
    "import",
    file,
    "--config",
    config,
    "--via",
    via,
    "--rate",
    "10000",
    "--concurrency",
    "64",
    "--json",
  ];
  const start = performance.now();
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "ignore"],
  });
  children.add(child);
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, highWater(child.pid));
  }, 50);
  let text = "";
  for await (const chunk of child.stdout) text += chunk;
  clearInterval(look);
  children.delete(child);
  const { outcomes } = JSON.parse(text);
  assert.deepEqual(outcomes, { created: count });
  const seconds = (performance.now() - start) / 1000;
  return { seconds, peakMiB: peak / 1024, journalMiB: statSync(`${file}.journal`).size / 2 ** 20 };
}

/** The most memory that a process ever had, in KiB. */
function highWater(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

const lines = [["", "rows", "rows/s", "peak MiB", "journal MiB"]];
for (const via of ["create", "import-api"])
  for (const count of [Math.round(rows / 10), rows]) {
    progress(`${via}: ${count} rows`);
    const { seconds, peakMiB, journalMiB } = await measure(via, count);
    lines.push([
      `--via ${via}`,
      count.toLocaleString("en"),
      (count / seconds).toFixed(0),
      peakMiB.toFixed(0),
      journalMiB.toFixed(1),
    ]);
  }
progress("");
const report = new Report("import", "authgear-invite import", "make bench-import");
report.say(
  "An Admin API and a provider on the same machine answer at once; a row is an account, by import-api with its message.",
);
report.table("Rows, and memory at its most", lines);
if (options.write) report.write();
process.exit();
