import { useMemo } from "react";
import type { MultiLabelReport } from "../../../metrics/multi-label/report.ts";
import { scoreText } from "../../figures.ts";
import { ScoresTable, type ScoreColumn } from "../classes/ScoresTable.tsx";

/** Scores of each label with its average precision and threshold, and the averages. */
export function LabelScoresTable({ report, labelNames }: { report: MultiLabelReport; labelNames: readonly string[] }) {
  const more = useMemo(() => columnsOf(report), [report]);
  return <ScoresTable report={report} labelNames={labelNames} more={more} />;
}

function columnsOf({ classes, macroAveragePrecision, microAveragePrecision }: MultiLabelReport): ScoreColumn[] {
  const precisions: [string, number | null][] = [
    ...classes.map(({ averagePrecision }, k): [string, number | null] => [`${k}`, averagePrecision]),
    ["macro", macroAveragePrecision],
    ["micro", microAveragePrecision],
  ];
  return [
    { header: "Average precision", cells: new Map(precisions.map(([key, value]) => [key, scoreText(value ?? NaN)])) },
    { header: "Threshold", cells: new Map(classes.map(({ threshold }, k) => [`${k}`, scoreText(threshold)])) },
  ];
}
