import type { Mark } from "./class-colors.ts";
import type { Series } from "./series.ts";

/** A small sample of a line: its colour, dash and mark. */
export function Swatch({ line }: { line: Pick<Series, "color" | "dash" | "mark" | "weight"> }) {
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

const paths: Record<Mark, string> = {
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
  return <path d={paths[mark]} transform={`translate(${x} ${y})`} fill={color} stroke={color} strokeWidth={1.5} />;
}
