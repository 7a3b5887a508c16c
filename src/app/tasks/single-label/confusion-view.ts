import { linesOf } from "../../../metrics/confusion.ts";
import type { Report } from "../../../metrics/report.ts";

/** With more classes than this a list of the confusions is shown in place of a matrix. */
export const mostInMatrix = 50;

/** A confusion matrix as it is shown. */
interface ConfusionView {
  /** Counts [classes, classes], rows true, columns predicted. */
  counts: number[][];
  /** Each count as a share of its true class's rows; 0 for a class without rows. */
  shares: number[][];
}

/** Rows of one class that were taken for another. */
interface Confusion {
  truth: number;
  predicted: number;
  rows: number;
  /** The same as a share of the true class's rows. */
  share: number;
}

type Confused = Pick<Report, "classes" | "confusion">;

/** The whole matrix, for a few classes. */
export function confusionView({ classes, confusion }: Confused): ConfusionView {
  const all = classes.map((_, index) => index);
  const counts = linesOf(confusion, all, classes.length);
  const shares = counts.map((row) => {
    const support = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => (support ? count / support : 0));
  });
  return { counts, shares };
}

/** Each pair of classes that were confused, the most rows first; equal ones in class order. */
export function confusions({ classes, confusion }: Confused): Confusion[] {
  return confusion
    .filter(([truth, predicted]) => truth !== predicted)
    .map(([truth, predicted, rows]) => ({ truth, predicted, rows, share: rows / (classes[truth]?.support ?? rows) }))
    .sort((a, b) => b.rows - a.rows || a.truth - b.truth || a.predicted - b.predicted);
}

/** The matrix as the lines of a CSV file; of many classes one line for each cell that is not 0. */
export function confusionLines({ classes, confusion }: Confused, labelNames: readonly string[]) {
  const name = (index: number) => labelNames[index] ?? `class ${index}`;
  if (classes.length > mostInMatrix) {
    const lines = confusion.map(([truth, predicted, rows]) => [name(truth), name(predicted), rows]);
    return { header: ["true class", "predicted class", "rows"], lines };
  }
  const all = classes.map((_, index) => index);
  const lines = linesOf(confusion, all, classes.length).map((row, truth) => [name(truth), ...row]);
  return { header: ["true class", ...all.map((index) => `predicted ${name(index)}`)], lines };
}
