import { memo, useMemo, useState } from "react";
import { SegmentedControl } from "@mantine/core";
import type { RunState } from "../state.ts";
import { taskOf } from "../run-task.ts";
import { ChartCard } from "./ChartCard.tsx";
import type { ChartProps } from "./chart-props.ts";
import { corpusMoments } from "./earlier-moments.ts";
import { groupsOf } from "./evaluations.ts";
import { figureText, scoreText } from "./figures.ts";
import { forgottenTextsLines, type TextsScore } from "./line-builders.ts";
import type { XKind } from "./moment.ts";
import { scoreScale } from "./score-scale.ts";
import { drawnPoints } from "./series.ts";
import { trendText } from "./trend.ts";
import { useFrame } from "./use-frame.ts";
import { useTurn } from "./use-turn.ts";
import { valueScale } from "./value-scale.ts";

const scores: { value: TextsScore; label: string }[] = [
  { value: "loss", label: "Loss" },
  { value: "perplexity", label: "Perplexity" },
];
const labels: Record<TextsScore, string> = {
  loss: "loss of the masked words (natural log)",
  perplexity: "pseudo-perplexity of the texts",
};
type MeteredRun = Pick<RunState, "earlier" | "evaluations" | "plan" | "recipe">;

/** The forgetting meter of an earlier task's texts: what the language model has lost, beside the new task's first metric. */
export const ForgottenTextsChart = memo(function ForgottenTextsChart(props: ChartProps) {
  const { run: latest, kind, crosshair, turn } = props;
  const run = useTurn(latest, turn);
  const [score, setScore] = useState<TextsScore>("loss");
  const { earlier, evaluations, plan, recipe } = run;
  const series = useMemo(
    () => lines({ earlier, evaluations, plan, recipe }, score, kind, drawnPoints),
    [earlier, evaluations, plan, recipe, score, kind],
  );
  const frame = useFrame(run, kind);
  const left = useMemo(() => valueScale(labels[score], "left", series), [score, series]);
  const [metric] = taskOf(run).metrics;
  const right = useMemo(() => scoreScale(`${metric.name} of the new task`, false, []), [metric]);
  const trend = useMemo(() => {
    const [texts, ...newTask] = series;
    return `${trendText(texts ? [texts] : [], "lower", figureText)} ${trendText(newTask, "higher", scoreText)}`;
  }, [series]);
  return (
    <ChartCard
      title="Forgetting"
      frame={frame}
      series={series}
      full={() => lines(latest, score, kind, Infinity)}
      left={left}
      right={right}
      crosshair={crosshair}
      trend={trend}
      controls={
        <SegmentedControl
          size="xs"
          aria-label="Score of the earlier texts"
          data={scores}
          value={score}
          onChange={(value) => setScore(value === "perplexity" ? "perplexity" : "loss")}
        />
      }
    />
  );
});

function lines(run: MeteredRun, score: TextsScore, kind: XKind, most: number) {
  return forgottenTextsLines(
    corpusMoments(run.earlier, run.evaluations),
    groupsOf(run),
    score,
    kind,
    most,
    taskOf(run),
  );
}
