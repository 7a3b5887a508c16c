import { averaged, ratio, scoresOfCounts } from "./averages.ts";
import type { ConfusionCell } from "./confusion.ts";
import type { ClassScores, Report } from "./report.ts";

/** Rows by true class, by predicted class, and by both where they are the same [classes each]. */
interface ClassMargins {
  truths: Float64Array;
  predictions: Float64Array;
  hits: Float64Array;
}

/** The part of a report that follows from the confusion matrix, given by its cells that are not 0. */
export function scoresOfCells(confusion: readonly ConfusionCell[], classes: number): Omit<Report, "logLoss"> {
  const truths = new Float64Array(classes);
  const predictions = new Float64Array(classes);
  const hits = new Float64Array(classes);
  for (const [truth, predicted, count] of confusion) {
    truths[truth] = (truths[truth] ?? 0) + count;
    predictions[predicted] = (predictions[predicted] ?? 0) + count;
    if (truth === predicted) hits[truth] = count;
  }
  return { ...scoresOfMargins({ truths, predictions, hits }), confusion };
}

/** The part of it that needs no more than the sums of the matrix: all but the cells beside its diagonal. */
export function scoresOfMargins({ truths, predictions, hits }: ClassMargins): Omit<Report, "logLoss" | "confusion"> {
  const rows = sumOf(truths);
  const correct = sumOf(hits);
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
    balancedAccuracy: averaged(present, rows, ({ support }) => Number(support > 0)).recall,
    classes: scores,
    macro: averaged(present, rows, () => 1),
    // With exactly one class per row, every false positive is another class's false negative: all three agree.
    micro: { precision: accuracy, recall: accuracy, f1: accuracy, support: rows },
    weighted: averaged(present, rows, (k) => k.support),
    matthews: matthews(truths, predictions, correct, rows),
    kappa: kappa(accuracy, dot(truths, predictions) / rows ** 2),
  };
}

/** Gorodkin 2004, the multi-class correlation coefficient; 0 where only one class occurs or is predicted. */
function matthews(truths: Float64Array, predictions: Float64Array, correct: number, rows: number): number {
  const spread = (rows * rows - dot(predictions, predictions)) * (rows * rows - dot(truths, truths));
  return spread === 0 ? 0 : (correct * rows - dot(truths, predictions)) / Math.sqrt(spread);
}

/**
 * Cohen 1960: the share of agreement beyond that of chance; null where chance alone agrees everywhere, as where all rows are
 * of one class and predicted so.
 *
 * @param chance agreement of predictions that are drawn with the same frequencies
 */
function kappa(agreement: number, chance: number): number | null {
  return chance < 1 ? (agreement - chance) / (1 - chance) : null;
}

const sumOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);
