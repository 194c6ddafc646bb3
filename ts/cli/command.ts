/** What a command is: its options, its help, and how a command line is read. */
import { parseArgs } from "node:util";
import { nearest } from "../nearest.ts";
import { readPart } from "./parts.ts";

/** Exit codes, the same for every command. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

export type Option = {
  help: string;
  /** One letter: `n` for `-n`. */
  short?: string;
  /** What stands for the value in the help; without it the option is a switch. */
  value?: string;
  /** What the value may be, or what is likely: shells offer it. */
  choices?: readonly string[];
  default?: string;
  /** It may be given several times. */
  many?: boolean;
  /** An environment variable that is read when the option is not given. */
  env?: string;
};

/** The configuration, for every command that needs one. */
export const CONFIG: Option = {
  value: "FILE",
  default: "invite.config.json",
  env: "AUTHGEAR_INVITE_CONFIG",
  help: "the configuration",
};

/** The values of options, by name; a switch that is on is `"true"`. */
export type Values = { [option: string]: string | undefined };

/** The values of options that may be given several times. */
export type Lists = { [option: string]: string[] | undefined };

export type Command = {
  summary: string;
  /** The positional arguments, as in the usage line. */
  args?: string;
  /** What the argument may be: shells offer it. */
  choices?: readonly string[];
  options: { [name: string]: Option };
  /** Command lines without the program's name, each with what it does. */
  examples: [line: string, does: string][];
  /** More for the help, in paragraphs. */
  notes?: string;
  run: (values: Values, args: string[], lists: Lists) => Promise<Exit>;
};

export type Commands = { [name: string]: Command | Group };

/** Commands under one name: `outbox list`. */
export type Group = { summary: string; commands: Commands };

/** The command line, the environment or the configuration is wrong. The message says where and what would be right. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const PROGRAM = "authgear-invite";
const HELP: Option = { help: "show this", short: "h" };

/** Finds the command, reads its options and runs it; help is printed instead where it is asked for. */
export async function dispatch(commands: Commands, argv: string[], path: string[] = []): Promise<Exit> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    print(groupHelp(commands, path));
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  if (name === "--version" && path.length === 0) {
    print(JSON.parse(readPart("package.json")).version);
    return EXIT.done;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const line = [...path, name].join(" ");
  if (!command) throw new UsageError(`${line}: no such command; ${suggest(name, Object.keys(commands))}`);
  if ("commands" in command) return dispatch(command.commands, rest, [...path, name]);
  const { values, lists, positionals } = read(command, rest, line);
  if (values.help) {
    print(commandHelp(command, line));
    return EXIT.done;
  }
  return command.run(withDefaults(command, values), positionals, lists);
}

function read({ options, args }: Command, argv: string[], line: string) {
  const known = Object.entries({ ...options, help: HELP });
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: args !== undefined,
      options: Object.fromEntries(
        known.map(([name, { value, short, many = false }]) => [
          name,
          { type: value ? "string" : "boolean", multiple: many, ...(short && { short }) } as const,
        ]),
      ),
    });
    const [lists, singles] = [true, false].map((many) =>
      Object.fromEntries(Object.entries(values).filter(([, value]) => Array.isArray(value) === many)),
    );
    return { values: singles as Given, lists: lists as Lists, positionals };
  } catch (error) {
    const [what = ""] = (error as Error).message.split(/\. (?=To specify|If you)/);
    throw new UsageError(`${line}: ${what.replace(/\.$/, "")}; see: ${PROGRAM} ${line} --help`);
  }
}

type Given = { [option: string]: string | boolean | undefined };

function withDefaults({ options }: Command, given: Given): Values {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => {
      const value = given[name] ?? (option.env && process.env[option.env]) ?? option.default;
      return [name, value === undefined || value === false ? undefined : String(value)];
    }),
  );
}

/** A whole number within bounds. */
export function wholeNumber(values: Values, option: string, least: number, most: number): number {
  const text = values[option] ?? "";
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`--${option}: must be a whole number from ${least} to ${most}`);
}

export function oneOf<T extends string>(values: Values, option: string, choices: readonly T[]): T {
  const choice = choices.find((it) => it === values[option]);
  if (choice) return choice;
  throw new UsageError(`--${option}: must be ${choices.join(" or ")}`);
}

// --- Help --------------------------------------------------------------------------------------------------------------

const EXITS = `Exit codes: ${EXIT.done} done, ${EXIT.failed} failed, ${EXIT.usage} wrong command line or configuration.`;

function groupHelp(commands: Commands, path: string[]): string {
  const rows = Object.entries(commands).flatMap(([name, it]): [string, string][] =>
    "commands" in it
      ? Object.entries(it.commands).map(([sub, { summary }]) => [`${name} ${sub}`, summary])
      : [[name, it.summary]],
  );
  const prefix = [PROGRAM, ...path].join(" ");
  const more = `${prefix} COMMAND --help tells more${path.length === 0 ? "; --version prints the version" : ""}.`;
  return [`Usage: ${prefix} COMMAND [OPTIONS]`, columns(rows), more, EXITS].join("\n\n");
}

function commandHelp({ summary, args, options, examples, notes }: Command, line: string): string {
  const rows = Object.entries({ ...options, help: HELP }).map(([name, it]): [string, string] => {
    const extra = [it.default !== undefined && `default ${it.default}`, it.env && `env ${it.env}`].filter(Boolean);
    const names = it.short ? `-${it.short}, --${name}` : `--${name}`;
    return [`${names}${it.value ? ` ${it.value}` : ""}`, `${it.help}${extra.length ? ` (${extra.join("; ")})` : ""}`];
  });
  const usage = ["Usage:", PROGRAM, line, args, "[OPTIONS]"].filter(Boolean).join(" ");
  const lines = examples.map(([example, does]) => `  ${does}:\n    ${PROGRAM} ${example}`).join("\n");
  const parts = [`${summary}.`, usage, columns(rows), notes, `Examples:\n${lines}`, EXITS];
  return parts.filter(Boolean).join("\n\n");
}

function columns(rows: [string, string][]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}

/** The nearest name, or all of them where none is near. */
function suggest(name: string, names: string[]): string {
  const near = nearest(name, names);
  return near ? `did you mean ${near}?` : `there ${list(names)}`;
}

const list = (names: string[]) => (names.length === 1 ? `is ${names[0]}` : `are ${names.join(", ")}`);

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
