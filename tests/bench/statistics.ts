/** Medians, quartiles and the tables that show them. */

/** The median with its quartiles, for example `41.3 (40.2–43.0)`. */
export function spread(values: number[], digits: number): string {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((q) => quantile(values, q).toFixed(digits));
  return `${middle} (${low}–${high})`;
}

export function median(values: number[]): number {
  return quantile(values, 0.5);
}

/** Linear between the two nearest values. */
function quantile(values: number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const [below = Number.NaN, above = below] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}

export function verdict(value: number, aim: number, bound: number): string {
  return value <= aim ? "aim met" : value <= bound ? "bound met" : "over";
}

/** A table whose first column holds names. */
export function table(head: string[], rows: string[][], markdown: boolean): string {
  if (markdown) {
    const rule = head.map((_, i) => (i === 0 ? "---" : "---:"));
    return [head, rule, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
  }
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (row: string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("   ");
  return [line(head), widths.map((width) => "-".repeat(width)).join("   "), ...rows.map(line)]
    .map((text) => `  ${text.trimEnd()}`)
    .join("\n");
}
