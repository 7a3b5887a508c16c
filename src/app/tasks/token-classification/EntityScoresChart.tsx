import { useMemo } from "react";
import type { ChartProps } from "../../run/ChartCard.tsx";
import { ClassScoresChart } from "../classes/ClassScoresChart.tsx";
import { typeScores } from "./type-scores.ts";

/** Precision, recall or F1 of each type of entity over time. */
export function EntityScoresChart({ run, ...others }: ChartProps) {
  const { labelNames, evaluations } = run;
  const { types, ofEvaluations } = useMemo(() => typeScores(labelNames), [labelNames]);
  const events = useMemo(() => ofEvaluations(evaluations), [ofEvaluations, evaluations]);
  const ofTypes = useMemo(() => ({ ...run, labelNames: types, evaluations: events }), [run, types, events]);
  const latest = events.at(-1);
  const supports = useMemo(() => types.map((_, k) => latest?.report.classes[k]?.support ?? 0), [types, latest]);
  return <ClassScoresChart {...others} run={ofTypes} supports={supports} title="Scores by type of entity" />;
}
