import { useMemo, useState } from "react";
import { leadingMetrics, type Metric, type Task } from "../../tasks/task.ts";
import { figureText } from "../figures.ts";
import charts from "../run/charts.module.css";
import { ChartCard } from "../run/ChartCard.tsx";
import { createCrosshair, useSteady, type Crosshair } from "../run/frame.ts";
import { drawnPoints } from "../run/series.ts";
import { trendText } from "../run/trend.ts";
import { metricScale, valueScale, axisLabel } from "../run/y-scales.ts";
import type { RunState } from "../state.ts";
import { foldFrame, foldLines } from "./fold-lines.ts";

/** All folds over each other, by epoch: the loss of their held-out rows, and the first metric of the task. */
export function FoldCharts({ run, task }: { run: RunState; task: Task }) {
  const [crosshair] = useState(createCrosshair);
  const [first] = leadingMetrics(task);
  const common = { run, crosshair };
  return (
    <div className={charts.grid}>
      <FoldChart {...common} metric={task.loss} title="Held-out loss of each fold" />
      {first.key !== task.loss.key && <FoldChart {...common} metric={first} title={`${first.label} of each fold`} />}
    </div>
  );
}

interface FoldChartProps {
  run: RunState;
  crosshair: Crosshair;
  metric: Metric;
  title: string;
}

function FoldChart({ run, crosshair, metric, title }: FoldChartProps) {
  const series = useMemo(() => foldLines(run, metric, drawnPoints), [run, metric]);
  const frame = useSteady(foldFrame(run));
  const scale = useMemo(
    () => (metric.kind === "loss" ? valueScale(axisLabel(metric), "left", series) : metricScale(metric, series)),
    [metric, series],
  );
  const trend = useMemo(
    () => trendText(series, metric.better, metric.kind === "loss" ? figureText : scale.text),
    [series, metric, scale],
  );
  return (
    <ChartCard
      title={title}
      frame={frame}
      series={series}
      full={() => foldLines(run, metric, Infinity)}
      left={scale}
      crosshair={crosshair}
      trend={trend}
    />
  );
}
