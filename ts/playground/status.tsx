/** What was done, for eyes and for screen readers. */
import { signal } from "@preact/signals";

const said = signal("");
let forgetting: ReturnType<typeof setTimeout> | undefined;

export function say(text: string): void {
  said.value = text;
  clearTimeout(forgetting);
  forgetting = setTimeout(() => {
    said.value = "";
  }, 6000);
}

export const Status = () => (
  <p class="status" role="status" data-said={said.value !== ""}>
    {said.value}
  </p>
);
