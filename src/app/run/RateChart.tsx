import { memo, useMemo } from "react";
import { ChartCard } from "./ChartCard.tsx";
import type { ChartProps } from "./chart-props.ts";
import { figureText } from "./figures.ts";
import { frameOf } from "./frame.ts";
import { rateLines } from "./line-builders.ts";
import { thinned } from "./series.ts";
import { trendText } from "./trend.ts";
import { useTurn } from "./use-turn.ts";

const rate = { label: "learning rate", domain: [0, "auto"] as [number, "auto"], text: shortText };
const norm = { label: "gradient norm", domain: [0, "auto"] as [number, "auto"], text: figureText };

/** Learning rate and gradient norm, on an axis each. */
export const RateChart = memo(function RateChart({ run: latest, kind, crosshair, turn }: ChartProps) {
  const run = useTurn(latest, turn);
  const series = useMemo(() => thinned(rateLines(run.steps, kind)), [run, kind]);
  const frame = useMemo(() => frameOf(run, kind), [run, kind]);
  const trend = useMemo(() => trendText(series, "neither", figureText), [series]);
  return (
    <ChartCard
      title="Rate and gradient"
      frame={frame}
      series={series}
      full={() => rateLines(latest.steps, kind)}
      left={rate}
      right={norm}
      crosshair={crosshair}
      trend={trend}
      controls={
        <>
          <span>left: learning rate</span>
          <span style={{ marginLeft: "auto" }}>right: gradient norm (L2, before clipping)</span>
        </>
      }
    />
  );
});

/** Axis values such as 2e-5 without trailing zeros. */
function shortText(value: number): string {
  return value === 0 ? "0" : Number(value.toPrecision(3)).toExponential();
}
