/** Files that the package carries: beside the command there, in pkg/ in the repository. */
import { existsSync, readFileSync } from "node:fs";

export function readPart(name: "hook.ts" | "hook-ses.ts" | "config.schema.json" | "package.json"): string {
  const beside = new URL(`./${name}`, import.meta.url);
  return readFileSync(existsSync(beside) ? beside : new URL(`../../pkg/${name}`, import.meta.url), "utf8");
}
