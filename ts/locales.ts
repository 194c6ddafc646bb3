/** The built-in messages of every locale, and the choice among them. */
import ar from "../src/locales/ar.json" with { type: "json" };
import de from "../src/locales/de.json" with { type: "json" };
import en from "../src/locales/en.json" with { type: "json" };
import es from "../src/locales/es.json" with { type: "json" };
import fr from "../src/locales/fr.json" with { type: "json" };
import ja from "../src/locales/ja.json" with { type: "json" };
import ko from "../src/locales/ko.json" with { type: "json" };
import pt from "../src/locales/pt.json" with { type: "json" };
import zhHans from "../src/locales/zh-Hans.json" with { type: "json" };
import zhHant from "../src/locales/zh-Hant.json" with { type: "json" };

export const BUILT_IN = { ar, de, en, es, fr, ja, ko, pt, "zh-Hans": zhHans, "zh-Hant": zhHant };

/** Built-in messages by locale and name. */
export type BuiltIn = { [locale: string]: object };

/** The built-in messages of these locales; of all without a list. */
export function chooseLocales(names?: readonly string[]): BuiltIn {
  return Object.fromEntries(Object.entries(BUILT_IN).filter(([locale]) => names?.includes(locale) ?? true));
}

/** What is wrong with a list of locales, as problems of the configuration are told. */
export function localeProblems(names: unknown): string[] {
  if (names === undefined) return [];
  const known = Object.keys(BUILT_IN);
  if (!Array.isArray(names)) return [`locales: must be a list of ${known.join(", ")}`];
  return names.flatMap((name, i) =>
    known.includes(name) ? [] : `locales[${i}]: is not built in; use ${known.join(", ")}`,
  );
}
