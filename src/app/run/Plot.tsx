import { memo, useMemo } from "react";
import { CartesianGrid, Line, LineChart, XAxis, YAxis } from "recharts";
import { MarkShape, strokeWidths } from "./ChartLegend.tsx";
import type { Frame } from "./frame.ts";
import { xLabel, xText } from "./moment.ts";
import type { Series } from "./series.ts";
import type { YScale } from "./y-scales.ts";

/** Height of a chart's drawing with its axis, in pixels; reserved before there is anything to draw. */
export const plotHeight = 240;

/** Distances from the edges of the drawing to the plotted area, in pixels; a right axis is as wide as the left one. */
export const inset = { top: 32, left: 56, bottom: 42, right: 24 } as const;

interface PlotProps {
  width: number;
  frame: Frame;
  series: Series[];
  left: YScale;
  right: YScale | null;
}

const mostMarks = 40;
const ink = "light-dark(#495057, #c1c2c5)";
const faintInk = "light-dark(#dee2e6, #3b3d42)";
const tick = { fill: ink, fontSize: 11 };

/**
 * The drawing of a chart: axes, epoch borders, the flag of the best weights, lines. Title and legend are outside of it.
 */
export const Plot = memo(function Plot({ width, frame, series, left, right }: PlotProps) {
  // Recharts freezes what it is given, down to the scores of each class, which the events of the points hold.
  const places = useMemo(() => series.map(({ points }) => points.map(({ x, y }) => ({ x, y }))), [series]);
  const plotted = width - inset.left - (right ? inset.left : inset.right);
  const placeOf = (x: number) => inset.left + (x / frame.end) * plotted;
  // Near the right edge the flag's text is left of its line.
  const flagAnchor = (frame.best ?? 0) / frame.end > 0.9 ? "end" : "middle";
  return (
    <LineChart
      width={width}
      height={plotHeight}
      margin={{ top: inset.top, left: 0, bottom: 0, right: right ? 0 : inset.right }}
      accessibilityLayer={false}
    >
      <CartesianGrid stroke={faintInk} vertical={false} yAxisId="left" />
      <XAxis
        type="number"
        dataKey="x"
        domain={[0, frame.end]}
        ticks={frame.ticks}
        tickFormatter={(x: number) => xText(x, frame.kind)}
        height={inset.bottom}
        tick={tick}
        stroke={ink}
        label={{ value: xLabel(frame.kind), position: "insideBottomRight", offset: 6, fill: ink, fontSize: 11 }}
      />
      <YAxis yAxisId="left" {...axisProps(left)} />
      {right && <YAxis yAxisId="right" orientation="right" {...axisProps(right)} />}
      <text x={2} y={10} {...tick}>
        {left.label}
      </text>
      {right && (
        <text x={width - 2} y={10} textAnchor="end" {...tick}>
          {right.label}
        </text>
      )}
      {frame.epochs.map((epoch) => (
        <Upright key={epoch} x={placeOf(epoch)} strokeOpacity={0.35} />
      ))}
      {series.map((line, index) => (
        <Line
          key={line.key}
          data={places[index] ?? []}
          dataKey="y"
          yAxisId={line.axis}
          type="linear"
          stroke={line.color}
          strokeWidth={strokeWidths[line.weight]}
          strokeOpacity={line.weight === "faint" ? 0.45 : 1}
          strokeDasharray={line.dash}
          dot={line.mark ? dotsOf(line) : false}
          activeDot={false}
          isAnimationActive={false}
          connectNulls
        />
      ))}
      {frame.best !== null && (
        <>
          <Upright x={placeOf(frame.best)} strokeDasharray="3 3" />
          <text x={placeOf(frame.best)} y={inset.top - 6} textAnchor={flagAnchor} {...tick}>
            ⚑ best
          </text>
        </>
      )}
    </LineChart>
  );
});

/**
 * A vertical line. A `ReferenceLine` of recharts is drawn again at every change of the chart, at the cost of a line of
 * data.
 */
function Upright({ x, ...look }: { x: number; strokeOpacity?: number; strokeDasharray?: string }) {
  return <line x1={x} x2={x} y1={inset.top} y2={plotHeight - inset.bottom} stroke={ink} {...look} />;
}

function axisProps({ domain, ticks, tickText }: YScale) {
  return { ticks, domain, tickFormatter: tickText, width: inset.left, tick, stroke: ink, allowDataOverflow: true };
}

/** Marks at some of a line's points, evenly chosen where there are many. */
function dotsOf(line: Series) {
  const every = Math.ceil(line.points.length / mostMarks);
  const { mark, color } = line;
  return function Dot({ key, cx, cy, index }: { key?: unknown; cx?: number; cy?: number; index: number }) {
    if (mark === null || cx === undefined || cy === undefined || index % every !== 0) return <g key={String(key)} />;
    return <MarkShape key={String(key)} mark={mark} color={color} x={cx} y={cy} />;
  };
}
