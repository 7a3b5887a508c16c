import { counted } from "../../../recipe/wording.ts";

const width = 360;
const height = 134;
const inset = { left: 4, right: 4, top: 18, bottom: 16 };

/** One part of each bar, stacked on the parts before it. */
interface BarPart {
  counts: readonly number[];
  color: string;
  /** What its rows are for, after their number; "" where there is one part. */
  name: string;
}

interface BarPlotProps {
  /** Edges of the bins, ascending; one more than bins. */
  edges: readonly number[];
  parts: readonly BarPart[];
  text: (value: number) => string;
  /** The plot in words. */
  label: string;
  /** Marks this value with an upright. */
  mark?: number;
}

/** Rows by a number, as bars; the highest bar fills the height, and its rows stand above it. */
export function BarPlot({ edges, parts, text, label, mark }: BarPlotProps) {
  const [first = 0, last = 1] = [edges[0], edges.at(-1)];
  const bins = edges.slice(1).map((to, bin) => ({
    from: edges[bin] ?? 0,
    to,
    counts: parts.map(({ counts }) => counts[bin] ?? 0),
  }));
  const tallest = Math.max(1, ...bins.map(({ counts }) => sum(counts)));
  const placeOf = (value: number) =>
    inset.left + ((value - first) / (last - first)) * (width - inset.left - inset.right);
  const bottom = height - inset.bottom;
  const room = bottom - inset.top;
  const named = shownEdges(edges);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width="100%" style={{ maxWidth: 520 }} role="img" aria-label={label}>
      {bins.map(({ from, to, counts }) => (
        <g key={from}>
          <title>
            {`${text(from)} to ${text(to)}: ${counts.map((rows, i) => [counted(rows, "row"), parts[i]?.name].filter(Boolean).join(" ")).join(", ")}`}
          </title>
          {counts.map((rows, part) => {
            const below = sum(counts.slice(0, part));
            const tall = (rows / tallest) * room;
            return (
              <rect
                key={parts[part]?.name}
                x={placeOf(from) + 0.5}
                y={bottom - (below / tallest) * room - tall}
                width={Math.max(0.5, placeOf(to) - placeOf(from) - 1)}
                height={tall}
                fill={parts[part]?.color}
              />
            );
          })}
        </g>
      ))}
      <line x1={0} x2={width} y1={inset.top} y2={inset.top} stroke="var(--hairline)" />
      <text x={inset.left} y={inset.top - 5} fontSize={11} fill="var(--quiet)">
        {counted(tallest, "row")}
      </text>
      <line x1={0} x2={width} y1={bottom} y2={bottom} stroke="var(--hairline)" />
      {mark !== undefined && mark >= first && mark <= last && (
        <line x1={placeOf(mark)} x2={placeOf(mark)} y1={0} y2={bottom} stroke="var(--cut)" strokeDasharray="3 2" />
      )}
      {named.map((edge) => (
        <text
          key={edge}
          x={placeOf(edge)}
          y={height - 4}
          fontSize={11}
          fill="var(--quiet)"
          textAnchor={edge === first ? "start" : edge === last ? "end" : "middle"}
        >
          {text(edge)}
        </text>
      ))}
    </svg>
  );
}

/** The edges that have room for their number: at most about six. */
function shownEdges(edges: readonly number[]): number[] {
  const every = Math.ceil((edges.length - 1) / 6);
  return edges.filter((_, place) => place % every === 0);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
