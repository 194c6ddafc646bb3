import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/** The path of a source file as one file of JavaScript, so that no transpiler is part of what is measured. */
export function bundle(source: string): string {
  // In build/, where libsql is found.
  const outfile = `../../build/bench/${source.replace(/^.*\//, "").replace(".ts", ".mjs")}`;
  const [entry, out] = [source, outfile].map((it) => fileURLToPath(new URL(it, import.meta.url))) as [string, string];
  buildSync({ entryPoints: [entry], outfile: out, bundle: true, platform: "node", format: "esm", target: "node20" });
  return out;
}
