import { memo, useMemo, useState } from "react";
import { Switch } from "@mantine/core";
import { taskOf } from "../run-outcome.ts";
import { ChartCard, type ChartProps } from "./ChartCard.tsx";
import { groupsOf, type EvaluatedRun } from "./evaluations.ts";
import { scoreText } from "../figures.ts";
import { metricLines } from "./line-builders.ts";
import type { XKind } from "./moment.ts";
import { scoreScale } from "./y-scales.ts";
import { drawnPoints } from "./series.ts";
import { trendText } from "./trend.ts";
import { useFrame } from "./frame.ts";
import { useTurn } from "./use-turn.ts";

/** The metrics that the task leads with, e.g. validation accuracy and macro F1. */
export const MetricsChart = memo(function MetricsChart({ run: latest, kind, crosshair, turn }: ChartProps) {
  const run = useTurn(latest, turn);
  const [zoomed, setZoomed] = useState(false);
  const { evaluations, plan, recipe } = run;
  const series = useMemo(
    () => lines({ evaluations, plan, recipe }, kind, drawnPoints),
    [evaluations, plan, recipe, kind],
  );
  const frame = useFrame(run, kind);
  const scale = useMemo(() => scoreScale("share of validation rows", zoomed, series), [zoomed, series]);
  const trend = useMemo(() => trendText(series, "higher", scoreText), [series]);
  return (
    <ChartCard
      title={taskOf(run).metrics[0].label}
      frame={frame}
      series={series}
      full={() => lines(latest, kind, Infinity)}
      left={scale}
      crosshair={crosshair}
      trend={trend}
      controls={
        <Switch size="xs" label="Zoom in" checked={zoomed} onChange={(e) => setZoomed(e.currentTarget.checked)} />
      }
    />
  );
});

function lines(run: EvaluatedRun, kind: XKind, most: number) {
  return metricLines(groupsOf(run), kind, most, taskOf(run));
}
