import { MarkShape } from "./MarkShape.tsx";
import type { Series } from "./series.ts";

/** How a line looks, small: its colour, dash and mark. */
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
