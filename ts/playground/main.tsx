/** The page: configure, see, test and copy the hook. */
import { effect, signal } from "@preact/signals";
import { render } from "preact";
import { Bar, FilePane } from "./file.tsx";
import { Form } from "./form.tsx";
import { ImportDialog, isImporting } from "./import-dialog.tsx";
import { JsonEditor } from "./json.tsx";
import { unpack } from "./module.ts";
import { PreviewPane } from "./preview.tsx";
import { endpointsOf, forget, fromFragment, type Kept, keep, kept, toFragment } from "./share.ts";
import { config, configTab, extraLocales } from "./state.ts";
import { Status, say } from "./status.tsx";
import { Tabs } from "./tabs.tsx";
import { copyText } from "./take.ts";

const isRemembered = signal(false);
const isFromLink = signal(false);

function Page() {
  return (
    <>
      <header class="top">
        <div class="brand">
          <h1>authgear-invite</h1>
          <p>Tell the owner of an account that an admin created how to get in.</p>
        </div>
        <nav aria-label="Configuration">
          <button
            type="button"
            onClick={() => {
              isImporting.value = true;
            }}
          >
            Import
          </button>
          <button type="button" onClick={share}>
            Copy link
          </button>
          <label class="flag" title="Without keys, in this browser">
            <input
              type="checkbox"
              checked={isRemembered.value}
              onChange={({ currentTarget }) => {
                isRemembered.value = currentTarget.checked;
                if (!currentTarget.checked) forget();
              }}
            />
            Remember here, without keys
          </label>
        </nav>
      </header>
      {isFromLink.value && <LinkNotice />}
      <main>
        <section class="pane" aria-labelledby="config-title">
          <h2 class="unseen" id="config-title">
            Configuration
          </h2>
          <Tabs
            label="Configuration"
            selected={configTab}
            tabs={{ form: ["Form", <Form key="form" />], json: ["JSON", <JsonEditor key="json" />] }}
          />
        </section>
        <section class="pane preview" aria-labelledby="preview-title">
          <h2 class="unseen" id="preview-title" tabIndex={-1}>
            Preview
          </h2>
          <PreviewPane />
        </section>
        <FilePane />
      </main>
      <footer>
        <p>
          Nothing that you type leaves this page: it has no server, and its security policy forbids your browser every
          connection. Pictures in a mail are not loaded for the same reason.
        </p>
      </footer>
      <Bar />
      <ImportDialog />
      <Status />
    </>
  );
}

function LinkNotice() {
  const others = endpointsOf(config.value);
  return (
    <p class="hint notice" role="status">
      <span>
        This configuration came with the link.{" "}
        {others.length > 0 ? (
          <>
            It would give your keys to <b>{others.join(", ")}</b> instead of the provider itself. Go on only if you know
            why.
          </>
        ) : (
          "It holds no keys: add your own."
        )}
      </span>
      <button
        type="button"
        class="small"
        onClick={() => {
          isFromLink.value = false;
        }}
      >
        Dismiss
      </button>
    </p>
  );
}

const now = (): Kept => ({ config: config.value, locales: [...extraLocales.value] });

async function share() {
  const fragment = await toFragment(now());
  history.replaceState(undefined, "", fragment);
  const link = location.href.replace(/#.*$/, "") + fragment;
  say((await copyText(link)) ? "Copied. The link holds no keys." : "The link is in the address bar. It holds no keys.");
}

function take({ config: its, locales }: Kept) {
  config.value = its;
  extraLocales.value = locales;
}

async function begin() {
  await unpack();
  const shared = await fromFragment(location.hash);
  const own = kept();
  isFromLink.value = shared !== undefined;
  isRemembered.value = shared === undefined && own !== undefined;
  if (shared ?? own) take((shared ?? own) as Kept);
  effect(() => {
    if (isRemembered.value) keep(now());
  });
  const place = document.getElementById("page");
  if (place) {
    place.textContent = "";
    render(<Page />, place);
  }
}

begin();
