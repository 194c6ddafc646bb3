/** Why an event leads to what it leads to, step by step, as the core says it. */
import type { ComponentChildren } from "preact";
import type { Preview, Trace } from "../core.ts";
import { languageName } from "./languages.tsx";
import { sentence } from "./preview.tsx";

export function Story({ preview, trace }: { preview: Preview; trace: Trace }) {
  const { rules, locales, channels, envelope } = trace;
  const isMatched = rules.some(({ result }) => result === "matched");
  return (
    <ol class="story">
      <Step title={isMatched ? "A rule matched" : "No rule matched"} good={isMatched}>
        <ul>
          {rules.map((rule, i) => (
            <li key={i}>
              <Mark good={rule.result === "matched"} off={rule.result === "unread"} />
              <span>
                Rule {i + 1}, {rule.on} → “{rule.message}”:{" "}
                {rule.result === "matched"
                  ? "all of its conditions hold"
                  : rule.result === "unread"
                    ? "not looked at"
                    : rule.detail}
                {rule.result === "failed" && (
                  <>
                    {" "}
                    <code>{rule.reason}</code>
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      </Step>
      {envelope && (
        <Step
          title={envelope === "opened" ? "An envelope was opened" : "An envelope was ignored"}
          good={envelope === "opened"}
        >
          {envelope !== "opened" && <p>Why: {envelope}.</p>}
        </Step>
      )}
      {locales.length > 0 && <Locales locales={locales} />}
      {channels.length > 0 && <Recipient channels={channels} />}
      <Result preview={preview} />
    </ol>
  );
}

const WISHES = {
  user: "The user’s own",
  rule: "The rule’s",
  event: "The event’s",
  default: "The default",
  project: "The project’s",
} as const;

function Locales({ locales }: Pick<Trace, "locales">) {
  const chosen = locales.findIndex(({ found }) => found !== undefined);
  const found = locales[chosen]?.found;
  return (
    <Step title={found ? `The text is in ${languageName(found)}` : "There is no text"} good={found !== undefined}>
      <ul>
        {locales.map(({ from, asked, found }, i) => (
          <li key={`${from} ${asked}`}>
            <Mark good={i === chosen} off={!asked || (chosen >= 0 && i > chosen)} />
            <span>
              {WISHES[from]}: {asked ? <code>{asked}</code> : "none"}
              {asked &&
                (found === undefined ? (
                  ", for which the file has no text"
                ) : found === asked ? (
                  ""
                ) : (
                  <>
                    {" "}
                    finds <code>{found}</code>
                  </>
                ))}
              {chosen >= 0 && i > chosen && ", not needed"}
            </span>
          </li>
        ))}
      </ul>
    </Step>
  );
}

const SOURCES = { login_id: "Login ID", attribute: "Standard attribute", oauth: "Linked account" } as const;
const CHANNELS = { email: ["E-mail", "an e-mail address"], sms: ["SMS", "a phone number"] } as const;

function Recipient({ channels }: Pick<Trace, "channels">) {
  const isOpen = (it: Trace["channels"][number]) =>
    it.sender && it.addresses.some(({ address, tried }) => tried && address);
  const chosen = channels.findIndex(isOpen);
  const channel = channels[chosen]?.channel;
  return (
    <Step
      title={channel ? `${CHANNELS[channel][0]} reaches the user` : "Nothing reaches the user"}
      good={channel !== undefined}
    >
      {channels.map(({ channel, sender, addresses }, c) => (
        <div key={channel}>
          <h4>
            {CHANNELS[channel][0]}
            {!sender && <span class="note"> no sender</span>}
            {chosen >= 0 && c > chosen && <span class="note"> not needed</span>}
          </h4>
          <ul>
            {addresses.length === 0 && (
              <li>
                <Mark good={false} />
                <span>The user has no {CHANNELS[channel][1].replace(/^an? /, "")}</span>
              </li>
            )}
            {addresses.map(({ from, value, tried, address }, i) => {
              const isFirst = i === addresses.findIndex((it) => it.tried && it.address);
              return (
                <li key={i}>
                  <Mark good={c === chosen && isFirst} off={Boolean(tried && address) && !(c === chosen && isFirst)} />
                  <span>
                    {SOURCES[from]}: <bdi>{value}</bdi>
                    {!tried
                      ? ", not used unless oauthEmail is set"
                      : address === undefined
                        ? ` is not ${CHANNELS[channel][1]} that can be written to`
                        : ""}
                    {address !== undefined && address !== value && (
                      <>
                        {" "}
                        is written to as <bdi>{address}</bdi>
                      </>
                    )}
                  </span>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </Step>
  );
}

function Result({ preview }: { preview: Preview }) {
  if (preview.type === "invalid")
    return <Step title="The configuration is wrong, so nothing can be sent" good={false} />;
  if (preview.type === "skip")
    return (
      <Step title="Nothing is sent" good={false}>
        <p>
          {sentence(preview.detail)} <code>{preview.reason}</code>
        </p>
      </Step>
    );
  const { message, address, to, channel } = preview;
  return (
    <Step title={`“${message}” is sent`} good>
      <p>
        By {channel === "email" ? "e-mail" : "SMS"} to <bdi>{address}</bdi>
        {to === "admin" ? ", who passes it on, since nothing reaches the user." : "."}
      </p>
    </Step>
  );
}

function Step({ title, good, children }: { title: string; good: boolean; children?: ComponentChildren }) {
  return (
    <li class={good ? "good" : "bad"}>
      <h3>{title}</h3>
      {children}
    </li>
  );
}

function Mark({ good, off = false }: { good: boolean; off?: boolean }) {
  const [sign, name] = off ? ["·", "not used"] : good ? ["✓", "yes"] : ["✗", "no"];
  return (
    <span class={`mark ${off ? "off" : good ? "yes" : "no"}`}>
      <span aria-hidden="true">{sign}</span>
      <span class="unseen">{name}: </span>
    </span>
  );
}
