/** The editor for templates and JSON, in a file of its own. */
import { autocompletion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightSpecialChars,
  keymap,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

export type EditorOptions = {
  /** Of the element that takes the focus. */
  id: string;
  label: string;
  value: string;
  onInput: (value: string) => void;
  language: "template" | "json";
  describedBy?: string | undefined;
  invalid?: boolean | undefined;
  dir?: "ltr" | "rtl" | undefined;
  faults?: Fault[] | undefined;
  /** Of a template. */
  delimiters?: readonly [open: string, close: string] | undefined;
  placeholders?: { [name: string]: string | null } | undefined;
};

/** Line and column count from one, columns in characters; or an offset. */
export type Fault = { message: string } & ({ line: number; column: number } | { from: number; to: number });

export type Editor = {
  update: (options: Omit<EditorOptions, "onInput">) => void;
  focus: () => void;
  destroy: () => void;
};

export type CreateEditor = (parent: HTMLElement, options: EditorOptions) => Editor;

const LOOK = EditorView.theme({
  "&": { backgroundColor: "transparent", color: "inherit" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-content": { padding: "0", caretColor: "currentColor" },
  ".cm-line": { padding: "0" },
  ".cm-cursor": { borderLeftColor: "currentColor" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--surface)",
    color: "var(--text)",
    border: "1px solid var(--line)",
    borderRadius: "6px",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 8px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--accent)",
    color: "var(--on-accent)",
  },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.85", marginLeft: "1em" },
  ".cm-diagnostic": { fontFamily: "var(--sans)", padding: "4px 8px" },
});

const JSON_COLOURS = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.propertyName, color: "var(--code-name)" },
    { tag: tags.string, color: "var(--code-text)" },
    { tag: [tags.number, tags.bool, tags.null], color: "var(--code-value)" },
  ]),
);

const createEditor: CreateEditor = (parent, options) => {
  let latest = options;
  let isSetting = false;
  const attributes = new Compartment();
  const marks = new Compartment();
  const language: Extension = options.language === "json" ? [json(), JSON_COLOURS, bracketMatching()] : [];
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: options.value,
      extensions: [
        history(),
        drawSelection(),
        highlightSpecialChars(),
        EditorView.lineWrapping,
        keymap.of([...defaultKeymap, ...historyKeymap]),
        LOOK,
        language,
        attributes.of(attributesOf(options)),
        marks.of(marksOf(options)),
        ...(options.language === "template"
          ? [autocompletion({ override: [(context) => complete(context, latest)], icons: false })]
          : []),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !isSetting) options.onInput(update.state.doc.toString());
        }),
      ],
    }),
  });
  const showFaults = ({ faults = [] }: { faults?: Fault[] | undefined }) => {
    const length = view.state.doc.length;
    const diagnostics = faults.map((it): Diagnostic => {
      const { from, to } = "from" in it ? it : placeOf(view.state, it);
      return {
        from: Math.min(from, length),
        to: Math.min(Math.max(to, from), length),
        severity: "error",
        message: it.message,
      };
    });
    view.dispatch(setDiagnostics(view.state, diagnostics));
  };
  showFaults(options);
  return {
    update(next) {
      const before = latest;
      latest = { ...next, onInput: options.onInput };
      if (next.value !== view.state.doc.toString()) {
        isSetting = true;
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next.value } });
        isSetting = false;
      }
      const effects = [];
      if (differs(before, next, ["id", "label", "describedBy", "invalid", "dir"]))
        effects.push(attributes.reconfigure(attributesOf(next)));
      if (differs(before, next, ["delimiters"])) effects.push(marks.reconfigure(marksOf(next)));
      if (effects.length > 0) view.dispatch({ effects });
      if (differs(before, next, ["faults"])) showFaults(next);
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
};

type Shared = Omit<EditorOptions, "onInput">;

const differs = (before: Shared, next: Shared, keys: (keyof Shared)[]) =>
  keys.some((key) => JSON.stringify(before[key]) !== JSON.stringify(next[key]));

function attributesOf({ id, label, describedBy, invalid, dir }: Shared): Extension {
  return EditorView.contentAttributes.of({
    id,
    "aria-label": label,
    spellcheck: "false",
    ...(describedBy && { "aria-describedby": describedBy }),
    ...(invalid && { "aria-invalid": "true" }),
    ...(dir && { dir }),
  });
}

/** Tags of the template language, coloured. */
function marksOf({ language, delimiters: [open, close] = ["{", "}"] }: Shared): Extension {
  if (language !== "template") return [];
  const [o, c] = [open, close].map((it) => it.replace(/[{}]/g, "\\$&"));
  const decorator = new MatchDecorator({
    regexp: new RegExp(`${o}[#^/!=&]?[^{}\\n]+${c}`, "g"),
    decoration: ([tag]) => Decoration.mark({ class: `tag tag-${KINDS[tag.charAt(open.length)] ?? "name"}` }),
  });
  return ViewPlugin.define(
    (view) => ({
      marks: decorator.createDeco(view),
      update(update: ViewUpdate) {
        this.marks = decorator.updateDeco(update, this.marks);
      },
    }),
    { decorations: ({ marks }) => marks },
  );
}

const KINDS: { [sign: string]: string } = {
  "#": "section",
  "^": "section",
  "/": "section",
  "!": "comment",
  "=": "comment",
};

function complete(context: CompletionContext, { delimiters: [open, close] = ["{", "}"], placeholders }: Shared) {
  const [o] = [open].map((it) => it.replace(/[{}]/g, "\\$&"));
  const word = context.matchBefore(new RegExp(`${o}[#^/]?[\\w.]*`));
  if (!word) return null;
  const sign = /[#^/]/.exec(word.text)?.[0] ?? "";
  const closed = context.state.sliceDoc(context.pos, context.pos + close.length) === close;
  const result: CompletionResult = {
    from: word.from + open.length + sign.length,
    options: Object.entries(placeholders ?? {}).map(([name, value]) => ({
      label: name,
      detail: value ?? "",
      apply: closed ? name : name + close,
    })),
    validFor: /^[\w.]*$/,
  };
  return result;
}

function placeOf(state: EditorState, { line, column }: { line: number; column: number }) {
  const { from, to, text } = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  const start = from + [...text].slice(0, column - 1).join("").length;
  const tag = /^\{+[^{}\n]*\}+/.exec(text.slice(start - from))?.[0].length ?? 1;
  return { from: start, to: Math.min(start + tag, to) };
}

globalThis.createEditor = createEditor;
