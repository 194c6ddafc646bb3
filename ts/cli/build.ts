/** `authgear-invite build`: the paste-in file for a configuration. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { covers } from "../advice.ts";
import type { Config } from "../config.ts";
import { createSoundEngine } from "../engine.ts";
import { BUILT_IN, type BuiltIn, chooseLocales } from "../locales.ts";
import { AUTHGEAR_LIMIT, BEGINNING, pasteIn, spokenLocales, UNUSED, usesSes } from "../paste-in.ts";
import { CONFIG, type Command, EXIT, type Exit, print, UsageError, type Values } from "./command.ts";
import { loadConfig } from "./config-file.ts";
import { readPart } from "./parts.ts";
import { jsonLine, visibleLine } from "./terminal.ts";

export const build: Command = {
  summary: "Write the file that is pasted into Authgear's Portal",
  options: {
    config: CONFIG,
    out: { value: "FILE", default: "invite.hook.ts", help: "the file to write" },
    locales: {
      value: "LIST",
      help: "built-in texts, such as en,ja (default en and those that the configuration names)",
    },
    json: { help: "one JSON object: out, bytes, locales, ses, warnings" },
  },
  examples: [
    ["build", "Write invite.hook.ts from invite.config.json"],
    ["build --locales en,ja,ko --out my-hook.ts", "With texts in three languages"],
  ],
  notes: `The file holds every key of the configuration in plain, since the Portal has no place for secrets: only you can read
it, and it belongs into no repository. The same configuration makes the same bytes.`,
  run,
};

async function run(values: Values): Promise<Exit> {
  const [file, out] = [values.config ?? "", values.out ?? ""];
  const { config, warnings, leftOut } = loadConfig(file, { without: UNUSED });
  warnings.push(...leftOut.map((key) => `${file}: ${key} is left out; the pasted file has no use for it`));
  const locales = values.locales === undefined ? spokenLocales(config) : readLocales(values.locales);
  if (values.locales === undefined && locales.length === 1) warnings.push(alone(locales.join()));
  const builtIn = chooseLocales(locales);
  checkLocales(config, builtIn);

  const text = pasteIn(config, builtIn, readPart);
  const bytes = Buffer.byteLength(text);
  if (bytes > AUTHGEAR_LIMIT) {
    process.stderr.write(
      `authgear-invite: the file would have ${bytes} bytes, and Authgear takes ${AUTHGEAR_LIMIT}; use fewer locales, or ` +
        "shorter texts. Nothing was written.\n",
    );
    return EXIT.failed;
  }
  write(out, text);
  if (isSharedByGit(out)) warnings.push(`${out}: holds keys, and git does not ignore it; add it to .gitignore`);
  if (values.json) print(jsonLine({ out, bytes, locales: Object.keys(builtIn), ses: usesSes(config), warnings }));
  else {
    for (const warning of warnings) process.stderr.write(`warning  ${visibleLine(warning)}\n`);
    print(visibleLine(`${out}: ${bytes} bytes of ${AUTHGEAR_LIMIT}, with ${Object.keys(builtIn).join(", ")}`));
  }
  return EXIT.done;
}

const KNOWN = Object.keys(BUILT_IN);
const alone = (locale: string) =>
  `--locales: not given, so users of other languages get ${locale}; give those that yours speak, such as en,ja`;

/** The configuration is sound with all built-in texts: what it now lacks is one of those left out. */
function checkLocales(config: Config, builtIn: BuiltIn): void {
  const { defaultLocale = "en" } = config;
  try {
    createSoundEngine(config, builtIn).free();
  } catch (error) {
    if (covers(Object.keys(builtIn), defaultLocale)) throw error;
    throw new UsageError(`--locales: lacks ${defaultLocale}, the default locale; add it, or set defaultLocale`);
  }
}

function readLocales(list: string): string[] {
  const names = list.split(",").map((it) => it.trim());
  const odd = names.find((it) => !KNOWN.includes(it));
  if (odd === undefined) return names;
  throw new UsageError(`--locales: "${odd}" is not built in; the built-in locales are ${KNOWN.join(", ")}`);
}

/** Whole or not at all, and for its owner alone from the first byte on. */
function write(out: string, text: string): void {
  const draft = `${out}.${process.pid}.tmp`;
  try {
    if (existsSync(out) && !readFileSync(out, "utf8").startsWith(BEGINNING))
      throw new UsageError(`--out: ${out} is there, and no paste-in file; give another name`);
    writeFileSync(draft, text, { mode: 0o600, flag: "wx" });
    renameSync(draft, out);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    rmSync(draft, { force: true });
    throw new UsageError(`--out: ${out} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Whether the file lies in a git repository that would take it. */
function isSharedByGit(file: string): boolean {
  const args = ["check-ignore", "--quiet", "--", basename(file)];
  return spawnSync("git", args, { cwd: dirname(resolve(file)), stdio: "ignore" }).status === 1;
}
