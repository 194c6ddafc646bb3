/** A text area that becomes an editor as soon as that is loaded. */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Editor, EditorOptions } from "./editor.ts";
import { loadEditor } from "./load-editor.ts";

export type CodeProps = Omit<EditorOptions, "value" | "onInput"> & {
  value: string;
  onInput: (value: string) => void;
  onBlur?: () => void;
  rows?: number;
  readOnly?: boolean;
};

export function Code(props: CodeProps) {
  const { id, label, value, rows = 1, describedBy, invalid, onBlur } = props;
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    let gone = false;
    loadEditor().then(
      (create) => {
        const area = place.current?.querySelector("textarea");
        if (gone || !place.current || !area) return;
        const hadFocus = document.activeElement === area;
        area.hidden = true;
        area.id = "";
        const { value, ...rest } = latest.current;
        editor.current = create(place.current, { ...rest, value, onInput: (text) => latest.current.onInput(text) });
        if (hadFocus) editor.current.focus();
      },
      // A text area will do.
      () => {},
    );
    return () => {
      gone = true;
      editor.current?.destroy();
    };
  }, []);
  // At once: later the value might be older than what was typed since.
  useLayoutEffect(() => editor.current?.update(latest.current));

  return (
    <div class="code" ref={place} onFocusOut={onBlur} style={{ "--rows": rows }}>
      <textarea
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        value={value}
        rows={rows}
        spellcheck={false}
        onInput={({ currentTarget }) => props.onInput(currentTarget.value)}
      />
    </div>
  );
}
