import { takeLabels, type RowLabels } from "../../data/row-labels.ts";
import type { ScoredRows } from "../task.ts";
import type { TokenReport } from "./metrics.ts";
import { tokenReportOf, type TokenScores } from "./scorer.ts";

/** Some of the scored texts with all of their words, in this order, and their report. */
export function pickedTexts(
  all: RowLabels,
  { starts, predicted, probabilities, losses }: TokenScores,
  rows: Int32Array,
  labelNames: readonly string[],
): ScoredRows<TokenReport, TokenScores> {
  const truth = takeLabels(all, rows);
  const ofWords = (labels: Int32Array | Float32Array) => takeLabels({ labels, labelStart: starts }, rows);
  const own = ofWords(predicted);
  const scores: TokenScores = {
    starts: own.labelStart ?? Int32Array.of(0),
    predicted: Int32Array.from(own.labels),
    probabilities: Float32Array.from(ofWords(probabilities).labels),
    losses: Float32Array.from(ofWords(losses).labels),
  };
  return { truth, scores, report: tokenReportOf(truth, scores, labelNames) };
}
