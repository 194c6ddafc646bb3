/** What an event leads to: the message as its reader sees it, why it is so, and what the provider is sent. */
import { signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { EmailPreview, Preview, SmsPreview } from "../core.ts";
import type { SAMPLES } from "../samples.ts";
import { Code } from "./code.tsx";
import { Problems } from "./field.tsx";
import { carry, languageName } from "./languages.tsx";
import { isRightToLeft } from "./messages.tsx";
import { Requests } from "./requests.tsx";
import { draftFault, event, eventName, KNOWN_LOCALES, locale, locales, ownEvent, type Shown, shown } from "./state.ts";
import { Story } from "./story.tsx";
import { Tabs } from "./tabs.tsx";

const EVENTS: { [name in keyof typeof SAMPLES | "own"]: string } = {
  guide: "Made with the Admin API",
  portal: "Made in the Portal",
  phone: "With a phone number",
  username: "With a username only",
  oauth: "With a Google account only",
  "sign-up": "Signed up by themselves",
  disabled: "Disabled",
  hostile: "With a hostile name",
  own: "An event of your own …",
};

export function PreviewPane() {
  return (
    <>
      <div class="pickers">
        <div class="row">
          <label for="event">The new user</label>
          <select
            id="event"
            value={eventName.value}
            onChange={({ currentTarget }) => {
              eventName.value = currentTarget.value as keyof typeof EVENTS;
            }}
          >
            {Object.entries(EVENTS).map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </div>
        <div class="row">
          <label for="locale">Their language</label>
          <select
            id="locale"
            value={locale.value}
            onChange={({ currentTarget }) => {
              locale.value = currentTarget.value;
            }}
          >
            <option value="">As the event says</option>
            {KNOWN_LOCALES.map((tag) => (
              <option key={tag} value={tag}>
                {languageName(tag)}
              </option>
            ))}
          </select>
        </div>
      </div>
      {eventName.value === "own" && <OwnEvent />}
      {locale.value && !locales.value.includes(locale.value) && (
        <p class="hint">
          The file carries no text in {languageName(locale.value)} yet.{" "}
          <button type="button" class="small" onClick={() => carry(locale.value)}>
            Add it
          </button>
        </p>
      )}
      {draftFault.value && (
        <p class="hint" role="status">
          The JSON has a mistake. This is of the configuration before it.
        </p>
      )}
      <div class={draftFault.value ? "stale" : ""}>{shown.value && <Outcome {...shown.value} />}</div>
    </>
  );
}

function OwnEvent() {
  const wrong = "wrong" in event.value ? [event.value.wrong] : [];
  return (
    <div class="row">
      <label for="own-event">The event, as Authgear sends it</label>
      <Code
        id="own-event"
        label="The event, as Authgear sends it"
        language="json"
        rows={8}
        value={ownEvent.value}
        invalid={wrong.length > 0}
        describedBy="own-event-error"
        faults={
          "wrong" in event.value
            ? [{ message: event.value.wrong, from: event.value.offset, to: event.value.offset + 1 }]
            : []
        }
        onInput={(text) => {
          ownEvent.value = text;
        }}
      />
      <Problems id="own-event-error" problems={wrong} />
    </div>
  );
}

const tab = signal("message");

function Outcome({ preview, decision, trace }: Shown) {
  return (
    <Tabs
      label="Preview"
      selected={tab}
      tabs={{
        message: ["Message", <Message key="message" preview={preview} />],
        why: ["Why", <Story key="why" preview={preview} trace={trace} />],
        request: ["Request", <Requests key="request" decision={decision} />],
      }}
    />
  );
}

function Message({ preview }: { preview: Preview }) {
  const last = useRef<EmailPreview | SmsPreview | undefined>(undefined);
  if (preview.type === "message") last.current = preview;
  if (preview.type === "skip")
    return (
      <div class="nothing">
        <p class="nothing-title">Nothing is sent</p>
        <p>{sentence(preview.detail)}</p>
        <p class="note">{preview.reason}</p>
      </div>
    );
  const seen = preview.type === "message" ? preview : last.current;
  return (
    <>
      {preview.type === "invalid" && (
        <div class="hint" role="status">
          <p>
            {seen
              ? "This is the last sound message. Now there is something to mend:"
              : "There is something to mend first:"}
          </p>
          <Problems id="preview-problems" problems={preview.problems} />
        </div>
      )}
      {seen && (
        <div class={preview.type === "invalid" ? "stale" : ""}>
          {seen.channel === "email" ? <Mail mail={seen} /> : <Sms sms={seen} />}
        </div>
      )}
    </>
  );
}

export const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const view = {
  form: signal<"html" | "text">("html"),
  scheme: signal<"light" | "dark">("light"),
  width: signal<"wide" | "phone">("wide"),
};

function Mail({ mail }: { mail: EmailPreview }) {
  const { from = "", address, replyTo, subject, text, html, to, locale, warnings } = mail;
  const [, name = "", mailbox = from] = /^(.*?)\s*<([^<>]*)>$/.exec(from) ?? [];
  const start = text.replace(/\s+/g, " ").trim();
  const dir = isRightToLeft(locale) ? "rtl" : "ltr";
  return (
    <>
      <div class="toolbar">
        <Toggle label="Form" signal={view.form} options={{ html: "HTML", text: "Text" }} />
        <Toggle label="Colours" signal={view.scheme} options={{ light: "Light", dark: "Dark" }} />
        <Toggle label="Width" signal={view.width} options={{ wide: "Wide", phone: "Phone" }} />
      </div>
      <article class={`mail ${view.scheme.value} ${view.width.value}`} aria-label="The mail">
        <header>
          <p class="mail-in-list">
            <span class="avatar" aria-hidden="true">
              {(name || mailbox).charAt(0).toUpperCase() || "✉"}
            </span>
            <span class="mail-list-text">
              <b class="one-line">{name || mailbox || "Your sender"}</b>
              <span class="one-line" dir={dir} lang={locale}>
                <span class="mail-list-subject">{subject}</span> <span class="mail-dim">{start}</span>
              </span>
            </span>
          </p>
          <h3 dir={dir} lang={locale}>
            {subject}
          </h3>
          <dl>
            <Head name="From" value={from || "your sender"} />
            <Head name="To" value={to === "admin" ? `${address}, to be passed on` : address} />
            {replyTo && <Head name="Reply to" value={replyTo} />}
          </dl>
        </header>
        {view.form.value === "html" ? (
          <iframe title="The mail's HTML" sandbox="" srcdoc={framed(html, view.scheme.value)} />
        ) : (
          <pre class="mail-text" dir={dir} lang={locale}>
            {text}
          </pre>
        )}
      </article>
      <Warnings warnings={warnings} />
    </>
  );
}

/**
 * The mail in a frame of its own. A click would leave it, and from a sandbox nothing new is opened. The first `color-scheme`
 * counts, and what the mail asks of the reader's system is answered by the choice here.
 */
function framed(html: string, scheme: "light" | "dark"): string {
  const asked = html.replace(/\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/gi, (_, wanted: string) =>
    wanted.toLowerCase() === scheme ? "(min-width: 0)" : "(max-width: 0)",
  );
  return `<base target="_blank"><meta name="color-scheme" content="${scheme}">${asked}`;
}

function Head({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </div>
  );
}

function Sms({ sms }: { sms: SmsPreview }) {
  const { from, address, text, segments, encoding, locale, warnings } = sms;
  const size = encoding === "GSM-7" ? [160, 153] : [70, 67];
  return (
    <>
      <article class="phone" aria-label="The SMS">
        <header>
          <p class="phone-from">{from ?? "Your sender"}</p>
          <p class="note">to {address}</p>
        </header>
        <p class="bubble" dir={isRightToLeft(locale) ? "rtl" : "ltr"} lang={locale}>
          {text}
        </p>
      </article>
      <p class="note segments">
        {segments === 1 ? "One SMS" : `${segments} SMS, each paid for`}: {[...text].length} characters of {encoding}, of
        which {segments === 1 ? `${size[0]} fit into one` : `${size[1]} fit into each`}.
      </p>
      <Warnings warnings={warnings} />
    </>
  );
}

const Warnings = ({ warnings }: { warnings: string[] }) =>
  warnings.length > 0 ? <p class="hint">{sentence(warnings.join("; "))}</p> : null;

type ToggleProps<T extends string> = { label: string; signal: { value: T }; options: { [value in T]: string } };

function Toggle<T extends string>({ label, signal, options }: ToggleProps<T>) {
  return (
    <fieldset class="toggle">
      <legend class="unseen">{label}</legend>
      {(Object.entries(options) as [T, string][]).map(([value, name]) => (
        <label key={value}>
          <input
            type="radio"
            name={`view-${label}`}
            class="unseen"
            checked={signal.value === value}
            onChange={() => {
              signal.value = value;
            }}
          />
          <span>{name}</span>
        </label>
      ))}
    </fieldset>
  );
}
