/** Which built-in texts the file carries, and which language is for those who have none. */
import { Field, Help } from "./field.tsx";
import { schemaAt } from "./schema.ts";
import { extraLocales, KNOWN_LOCALES, locales, spoken } from "./state.ts";

/** In its own language. */
export function languageName(tag: string): string {
  try {
    const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
    return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
  } catch {
    return tag;
  }
}

export function Languages() {
  return (
    <>
      <fieldset class="row choices" aria-describedby="locales-help">
        <legend>Built-in texts in the file</legend>
        {KNOWN_LOCALES.map((tag) => (
          <label key={tag} lang={tag}>
            <input
              type="checkbox"
              checked={locales.value.includes(tag)}
              disabled={spoken.value.includes(tag)}
              onChange={({ currentTarget: { checked } }) => carry(tag, checked)}
            />
            {languageName(tag)}
          </label>
        ))}
        <Help
          id="locales-help"
          text="English, and those that the configuration speaks of, are always in it. Each one makes the file longer."
        />
      </fieldset>
      <Field
        path={["defaultLocale"]}
        schema={schemaAt("defaultLocale")}
        name="Language of users whose own is unknown"
      />
    </>
  );
}

export function carry(tag: string, isCarried = true) {
  const others = extraLocales.value.filter((it) => it !== tag);
  extraLocales.value = isCarried ? [...others, tag] : others;
}
