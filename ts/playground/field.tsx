/** One value of the configuration: its name, its help, its input and what is wrong with it. */
import { signal } from "@preact/signals";
import type { ComponentChildren, InputHTMLAttributes } from "preact";
import { useRef, useState } from "preact/hooks";
import { SECRET } from "../config-json.ts";
import { type Json, type Path, printPath } from "./path.ts";
import { isRecord, isText, labelOf, nameOf, type Properties, type Schema } from "./schema.ts";
import { EXAMPLES } from "./stand-ins.ts";
import { change, insisted, problemsAt, touched, valueAt } from "./state.ts";

/** The field that has the focus: while it is typed for the first time, nothing is wrong yet. */
const focused = signal("");

export type FieldProps = {
  path: Path;
  schema: Schema;
  name?: string;
  required?: boolean;
  /** Something else may stand for it. */
  either?: boolean;
};

/** Any value, by its schema. */
export function Field(props: FieldProps) {
  const { schema } = props;
  if (schema.enum) return <Choice {...props} choices={schema.enum} />;
  if (schema.type === "boolean") return <Flag {...props} />;
  if (schema.type === "number") return <Count {...props} />;
  if (schema.type === "array" && schema.items?.enum) return <Choices {...props} choices={schema.items.enum} />;
  if (schema.type === "array" && schema.items && isText(schema.items)) return <Lines {...props} />;
  if (isRecord(schema)) return <Record {...props} />;
  if (schema.additionalProperties) return <Pairs {...props} />;
  return <Text {...props} />;
}

export type FieldsProps = { path: Path; properties: Properties; required?: string[]; either?: string[] };

/** All properties of a record. */
export function Fields({ path, properties, required = [], either = [] }: FieldsProps) {
  return Object.entries(properties).map(([key, schema]) => (
    <Field
      key={key}
      path={[...path, key]}
      schema={schema}
      required={required.includes(key)}
      either={either.includes(key)}
    />
  ));
}

/** Most are left out, so it is closed until it holds something. */
function Record({ path, schema, name = labelOf(path), required }: FieldProps) {
  const id = printPath(path);
  const wrong = useProblems(path);
  const isSet = valueAt(path) !== undefined;
  const isOpen = useOnce(isSet || required === true);
  return (
    <details class="record" open={isOpen}>
      <summary id={id}>
        {name}
        {!isSet && <Note text={schema.description?.split(/[.:;]/)[0] ?? "not set"} />}
      </summary>
      <div class="record-body">
        {isSet && schema.description && <Help text={schema.description} />}
        <Problems id={`${id}-error`} problems={wrong} />
        <Fields path={path} properties={schema.properties ?? {}} required={schema.required ?? []} />
      </div>
    </details>
  );
}

/** Whether it ever was: what was opened does not close under the hand. */
export function useOnce(is: boolean): boolean {
  const was = useRef(false);
  was.current ||= is;
  return was.current;
}

export function Text(props: FieldProps) {
  const { path } = props;
  const key = `${path.at(-1)}`;
  const isSecret = SECRET.test(printPath(path));
  const [isShown, show] = useState(false);
  const value = valueAt(path);
  return (
    <Row {...props}>
      {(attributes) => (
        <span class="with-button">
          <input
            {...attributes}
            {...typeOf(isSecret && !isShown ? "password" : key === "url" ? "url" : "text")}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            value={typeof value === "string" ? value : ""}
            placeholder={isSecret || (key === "url" && path.length > 1) ? undefined : EXAMPLES[key]}
            onInput={({ currentTarget }) => change(path, currentTarget.value || undefined)}
          />
          {isSecret && (
            <button type="button" class="quiet" aria-pressed={isShown} onClick={() => show(!isShown)}>
              {isShown ? "Hide" : "Show"}
              <span class="unseen"> {nameOf(key)}</span>
            </button>
          )}
        </span>
      )}
    </Row>
  );
}

/** JSX knows an input by its type alone. */
const typeOf = (type: string) => ({ type }) as InputHTMLAttributes<HTMLInputElement>;

function Count(props: FieldProps) {
  const { path } = props;
  const value = valueAt(path);
  return (
    <Row {...props}>
      {(attributes) => (
        <input
          {...attributes}
          inputMode="numeric"
          class="short"
          autocomplete="off"
          value={value === undefined ? "" : `${value}`}
          onInput={({ currentTarget: { value } }) =>
            change(path, value === "" ? undefined : /^\d+$/.test(value) ? Number(value) : value)
          }
        />
      )}
    </Row>
  );
}

function Choice(props: FieldProps & { choices: string[] }) {
  const { path, choices } = props;
  const value = valueAt(path);
  return (
    <Row {...props}>
      {(attributes) => (
        <select
          {...attributes}
          value={`${value ?? ""}`}
          onChange={({ currentTarget }) => change(path, currentTarget.value || undefined)}
        >
          {(!props.required || value === undefined) && <option value="">Default</option>}
          {choices.map((it) => (
            <option key={it} value={it}>
              {it}
            </option>
          ))}
        </select>
      )}
    </Row>
  );
}

function Flag({ path, schema, name = labelOf(path) }: FieldProps) {
  const id = printPath(path);
  const isDefault = /`false`:/.test(schema.description ?? "");
  const value = valueAt(path);
  const wrong = useProblems(path);
  return (
    <div class="row flag">
      <label>
        <input
          id={id}
          type="checkbox"
          checked={value === undefined ? isDefault : value === true}
          aria-describedby={describe(id, schema, wrong)}
          onChange={({ currentTarget: { checked } }) => change(path, checked === isDefault ? undefined : checked)}
        />
        {name}
      </label>
      {schema.description && <Help id={`${id}-help`} text={schema.description} />}
      <Problems id={`${id}-error`} problems={wrong} />
    </div>
  );
}

/** Several of a few, in the order in which they were ticked. */
function Choices({ path, schema, choices, name = labelOf(path) }: FieldProps & { choices: string[] }) {
  const id = printPath(path);
  const given = valueAt(path);
  const chosen = Array.isArray(given) ? given : [];
  const wrong = useProblems(path);
  return (
    <fieldset class="row choices" id={id} tabIndex={-1} aria-describedby={describe(id, schema, wrong)}>
      <legend>{name}</legend>
      {choices.map((it) => (
        <label key={it}>
          <input
            type="checkbox"
            checked={chosen.includes(it)}
            onChange={({ currentTarget: { checked } }) => {
              const next = checked ? [...chosen, it] : chosen.filter((one) => one !== it);
              change(path, next.length > 0 ? next : undefined);
            }}
          />
          {it}
        </label>
      ))}
      {schema.description && <Help id={`${id}-help`} text={schema.description} />}
      <Problems id={`${id}-error`} problems={wrong} />
    </fieldset>
  );
}

/** A list of texts, one a line. */
function Lines(props: FieldProps) {
  const { path } = props;
  const given = valueAt(path);
  const [draft, setDraft] = useState(Array.isArray(given) ? given.join("\n") : "");
  const lines = (text: string) =>
    text
      .split("\n")
      .map((it) => it.trim())
      .filter(Boolean);
  const isOwn = JSON.stringify(lines(draft)) === JSON.stringify(given ?? []);
  return (
    <Row {...props} more="One a line.">
      {(attributes) => (
        <textarea
          {...attributes}
          rows={2}
          class={SECRET.test(printPath([...path, 0])) ? "masked" : ""}
          spellcheck={false}
          value={isOwn ? draft : Array.isArray(given) ? given.join("\n") : ""}
          onInput={({ currentTarget: { value } }) => {
            setDraft(value);
            change(path, lines(value).length > 0 ? lines(value) : undefined);
          }}
        />
      )}
    </Row>
  );
}

/** Names of one's own and their values. */
function Pairs({ path, schema, name = labelOf(path) }: FieldProps) {
  const id = printPath(path);
  const given = valueAt(path);
  const pairs = Object.entries(typeof given === "object" && given !== null ? given : {});
  const [isNew, setNew] = useState(false);
  const values = schema.additionalProperties || {};
  const wrong = useProblems(path);
  const write = (next: [string, Json][]) => change(path, next.length > 0 ? Object.fromEntries(next) : undefined);
  const rename = (index: number, key: string) =>
    write(pairs.map(([old, value], i) => [i === index ? key : old, value]));
  const rows = isNew ? [...pairs, ["", ""] as [string, Json]] : pairs;
  return (
    <fieldset class="row pairs" id={id} tabIndex={-1} aria-describedby={describe(id, schema, wrong)}>
      <legend>{name}</legend>
      {schema.description && <Help id={`${id}-help`} text={schema.description} />}
      {rows.map(([key, value], i) => (
        <div class="pair" key={i}>
          <input
            aria-label={`${name}: name ${i + 1}`}
            value={key}
            placeholder="name"
            autocomplete="off"
            spellcheck={false}
            onChange={({ currentTarget }) => {
              if (i < pairs.length) rename(i, currentTarget.value);
              else if (currentTarget.value) {
                change([...path, currentTarget.value], "");
                setNew(false);
              }
            }}
          />
          <input
            id={`${id}.${key}`}
            aria-label={`${name}: value ${i + 1}`}
            value={typeof value === "object" ? JSON.stringify(value) : `${value}`}
            placeholder="value"
            autocomplete="off"
            disabled={i >= pairs.length}
            onInput={({ currentTarget }) => change([...path, key], scalarOf(currentTarget.value, values))}
          />
          <button
            type="button"
            class="quiet"
            onClick={() => (i < pairs.length ? write(pairs.filter((_, j) => j !== i)) : setNew(false))}
          >
            Remove<span class="unseen"> {key || "the new one"}</span>
          </button>
          <Problems id={`${id}.${key}-error`} problems={key ? problemsAt([...path, key]) : []} />
        </div>
      ))}
      <button type="button" class="add" onClick={() => setNew(true)} disabled={isNew}>
        Add
      </button>
      <Problems id={`${id}-error`} problems={wrong} />
    </fieldset>
  );
}

/** Where a number or `true` may stand, text that looks like one is one. */
function scalarOf(text: string, { anyOf = [] }: Schema): Json {
  if (anyOf.length > 0 && /^(true|false|-?\d{1,15})$/.test(text)) return JSON.parse(text);
  return text;
}

type Attributes = {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean;
  "aria-required": boolean;
  onFocus: () => void;
  onBlur: () => void;
};

/** A label, an input, its help and its problems. */
function Row(props: FieldProps & { more?: string; children: (attributes: Attributes) => ComponentChildren }) {
  const { path, schema, required = false, more = "", name = labelOf(path), children } = props;
  const id = printPath(path);
  const wrong = useProblems(path);
  const help = [schema.description, more].filter(Boolean).join(" ");
  return (
    <div class="row">
      <label for={id}>
        {name}
        {!required && !props.either && <span class="optional"> optional</span>}
      </label>
      {children({
        id,
        "aria-describedby": describe(id, { description: help }, wrong),
        "aria-invalid": wrong.length > 0,
        "aria-required": required,
        ...leaving(id),
      })}
      {help && <Help id={`${id}-help`} text={help} />}
      <Problems id={`${id}-error`} problems={wrong} />
    </div>
  );
}

export function leaving(id: string) {
  return {
    onFocus: () => {
      focused.value = id;
    },
    onBlur: () => {
      focused.value = "";
      touched.value = new Set([...touched.value, id]);
    },
  };
}

const describe = (id: string, { description }: Schema, wrong: string[]) =>
  [description && `${id}-help`, wrong.length > 0 && `${id}-error`].filter(Boolean).join(" ") || undefined;

/** What is wrong here and should be said by now. */
export function useProblems(path: Path): string[] {
  const id = printPath(path);
  const isKnown = insisted.value || touched.value.has(id);
  return problemsAt(path).filter((it) => isKnown || (!/^is (missing|empty)/.test(it) && focused.value !== id));
}

export const Help = ({ id, text }: { id?: string; text: string }) => (
  <p class="help" id={id}>
    {withCode(text)}
  </p>
);

const Note = ({ text }: { text: string }) => <span class="note"> {withCode(text)}</span>;

/** Backquotes mark code. */
const withCode = (text: string) => text.split("`").map((it, i) => (i % 2 ? <code>{it}</code> : it));

export function Problems({ id, problems }: { id: string; problems: string[] }) {
  if (problems.length === 0) return null;
  return (
    <ul class="problems" id={id}>
      {problems.map((it) => (
        <li key={it}>{it}</li>
      ))}
    </ul>
  );
}
