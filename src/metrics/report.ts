/** Scores of one class, or an average over classes. */
export interface ClassScores {
  precision: number;
  recall: number;
  f1: number;
  /** True rows of the class (for averages: all rows). */
  support: number;
}

/** What is known of predictions against labels; equal to scikit-learn's with zero_division = 0. */
export interface Report {
  rows: number;
  /** Mean negative log likelihood, natural logarithm. */
  logLoss: number;
  accuracy: number;
  /** One entry a class, in class order. */
  classes: ClassScores[];
  macro: ClassScores;
  micro: ClassScores;
  weighted: ClassScores;
  matthews: number;
  /** Row-major [classes, classes]: rows are true classes, columns predicted ones. */
  confusion: number[];
}
