import { scoresOfCells } from "./class-scores.ts";
import { cellsOf } from "./confusion.ts";
import type { Report } from "./report.ts";
import { RowScorer } from "./row-scores.ts";

/**
 * Scores logits against labels; equal to scikit-learn's classification_report (zero_division = 0),
 * matthews_corrcoef and log_loss. The predicted class is the first of the largest logits.
 *
 * @param labels true class of each row [rows]
 * @param logits row-major [rows, classes]
 * @throws RangeError when the shapes do not agree or a label is not one of the classes
 */
export function reportOf(labels: Int32Array, logits: Float32Array, classes: number): Report {
  const scorer = new RowScorer(labels, classes, 0);
  scorer.add(logits);
  return scorer.report();
}

/**
 * The part of a report that is computed from the confusion matrix.
 *
 * @param confusion row-major [classes, classes]: rows are true classes, columns predicted ones
 */
export function scoresOf(confusion: readonly number[], classes: number): Omit<Report, "logLoss"> {
  return scoresOfCells(cellsOf(confusion, classes), classes);
}
