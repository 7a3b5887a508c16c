import { memo, useMemo, useState } from "react";
import { SegmentedControl, Switch } from "@mantine/core";
import type { RunState } from "../state.ts";
import { leadingMetrics, type Metric } from "../../tasks/task.ts";
import { taskOf } from "../run-task.ts";
import { ChartCard } from "./ChartCard.tsx";
import type { ChartProps } from "./chart-props.ts";
import { earlierMoments } from "./earlier-moments.ts";
import { groupsOf } from "./evaluations.ts";
import { scoreText } from "./figures.ts";
import { forgettingLines } from "./line-builders.ts";
import type { XKind } from "./moment.ts";
import { scoreScale } from "./score-scale.ts";
import { drawnPoints } from "./series.ts";
import { trendText } from "./trend.ts";
import { useFrame } from "./use-frame.ts";
import { useTurn } from "./use-turn.ts";

type MeteredRun = Pick<RunState, "earlier" | "evaluations" | "plan" | "recipe">;

/** The forgetting meter: the earlier task's score beside the new one's, at every evaluation. */
export const ForgettingChart = memo(function ForgettingChart({ run: latest, kind, crosshair, turn }: ChartProps) {
  const run = useTurn(latest, turn);
  const choices = leadingMetrics(taskOf(run));
  const [key, setKey] = useState<string | null>(null);
  const score = choices.find((metric) => metric.key === key) ?? choices[0];
  const [zoomed, setZoomed] = useState(false);
  const { earlier, evaluations, plan, recipe } = run;
  const series = useMemo(
    () => lines({ earlier, evaluations, plan, recipe }, score, kind, drawnPoints),
    [earlier, evaluations, plan, recipe, score, kind],
  );
  const frame = useFrame(run, kind);
  const scale = useMemo(() => scoreScale("score", zoomed, series), [zoomed, series]);
  const trend = useMemo(() => trendText(series, "higher", scoreText), [series]);
  return (
    <ChartCard
      title="Forgetting"
      frame={frame}
      series={series}
      full={() => lines(latest, score, kind, Infinity)}
      left={scale}
      crosshair={crosshair}
      trend={trend}
      controls={
        <>
          <SegmentedControl
            size="xs"
            aria-label="Score of both tasks"
            data={choices.map(({ key: value, label }) => ({ value, label }))}
            value={score.key}
            onChange={setKey}
          />
          <Switch size="xs" label="Zoom in" checked={zoomed} onChange={(e) => setZoomed(e.currentTarget.checked)} />
        </>
      }
    />
  );
});

function lines(run: MeteredRun, score: Metric, kind: XKind, most: number) {
  return forgettingLines(earlierMoments(run.earlier, run.evaluations), groupsOf(run), score, kind, most);
}
