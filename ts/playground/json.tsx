/** The configuration as JSON, in step with the form. */
import { type Node, parseTree } from "jsonc-parser/lib/esm/main.js";
import { parseJson } from "../json-text.ts";
import { Code } from "./code.tsx";
import type { Fault } from "./editor.ts";
import { Help, Problems } from "./field.tsx";
import { isObject, type JsonObject, type Path, placesOf, printPath } from "./path.ts";
import { config, draft, draftFault, problems } from "./state.ts";

export function JsonEditor() {
  if (draft.value.config !== config.value)
    draft.value = { text: JSON.stringify(config.value, null, 2), config: config.value };
  const { text } = draft.value;
  const fault = draftFault.value;
  const said = fault ? [fault.message] : problems.value;
  const faults = fault ? [{ ...fault, from: fault.offset, to: fault.offset + 1 }] : placed(text, said);
  return (
    <>
      <Help text="The same configuration, as a file for the command: `authgear-invite build --config FILE`." />
      <Code
        id="json"
        label="The configuration as JSON"
        language="json"
        rows={24}
        value={text}
        faults={faults}
        invalid={said.length > 0}
        describedBy="json-problems"
        onInput={(text) => {
          const read = parseJson(text);
          if ("json" in read && isObject(read.json)) config.value = read.json as JsonObject;
          draft.value = { text, config: config.value };
        }}
      />
      <Problems id="json-problems" problems={said} />
    </>
  );
}

/** Each problem at the value that it is about, or the nearest one around it. */
function placed(text: string, problems: string[]): Fault[] {
  const places = new Map<string, Node>();
  const root = parseTree(text);
  if (root) walk(root, [], places);
  return problems.map((message) => {
    const place = [...placesOf(message)].find((it) => places.has(it));
    const { offset, length } = places.get(place ?? "") ?? { offset: 0, length: 1 };
    return { message, from: offset, to: offset + length };
  });
}

function walk(node: Node, path: Path, places: Map<string, Node>): void {
  if (path.length > 0) places.set(printPath(path), node);
  for (const [i, child] of (node.children ?? []).entries()) {
    if (node.type === "array") walk(child, [...path, i], places);
    const [key, value] = child.children ?? [];
    if (node.type === "object" && key && value) walk(value, [...path, key.value], places);
  }
}
