/**
 * The configuration as a JSON file. Wherever a text stands, `{ "env": "NAME" }` takes it from the environment and
 * `{ "file": "path" }` from a file (relative to this one), so that secrets need not stand in it.
 */
import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type ParseError, parse } from "jsonc-parser/lib/esm/main.js";
import type { Config } from "../config.ts";
import { ConfigError, createEngine, type Engine } from "../engine.ts";
import { BUILT_IN } from "../locales.ts";

export type LoadedConfig = {
  config: Config;
  engine: Engine;
  /** What is not wrong, and still should be heard of. */
  warnings: string[];
};

/** @throws {ConfigError} with all that is wrong, the file's name before each problem. */
export function loadConfig(file: string, env: { [name: string]: string | undefined } = process.env): LoadedConfig {
  const json = readJson(file);
  const references = new References(dirname(resolve(file)), env);
  const config = references.resolve(json, "") as Config;
  const engine = createEngine(config, BUILT_IN);
  // What is said of a text that is not there would be said of its stand-in.
  const rest = engine.problems.filter((it) => !references.failed.some((path) => it.startsWith(`${path}:`)));
  const problems = [...references.problems, ...rest].map((it) => `${file}: ${it}`);
  if (problems.length > 0) throw new ConfigError(problems);
  return { config, engine, warnings: warnings(file, json) };
}

function readJson(file: string): unknown {
  const wrong = (what: string) => new ConfigError([`${file}: ${what}`]);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw wrong("there is no such file; name it with --config");
    throw wrong(code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "is not UTF-8 text" : `cannot be read (${code})`);
  }
  const errors: ParseError[] = [];
  const json: unknown = parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first) {
    const before = text.slice(0, first.offset).split("\n");
    throw wrong(`line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: is no JSON from here on`);
  }
  return json;
}

class References {
  readonly problems: string[] = [];
  /** Paths whose text could not be had. */
  readonly failed: string[] = [];

  constructor(
    readonly folder: string,
    readonly env: { [name: string]: string | undefined },
  ) {}

  resolve(value: unknown, path: string): unknown {
    if (Array.isArray(value)) return value.map((it, i) => this.resolve(it, `${path}[${i}]`));
    if (typeof value !== "object" || value === null) return value;
    const keys = Object.keys(value);
    const [key, name] = [keys[0], Object.values(value)[0]];
    if (keys.length === 1 && (key === "env" || key === "file") && typeof name === "string" && !isMap(path))
      return this.#read(key, name, path);
    return Object.fromEntries(
      Object.entries(value).map(([key, it]) => [key, this.resolve(it, path ? `${path}.${key}` : key)]),
    );
  }

  #read(from: "env" | "file", name: string, path: string): string {
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

/** Where keys are the user's own, `env` and `file` may be two of them. */
const isMap = (path: string) =>
  /^(vars|messages(\.[^.]+)?|rules\[\d+\]\.when\.(standardAttributes|customAttributes))$/.test(path);

const SECRET =
  /(^|\.)(apiKey|apiSecret|apiKeySecret|accessKey|authToken|secret|secretAccessKey|secretKey|serverToken|sessionToken|secrets\[\d+\])$/;

function warnings(file: string, json: unknown): string[] {
  const { mode } = statSync(file);
  if (process.platform === "win32" || (mode & 0o077) === 0) return [];
  const literal = [...texts(json, "")].filter((path) => SECRET.test(path));
  if (literal.length === 0) return [];
  return [
    `${file}: others on this machine can read it, and it holds ${literal.join(", ")}; chmod 600 it, or use {"env": …}`,
  ];
}

function* texts(value: unknown, path: string): Generator<string> {
  if (typeof value === "string") yield path;
  else if (Array.isArray(value)) for (const [i, it] of value.entries()) yield* texts(it, `${path}[${i}]`);
  else if (typeof value === "object" && value !== null)
    for (const [key, it] of Object.entries(value)) yield* texts(it, path ? `${path}.${key}` : key);
}
