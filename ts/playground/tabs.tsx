/** Tabs by the pattern of the ARIA Authoring Practices: arrows choose, Tab goes into the panel. */
import type { Signal } from "@preact/signals";
import type { ComponentChild } from "preact";

export type TabsProps = {
  label: string;
  selected: Signal<string>;
  tabs: { [id: string]: readonly [name: string, panel: ComponentChild] };
};

export function Tabs({ label, selected, tabs }: TabsProps) {
  const ids = Object.keys(tabs);
  const choose = (id: string | undefined) => {
    if (id === undefined) return;
    selected.value = id;
    document.getElementById(`tab-${id}`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const here = ids.indexOf(selected.value);
    const steps: { [key: string]: number } = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: -1 };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    choose(ids.at(next % ids.length));
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {Object.entries(tabs).map(([id, [name]]) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`tab-${id}`}
            aria-selected={selected.value === id}
            aria-controls={`panel-${id}`}
            tabIndex={selected.value === id ? 0 : -1}
            onClick={() => choose(id)}
          >
            {name}
          </button>
        ))}
      </div>
      <div class="panel" role="tabpanel" id={`panel-${selected.value}`} aria-labelledby={`tab-${selected.value}`}>
        {tabs[selected.value]?.[1]}
      </div>
    </>
  );
}
