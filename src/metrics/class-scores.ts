import { averaged, ratio, scoresOfCounts } from "./averages.ts";
import type { ConfusionCell } from "./confusion.ts";
import type { ClassScores, Report } from "./report.ts";

/** The part of a report that follows from the confusion matrix, given by its cells that are not 0. */
export function scoresOfCells(confusion: readonly ConfusionCell[], classes: number): Omit<Report, "logLoss"> {
  const truths = new Float64Array(classes);
  const predictions = new Float64Array(classes);
  const hits = new Float64Array(classes);
  let rows = 0;
  let correct = 0;
  for (const [truth, predicted, count] of confusion) {
    truths[truth] = (truths[truth] ?? 0) + count;
    predictions[predicted] = (predictions[predicted] ?? 0) + count;
    rows += count;
    if (truth !== predicted) continue;
    hits[truth] = count;
    correct += count;
  }
  const scores = Array.from(truths, (support, k): ClassScores | null => {
    const predicted = predictions[k] ?? 0;
    if (support + predicted === 0) return null;
    return scoresOfCounts({ hits: hits[k] ?? 0, predicted, support });
  });
  const present = scores.filter((one) => one !== null);
  const accuracy = ratio(correct, rows);
  return {
    rows,
    accuracy,
    classes: scores,
    macro: averaged(present, rows, () => 1),
    // With exactly one class per row, every false positive is another class's false negative: all three agree.
    micro: { precision: accuracy, recall: accuracy, f1: accuracy, support: rows },
    weighted: averaged(present, rows, (k) => k.support),
    matthews: matthews(truths, predictions, correct, rows),
    confusion,
  };
}

/** Gorodkin 2004, the multi-class correlation coefficient; 0 where only one class occurs or is predicted. */
function matthews(truths: Float64Array, predictions: Float64Array, correct: number, rows: number): number {
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);
  const spread = (rows * rows - dot(predictions, predictions)) * (rows * rows - dot(truths, truths));
  return spread === 0 ? 0 : (correct * rows - dot(truths, predictions)) / Math.sqrt(spread);
}
