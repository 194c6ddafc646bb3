/** What pkg/ is made from, so that a build can tell whether it is up to date. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export const PASTE_IN = ["hook.ts", "hook-ses.ts"];

/** Files that the npm package takes over. */
export const COPIES = ["README.md", "LICENSE-APACHE", "LICENSE-MIT"];

/** A file's text in the package, where it links to no file that is not there. */
export function copyOf(name: string): string {
  return readFileSync(name, "utf8").replace(
    /\[([^\]]+)\]\((?!#|https?:)([^)]+)\)/g,
    (_, text: string, path: string) => {
      const packed = PASTE_IN.find((it) => path === `pkg/${it}`);
      return packed ? `[\`${packed}\`](${packed})` : text;
    },
  );
}

/** Tools that leave pkg/ alone. */
const ASIDE = /^ts.tool.(demo|setup|section|wasm-test|check-pkg|audit|webdriver|screenshots|serve-playground)/;

/** A hash of everything that pkg/ is built from. */
export function sources(): string {
  const files = ["Cargo.toml", "Cargo.lock", "package.json", "package-lock.json"];
  const folders = ["src", "ts"];
  for (const folder of folders) {
    for (const name of readdirSync(folder, { recursive: true }) as string[]) {
      const path = join(folder, name);
      if (statSync(path).isFile() && !ASIDE.test(path)) files.push(path);
    }
  }
  const hash = createHash("sha256");
  for (const path of files.sort())
    hash
      .update(`${path.replaceAll("\\", "/")}\0`)
      .update(readFileSync(path))
      .update("\0");
  return hash.digest("hex");
}

/** Whether the copies are there and up to date. */
export const areCopied = () =>
  COPIES.every((name) => existsSync(`pkg/${name}`) && readFileSync(`pkg/${name}`, "utf8") === copyOf(name));
