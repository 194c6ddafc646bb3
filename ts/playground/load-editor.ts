/** Loads the editor's file once; a classic script, since browsers refuse modules from `file://`. */
import { editor as file } from "carried";
import type { CreateEditor } from "./editor.ts";

declare global {
  var createEditor: CreateEditor | undefined;
}

let loading: Promise<CreateEditor> | undefined;

export function loadEditor(): Promise<CreateEditor> {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = file;
    script.onload = () => (globalThis.createEditor ? resolve(globalThis.createEditor) : reject());
    script.onerror = reject;
    document.head.append(script);
  });
  return loading;
}
