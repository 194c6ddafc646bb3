/** The file that is pasted: what it still lacks, how long it is, and the ways to take it along. */
import { signal } from "@preact/signals";
import { sourceOf } from "../assemble.ts";
import { mapValues, SECRET } from "../config-json.ts";
import { AUTHGEAR_LIMIT } from "../paste-in.ts";
import { goTo } from "./go-to.ts";
import { advice, file, fileBytes, fileConfig, insisted, isTooLong, problems } from "./state.ts";
import { say } from "./status.tsx";
import { copyText, download } from "./take.ts";

const NAME = "invite.hook.ts";

/** Always in sight: whether the file is ready, how long it is, and the ways to take it along. */
export function Bar() {
  return (
    <section class="bar" aria-label="Take the file">
      <div class="bar-body">
        <p class="bar-state">
          {isReady() ? (
            <span class="ready">Ready to paste</span>
          ) : (
            <button type="button" class={isOnlyEmpty() ? "link" : "link bad"} onClick={() => lead("file-title")}>
              {told()}
            </button>
          )}
        </p>
        <Meter />
        <div class="file-actions">
          <button type="button" class="to-preview" onClick={() => lead("preview-title")}>
            Preview
          </button>
          <button type="button" aria-disabled={!isReady()} onClick={() => take(() => download(NAME, file.value ?? ""))}>
            Download
          </button>
          <button type="button" class="primary" aria-disabled={!isReady()} onClick={() => take(copy)}>
            Copy
          </button>
        </div>
      </div>
    </section>
  );
}

function told(): string {
  const { length } = problems.value;
  if (length === 0) return "Too long for Authgear";
  return `${length === 1 ? "One thing" : `${length} things`} to ${isOnlyEmpty() ? "fill in" : "mend"}`;
}

/** What is not there yet is no mistake. */
const isOnlyEmpty = () => problems.value.every((it) => /: (is missing|has no sender)/.test(it));

function lead(id: string) {
  const heading = document.getElementById(id);
  heading?.focus({ preventScroll: true });
  heading?.scrollIntoView({ block: "start" });
}

export function FilePane() {
  const count = problems.value.length;
  return (
    <section class="pane file" aria-labelledby="file-title">
      <h2 id="file-title" tabIndex={-1}>
        The file for the Portal
      </h2>
      {count > 0 && (
        <ul class={isOnlyEmpty() ? "todo" : "todo bad"}>
          {problems.value.map((it) => (
            <li key={it}>
              <Todo problem={it} />
            </li>
          ))}
        </ul>
      )}
      {isTooLong.value && (
        <p class="hint">
          Authgear takes {AUTHGEAR_LIMIT.toLocaleString("en")} bytes; use fewer languages, or shorter texts.
        </p>
      )}
      {advice.value.length > 0 && (
        <details class="advice" open>
          <summary>Worth a look</summary>
          <ul>
            {advice.value.map((it) => (
              <li key={it}>
                <Todo problem={it} />
              </li>
            ))}
          </ul>
        </details>
      )}
      <div class="file-body">
        <Beginning />
        <Steps />
      </div>
    </section>
  );
}

const isReady = () => file.value !== undefined && !isTooLong.value;

function take(how: () => void) {
  insisted.value = true;
  if (isReady()) how();
  else if (problems.value[0]) {
    say("Not yet: there is something to mend.");
    goTo(problems.value[0]);
  }
}

async function copy() {
  say(
    (await copyText(file.value ?? ""))
      ? "Copied. Paste it into the Portal."
      : "The browser did not let it be copied; download it.",
  );
}

function Todo({ problem }: { problem: string }) {
  const [, path = "", what = problem] = /^(\S+(?: or \S+)*?): (.*)$/s.exec(problem) ?? [];
  return (
    <button type="button" class="link" onClick={() => goTo(problem)}>
      <code>{path}</code> {what}
    </button>
  );
}

function Meter() {
  const [bytes, limit] = [fileBytes.value, AUTHGEAR_LIMIT];
  const text =
    file.value === undefined
      ? `0 of ${limit.toLocaleString("en")} bytes`
      : `${bytes.toLocaleString("en")} of ${limit.toLocaleString("en")} bytes`;
  return (
    <div class="meter">
      <meter min={0} max={limit} high={limit * 0.9} value={bytes} aria-labelledby="file-size" />
      <p id="file-size" class="note">
        {text}
      </p>
    </div>
  );
}

const areKeysShown = signal(false);

/** The part that people know; what is below it is the same for everybody. */
function Beginning() {
  const config = areKeysShown.value
    ? fileConfig.value
    : mapValues(fileConfig.value, (it, path) => (SECRET.test(path) ? "•".repeat(8) : it));
  return (
    <div class="beginning">
      <div class="label">
        <h3>How it begins</h3>
        <button
          type="button"
          class="quiet"
          aria-pressed={areKeysShown.value}
          onClick={() => {
            areKeysShown.value = !areKeysShown.value;
          }}
        >
          {areKeysShown.value ? "Hide keys" : "Show keys"}
        </button>
      </div>
      <pre>{`const config: Config = ${sourceOf(config).replaceAll("\\u2022", "•")};`}</pre>
    </div>
  );
}

function Steps() {
  return (
    <div class="steps">
      <h3>Then, in the Portal</h3>
      <ol>
        <li>
          Open your project, and in it <b>Advanced → Hooks</b>.
        </li>
        <li>
          Under <b>Non-Blocking Events</b> add a handler of the type <b>TypeScript</b> and open its script.
        </li>
        <li>
          Replace all that is there with this file, and <b>Save</b>.
        </li>
        <li>
          Create a user for yourself in <b>User Management → Users</b>, and look at your mail.
        </li>
      </ol>
      <p class="help">
        The file holds your keys, since the Portal has no other place for them. Keep it as you would keep them.
      </p>
    </div>
  );
}
