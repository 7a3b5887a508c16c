import { argmax } from "../../src/metrics/softmax.ts";
import type { RowScores } from "../../src/metrics/row-scores.ts";

/** The scores of rows of a few classes with these probabilities, row-major [rows, classes]. */
export function rowScoresFrom(truth: Int32Array, probabilities: readonly number[], classes: number): RowScores {
  const all = Float32Array.from(probabilities);
  const predicted = truth.map((_, row) => argmax(all.subarray(row * classes, (row + 1) * classes)));
  const of = (labels: Int32Array) => Float32Array.from(labels, (k, row) => all[row * classes + k] ?? NaN);
  return {
    predicted,
    confidence: of(predicted),
    truthProbability: of(truth),
    kept: classes,
    probabilities: all,
    keptClasses: null,
  };
}
