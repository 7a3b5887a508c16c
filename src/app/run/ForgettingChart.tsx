import { SegmentedControl, Switch } from "@mantine/core";
import { memo, useMemo, useState } from "react";
import { leadingMetrics, type Metric } from "../../tasks/task.ts";
import { taskOf } from "../run-outcome.ts";
import type { RunState } from "../state.ts";
import { ChartCard, type ChartProps } from "./ChartCard.tsx";
import { earlierMoments, corpusMoments } from "./earlier-moments.ts";
import { groupsOf } from "./evaluations.ts";
import { scoreText, figureText } from "../figures.ts";
import { useFrame } from "./frame.ts";
import { forgettingLines, forgottenTextsLines, type TextsScore } from "./line-builders.ts";
import type { XKind } from "./moment.ts";
import { drawnPoints } from "./series.ts";
import { trendText } from "./trend.ts";
import { useTurn } from "./use-turn.ts";
import { scoreScale, valueScale } from "./y-scales.ts";

type MeteredRun = Pick<RunState, "earlier" | "evaluations" | "plan" | "recipe">;

/** The forgetting chart of labelled rows: the earlier task's score and the new one's at every evaluation. */
export const ForgettingChart = memo(function ForgettingChart({ run: latest, kind, crosshair, turn }: ChartProps) {
  const run = useTurn(latest, turn);
  const choices = leadingMetrics(taskOf(run));
  const [key, setKey] = useState<string | null>(null);
  const score = choices.find((metric) => metric.key === key) ?? choices[0];
  const [zoomed, setZoomed] = useState(false);
  const { earlier, evaluations, plan, recipe } = run;
  const series = useMemo(
    () => rowsLines({ earlier, evaluations, plan, recipe }, score, kind, drawnPoints),
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
      full={() => rowsLines(latest, score, kind, Infinity)}
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

function rowsLines(run: MeteredRun, score: Metric, kind: XKind, most: number) {
  return forgettingLines(earlierMoments(run.earlier, run.evaluations), groupsOf(run), score, kind, most);
}

const textsScores: { value: TextsScore; label: string }[] = [
  { value: "loss", label: "Loss" },
  { value: "perplexity", label: "Perplexity" },
];
const textsLabels: Record<TextsScore, string> = {
  loss: "loss of the masked words (natural log)",
  perplexity: "pseudo-perplexity of the texts",
};

/** The forgetting chart of texts: the language model's loss on them, and the new task's first metric. */
export const ForgottenTextsChart = memo(function ForgottenTextsChart(props: ChartProps) {
  const { run: latest, kind, crosshair, turn } = props;
  const run = useTurn(latest, turn);
  const [score, setScore] = useState<TextsScore>("loss");
  const { earlier, evaluations, plan, recipe } = run;
  const series = useMemo(
    () => textsLines({ earlier, evaluations, plan, recipe }, score, kind, drawnPoints),
    [earlier, evaluations, plan, recipe, score, kind],
  );
  const frame = useFrame(run, kind);
  const left = useMemo(() => valueScale(textsLabels[score], "left", series), [score, series]);
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
      full={() => textsLines(latest, score, kind, Infinity)}
      left={left}
      right={right}
      crosshair={crosshair}
      trend={trend}
      controls={
        <SegmentedControl
          size="xs"
          aria-label="Score of the earlier texts"
          data={textsScores}
          value={score}
          onChange={(value) => setScore(value === "perplexity" ? "perplexity" : "loss")}
        />
      }
    />
  );
});

function textsLines(run: MeteredRun, score: TextsScore, kind: XKind, most: number) {
  return forgottenTextsLines(
    corpusMoments(run.earlier, run.evaluations),
    groupsOf(run),
    score,
    kind,
    most,
    taskOf(run),
  );
}
