/** The event that a command tries: a sample by its name, or a file. */
import { SAMPLES } from "../samples.ts";
import { type Option, UsageError } from "./command.ts";
import { readJson } from "./json-file.ts";

const NAMES = Object.keys(SAMPLES);

export const EVENT: Option = {
  value: "NAME|FILE",
  choices: NAMES,
  default: "guide",
  help: `a sample (${NAMES.join(", ")}), or a JSON file with an event`,
};

export function readEvent(name: string): unknown {
  if (Object.hasOwn(SAMPLES, name)) return SAMPLES[name as keyof typeof SAMPLES];
  const read = readJson(name, `--event, or give ${NAMES.join(", ")}`);
  if ("wrong" in read) throw new UsageError(`${name}: ${read.wrong}`);
  return read.json;
}
