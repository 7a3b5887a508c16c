import type { ClassScores } from "../report.ts";

/** What is known of one label. */
export interface LabelScores extends ClassScores {
  /** From this probability on the label is predicted. */
  threshold: number;
  /** Rows without the label: predicted without it and with it. Then rows with it: predicted without it and with it. */
  matrix: readonly [trueNegatives: number, falsePositives: number, falseNegatives: number, truePositives: number];
  /** Null where all rows have the label or none has it, and of too many scores to be sorted. */
  averagePrecision: number | null;
  /** As average precision. */
  rocAuc: number | null;
}

/** Scores of rows that may have several labels; equal to scikit-learn's with zero_division = 0. */
export interface MultiLabelReport {
  rows: number;
  /** Mean binary cross-entropy over rows and labels, natural logarithm. */
  logLoss: number;
  /** Share of the rows whose labels are all right. */
  subsetAccuracy: number;
  /** Share of wrong decisions, over rows and labels. */
  hammingLoss: number;
  /** Mean over the rows of the share of right labels among those true or predicted. */
  jaccard: number;
  /** Averages; their support is the number of labels of all rows together. */
  micro: ClassScores;
  macro: ClassScores;
  weighted: ClassScores;
  samples: ClassScores;
  /** Mean over the labels that have one; null where none has. */
  macroAveragePrecision: number | null;
  microAveragePrecision: number | null;
  macroRocAuc: number | null;
  microRocAuc: number | null;
  /** One entry per label, in label order. */
  classes: LabelScores[];
}
