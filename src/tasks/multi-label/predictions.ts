import type { RowLabels } from "../../data/row-labels.ts";
import { sigmoid } from "../../metrics/sigmoid.ts";
import type { PredictionColumns, PrintedPredictions } from "../task.ts";
import type { LabelRowScores } from "./scores.ts";

/** The labels of a text. */
export interface LabelsPrediction {
  /** Those whose probability reaches their threshold, in label order. */
  labels: string[];
  /** Probability of each label, in label order; they are independent. */
  probabilities: number[];
}

/**
 * Predictions from logits [rows · labels].
 *
 * @param thresholds [labels]
 */
export function predictionsOf(
  logits: Float32Array,
  labelNames: readonly string[],
  thresholds: readonly number[],
): LabelsPrediction[] {
  const { length } = labelNames;
  return Array.from({ length: logits.length / length }, (_, row) => {
    const probabilities = Array.from(logits.subarray(row * length, (row + 1) * length), sigmoid);
    return { labels: labelNames.filter((_, k) => (probabilities[k] ?? 0) >= (thresholds[k] ?? NaN)), probabilities };
  });
}

// Seven digits are what a float32 holds.
const sevenDigits = (value = NaN) => Number(value.toPrecision(7));
const listed = (labels: readonly string[]) => JSON.stringify(labels);

function named({ labels, probabilities }: LabelsPrediction, labelNames: readonly string[]) {
  return { labels, scores: Object.fromEntries(labelNames.map((name, k) => [name, probabilities[k]])) };
}

/** The labels as a list, and the probability of each. */
export const printedLabels: PrintedPredictions<LabelsPrediction> = {
  line: named,
  json: (prediction, labelNames) => (prediction ? named(prediction, labelNames) : { labels: null, scores: null }),
  header: (labelNames) => ["predicted", ...labelNames.map((name) => `probability_${name}`)],
  cells: (prediction, labelNames) =>
    prediction
      ? [listed(prediction.labels), ...prediction.probabilities.map(sevenDigits)]
      : ["", ...labelNames.map(() => NaN)],
};

/** True labels, predicted labels, both as lists, and the probability of each label. */
export function predictionColumns(
  { labels }: RowLabels,
  { logits, thresholds }: LabelRowScores,
  labelNames: readonly string[],
): PredictionColumns {
  const { length } = labelNames;
  return {
    header: ["labels", ...printedLabels.header(labelNames)],
    cellsOf(row) {
      const own = logits.subarray(row * length, (row + 1) * length);
      const [prediction] = predictionsOf(own, labelNames, thresholds);
      const truth = labelNames.filter((_, k) => labels[row * length + k] === 1);
      return [listed(truth), ...printedLabels.cells(prediction ?? null, labelNames)];
    },
  };
}
