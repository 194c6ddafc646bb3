/** The configuration as a form. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Field, Fields, Problems, useOnce, useProblems } from "./field.tsx";
import { goTo } from "./go-to.ts";
import { Languages, languageName } from "./languages.tsx";
import { Messages } from "./messages.tsx";
import { isObject, type Path, printPath } from "./path.ts";
import { nameOf, PROPERTIES, providerName, providersOf, schemaAt } from "./schema.ts";
import { change, config, draftFault, locales, openSections, showSection, valueAt } from "./state.ts";

/** Those that have a section of their own; every other one is under “More”. */
const PLACED = ["serviceName", "url", "email", "sms", "rules", "messages", "defaultLocale"];

export function Form() {
  return (
    <div class="form">
      {draftFault.value && (
        <p class="hint">
          The JSON that you typed has a mistake. The form has what was there before it; a change here takes its place.{" "}
          <button type="button" class="small" onClick={() => goTo("")}>
            Mend it
          </button>
        </p>
      )}
      <Section name="service" title="Your service">
        <Fields
          path={[]}
          properties={{ serviceName: schemaAt("serviceName"), url: schemaAt("url") }}
          required={["serviceName", "url"]}
        />
      </Section>
      <Section name="sender" title="Sender" note={senderNote()}>
        <Senders channel="email" />
        <Senders channel="sms" />
        <div class="pickers">
          <AddSender channel="email" />
          <AddSender channel="sms" />
        </div>
      </Section>
      <Section name="message" title="Message" note={messageNote()}>
        <Messages />
      </Section>
      <Section name="languages" title="Languages" note={locales.value.map(languageName).join(", ")}>
        <Languages />
      </Section>
      <Section name="rules" title="Who gets it" note={ruleNote()}>
        <Rules />
      </Section>
      <Section name="more" title="More">
        {Object.entries(PROPERTIES)
          .filter(([key]) => !PLACED.includes(key))
          .map(([key, schema]) => (
            <Field key={key} path={[key]} schema={schema} />
          ))}
      </Section>
    </div>
  );
}

type SectionProps = { name: string; title: string; note?: string; children: ComponentChildren };

/** What is closed is not made: the editor is loaded when it is first needed. */
function Section({ name, title, note, children }: SectionProps) {
  const isOpen = openSections.value.has(name);
  return (
    <details
      class="section"
      open={isOpen}
      onToggle={({ currentTarget: { open } }) => {
        if (open !== isOpen) showSection(name, open);
      }}
    >
      <summary>
        <h2>{title}</h2>
        {note && <span class="note">{note}</span>}
      </summary>
      {isOpen && <div class="section-body">{children}</div>}
    </details>
  );
}

function messageNote(): string {
  const own = Object.values(isObject(config.value.messages) ? config.value.messages : {});
  const tags = [...new Set(own.flatMap((it) => (isObject(it) ? Object.keys(it) : [])))];
  return tags.length > 0 ? `yours in ${tags.map(languageName).join(", ")}` : "the built-in text";
}

const CHANNELS = { email: "E-mail", sms: "SMS" } as const;
const SPOKEN = { email: "e-mail", sms: "SMS" } as const;

const items = (path: Path) => {
  const value = valueAt(path);
  return Array.isArray(value) ? value : [];
};

function senderNote() {
  const notes = (["email", "sms"] as const).flatMap((channel) => {
    const names = items([channel]).map((it) => (isObject(it) ? providerName(`${it.provider}`) : "?"));
    return names.length > 0 ? [`${CHANNELS[channel]}: ${names.join(", then ")}`] : [];
  });
  return notes.join(" · ") || "none yet";
}

function Senders({ channel }: { channel: "email" | "sms" }) {
  const senders = items([channel]);
  return senders.map((_, i) => <Sender key={i} channel={channel} index={i} count={senders.length} />);
}

function AddSender({ channel }: { channel: "email" | "sms" }) {
  const providers = providersOf(channel);
  const { length } = items([channel]);
  const [provider, choose] = useState("");
  // Not on a change: the arrow keys and letters change what is chosen on their way to it.
  const add = () => {
    choose("");
    change([channel, length], { provider });
    focusSoon(`${channel}[${length}].${first(providers.get(provider)?.required)}`);
  };
  return (
    <div class="row">
      <label for={`add-${channel}`}>
        {length > 0 ? `If that fails, ${SPOKEN[channel]} by` : `Send ${SPOKEN[channel]} by`}
      </label>
      <div class="choice">
        <select id={`add-${channel}`} value={provider} onChange={({ currentTarget }) => choose(currentTarget.value)}>
          <option value="">{length > 0 ? "Nothing more" : "Choose a provider"}</option>
          {[...providers.keys()].map((it) => (
            <option key={it} value={it}>
              {providerName(it)}
            </option>
          ))}
        </select>
        <button type="button" onClick={add} disabled={!provider}>
          Add<span class="unseen"> {SPOKEN[channel]}</span>
        </button>
      </div>
    </div>
  );
}

const first = (keys: string[] = []) => keys.find((it) => it !== "from") ?? "from";

function Sender({ channel, index, count }: { channel: "email" | "sms"; index: number; count: number }) {
  const path: Path = [channel, index];
  const provider = valueAt([...path, "provider"]);
  const schema = providersOf(channel).get(`${provider}`);
  const wrong = [...useProblems(path), ...useProblems([...path, "provider"])];
  const { endpoint, replyTo, from, ...own } = schema?.properties ?? {};
  const options = { ...(replyTo && { replyTo }), ...(endpoint && { endpoint }) };
  const areShown = useOnce(Object.keys(options).some((key) => valueAt([...path, key]) !== undefined));
  const title = `${CHANNELS[channel]} by ${providerName(`${provider}`)}`;
  return (
    <fieldset class="card" id={printPath(path)} tabIndex={-1}>
      <legend>
        {title}
        {count > 1 && <span class="note"> {index === 0 ? "first" : "then"}</span>}
      </legend>
      <Problems id={`${printPath(path)}-error`} problems={wrong} />
      <Fields
        path={path}
        properties={{ ...own, ...(from && { from }) }}
        required={schema?.required ?? []}
        either={schema?.either ?? []}
      />
      <details class="options" open={areShown}>
        <summary>{Object.keys(options).map(nameOf).join(", ")}</summary>
        <div class="record-body">
          <Fields path={path} properties={options} />
        </div>
      </details>
      <Order path={[channel]} index={index} count={count} what={title} />
    </fieldset>
  );
}

/** Moves an item of a list up, or takes it out. */
function Order({ path, index, count, what }: { path: Path; index: number; count: number; what: string }) {
  const list = items(path);
  const up = () => {
    const next = list.filter((_, i) => i !== index);
    next.splice(index - 1, 0, list[index] ?? null);
    change(path, next);
  };
  return (
    <div class="order">
      {count > 1 && index > 0 && (
        <button type="button" class="quiet" onClick={up}>
          Move up<span class="unseen"> {what}</span>
        </button>
      )}
      <button type="button" class="quiet" onClick={() => change([...path, index], undefined)}>
        Remove<span class="unseen"> {what}</span>
      </button>
    </div>
  );
}

function ruleNote() {
  const { length } = items(["rules"]);
  if (length === 0) return "every account that an admin creates";
  return length === 1 ? "by a rule" : `by ${length} rules`;
}

function Rules() {
  const rules = items(["rules"]);
  const schema = schemaAt("rules");
  const { properties = {}, required = [] } = schema.items ?? {};
  return (
    <>
      <p class="help">
        {rules.length > 0
          ? schema.description
          : "Every account that an admin creates, in the Portal or with the Admin API, gets the message “invite”. Rules change that; the first one that matches wins."}
      </p>
      {rules.map((_, i) => (
        <fieldset class="card" key={i} id={`rules[${i}]`} tabIndex={-1}>
          <legend>Rule {i + 1}</legend>
          <Problems id={`rules[${i}]-error`} problems={useProblems(["rules", i])} />
          <Fields path={["rules", i]} properties={properties} required={required} />
          <Order path={["rules"]} index={i} count={rules.length} what={`rule ${i + 1}`} />
        </fieldset>
      ))}
      <button
        type="button"
        class="add"
        onClick={() => {
          change(["rules", rules.length], { on: "user.created" });
          focusSoon(`rules[${rules.length}].on`);
        }}
      >
        Add a rule
      </button>
    </>
  );
}

/** Once it is there. */
function focusSoon(id: string) {
  setTimeout(() => document.getElementById(id)?.focus());
}
