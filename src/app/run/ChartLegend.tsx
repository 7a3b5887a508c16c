import { useStore } from "zustand";
import type { Mark } from "./class-colors.ts";
import type { Crosshair } from "./frame.ts";
import { xPhrase, type XKind } from "./moment.ts";
import { legendName, nearest, type Series } from "./series.ts";
import styles from "./charts.module.css";

interface ChartLegendProps {
  series: Series[];
  crosshair: Crosshair;
  text: (line: Series, y: number) => string;
}

/** Says at which moment the values of the legend were measured. */
export function ReadingPlace({ kind, crosshair }: { kind: XKind; crosshair: Crosshair }) {
  const x = useStore(crosshair, (state) => state.x);
  return <span className={styles.place}>{x === null ? "latest values" : `at ${xPhrase(x, kind)}`}</span>;
}

/**
 * The lines of a chart with the value of each, at the crosshair or the latest. It is above the plot, so that it covers
 * no data.
 */
export function ChartLegend({ series, crosshair, text }: ChartLegendProps) {
  const x = useStore(crosshair, (state) => state.x);
  return (
    <ul className={styles.legend}>
      {series.map((line) => {
        const point = x === null ? line.points.at(-1) : nearest(line.points, x);
        return (
          <li key={line.key} title={legendName(line, series)}>
            <Swatch line={line} />
            <span className={styles.legendName}>{legendName(line, series)}</span>
            <span className={styles.legendValue}>{point ? text(line, point.y) : "–"}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** A small sample of a line: its colour, dash and mark. */
function Swatch({ line }: { line: Pick<Series, "color" | "dash" | "mark" | "weight"> }) {
  return (
    <svg width={26} height={12} viewBox="0 0 26 12" aria-hidden="true" style={{ flex: "none" }}>
      <line
        x1={1}
        x2={25}
        y1={6}
        y2={6}
        stroke={line.color}
        strokeWidth={strokeWidths[line.weight]}
        strokeOpacity={line.weight === "faint" ? 0.45 : 1}
        strokeDasharray={line.dash}
      />
      {line.mark && <MarkShape mark={line.mark} color={line.color} x={13} y={6} />}
    </svg>
  );
}

/** Line widths in pixels, in charts and beside their names. */
export const strokeWidths = { faint: 1, normal: 1.75, bold: 2.5 } as const;

export const markPaths: Record<Mark, string> = {
  circle: "M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0Z",
  square: "M-3 -3H3V3H-3Z",
  triangle: "M0 -4L4 3H-4Z",
  diamond: "M0 -4.5L4.5 0L0 4.5L-4.5 0Z",
  cross: "M-3.5 -3.5L3.5 3.5M3.5 -3.5L-3.5 3.5",
  plus: "M0 -4.5V4.5M-4.5 0H4.5",
  down: "M0 4L4 -3H-4Z",
  star: "M0 -4.5V4.5M-4 -2.2L4 2.2M4 -2.2L-4 2.2",
};

/** The mark of a line at a point of a drawing, in the line's colour. */
export function MarkShape({ mark, color, x, y }: { mark: Mark; color: string; x: number; y: number }) {
  return <path d={markPaths[mark]} transform={`translate(${x} ${y})`} fill={color} stroke={color} strokeWidth={1.5} />;
}
