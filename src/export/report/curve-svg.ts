import { escaped, table } from "./html.ts";

/** A line of a chart; `points` are steps and values. */
export interface Line {
  name: string;
  points: readonly (readonly [step: number, value: number])[];
  /** Drawn with marks, for few points. */
  marked?: boolean;
}

const [WIDTH, HEIGHT] = [640, 240];
const INSET = { left: 56, right: 12, top: 12, bottom: 28 };
/** Points of a line that a picture can show. */
const MOST_POINTS = 400;
const MOST_ROWS = 60;

/** A chart as inline SVG, with the values of marked lines in a table below. */
export function chart(title: string, lines: readonly Line[]): string {
  const shown = lines.map((line) => ({ ...line, points: line.points.filter(([, value]) => Number.isFinite(value)) }));
  const all = shown.flatMap(({ points }) => points);
  if (all.length === 0) return "";
  const [lastStep, lowest, most] = [
    Math.max(1, ...all.map(([step]) => step)),
    Math.min(...all.map(([, value]) => value)),
    Math.max(...all.map(([, value]) => value)),
  ];
  // A single value is drawn above zero.
  const least = lowest === most ? Math.min(0, lowest) : lowest;
  const range = most - least || 1;
  const x = (step: number) => INSET.left + (step / lastStep) * (WIDTH - INSET.left - INSET.right);
  const y = (value: number) => HEIGHT - INSET.bottom - ((value - least) / range) * (HEIGHT - INSET.top - INSET.bottom);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => least + part * range);
  const grid = ticks.map(
    (tick) =>
      `<line x1="${INSET.left}" x2="${WIDTH - INSET.right}" y1="${rounded(y(tick))}" y2="${rounded(y(tick))}" class="grid"/><text x="${INSET.left - 6}" y="${rounded(y(tick) + 4)}" text-anchor="end">${shortNumber(tick)}</text>`,
  );
  const drawn = shown.map(({ points, marked }, i) => {
    const some = thinned(points).map(([step, value]) => `${rounded(x(step))},${rounded(y(value))}`);
    const marks = marked ? some.map((place) => mark(place, i)).join("") : "";
    return `<polyline points="${some.join(" ")}" class="line line-${i}"/>${marks}`;
  });
  const legend = shown.map(({ name }, i) => `<span class="key key-${i}">${escaped(name)}</span>`).join(" ");
  const svg = `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(summary(title, shown))}">${grid.join("")}<text x="${WIDTH - INSET.right}" y="${HEIGHT - 6}" text-anchor="end">step ${lastStep}</text>${drawn.join("")}</svg>`;
  return `<figure><figcaption>${escaped(title)} ${legend}</figcaption>${svg}</figure>${valuesTable(title, shown)}`;
}

const mark = (place: string, i: number) => {
  const [cx, cy] = place.split(",");
  return `<circle cx="${cx ?? ""}" cy="${cy ?? ""}" r="3" class="mark mark-${i}"/>`;
};

function valuesTable(title: string, lines: readonly Line[]): string {
  const marked = lines.filter((line) => line.marked);
  const steps = [...new Set(marked.flatMap(({ points }) => points.map(([step]) => step)))].sort((a, b) => a - b);
  const rows = steps.slice(-MOST_ROWS).map((step) => [
    String(step),
    ...marked.map(({ points }) => {
      const found = points.findLast(([own]) => own === step);
      return found ? shortNumber(found[1]) : "";
    }),
  ]);
  const values = table(`${title}: values`, ["Step", ...marked.map(({ name }) => name)], rows);
  return `<details><summary>${escaped(title)} as a table</summary>${values}</details>`;
}

function summary(title: string, lines: readonly Line[]): string {
  const parts = lines.flatMap(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    return first && last ? [`${name} from ${shortNumber(first[1])} to ${shortNumber(last[1])}`] : [];
  });
  return `${title}: ${parts.join("; ")}`;
}

function thinned(points: Line["points"]): Line["points"] {
  const every = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, i) => i % every === 0 || i === points.length - 1);
}

const rounded = (place: number) => Number(place.toFixed(1));

/** A number in three significant digits. */
export function shortNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "–";
}
