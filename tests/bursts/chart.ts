/** Stacked bars as SVG: for each row the naive hook above, ours below. */
import type { Toll } from "./model.ts";

const COLOURS = { sent: "#2b8a5f", told: "#e0a030", unseen: "#c0392b" };
const NAMES = { sent: "got a message", told: "only a dead letter", unseen: "nobody hears of it" };
const [LEFT, WIDTH, BAR, ROW, TOP] = [150, 520, 9, 26, 56];

export function chart(title: string, rows: { what: string; naive: Toll; ours: Toll }[]): string {
  const height = TOP + rows.length * ROW + 8;
  const bar = (toll: Toll, y: number) => {
    const all = toll.sent + toll.told + toll.unseen;
    let x = LEFT;
    return (["sent", "told", "unseen"] as const).map((key) => {
      const width = Math.round((WIDTH * toll[key]) / all);
      const rect = `<rect x="${x}" y="${y}" width="${width}" height="${BAR}" fill="${COLOURS[key]}"/>`;
      x += width;
      return width > 0 ? rect : "";
    });
  };
  const body = rows.flatMap(({ what, naive, ours }, i) => {
    const y = TOP + i * ROW;
    return [
      `<text x="${LEFT - 8}" y="${y + 13}" text-anchor="end">${what}</text>`,
      ...bar(naive, y),
      ...bar(ours, y + BAR + 1),
    ];
  });
  const legend = (["sent", "told", "unseen"] as const).flatMap((key, i) => [
    `<rect x="${LEFT + i * 150}" y="32" width="10" height="10" fill="${COLOURS[key]}"/>`,
    `<text x="${LEFT + i * 150 + 15}" y="41">${NAMES[key]}</text>`,
  ]);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH + 16} ${height}" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="#fff"/>
<text x="8" y="18" font-size="13">${title} (upper bar naive, lower ours)</text>
${[...legend, ...body].filter(Boolean).join("\n")}
</svg>
`;
}
