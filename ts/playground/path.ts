/** Places in a configuration, and how the core calls them: `email[0].apiKey`. */

export type Path = readonly (string | number)[];
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function printPath(path: Path): string {
  return path.map((it, i) => (typeof it === "number" ? `[${it}]` : i > 0 ? `.${it}` : it)).join("");
}

export function at(value: unknown, path: Path): Json | undefined {
  let here = value;
  for (const step of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as { [key: string]: unknown })[step];
  }
  return here as Json | undefined;
}

/**
 * The same value with another one at a place; `undefined` takes it out, and with it what is empty then. What is on the way
 * and no object or list is replaced by one.
 */
export function put(value: Json | undefined, [step, ...rest]: Path, leaf: Json | undefined): Json | undefined {
  if (step === undefined) return leaf;
  if (typeof step === "number") {
    const items = Array.isArray(value) ? [...value] : [];
    const item = put(items[step], rest, leaf);
    if (item === undefined && rest.length === 0) items.splice(step, 1);
    else items[step] = item ?? {};
    return items.length > 0 ? items : undefined;
  }
  const members = isObject(value) ? Object.entries(value) : [];
  const item = put(isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined, rest, leaf);
  const index = members.findIndex(([key]) => key === step);
  if (item === undefined) members.splice(index, index < 0 ? 0 : 1);
  else if (index < 0) members.push([step, item]);
  else members[index] = [step, item];
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}

/** The place that a problem names, and those around it, from the inside out. */
export function* placesOf(problem: string): Generator<string> {
  let path = problem.replace(/: .*$/s, "").replace(/ or \S+$/, "");
  while (path) {
    yield path;
    path = path.replace(/(\.[^.[\]]*|\[\d+\]|^[^.[\]]+|.)$/, "");
  }
}
