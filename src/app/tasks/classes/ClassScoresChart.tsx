import { memo, useMemo, useState } from "react";
import { SegmentedControl } from "@mantine/core";
import { ChartCard, type ChartProps } from "../../run/ChartCard.tsx";
import { firstShown, mostClassColumns, mostClassLines } from "./class-choice.ts";
import { ClassTable } from "./ClassTable.tsx";
import { groupsOf } from "../../run/evaluations.ts";
import { scoreText } from "../../figures.ts";
import { classEvaluations } from "./class-reports.ts";
import { classLines, type ClassScore } from "./class-lines.ts";
import { scoreScale } from "../../run/y-scales.ts";
import { drawnPoints } from "../../run/series.ts";
import { trendText } from "../../run/trend.ts";
import { useFrame } from "../../run/frame.ts";
import { useTurn } from "../../run/use-turn.ts";

const scores: { value: ClassScore; label: string }[] = [
  { value: "f1", label: "F1" },
  { value: "precision", label: "Precision" },
  { value: "recall", label: "Recall" },
];

interface ClassScoresChartProps extends ChartProps {
  supports: number[];
  title?: string;
}

/** Precision, recall or F1 of each class over time; many classes get a table to choose lines from. */
export const ClassScoresChart = memo(function ClassScoresChart(props: ClassScoresChartProps) {
  const { run: latest, kind, crosshair, turn, supports, title = "Class scores" } = props;
  const run = useTurn(latest, turn);
  const [score, setScore] = useState<ClassScore>("f1");
  const [chosen, setChosen] = useState<number[] | null>(null);
  const { labelNames, plan, recipe } = run;
  const shown = useMemo(
    // Where rows have several labels, none is larger than another by its number of rows alone.
    () => chosen ?? firstShown(supports.length > 0 ? supports : labelNames.map(() => 0)),
    [chosen, supports, labelNames],
  );
  const evaluations = classEvaluations(run.evaluations);
  const series = useMemo(
    () => classLines(evaluations, labelNames, shown, score, kind, drawnPoints),
    [evaluations, labelNames, shown, score, kind],
  );
  const groups = useMemo(() => groupsOf({ evaluations, plan, recipe }), [evaluations, plan, recipe]);
  const frame = useFrame(run, kind);
  const scale = useMemo(() => scoreScale("score on validation rows", false, series), [series]);
  const trend = useMemo(() => trendText(series, "higher", scoreText), [series]);
  // A column for each of thousands of classes is no table that anybody reads, and takes minutes to draw.
  const isWide = latest.labelNames.length > mostClassColumns;
  const numbers = () => {
    const columns = isWide ? shown : latest.labelNames.map((_, index) => index);
    return classLines(classEvaluations(latest.evaluations), latest.labelNames, columns, score, kind, Infinity);
  };
  return (
    <ChartCard
      title={title}
      frame={frame}
      series={series}
      full={numbers}
      left={scale}
      crosshair={crosshair}
      trend={trend}
      controls={
        <>
          <SegmentedControl
            size="xs"
            data={scores}
            value={score}
            onChange={(value) => setScore(scores.find((s) => s.value === value)?.value ?? "f1")}
            aria-label="Score"
          />
          <span>on {groups.map(({ rows }) => rows).join(" and ")}</span>
          {isWide && <span>Table and CSV have the ticked classes; class-scores.csv under Download has all.</span>}
        </>
      }
    >
      {labelNames.length > mostClassLines && (
        <ClassTable evaluations={evaluations} labelNames={labelNames} shown={shown} onShow={setChosen} />
      )}
    </ChartCard>
  );
});
