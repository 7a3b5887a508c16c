import { useMemo } from "react";
import type { MultiLabelReport } from "../../../metrics/multi-label/report.ts";
import { scoreText } from "../../figures.ts";
import { ScoresTable, type LineNames, type ScoreColumn } from "../classes/ScoresTable.tsx";

/** The support of an average is that of all labels: a row counts for each of its own. */
const words: LineNames = { line: "Label", support: "Support", table: "Scores of each label" };

/** Scores of each label with its average precision and threshold, and the averages. */
export function LabelScoresTable({ report, labelNames }: { report: MultiLabelReport; labelNames: readonly string[] }) {
  const more = useMemo(() => columnsOf(report), [report]);
  return <ScoresTable report={report} labelNames={labelNames} more={more} words={words} />;
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
