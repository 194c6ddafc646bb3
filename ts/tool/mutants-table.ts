/** Writes into docs/mutants.md what cargo-mutants recorded below a folder: mutants-table.ts FOLDER. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Outcome {
  scenario: "Baseline" | { Mutant: { name: string; file: string } };
  summary: "CaughtMutant" | "MissedMutant" | "Timeout" | "Unviable" | "Success" | "Failure";
}

/** What became of each change in the end: a second run is only of those that the first one missed. */
function outcomes(folder: string): Map<string, Outcome> {
  const latest = new Map<string, Outcome>();
  for (const run of ["mutants.out.old", "mutants.out"]) {
    const file = join(folder, run, "outcomes.json");
    if (!existsSync(file)) continue;
    for (const outcome of JSON.parse(readFileSync(file, "utf8")).outcomes as Outcome[]) {
      if (outcome.scenario !== "Baseline") latest.set(outcome.scenario.Mutant.name, outcome);
    }
  }
  return latest;
}

const [folder = "build/mutants/outcomes"] = process.argv.slice(2);
const page = "docs/mutants.md";
const rows = new Map<string, string>();
const missed = new Map<string, string[]>();

// A file that was not tried this time keeps what is said of it.
for (const line of readFileSync(page, "utf8").split("\n")) {
  const file = /^(?:\| |- `)(src\/[\w/]+\.rs)\b/.exec(line)?.[1];
  if (file === undefined || !existsSync(file)) continue;
  if (line.startsWith("|")) rows.set(file, line);
  else missed.set(file, [...(missed.get(file) ?? []), line]);
}

for (const name of readdirSync(folder)) {
  const file = name.replaceAll(/\.(?!rs$)/g, "/");
  const all = [...outcomes(join(folder, name))];
  const named = (...summaries: string[]) => all.filter(([, { summary }]) => summaries.includes(summary));
  const [noticed, unnoticed] = [named("CaughtMutant", "Timeout").length, named("MissedMutant")];
  const changes = noticed + unnoticed.length;
  if (changes === 0) continue;
  rows.set(file, `| ${file} | ${changes} | ${noticed} | ${Math.floor((100 * noticed) / changes)} % |`);
  missed.set(
    file,
    unnoticed.map(([change]) => `- \`${change}\``),
  );
}

const inOrder = <T>(map: Map<string, T>): T[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
const left = inOrder(missed).flat();
writeFileSync(
  page,
  `# Mutation tests

\`make mutants\` wrote this. It changes the core in small ways, one at a time, and runs the tests: a change that they notice is
one that nobody can make by mistake. Changes that do not compile are not counted; what is left out, and why, is in
\`.cargo/mutants.toml\`. Files that are not in the table have nothing to change.

| file | changes | noticed | |
|---|--:|--:|--:|
${inOrder(rows).join("\n")}

${left.length > 0 ? `Not noticed:\n\n${left.join("\n")}` : "All were noticed."}
`,
);
