/** Random order, medians, quartiles and the tables that show them. */
import { randomInt } from "node:crypto";

export function shuffled<T>(items: T[]): T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(randomInt(left.length), 1));
}

/** The median with its quartiles: `41.3 (40.2–43.0)`. */
export function spread(values: number[], digits: number): string {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((q) => quantile(values, q).toFixed(digits));
  return `${middle} (${low}–${high})`;
}

/** Linear between the two nearest values. */
export function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (sorted.length - 1) * q;
  const [below = Number.NaN, above = below] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}

export function verdict(value: number, aim: number, bound: number): string {
  return value <= aim ? "aim met" : value <= bound ? "bound met" : "OVER";
}

/** A table whose first row is its head and whose first column holds names. */
export function table(rows: string[][], markdown: boolean): string {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const rule = widths.map((width, i) => (markdown && i > 0 ? `${"-".repeat(width - 1)}:` : "-".repeat(width)));
  const pad = (cell: string, i: number) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0));
  return [head, rule, ...rows.slice(1)]
    .map((row) => row.map(pad))
    .map((cells) => (markdown ? `| ${cells.join(" | ")} |` : `  ${cells.join("   ")}`.trimEnd()))
    .join("\n");
}
