/** Asks for a file or a text to read a configuration from. */
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { readConfiguration } from "./import.ts";
import { config, configTab, extraLocales } from "./state.ts";
import { say } from "./status.tsx";

export const isImporting = signal(false);
const text = signal("");
const wrong = signal("");

export function ImportDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isImporting.value) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isImporting.value]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="import-title"
      onClose={() => {
        isImporting.value = false;
      }}
    >
      <h2 id="import-title">Import</h2>
      <div class="row">
        <label for="import-text">A file that was pasted into the Portal, or a configuration as JSON</label>
        <textarea
          id="import-text"
          rows={12}
          spellcheck={false}
          value={text.value}
          aria-invalid={wrong.value !== ""}
          aria-describedby="import-wrong"
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
            wrong.value = "";
          }}
        />
        <p class="problems" id="import-wrong" role="alert">
          {wrong.value}
        </p>
      </div>
      <div class="row">
        <label for="import-file">Or choose it</label>
        <input id="import-file" type="file" accept=".ts,.json,.txt,application/json,text/plain" onChange={choose} />
      </div>
      <p class="help">It is read here and goes nowhere. It takes the place of what the form holds.</p>
      <div class="dialog-actions">
        <button
          type="button"
          onClick={() => {
            isImporting.value = false;
          }}
        >
          Cancel
        </button>
        <button type="button" class="primary" onClick={take}>
          Import
        </button>
      </div>
    </dialog>
  );
}

async function choose({ currentTarget }: { currentTarget: HTMLInputElement }) {
  const [file] = currentTarget.files ?? [];
  if (file) text.value = await file.text();
  wrong.value = "";
}

function take() {
  const read = readConfiguration(text.value);
  if ("wrong" in read) {
    wrong.value = `${read.wrong.charAt(0).toUpperCase()}${read.wrong.slice(1)}.`;
    return;
  }
  config.value = read.config;
  extraLocales.value = read.locales;
  configTab.value = "form";
  text.value = "";
  isImporting.value = false;
  say(["Imported.", ...read.notes.map((it) => `${it}.`)].join(" "));
}
