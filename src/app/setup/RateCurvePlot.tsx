import { CartesianGrid, Line, LineChart, ReferenceLine, XAxis, YAxis } from "recharts";
import { useElementSize } from "@mantine/hooks";
import type { RateCurve } from "../../workers/protocol.ts";
import { plainNumber } from "../words.ts";

const ink = "light-dark(#495057, #c1c2c5)";
const tick = { fill: ink, fontSize: 11 };

/** Loss against learning rate, on a logarithmic axis; the suggestion as an upright. */
export function RateCurvePlot({ curve }: { curve: RateCurve }) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const { points, suggestion } = curve;
  const first = points[0]?.smoothed ?? 1;
  const [low, high] = [points[0]?.rate ?? 1e-6, points.at(-1)?.rate ?? 0.1];
  const ticks = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1].filter((rate) => rate >= low * 0.99 && rate <= high * 1.01);
  const text = suggestion === null ? "" : ` The suggestion is ${plainNumber(suggestion)}.`;
  return (
    <div
      ref={ref}
      style={{ height: 160 }}
      role="img"
      aria-label={`Loss against learning rate, ${points.length} steps.${text}`}
    >
      {width > 0 && (
        <LineChart
          width={width}
          height={160}
          data={points}
          margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
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
            width={40}
            domain={[0, Math.max(first * 2, 0.1)]}
            allowDataOverflow
            tick={tick}
            stroke={ink}
            tickCount={4}
          />
          <Line dataKey="loss" dot={false} stroke="#56b4e9" strokeOpacity={0.5} isAnimationActive={false} />
          <Line dataKey="smoothed" dot={false} stroke="#0072b2" strokeWidth={2} isAnimationActive={false} />
          {suggestion !== null && <ReferenceLine x={suggestion} stroke={ink} strokeDasharray="3 3" />}
        </LineChart>
      )}
    </div>
  );
}
