/** Plots as SVG that reads in light and dark. */

/** A line. */
export type Series = { name: string; points: [x: number, y: number][] };

export type Axis = { label: string; format: (value: number) => string };

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [720, 400, 90, 170, 20, 50];
const COLORS = ["#0b57d0", "#c5221f", "#188038", "#b06000", "#8430ce"];

const STYLE = `text { font: 13px system-ui, sans-serif; fill: #333 }
.grid { stroke: #ccc }
.mark { stroke: #333; stroke-width: 2 }
path { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .grid { stroke: #555 } .mark { stroke: #eee } }`;

/** Lines over two logarithmic axes. */
export function logLog(x: Axis, y: Axis, series: Series[]): string {
  const scaleX = scale(
    series.flatMap(({ points }) => points.map(([at]) => at)),
    LEFT,
    WIDTH - RIGHT,
  );
  const scaleY = scale(
    series.flatMap(({ points }) => points.map(([, at]) => at)),
    HEIGHT - BOTTOM,
    TOP,
  );
  const grid = [
    ...scaleX.decades.map((value) => {
      const at = scaleX.at(value).toFixed(1);
      const label = `<text x="${at}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${x.format(value)}</text>`;
      return `<line class="grid" x1="${at}" x2="${at}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>${label}`;
    }),
    ...scaleY.decades.map((value) => {
      const at = scaleY.at(value).toFixed(1);
      const label = `<text x="${LEFT - 8}" y="${at}" dy="4" text-anchor="end">${y.format(value)}</text>`;
      return `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/>${label}`;
    }),
  ];
  const lines = series.map(({ name, points }, i) => {
    const color = COLORS[i % COLORS.length];
    const at = points.map(([px, py]) => `${scaleX.at(px).toFixed(1)},${scaleY.at(py).toFixed(1)}`);
    const dots = at.map(
      (point) => `<circle cx="${point.split(",")[0]}" cy="${point.split(",")[1]}" r="3" fill="${color}"/>`,
    );
    const label = `<text x="${WIDTH - RIGHT + 28}" y="${TOP + 12 + i * 20}">${name}</text>`;
    const key = `<line x1="${WIDTH - RIGHT + 8}" x2="${WIDTH - RIGHT + 22}" y1="${TOP + 8 + i * 20}" y2="${TOP + 8 + i * 20}" stroke="${color}" stroke-width="3"/>`;
    return `<path d="M${at.join("L")}" stroke="${color}"/>${dots.join("")}${key}${label}`;
  });
  return svg([
    ...grid,
    ...lines,
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${x.label}</text>`,
    `<text transform="translate(16 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${y.label}</text>`,
  ]);
}

/** Bars from zero with their quartiles, in groups. */
export function bars(
  unit: string,
  groups: { name: string; bars: { name: string; quartiles: [number, number, number] }[] }[],
): string {
  const names = [...new Set(groups.flatMap((group) => group.bars.map(({ name }) => name)))];
  const rows = groups.flatMap((group) => [...group.bars.map((bar) => ({ ...bar, group: group.name }))]);
  const [row, gap, left] = [22, 14, 230];
  const height = TOP + rows.length * row + groups.length * gap + 40;
  const most = Math.max(...rows.map(({ quartiles }) => quartiles[2]));
  const at = (value: number) => left + (value / most) * (WIDTH - left - 60);
  let y = TOP;
  let last = "";
  const parts = rows.map(({ name, group, quartiles: [low, middle, high] }) => {
    if (group !== last) y += gap;
    const head = group === last ? "" : `<text x="8" y="${y + 15}" font-weight="bold">${group}</text>`;
    last = group;
    const color = COLORS[names.indexOf(name) % COLORS.length];
    const middleY = y + row / 2;
    const bar = [
      `<text x="${left - 8}" y="${y + 15}" text-anchor="end">${name}</text>`,
      `<rect x="${left}" y="${y + 3}" width="${(at(middle) - left).toFixed(1)}" height="${row - 6}" fill="${color}" opacity="0.75"/>`,
      `<line class="mark" x1="${at(low).toFixed(1)}" x2="${at(high).toFixed(1)}" y1="${middleY}" y2="${middleY}"/>`,
      `<text x="${(at(high) + 6).toFixed(1)}" y="${y + 15}">${middle.toFixed(1)}</text>`,
    ];
    y += row;
    return head + bar.join("");
  });
  return svg([...parts, `<text x="${left}" y="${height - 8}">${unit}; the line spans the quartiles</text>`], height);
}

function svg(parts: string[], height = HEIGHT): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img"><style>${STYLE}</style>\n${parts.join("\n")}\n</svg>\n`;
}

/** A logarithmic scale over these values, and the powers of ten on it. */
function scale(values: number[], from: number, to: number) {
  const [low, high] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))];
  const span = high - low || 1;
  const exponents = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, i) => Math.ceil(low) + i);
  return {
    at: (value: number) => from + ((Math.log10(value) - low) / span) * (to - from),
    decades: exponents.map((exponent) => 10 ** exponent),
  };
}
