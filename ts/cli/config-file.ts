/**
 * The configuration as a JSON file. Wherever a text stands, `{ "env": "NAME" }` takes it from the environment and
 * `{ "file": "path" }` from a file (relative to this one), so that secrets need not stand in it.
 */
import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Config } from "../config.ts";
import {
  ACCOUNT,
  functionProblems,
  leaveOut,
  mapValues,
  type Reference,
  readReference,
  SECRET,
} from "../config-json.ts";
import { ConfigError, createEngine, type Engine } from "../engine.ts";
import { BUILT_IN, type BuiltIn } from "../locales.ts";
import { readJson } from "./json-file.ts";

export type LoadedConfig = {
  config: Config;
  engine: Engine;
  /** What is not wrong, and still should be heard of. */
  warnings: string[];
  /** The keys that were left out. */
  leftOut: string[];
};

export type LoadOptions = {
  env?: { [name: string]: string | undefined };
  /** The built-in messages. Default: all. */
  builtIn?: BuiltIn;
  /** Keys that are as if they were not there. */
  without?: string[];
  /** `false`: nothing is going to be sent, so something stands in for each credential that is kept elsewhere. */
  secrets?: boolean;
};

/** @throws {ConfigError} with all that is wrong, the file's name before each problem. */
export function loadConfig(file: string, options: LoadOptions = {}): LoadedConfig {
  const { problems, ...loaded } = inspectConfig(file, options);
  if (problems.length > 0) throw new ConfigError(problems.map((it) => `${file}: ${it}`));
  return loaded;
}

/**
 * The same with all that is wrong in it.
 *
 * @throws {ConfigError} The file cannot be read, or is no JSON.
 */
export function inspectConfig(file: string, options: LoadOptions = {}): LoadedConfig & { problems: string[] } {
  const { env = process.env, builtIn = BUILT_IN, without = [], secrets = true } = options;
  const read = readJson(file, "--config");
  if ("wrong" in read) throw new ConfigError([`${file}: ${read.wrong}`]);
  const [json, leftOut] = leaveOut(read.json, without);
  const references = new References(dirname(resolve(file)), env, secrets);
  const config = references.resolve(json, "") as Config;
  const engine = createEngine(config, builtIn);
  // What is said of a text that is not there would be said of its stand-in.
  const rest = engine.problems.filter((it) => !references.failed.some((path) => it.startsWith(`${path}:`)));
  const problems = [...references.problems, ...functionProblems(config), ...rest];
  return { config, engine, problems, warnings: warnings(file, read.json), leftOut };
}

/** Puts texts in the place of references. */
export class References {
  readonly problems: string[] = [];
  /** Paths whose text could not be had. */
  readonly failed: string[] = [];

  constructor(
    readonly folder: string,
    readonly env: { [name: string]: string | undefined },
    readonly secrets: boolean,
  ) {}

  resolve(value: unknown, path: string): unknown {
    if (Array.isArray(value)) return value.map((it, i) => this.resolve(it, `${path}[${i}]`));
    if (typeof value !== "object" || value === null) return value;
    const reference = readReference(value, path);
    if (reference) return this.#read(reference, path);
    return Object.fromEntries(
      Object.entries(value).map(([key, it]) => [key, this.resolve(it, path ? `${path}.${key}` : key)]),
    );
  }

  #read({ from, name }: Reference, path: string): string {
    if (!this.secrets && (SECRET.test(path) || ACCOUNT.test(path))) return "stands-in-for-what-is-kept-elsewhere";
    if (from === "env") return this.env[name] || this.#fail(path, `the environment variable ${name} is not set`);
    try {
      // An editor's last line break is not part of a secret.
      return readFileSync(resolve(this.folder, name), "utf8").replace(/\r?\n$/, "");
    } catch (error) {
      return this.#fail(path, `the file ${name} cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }

  #fail(path: string, what: string): string {
    this.failed.push(path);
    this.problems.push(`${path}: ${what}`);
    return "";
  }
}

function warnings(file: string, json: unknown): string[] {
  const { mode } = statSync(file);
  if (process.platform === "win32" || (mode & 0o077) === 0) return [];
  const literal: string[] = [];
  mapValues(json, (it, path) => {
    if (typeof it === "string" && SECRET.test(path)) literal.push(path);
    return it;
  });
  if (literal.length === 0) return [];
  return [
    `${file}: others on this machine can read it, and it holds ${literal.join(", ")}; chmod 600 it, or use {"env": …}`,
  ];
}
