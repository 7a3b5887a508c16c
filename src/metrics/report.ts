import type { ConfusionCell } from "./confusion.ts";

/** Scores of one class, or an average over classes. */
export interface ClassScores {
  precision: number;
  recall: number;
  f1: number;
  /** True rows of the class (for averages: all rows). */
  support: number;
}

/**
 * What is known of predictions against labels; equal to scikit-learn's defaults (zero_division = 0). It grows with
 * rows and classes, never with the square of the classes.
 */
export interface Report {
  rows: number;
  /** Mean negative log likelihood, natural logarithm. */
  logLoss: number;
  accuracy: number;
  /** Mean of the recall of the classes that have rows. */
  balancedAccuracy: number;
  /** One entry per class, in class order; null for a class in neither truth nor prediction. */
  classes: (ClassScores | null)[];
  /** Mean over the classes in truth or prediction. */
  macro: ClassScores;
  micro: ClassScores;
  weighted: ClassScores;
  matthews: number;
  /** Cohen's kappa; null where it is not defined: of no rows, and where all are of one class and predicted so. */
  kappa: number | null;
  /** By true, then by predicted class. */
  confusion: readonly ConfusionCell[];
}

/** The report as a file holds it: classes without rows and predictions have zeros, as scikit-learn gives them. */
export function filedReport(report: Report): Report {
  const none: ClassScores = { precision: 0, recall: 0, f1: 0, support: 0 };
  return { ...report, classes: report.classes.map((scores) => scores ?? none) };
}
