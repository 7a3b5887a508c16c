import { takeLabels, type RowLabels } from "../../data/row-labels.ts";
import { regressionReportOf, type RegressionReport } from "../../metrics/regression/report.ts";
import type { ScoredRows } from "../task.ts";
import type { NumberScores } from "./predictions.ts";

/** Some of the scored rows, in this order, and their report. */
export function pickedNumbers(
  all: RowLabels,
  scores: NumberScores,
  rows: Int32Array,
): ScoredRows<RegressionReport, NumberScores> {
  const truth = takeLabels(all, rows);
  const predicted = Float32Array.from(rows, (row) => scores.predicted[row] ?? NaN);
  return { truth, scores: { predicted }, report: regressionReportOf(truth.labels, predicted) };
}
