import { takeLabels, type RowLabels } from "../../data/row-labels.ts";
import type { MultiLabelReport } from "../../metrics/multi-label/report.ts";
import type { ScoredRows } from "../task.ts";
import { LabelScorer, type LabelRowScores } from "./scores.ts";

/** Some of the scored rows, in this order, and their report. */
export function pickedLabels(
  all: RowLabels,
  { logits, thresholds }: LabelRowScores,
  rows: Int32Array,
): ScoredRows<MultiLabelReport, LabelRowScores> {
  const truth = takeLabels(all, rows);
  const scorer = new LabelScorer(truth, thresholds, true);
  scorer.add(Float32Array.from(takeLabels({ labels: logits, labelWidth: thresholds.length }, rows).labels));
  return { truth, scores: scorer.scores(), report: scorer.report() };
}
