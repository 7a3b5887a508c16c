import { memo, useMemo, useState } from "react";
import { ChartCard } from "./ChartCard.tsx";
import type { ChartProps } from "./chart-props.ts";
import { figureText } from "./figures.ts";
import { pretrainFrameOf } from "./frame.ts";
import { pretrainLines } from "./pretrain-lines.ts";
import { drawnPoints } from "./series.ts";
import { SmoothingSlider, smoothingWeight } from "./SmoothingSlider.tsx";
import { trendText } from "./trend.ts";
import { useSteady } from "./use-frame.ts";
import { useTurn } from "./use-turn.ts";
import { valueScale } from "./value-scale.ts";

/** Loss of continued pretraining, raw and smoothed, and on held-out rows; over steps and with a crosshair of its own. */
export const PretrainChart = memo(function PretrainChart({ run, kind, crosshair, turn }: ChartProps) {
  const { pretraining } = run;
  const [smoothing, setSmoothing] = useState(1);
  // The array is filled in place; during the fine-tuning it stays as it is, and so does the chart.
  const count = useTurn(pretraining.length, turn);
  const weight = smoothingWeight(smoothing);
  const events = useMemo(() => pretraining.slice(0, count), [pretraining, count]);
  const series = useMemo(() => pretrainLines(events, kind, weight, drawnPoints), [events, kind, weight]);
  const frame = useSteady(useMemo(() => pretrainFrameOf(events, kind), [events, kind]));
  const scale = useMemo(() => valueScale("loss of the masked tokens (natural log)", "left", series), [series]);
  const trend = useMemo(() => trendText(series.slice(1), "lower", figureText), [series]);
  return (
    <ChartCard
      title="Pretraining loss"
      frame={frame}
      series={series}
      full={() => pretrainLines(pretraining, kind, weight, Infinity)}
      left={scale}
      crosshair={crosshair}
      trend={trend}
      controls={<SmoothingSlider value={smoothing} onChange={setSmoothing} />}
    />
  );
});
