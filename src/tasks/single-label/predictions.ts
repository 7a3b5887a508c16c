import type { RowLabels } from "../../data/row-labels.ts";
import type { RowScores } from "../../metrics/row-scores.ts";
import { argmax, softmax } from "../../metrics/softmax.ts";
import type { Prediction, PredictionColumns } from "../task.ts";

/** Predictions from logits [rows · classes]. */
export function predictionsOf(logits: Float32Array, labelNames: readonly string[]): Prediction[] {
  const classes = labelNames.length;
  const all = softmax(logits, classes);
  return Array.from({ length: all.length / classes }, (_, row) => {
    const own = all.subarray(row * classes, (row + 1) * classes);
    return { label: labelNames[argmax(own)] ?? "", probabilities: [...own] };
  });
}

/**
 * True label, predicted label, probability of each class; with more classes than are kept of each row, the most
 * probable classes and their probabilities.
 */
export function predictionColumns(
  { labels }: RowLabels,
  scores: RowScores,
  labelNames: readonly string[],
): PredictionColumns {
  const { kept, keptClasses } = scores;
  const ofClasses = keptClasses
    ? Array.from({ length: kept }, (_, place) => [`class_${place + 1}`, `probability_${place + 1}`]).flat()
    : labelNames.map((name) => `probability_${name}`);
  return {
    header: ["label", "predicted", ...ofClasses],
    cellsOf(row) {
      const numbers = Array.from({ length: kept }, (_, place) => {
        const at = row * kept + place;
        // Seven digits are what a float32 holds.
        const probability = Number((scores.probabilities[at] ?? NaN).toPrecision(7));
        return keptClasses ? [labelNames[keptClasses[at] ?? -1] ?? "", probability] : [probability];
      });
      const [is, predicted] = [labels[row], scores.predicted[row]].map((label) => labelNames[label ?? -1] ?? "");
      return [is ?? "", predicted ?? "", ...numbers.flat()];
    },
  };
}
