/** The texts of each message in each language: the built-in ones until they are changed. */
import { BUILT_IN } from "../locales.ts";
import { Code } from "./code.tsx";
import type { Fault } from "./editor.ts";
import { Help, leaving, Problems, useProblems } from "./field.tsx";
import { languageName } from "./languages.tsx";
import { isObject, type Path, printPath } from "./path.ts";
import { change, config, editedLocale, editedMessage, KNOWN_LOCALES, problemsAt, shown, valueAt } from "./state.ts";

const PARTS = {
  subject: ["Subject", 1],
  text: ["Text of the mail", 10],
  button: ["Label of the button", 1],
  sms: ["SMS", 3],
  html: ["HTML of your own", 8],
} as const;
type Part = keyof typeof PARTS;

export function Messages() {
  const names = messageNames();
  const locales = localesOfMessage();
  const builtIn = builtInTexts();
  const isAdmins = editedMessage.value === "unreachable";
  return (
    <>
      <div class="pickers">
        <div class="row">
          <label for="message-name">Message</label>
          <select
            id="message-name"
            value={editedMessage.value}
            onChange={({ currentTarget }) => (editedMessage.value = currentTarget.value)}
          >
            {names.map((it) => (
              <option key={it}>{it}</option>
            ))}
          </select>
        </div>
        <div class="row">
          <label for="message-locale">Language</label>
          <select
            id="message-locale"
            value={editedLocale.value}
            onChange={({ currentTarget }) => {
              editedLocale.value = currentTarget.value;
            }}
          >
            {locales.map((it) => (
              <option key={it} value={it}>
                {languageName(it)}
                {valueAt(["messages", editedMessage.value, it]) ? " · yours" : ""}
              </option>
            ))}
          </select>
        </div>
      </div>
      <p class="help">
        {isAdmins ? "What the admin gets for a user whom nothing reaches. " : ""}
        {builtIn ? "The built-in text; change a word, and it is yours." : "A message of your own."} Type{" "}
        <code>{delimiters()[0]}</code> for placeholders.
      </p>
      {(Object.keys(PARTS) as Part[])
        .filter((part) => !isAdmins || part !== "sms")
        .map((part) => (
          <Template
            key={`${editedMessage.value} ${editedLocale.value} ${part}`}
            part={part}
            builtIn={builtIn?.[part]}
          />
        ))}
      <Placeholders />
    </>
  );
}

function Template({ part, builtIn }: { part: Part; builtIn: string | undefined }) {
  const [name, rows] = PARTS[part];
  const path: Path = ["messages", editedMessage.value, editedLocale.value, part];
  const id = printPath(path);
  const own = valueAt(path);
  const wrong = useProblems(path);
  const { onFocus, onBlur } = leaving(id);
  const isBare = part === "html" && own === undefined;
  if (isBare)
    return (
      <button type="button" class="add" onClick={() => change(path, HTML)}>
        Write the HTML yourself
      </button>
    );
  return (
    <div class="row template" onFocusIn={onFocus}>
      <div class="label">
        <label for={id}>{name}</label>
        {own !== undefined && (
          <button type="button" class="quiet" onClick={() => change(path, undefined)}>
            {part === "html" ? "Remove" : builtIn === undefined ? "Clear" : "Back to the built-in text"}
            <span class="unseen">: {name}</span>
          </button>
        )}
      </div>
      <Code
        id={id}
        label={`${name}, ${languageName(editedLocale.value)}`}
        language="template"
        rows={rows}
        dir={isRightToLeft(editedLocale.value) ? "rtl" : "ltr"}
        value={typeof own === "string" ? own : (builtIn ?? "")}
        delimiters={delimiters()}
        placeholders={shown.value?.trace.values}
        faults={problemsAt(path).map(faultOf)}
        invalid={wrong.length > 0}
        describedBy={wrong.length > 0 ? `${id}-error` : undefined}
        onInput={(text) => change(path, text === builtIn || text === "" ? undefined : text)}
        onBlur={onBlur}
      />
      <Problems id={`${id}-error`} problems={wrong} />
    </div>
  );
}

const HTML =
  '<!doctype html>\n<title>{service_name}</title>\n<p>Hello{#name} {name}{/name},</p>\n<p><a href="{url}">Sign in to {service_name}</a></p>';

function faultOf(problem: string): Fault {
  const place = /^line (\d+), column (\d+): (.*)$/s.exec(problem);
  if (!place) return { message: problem, from: 0, to: Number.MAX_SAFE_INTEGER };
  return { line: Number(place[1]), column: Number(place[2]), message: `${place[3]}` };
}

function Placeholders() {
  const values = Object.entries(shown.value?.trace.values ?? {});
  const [open, close] = delimiters();
  return (
    <details class="placeholders">
      <summary>Placeholders, and what they are in this event</summary>
      <Help
        text={`A section shows what is in it where its name stands for something: \`${open}#name${close}Hello ${open}name${close}${open}/name${close}\`; \`${open}^name${close}\` is the opposite.`}
      />
      <dl>
        {values.map(([name, value]) => (
          <div key={name}>
            <dt>
              <code>{`${open}${name}${close}`}</code>
            </dt>
            <dd>{value === null || value === "" ? <span class="note">nothing</span> : <bdi>{value}</bdi>}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

const BUILT_IN_MESSAGES = BUILT_IN as { [locale: string]: { [message: string]: { [part in Part]?: string } } };

/** With the delimiters that the user's own templates have. */
function builtInTexts(): { [part in Part]?: string } | undefined {
  const texts = BUILT_IN_MESSAGES[editedLocale.value]?.[editedMessage.value];
  if (!texts || delimiters()[0] === "{") return texts;
  return Object.fromEntries(
    Object.entries(texts).map(([part, text]) => [part, text.replace(/\{([^{}]*)\}/g, "{{$1}}")]),
  );
}

const delimiters = () => (valueAt(["delimiters"]) === "{{ }}" ? (["{{", "}}"] as const) : (["{", "}"] as const));

function messageNames(): string[] {
  const own = config.value.messages;
  const rules = Array.isArray(config.value.rules) ? config.value.rules : [];
  const named = rules.flatMap((it) =>
    isObject(it) && typeof it.message === "string" && it.message ? [it.message] : [],
  );
  const admins = config.value.unreachable ? ["unreachable"] : [];
  return [...new Set(["invite", ...named, ...(isObject(own) ? Object.keys(own) : []), ...admins])];
}

function localesOfMessage(): string[] {
  const own = valueAt(["messages", editedMessage.value]);
  const spoken = typeof config.value.defaultLocale === "string" ? [config.value.defaultLocale] : [];
  return [...new Set([...KNOWN_LOCALES, ...(isObject(own) ? Object.keys(own) : []), ...spoken])];
}

export function isRightToLeft(tag: string): boolean {
  return /^(ar|he|iw|fa|ur|ps|sd|ug|yi|dv)\b/i.test(tag);
}
