/** Runs a hook as Authgear does: a fresh Deno process for one event, with the runner's permissions and nothing else. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config } from "../../ts/config.ts";

/** How long Authgear lets a non-blocking hook run. */
const LIMIT_MS = 60_000;

export type Runtime = { name: string; path: string };

export const deno1: Runtime = runtime("Deno 1.46.3", "deno-1");
export const deno2: Runtime = runtime("Deno 2.9.6", "deno-2");
export const runtimes = [deno1, deno2];

export type Outcome = {
  /** The exit code; null when the process was killed. */
  code: number | null;
  /** What the function returned; undefined when it never came to that. */
  output: unknown;
  stdout: string;
  stderr: string;
  ms: number;
};

/**
 * `net` lists the hosts (`127.0.0.1:8080`) that the hook may reach; Authgear grants them when Deno asks, here they are
 * granted up front and `--no-prompt` makes every other wish fail. An event given as text is passed on as it is.
 */
export async function runHook(
  runtime: Runtime,
  source: string,
  event: unknown,
  options: { net?: string[]; limitMs?: number } = {},
): Promise<Outcome> {
  const home = state();
  const folder = await mkdtemp(join(home, "run-"));
  try {
    const script = join(folder, `${randomBytes(8).toString("hex")}.ts`);
    const input = join(folder, "input.json");
    const output = join(folder, "output.json");
    await writeFile(script, source);
    await writeFile(input, typeof event === "string" ? event : JSON.stringify(event));
    await writeFile(output, "");
    const net = options.net?.length ? [`--allow-net=${options.net.join(",")}`] : [];
    const done = await execute(
      runtime.path,
      [
        "run",
        "--quiet",
        "--no-prompt",
        "--no-config",
        "--no-remote",
        `--allow-read=${script},${input}`,
        `--allow-write=${output}`,
        ...net,
        join(home, "runner.ts"),
        script,
        input,
        output,
      ],
      folder,
      options.limitMs ?? LIMIT_MS,
    );
    const text = await readFile(output, "utf8");
    return { ...done, output: text === "" ? undefined : JSON.parse(text) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the Portal does on saving: `deno check --quiet`. Of `files`, by name, the `roots` are checked. */
export async function denoCheck(
  runtime: Runtime,
  files: { [name: string]: string },
  roots: string[] = Object.keys(files),
): Promise<Checked> {
  return inFolder(files, (folder) =>
    execute(runtime.path, ["check", "--quiet", "--no-config", "--no-remote", ...roots], folder, LIMIT_MS),
  );
}

/** The compiler of Authgear's Deno 1.41.3, with the strictness of `deno check`. */
export async function tscCheck(
  files: { [name: string]: string },
  roots: string[] = Object.keys(files),
): Promise<Checked> {
  const tsc = fileURLToPath(new URL("../../node_modules/typescript-5.3/bin/tsc", import.meta.url));
  const options =
    "--noEmit --strict --target esnext --lib es2022,dom --module esnext --moduleResolution bundler" +
    " --allowImportingTsExtensions --isolatedModules";
  return inFolder(files, (folder) =>
    execute(process.execPath, [tsc, ...options.split(" "), ...roots], folder, LIMIT_MS),
  );
}

export type Checked = Omit<Outcome, "output">;

async function inFolder(
  files: { [name: string]: string },
  check: (folder: string) => Promise<Checked>,
): Promise<Checked> {
  const folder = await mkdtemp(join(state(), "check-"));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return await check(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `127.0.0.1:8080` out of `http://127.0.0.1:8080/path`. */
export function host(url: string): string {
  return new URL(url).host;
}

/** A piece of TypeScript where a value is expected: `code("(message) => ({ … })")`. */
export function code(text: string): Code {
  return new Code(text);
}

class Code {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type WithCode<T> = T extends (...args: never[]) => unknown
  ? Code
  : T extends object
    ? { [K in keyof T]: WithCode<T[K]> }
    : T;

export type ConfigLiteral = WithCode<Config>;

const CONFIG_BLOCK = /^const config: Config = \{\n(?:.*\n)*?\};$/m;

/** The hook with another configuration in the block at its top: an object, or the literal's text. */
export function withConfig(source: string, config: ConfigLiteral | string): string {
  if (!CONFIG_BLOCK.test(source)) throw new Error("the hook has no `const config: Config = { … };` block");
  const text = typeof config === "string" ? config : literal(config, "");
  return source.replace(CONFIG_BLOCK, () => `const config: Config = ${text};`);
}

/** The configuration that the file carries as it is, as text. */
export function configOf(source: string): string {
  const [block] = CONFIG_BLOCK.exec(source) ?? [];
  if (block === undefined) throw new Error("the hook has no `const config: Config = { … };` block");
  return block.slice("const config: Config = ".length, -1);
}

function literal(value: unknown, indent: string): string {
  if (value instanceof Code) return value.text;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const isArray = Array.isArray(value);
  const lines = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .map(([key, one]) => `${inner}${isArray ? "" : `${JSON.stringify(key)}: `}${literal(one, inner)},\n`);
  const [open, close] = isArray ? "[]" : "{}";
  return lines.length === 0 ? `${open}${close}` : `${open}\n${lines.join("")}${indent}${close}`;
}

let stateFolder: string | undefined;

/**
 * Deno's own cache and the runner, outside the repository, so that no package.json or lock file of ours reaches the
 * process. Thrown away with this process.
 */
function state(): string {
  if (stateFolder === undefined) {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "authgear-invite-")));
    mkdirSync(join(folder, "cache"));
    copyFileSync(fileURLToPath(new URL("./runner.ts", import.meta.url)), join(folder, "runner.ts"));
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    stateFolder = folder;
  }
  return stateFolder;
}

function execute(program: string, args: string[], cwd: string, limitMs: number): Promise<Checked> {
  if (!existsSync(program)) throw new Error(`${program} is not there; \`make test\` installs it`);
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, args, {
      cwd,
      env: { DENO_DIR: join(state(), "cache"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
    child.on("error", reject);
    child.on("close", (exitCode) => {
      clearTimeout(timer);
      resolve({
        code: exitCode,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
        ms: performance.now() - start,
      });
    });
  });
}

function runtime(name: string, folder: string): Runtime {
  const binary = process.platform === "win32" ? "deno.exe" : "deno";
  return { name, path: fileURLToPath(new URL(`../../node_modules/${folder}/${binary}`, import.meta.url)) };
}
