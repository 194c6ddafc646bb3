/** Writes docs/mutants.md to the standard output, from what cargo-mutants recorded below a folder: mutants-table.ts FOLDER. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
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
const rows: string[] = [];
const missed: string[] = [];
for (const file of readdirSync(folder).sort()) {
  const all = [...outcomes(join(folder, file))];
  const count = (...summaries: string[]) => all.filter(([, { summary }]) => summaries.includes(summary)).length;
  const [noticed, unnoticed] = [count("CaughtMutant", "Timeout"), count("MissedMutant")];
  if (noticed + unnoticed === 0) continue;
  const score = Math.floor((100 * noticed) / (noticed + unnoticed));
  rows.push(`| ${file.replaceAll(/\.(?!rs$)/g, "/")} | ${noticed + unnoticed} | ${noticed} | ${score} % |`);
  missed.push(...all.filter(([, { summary }]) => summary === "MissedMutant").map(([name]) => `- \`${name}\``));
}

console.log(`# Mutation tests

\`make mutants\` wrote this. It changes the core in small ways, one at a time, and runs the tests: a change that they notice is
one that nobody can make by mistake. Changes that do not compile are not counted; what is left out, and why, is in
\`.cargo/mutants.toml\`. Files that are not in the table have not been tried.

| file | changes | noticed | |
|---|--:|--:|--:|
${rows.join("\n")}

${missed.length > 0 ? `Not noticed:\n\n${missed.join("\n")}` : "All were noticed."}`);
