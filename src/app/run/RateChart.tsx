import { memo, useMemo } from "react";
import { ChartCard } from "./ChartCard.tsx";
import type { ChartProps } from "./chart-props.ts";
import { figureText, tickText } from "./figures.ts";
import { rateLines } from "./line-builders.ts";
import type { YScale } from "./Plot.tsx";
import { drawnPoints } from "./series.ts";
import { trendText } from "./trend.ts";
import { useFrame } from "./use-frame.ts";
import { useTurn } from "./use-turn.ts";

const rate: YScale = { label: "learning rate", domain: [0, "auto"], ticks: null, tickText, text: figureText };
const norm: YScale = {
  ...rate,
  label: "gradient norm (L2, before clipping)",
};

/** Learning rate and gradient norm, on an axis each. */
export const RateChart = memo(function RateChart({ run: latest, kind, crosshair, turn }: ChartProps) {
  const run = useTurn(latest, turn);
  const series = useMemo(() => rateLines(run.steps, kind, drawnPoints), [run, kind]);
  const frame = useFrame(run, kind);
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
