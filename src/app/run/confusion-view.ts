import type { Report } from "../../metrics/report.ts";

/** The part of a confusion matrix that is shown. */
export interface ConfusionView {
  /** Class indexes of rows and columns, in class order. */
  classes: number[];
  /** Counts [shown, shown], rows true, columns predicted. */
  counts: number[][];
  /** Each count as a share of its true class's rows, all columns counted; 0 for a class without rows. */
  shares: number[][];
  /** Classes that are not shown. */
  hidden: number;
}

/**
 * The matrix of a report, cut to the `limit` classes with the most errors (as true or as predicted class) where
 * there are more: a table of many thousand cells helps nobody and takes long to lay out.
 */
export function confusionView(report: Pick<Report, "classes" | "confusion">, limit: number): ConfusionView {
  const size = report.classes.length;
  const count = (truth: number, predicted: number) => report.confusion[truth * size + predicted] ?? 0;
  const all = report.classes.map((_, index) => index);
  const errors = all.map((k) => all.reduce((sum, j) => sum + (j === k ? 0 : count(k, j) + count(j, k)), 0));
  const worst = [...all].sort((a, b) => (errors[b] ?? 0) - (errors[a] ?? 0) || a - b).slice(0, limit);
  const classes = worst.sort((a, b) => a - b);
  const supports = classes.map((truth) => all.reduce((sum, j) => sum + count(truth, j), 0));
  const counts = classes.map((truth) => classes.map((predicted) => count(truth, predicted)));
  const shares = counts.map((row, i) => row.map((value) => (supports[i] ? value / supports[i] : 0)));
  return { classes, counts, shares, hidden: size - classes.length };
}
