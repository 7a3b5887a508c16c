import type { RowLabels } from "../../data/row-labels.ts";
import { scoresOfMargins } from "../../metrics/class-scores.ts";
import type { Report } from "../../metrics/report.ts";
import type { RowScores } from "../../metrics/row-scores.ts";
import type { Redrawn } from "../task.ts";

/** What a float32 holds beside zero: the logarithm of nothing is no number. */
export const LEAST = 2 ** -149;

/** Reports of draws of rows, without their confusion matrix. */
export function redrawnClasses(
  { labels }: RowLabels,
  { predicted, truthProbability }: RowScores,
  { length: classes }: readonly string[],
): Redrawn<Report> {
  const rows = predicted.length;
  const losses = Float64Array.from(truthProbability, (value) => -Math.log(Math.max(value, LEAST)));
  const margins = {
    truths: new Float64Array(classes),
    predictions: new Float64Array(classes),
    hits: new Float64Array(classes),
  };
  return {
    rows,
    width: 3,
    reportOf(times) {
      const { truths, predictions, hits } = margins;
      for (const counts of [truths, predictions, hits]) counts.fill(0);
      let loss = 0;
      for (let row = 0; row < rows; row++) {
        const count = times[row] ?? 0;
        if (count === 0) continue;
        const truth = labels[row] ?? 0;
        const guess = predicted[row] ?? 0;
        truths[truth] = (truths[truth] ?? 0) + count;
        predictions[guess] = (predictions[guess] ?? 0) + count;
        if (truth === guess) hits[truth] = (hits[truth] ?? 0) + count;
        loss += count * (losses[row] ?? 0);
      }
      return { ...scoresOfMargins(margins), logLoss: loss / rows, confusion: [] };
    },
  };
}
