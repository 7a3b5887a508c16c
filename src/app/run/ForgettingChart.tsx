import { SegmentedControl, Switch } from "@mantine/core";
import { memo, useMemo, useState } from "react";
import { leadingMetrics, type Metric, type Task } from "../../tasks/task.ts";
import { earlierTaskOf, taskOf } from "../run-outcome.ts";
import type { RunState } from "../state.ts";
import { ChartCard, type ChartProps } from "./ChartCard.tsx";
import { earlierMoments } from "./earlier-moments.ts";
import { groupsOf } from "./evaluations.ts";
import { useFrame } from "./frame.ts";
import { forgettingLines } from "./line-builders.ts";
import type { XKind } from "./moment.ts";
import { drawnPoints } from "./series.ts";
import { trendText } from "./trend.ts";
import { useTurn } from "./use-turn.ts";
import { metricScale } from "./y-scales.ts";

type MeteredRun = Pick<RunState, "earlier" | "evaluations" | "plan" | "recipe">;

/**
 * The earlier task's score and the new one's at every evaluation: the same metric on one axis, or where the two are
 * different tasks, the new one's first metric on the right axis.
 */
export const ForgettingChart = memo(function ForgettingChart({ run: latest, kind, crosshair, turn }: ChartProps) {
  const run = useTurn(latest, turn);
  const [earlierTask, newTask] = [earlierTaskOf(run), taskOf(run)];
  const choices = leadingMetrics(earlierTask);
  const [key, setKey] = useState<string | null>(null);
  const metric = choices.find((one) => one.key === key) ?? choices[0];
  const newMetric = earlierTask === newTask ? metric : newTask.metrics[0];
  const [zoomed, setZoomed] = useState(false);
  const { earlier, evaluations, plan, recipe } = run;
  const series = useMemo(
    () => linesOf({ earlier, evaluations, plan, recipe }, earlierTask, [metric, newMetric], kind, drawnPoints),
    [earlier, evaluations, plan, recipe, earlierTask, metric, newMetric, kind],
  );
  const frame = useFrame(run, kind);
  const left = useMemo(() => metricScale(metric, series, { zoomed }), [metric, zoomed, series]);
  const right = useMemo(
    () =>
      metric === newMetric
        ? undefined
        : metricScale(newMetric, series, { label: `${newMetric.name} of the new task`, axis: "right" }),
    [metric, newMetric, series],
  );
  const trend = useMemo(() => {
    if (!right) return trendText(series, metric.better, left.text);
    const [old, ...fresh] = series;
    return `${trendText(old ? [old] : [], metric.better, left.text)} ${trendText(fresh, newMetric.better, right.text)}`;
  }, [series, metric, newMetric, left, right]);
  return (
    <ChartCard
      title="Forgetting"
      frame={frame}
      series={series}
      full={() => linesOf(latest, earlierTask, [metric, newMetric], kind, Infinity)}
      left={left}
      {...(right && { right })}
      crosshair={crosshair}
      trend={trend}
      controls={
        <>
          <SegmentedControl
            size="xs"
            aria-label={right ? "Score of the earlier task" : "Score of both tasks"}
            data={choices.map(({ key: value, label }) => ({ value, label }))}
            value={metric.key}
            onChange={setKey}
          />
          {metric.kind !== "loss" && (
            <Switch size="xs" label="Zoom in" checked={zoomed} onChange={(e) => setZoomed(e.currentTarget.checked)} />
          )}
        </>
      }
    />
  );
});

function linesOf(
  { earlier, evaluations, plan, recipe }: MeteredRun,
  earlierTask: Task,
  [metric, newMetric]: [Metric, Metric],
  kind: XKind,
  most: number,
) {
  const groups = groupsOf({ evaluations, plan, recipe });
  return forgettingLines(earlierMoments(earlier, evaluations), groups, { earlierTask, metric, newMetric }, kind, most);
}
