/** `authgear-invite check`: what is wrong in a configuration, and what is odd. */

import { advise } from "../advice.ts";
import { ConfigError } from "../engine.ts";
import { loadAdmin } from "./admin-config.ts";
import { CONFIG, type Command, EXIT, type Exit, print, type Values } from "./command.ts";
import { inspectConfig } from "./config-file.ts";
import { jsonLine, visibleLine } from "./terminal.ts";

export const check: Command = {
  summary: "Tell all that is wrong or odd in a configuration",
  options: { config: CONFIG, json: { help: "one JSON object: problems, warnings" } },
  examples: [
    ["check", "Check invite.config.json"],
    ["check --config other.json --json", "For a program"],
  ],
  notes: `Problems keep it from working, and exit with 1; warnings do not. Each is printed with its path, and without any value.`,
  run,
};

type Findings = { problems: string[]; warnings: string[] };

async function run(values: Values): Promise<Exit> {
  const file = values.config ?? "";
  const { problems, warnings } = findings(file);
  if (values.json) print(jsonLine({ problems, warnings }));
  else {
    for (const problem of problems) print(visibleLine(`problem  ${problem}`));
    for (const warning of warnings) print(visibleLine(`warning  ${warning}`));
    const count = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;
    print(`${visibleLine(file)}: ${count(problems.length, "problem")}, ${count(warnings.length, "warning")}`);
  }
  return problems.length > 0 ? EXIT.failed : EXIT.done;
}

/** All that is wrong or odd in the file. */
export function findings(file: string): Findings {
  try {
    const { config, problems, warnings, leftOut } = inspectConfig(file, { without: ["admin"] });
    if (problems.length === 0) warnings.push(...advise(config));
    return { problems: [...problems, ...(leftOut.length > 0 ? adminProblems(file) : [])], warnings };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems, warnings: [] };
    throw error;
  }
}

function adminProblems(file: string): string[] {
  try {
    loadAdmin(file);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((it) => it.replace(`${file}: `, ""));
    throw error;
  }
}
