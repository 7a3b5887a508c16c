import { useMemo } from "react";
import { CartesianGrid, Line, LineChart, ReferenceLine, XAxis, YAxis } from "recharts";
import { useElementSize } from "@mantine/hooks";
import type { RateCurve } from "../../workers/protocol.ts";
import { rateCurveText } from "../../advice/rate-curve-text.ts";
import { niceTicks, type NiceTicks } from "../nice-ticks.ts";
import { plainNumber } from "../../recipe/wording.ts";

const ink = "light-dark(#495057, #c1c2c5)";
const tick = { fill: ink, fontSize: 11 };

/** Loss against learning rate, on a logarithmic axis; verticals at the steepest fall and, dashed, at the suggestion. */
export function RateCurvePlot({ curve }: { curve: RateCurve }) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const { points, suggestion, steepest } = curve;
  const low = points[0]?.rate ?? 1e-6;
  // A sweep that ended after a step or two still needs an axis with a length.
  const high = Math.max(points.at(-1)?.rate ?? 0.1, 10 * low);
  const loss = useMemo(() => lossTicks(curve), [curve]);
  const ticks = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1].filter((rate) => rate >= low * 0.99 && rate <= high * 1.01);
  return (
    <div
      ref={ref}
      style={{ height: 160 }}
      role="img"
      aria-label={`Loss against learning rate, ${points.length} steps. ${rateCurveText(curve)}`}
    >
      {width > 0 && (
        <LineChart
          width={width}
          height={160}
          data={points}
          margin={{ top: 8, right: 20, bottom: 0, left: 0 }}
          accessibilityLayer={false}
        >
          <CartesianGrid vertical={false} stroke="light-dark(#dee2e6, #3b3d42)" />
          <XAxis
            dataKey="rate"
            type="number"
            scale="log"
            domain={[low, high]}
            ticks={ticks}
            tickFormatter={plainNumber}
            tick={tick}
            stroke={ink}
          />
          <YAxis
            width={56}
            domain={loss.domain}
            ticks={loss.ticks}
            tickFormatter={loss.text}
            allowDataOverflow
            tick={tick}
            stroke={ink}
          />
          <Line dataKey="loss" dot={false} stroke="#56b4e9" strokeOpacity={0.5} isAnimationActive={false} />
          <Line dataKey="smoothed" dot={false} stroke="#0072b2" strokeWidth={2} isAnimationActive={false} />
          {steepest !== null && <ReferenceLine x={steepest} stroke={ink} strokeOpacity={0.4} />}
          {suggestion !== null && <ReferenceLine x={suggestion} stroke={ink} strokeDasharray="3 3" />}
        </LineChart>
      )}
    </div>
  );
}

/** An axis with all values below the start, and as much above it as shows that the loss blows up. */
export function lossTicks({ points, start }: RateCurve): NiceTicks {
  const lowest = Math.min(...points.map(({ smoothed }) => smoothed));
  const highest = Math.max(...points.map(({ smoothed }) => smoothed));
  return niceTicks(lowest, Math.min(highest, start + Math.max(start - lowest, 0.25 * start)), 3);
}
