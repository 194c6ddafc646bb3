/**
 * What a benchmark tells: on the console, and with `--write` as a page of docs/benchmarks/, so that no number there was
 * ever typed.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, type } from "node:os";
import { fileURLToPath } from "node:url";
import { table } from "./statistics.ts";

const FOLDER = new URL("../../docs/benchmarks/", import.meta.url);

export class Report {
  readonly #page: string;
  readonly #parts: string[];

  /** `command` makes the page again. */
  constructor(page: string, title: string, command: string) {
    this.#page = page;
    this.#parts = [`# ${title}`, `Written by \`${command}\`: ${machine()}.`];
    console.log(`${title}: ${machine()}.\n`);
  }

  say(text: string): void {
    console.log(`${text}\n`);
    this.#parts.push(text);
  }

  table(title: string, rows: string[][]): void {
    console.log(`${title}\n\n${table(rows, false)}\n`);
    this.#parts.push(`**${title}**`, table(rows, true));
  }

  /** An SVG beside the page. */
  figure(name: string, what: string, svg: string): void {
    this.#parts.push(`![${what}](${name}.svg)`);
    this.#figures.push([name, svg]);
  }
  readonly #figures: [name: string, svg: string][] = [];

  write(): void {
    mkdirSync(FOLDER, { recursive: true });
    for (const [name, svg] of this.#figures) writeFileSync(new URL(`${name}.svg`, FOLDER), svg);
    const file = new URL(`${this.#page}.md`, FOLDER);
    writeFileSync(file, `${this.#parts.join("\n\n")}\n`);
    console.log(`Written to ${fileURLToPath(file)}`);
  }
}

/** Shown while a benchmark runs, on a terminal. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function machine(): string {
  const os = existsSync("/etc/os-release") && /PRETTY_NAME="(.*)"/.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  return [
    `${cpus().length} cores of ${cpus()[0]?.model.trim()}`,
    os || type(),
    `Node.js ${process.versions.node}`,
    `commit ${commit}`,
    new Date().toISOString().slice(0, 10),
  ].join(", ");
}
