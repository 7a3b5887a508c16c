// Panels of the handbook's pictures: SVG for light and dark backgrounds, about as wide as a phone's screen.

/**
 * @typedef {{ x: number, y: number }} Point
 * @typedef {"first" | "second" | "third"} Hue
 * @typedef {{
 *   words?: string, hue: Hue, points: Point[],
 *   look?: "faint" | "dashed" | "marked",
 * }} Line `words` appear in the legend
 * @typedef {{ at: number, words: string, side?: "left" | "right" }} Rule a dotted line across the panel, with a note
 * @typedef {{
 *   title: string, xName: string, xTicks: number[],
 *   yTicks: number[], yText?: (value: number) => string, log?: boolean,
 *   lines: Line[], levels?: Rule[], moments?: Rule[], low?: boolean,
 * }} Panel `levels` are values of y, `moments` of x, with notes at the bottom where `low`; axes go from the first tick to the
 *   last
 */

const WIDTH = 440;
const HEIGHT = 290;
const FRAME = { left: 52, right: 14, top: 60, bottom: 44 };

const style = `
text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--ink); }
.title { font-size: 15px; font-weight: 600; }
.quiet { fill: var(--quiet); }
.grid { stroke: var(--grid); }
.rule { stroke: var(--quiet); stroke-dasharray: 2 3; }
.line { fill: none; stroke-width: 2.2; stroke-linejoin: round; }
.faint { stroke-width: 1; opacity: 0.45; }
.dashed { stroke-dasharray: 7 4; }
.first { stroke: var(--first); } circle.first { fill: var(--first); }
.second { stroke: var(--second); } circle.second { fill: var(--second); }
.third { stroke: var(--third); } circle.third { fill: var(--third); }
:root { --sheet: #fff; --ink: #1c1f23; --quiet: #52585f; --grid: #dee2e6; --first: #1971c2; --second: #c2410c; --third: #2b7a3d; --cell: #1971c2; }
@media (prefers-color-scheme: dark) {
  :root { --sheet: #1f2226; --ink: #e4e6e9; --quiet: #b3b9c1; --grid: #3b3f45; --first: #4dabf7; --second: #fb923c; --third: #69db7c; --cell: #4dabf7; }
}`;

/** An SVG file around the drawn parts. @param {string} title @param {string[]} parts */
function svgOf(title, parts) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`,
    `<title>${title}</title>`,
    `<style>${style}</style>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="var(--sheet)"/>`,
    `<text class="title" x="14" y="24">${title}</text>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

/** Lines over one axis. @param {Panel} panel */
export function panelSvg({
  title,
  xName,
  xTicks,
  yTicks,
  yText = String,
  log = false,
  lines,
  levels,
  moments,
  low: atFoot,
}) {
  const [low, high] = ends(yTicks);
  const [from, to] = ends(xTicks);
  const width = WIDTH - FRAME.left - FRAME.right;
  const height = HEIGHT - FRAME.top - FRAME.bottom;
  const scale = (/** @type {number} */ value) => (log ? Math.log(value) : value);
  const x = (/** @type {number} */ value) => round(FRAME.left + ((value - from) / (to - from)) * width);
  const y = (/** @type {number} */ value) => {
    const share = (scale(value) - scale(low)) / (scale(high) - scale(low));
    return round(FRAME.top + (1 - Math.min(1, Math.max(0, share))) * height);
  };
  const [right, bottom] = [WIDTH - FRAME.right, HEIGHT - FRAME.bottom];
  const grid = yTicks.map(
    (value) =>
      `<line class="grid" x1="${FRAME.left}" x2="${right}" y1="${y(value)}" y2="${y(value)}"/><text class="quiet" x="${FRAME.left - 7}" y="${y(value) + 4}" text-anchor="end">${yText(value)}</text>`,
  );
  const ticks = xTicks.map(
    (value) => `<text class="quiet" x="${x(value)}" y="${bottom + 18}" text-anchor="middle">${value}</text>`,
  );
  const level = (levels ?? []).map(
    ({ at, words }) =>
      `<line class="rule" x1="${FRAME.left}" x2="${right}" y1="${y(at)}" y2="${y(at)}"/><text class="quiet" x="${right - 4}" y="${y(at) - 5}" text-anchor="end">${words}</text>`,
  );
  const moment = (moments ?? []).map(({ at, words, side = "right" }) => {
    const note = side === "right" ? `x="${x(at) + 5}"` : `x="${x(at) - 5}" text-anchor="end"`;
    return `<line class="rule" x1="${x(at)}" x2="${x(at)}" y1="${FRAME.top}" y2="${bottom}"/><text class="quiet" ${note} y="${atFoot ? bottom - 8 : FRAME.top + 12}">${words}</text>`;
  });
  return svgOf(title, [
    ...legend(lines),
    ...grid,
    ...ticks,
    `<text class="quiet" x="${FRAME.left + width / 2}" y="${HEIGHT - 8}" text-anchor="middle">${xName}</text>`,
    ...level,
    ...moment,
    ...lines.flatMap((line) => drawn(line, x, y)),
  ]);
}

/** @param {Line[]} lines */
function legend(lines) {
  let left = 14;
  return lines.flatMap(({ words, hue, look }) => {
    if (!words) return [];
    const mark = look === "marked" ? `<circle class="${hue}" cx="11" cy="-4" r="3"/>` : "";
    const entry = `<g transform="translate(${left} 46)"><line class="line ${look ?? ""} ${hue}" x2="22" y1="-4" y2="-4"/>${mark}<text x="28">${words}</text></g>`;
    left += 28 + 18 + words.length * 7;
    return [entry];
  });
}

/** @param {Line} line @param {(value: number) => number} x @param {(value: number) => number} y */
function drawn({ hue, points, look }, x, y) {
  const path = points.map((point) => `${x(point.x)},${y(point.y)}`).join(" ");
  const marks = look === "marked" ? points : [];
  return [
    `<polyline class="line ${look ?? ""} ${hue}" points="${path}"/>`,
    ...marks.map((point) => `<circle class="${hue}" cx="${x(point.x)}" cy="${y(point.y)}" r="3"/>`),
  ];
}

/** @param {number[]} ticks */
function ends(ticks) {
  const [first = 0, last = 1] = [ticks[0], ticks.at(-1)];
  return /** @type {[number, number]} */ ([first, last]);
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}

/**
 * A confusion matrix as counts, each cell as dark as its share of the true class.
 *
 * @param {string} title @param {string[]} names of the classes @param {number[]} counts row by row, rows true
 */
export function confusionSvg(title, names, counts) {
  const side = 88;
  const [left, top] = [170, 84];
  const cells = counts.map((count, i) => {
    const [row, column] = [Math.floor(i / names.length), i % names.length];
    const total = counts.slice(row * names.length, (row + 1) * names.length).reduce((sum, n) => sum + n, 0);
    const [x, y] = [left + column * side, top + row * side];
    const share = Math.round((0.75 * count * 100) / total) / 100;
    return `<rect x="${x}" y="${y}" width="${side}" height="${side}" fill="var(--sheet)" stroke="var(--grid)"/><rect x="${x}" y="${y}" width="${side}" height="${side}" fill="var(--cell)" opacity="${round2(share * 0.6)}"/><text x="${x + side / 2}" y="${y + side / 2 + 6}" text-anchor="middle" style="font-size: 18px">${count}</text>`;
  });
  const columns = names.map(
    (name, i) => `<text x="${left + (i + 0.5) * side}" y="${top - 8}" text-anchor="middle">${name}</text>`,
  );
  const rows = names.map(
    (name, i) => `<text x="${left - 10}" y="${top + (i + 0.5) * side + 5}" text-anchor="end">${name}</text>`,
  );
  return svgOf(title, [
    `<text class="quiet" x="${left + side}" y="${top - 28}" text-anchor="middle">predicted</text>`,
    `<text class="quiet" x="${left - 70}" y="${top + side + 5}" text-anchor="end">true</text>`,
    ...columns,
    ...rows,
    ...cells,
  ]);
}

/** @param {number} value */
function round2(value) {
  return Math.round(value * 100) / 100;
}
