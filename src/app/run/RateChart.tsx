import { memo, useMemo } from "react";
import { ChartCard, type ChartProps } from "./ChartCard.tsx";
import { figureText } from "../figures.ts";
import { rateLines } from "./line-builders.ts";
import { drawnPoints } from "./series.ts";
import { trendText } from "./trend.ts";
import { useFrame } from "./frame.ts";
import { useTurn } from "./use-turn.ts";
import { valueScale } from "./y-scales.ts";

/** Learning rate and gradient norm, on an axis each. */
export const RateChart = memo(function RateChart({ run: latest, kind, crosshair, turn }: ChartProps) {
  const run = useTurn(latest, turn);
  const series = useMemo(() => rateLines(run.steps, kind, drawnPoints), [run, kind]);
  const frame = useFrame(run, kind);
  const rate = useMemo(() => valueScale("learning rate", "left", series), [series]);
  const norm = useMemo(() => valueScale("gradient norm (L2, before clipping)", "right", series), [series]);
  const trend = useMemo(() => trendText(series, "neither", figureText), [series]);
  return (
    <ChartCard
      title="Rate and gradient"
      frame={frame}
      series={series}
      full={() => rateLines(latest.steps, kind, Infinity)}
      left={rate}
      right={norm}
      crosshair={crosshair}
      trend={trend}
    />
  );
});
