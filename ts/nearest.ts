/** "Did you mean …?" */

/** The nearest of these names, where one is near enough to be meant. */
export function nearest(name: string, names: string[]): string | undefined {
  const far = name.length / 3 + 2;
  const [first] = names
    .map((it) => ({ it, steps: distance(name, it) }))
    .filter(({ steps }) => steps < far)
    .sort((a, b) => a.steps - b.steps);
  return first?.it;
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, swap);
    }
    above = row;
  }
  return above[b.length] ?? 0;
}
