/** What the page knows, and all that follows from it. */
import { computed, signal } from "@preact/signals";
import { advise } from "../advice.ts";
import type { Config } from "../config.ts";
import { functionProblems, leaveOut } from "../config-json.ts";
import type { Decision, Preview, Trace } from "../core.ts";
import { createEngine } from "../engine.ts";
import { parseJson } from "../json-text.ts";
import { BUILT_IN, chooseLocales } from "../locales.ts";
import { AUTHGEAR_LIMIT, pasteIn, spokenLocales, UNUSED } from "../paste-in.ts";
import { SAMPLES } from "../samples.ts";
import { readHook } from "./module.ts";
import { at, isObject, type Json, type JsonObject, type Path, printPath, put } from "./path.ts";
import { staged } from "./stand-ins.ts";

export const KNOWN_LOCALES = Object.keys(BUILT_IN);

/** The configuration as it was written, by form, JSON or import. */
export const config = signal<JsonObject>({});
/** The JSON as it was typed, and what the configuration was then: it stays until somebody else changes that. */
export const draft = signal({ text: "{}", config: config.value });
/** Built-in locales to carry beside those that the configuration speaks of. */
export const extraLocales = signal<readonly string[]>([]);
export const eventName = signal<keyof typeof SAMPLES | "own">("guide");
export const ownEvent = signal(JSON.stringify(SAMPLES.guide, null, 2));
/** Stands in for the user's own locale; empty: it does not. */
export const locale = signal("");
/** How the configuration is written. */
export const configTab = signal("form");
export const openSections = signal<ReadonlySet<string>>(new Set(["service", "sender"]));
/** What the form's editors show. */
export const editedMessage = signal("invite");
export const editedLocale = signal("en");
/** Fields that were left once: what is missing in others is no news yet. */
export const touched = signal<ReadonlySet<string>>(new Set());
/** Somebody wanted the file: now all that is missing is told. */
export const insisted = signal(false);

export function change(path: Path, value: Json | undefined): void {
  config.value = (put(config.value, path, value) ?? {}) as JsonObject;
}

export function showSection(name: string, isOpen = true): void {
  const others = [...openSections.value].filter((it) => it !== name);
  openSections.value = new Set(isOpen ? [...others, name] : others);
}

export const valueAt = (path: Path) => at(config.value, path);

/** What the file takes of it. */
export const fileConfig = computed(() => leaveOut(config.value, UNUSED)[0] as Config);

/** What makes no sense in a configuration may be anything at all. */
function attempt<T>(compute: () => T, otherwise: T): T {
  try {
    return compute();
  } catch {
    return otherwise;
  }
}

export const locales = computed(() => {
  const spoken = attempt(() => spokenLocales(fileConfig.value), ["en"]);
  return KNOWN_LOCALES.filter((it) => spoken.includes(it) || extraLocales.value.includes(it));
});
export const spoken = computed(() => attempt(() => spokenLocales(fileConfig.value), ["en"]));
const builtIn = computed(() => chooseLocales(locales.value));

/** What keeps the JSON that was typed from being a configuration: until it is mended, the one before it stays. */
export const draftFault = computed(() => {
  if (draft.value.config !== config.value) return undefined;
  const read = parseJson(draft.value.text);
  if ("wrong" in read) return { message: read.wrong, offset: read.offset };
  return isObject(read.json) ? undefined : { message: "must be an object, like { }", offset: 0 };
});

export const problems = computed(() => {
  if (draftFault.value) return [`JSON: ${draftFault.value.message}`];
  const engine = createEngine(fileConfig.value, builtIn.value);
  const all = [...attempt(() => functionProblems(fileConfig.value), []), ...engine.problems];
  engine.free();
  return all;
});

export const advice = computed(() => (problems.value.length > 0 ? [] : advise(fileConfig.value)));

/** The file to be pasted; nothing while the configuration is wrong. */
export const file = computed(() =>
  problems.value.length > 0 ? undefined : pasteIn(fileConfig.value, builtIn.value, readHook),
);
export const fileBytes = computed(() => new TextEncoder().encode(file.value ?? "").length);
export const isTooLong = computed(() => fileBytes.value > AUTHGEAR_LIMIT);

export const event = computed((): ReturnType<typeof parseJson> => {
  const read = eventName.value === "own" ? parseJson(ownEvent.value) : { json: SAMPLES[eventName.value] };
  return "json" in read && locale.value ? { json: speaking(read.json as Json, locale.value) } : read;
});

/** The same event for a user of this locale. */
function speaking(event: Json, tag: string): Json {
  return (isObject(at(event, ["payload", "user"])) && put(event, [...ATTRIBUTES, "locale"], tag)) || event;
}

const ATTRIBUTES = ["payload", "user", "standard_attributes"];

export type Shown = { preview: Preview; decision: Decision; trace: Trace };

/** What the event leads to. */
export const shown = computed((): Shown | undefined => {
  if (!("json" in event.value)) return undefined;
  const { json } = event.value;
  const engine = createEngine(staged(fileConfig.value as unknown as JsonObject) as unknown as Config, builtIn.value);
  try {
    return { preview: engine.preview(json), decision: engine.decide(json), trace: engine.trace(json) };
  } finally {
    engine.free();
  }
});

/** The problems of a place: those that name it, or one of several names that the core gives at once. */
export function problemsAt(path: Path): string[] {
  const name = `${path.at(-1)}`;
  const own = `${printPath(path)}:`;
  const parent = path.length > 1 ? `${printPath(path.slice(0, -1))}.` : "";
  return problems.value.flatMap((problem) => {
    if (problem.startsWith(own)) return [problem.slice(own.length).trim()];
    const [names = ""] = problem.startsWith(parent) ? problem.slice(parent.length).split(":") : [];
    return names.includes(" or ") && names.split(" or ").includes(name)
      ? [problem.slice(problem.indexOf(":") + 1).trim()]
      : [];
  });
}
