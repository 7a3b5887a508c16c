import { memo, useMemo, useState } from "react";
import type { RunState } from "../state.ts";
import { ChartCard } from "./ChartCard.tsx";
import type { ChartProps } from "./chart-props.ts";
import { groupsOf } from "./evaluations.ts";
import { figureText } from "./figures.ts";
import { taskOf } from "../run-task.ts";
import { lossLines } from "./line-builders.ts";
import type { XKind } from "./moment.ts";
import { drawnPoints } from "./series.ts";
import { SmoothingSlider, smoothingWeight } from "./SmoothingSlider.tsx";
import { trendText } from "./trend.ts";
import { useFrame } from "./use-frame.ts";
import { useTurn } from "./use-turn.ts";
import { valueScale } from "./value-scale.ts";

/** Training loss, raw and smoothed, and validation loss. */
export const LossChart = memo(function LossChart({ run: latest, kind, crosshair, turn }: ChartProps) {
  const run = useTurn(latest, turn);
  const [smoothing, setSmoothing] = useState(1);
  const weight = smoothingWeight(smoothing);
  const series = useMemo(() => lines(run, kind, weight, drawnPoints), [run, kind, weight]);
  const frame = useFrame(run, kind);
  const scale = useMemo(() => valueScale("loss (natural log)", "left", series), [series]);
  const trend = useMemo(() => trendText(series.slice(1), "lower", figureText), [series]);
  return (
    <ChartCard
      title="Loss"
      frame={frame}
      series={series}
      full={() => lines(latest, kind, weight, Infinity)}
      left={scale}
      crosshair={crosshair}
      trend={trend}
      controls={<SmoothingSlider value={smoothing} onChange={setSmoothing} />}
    />
  );
});

function lines(run: RunState, kind: XKind, weight: number, most: number) {
  return lossLines(run.steps, groupsOf(run), kind, weight, most, taskOf(run));
}
