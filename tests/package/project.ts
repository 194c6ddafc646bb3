/** The package as npm packs it, installed into an empty project. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PKG = join(ROOT, "pkg");

/** Outside the repository, so that none of its files is found from there. Thrown away with this process. */
export const temporary: string = realpathSync(mkdtempSync(join(tmpdir(), "authgear-invite-package-")));
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));

export type Packed = { tarball: string; files: string[]; size: number };

export async function pack(): Promise<Packed> {
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", temporary], PKG);
  const [{ filename, files, size }] = JSON.parse(stdout);
  return { tarball: join(temporary, filename), files: files.map((it: { path: string }) => it.path).sort(), size };
}

/** An empty project with nothing but the package; npm may ask nobody. */
export async function install(tarball: string): Promise<string> {
  const folder = join(temporary, "project");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  await run("npm", ["install", "--offline", "--ignore-scripts", tarball], folder);
  return folder;
}

/** Writes files into a folder. */
export function write(folder: string, files: { [name: string]: string }): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

const LIMIT_MS = 120_000;

/** Runs a program to its end; what it printed stands in the error when it fails. */
export function run(program: string, args: string[], cwd: string): Promise<{ stdout: string; stderr: string }> {
  const env = { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", DENO_DIR: join(temporary, "deno") };
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env, timeout: LIMIT_MS, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${program} ${args.join(" ")}: ${error.message}\n${stdout}${stderr}`));
      else resolve({ stdout, stderr });
    });
  });
}
