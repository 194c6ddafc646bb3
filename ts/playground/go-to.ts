/** Leads to the field of a problem. */
import { placesOf } from "./path.ts";
import { configTab, draftFault, editedLocale, editedMessage, showSection } from "./state.ts";

/** Shows and focuses the field that a problem is about, or the nearest one around it. */
export function goTo(problem: string): void {
  if (draftFault.value) {
    configTab.value = "json";
    setTimeout(() => document.getElementById("json")?.focus());
    return;
  }
  const [, message, locale] = /^messages\.([^.:]+)\.([^.:]+)/.exec(problem) ?? [];
  if (message) editedMessage.value = message;
  if (locale) editedLocale.value = locale;
  configTab.value = "form";
  showSection(sectionOf(problem));
  setTimeout(() => {
    const field = findField(problem);
    for (let it = field?.closest("details"); it; it = it.parentElement?.closest("details")) it.open = true;
    field?.focus();
    field?.scrollIntoView({ block: "center" });
  });
}

function sectionOf(problem: string): string {
  if (problem.includes(NO_SENDER)) return "sender";
  const [key = ""] = /^\w+/.exec(problem) ?? [];
  return SECTIONS[key] ?? "more";
}

const SECTIONS: { [key: string]: string } = {
  serviceName: "service",
  url: "service",
  email: "sender",
  sms: "sender",
  messages: "message",
  rules: "rules",
  defaultLocale: "languages",
};
const NO_SENDER = "has no sender";

function findField(problem: string): HTMLElement | null {
  if (problem.includes(NO_SENDER)) return document.getElementById("add-email");
  for (const place of placesOf(problem)) {
    const field = document.getElementById(place);
    if (field) return field;
  }
  return null;
}
