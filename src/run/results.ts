import type { RowLabels } from "../data/row-labels.ts";
import type { AnyReport, AnyScores } from "../tasks/task.ts";

/** The trained weights scored on all validation rows. */
export interface Results {
  /** Name of the task. */
  task: string;
  weights: "best" | "last" | "baseline";
  step: number;
  labelNames: string[];
  report: AnyReport;
  /** Labels of each validation row, in the order of the validation rows. */
  truth: RowLabels;
  /** What the model said of each row, in the task's own form. */
  scores: AnyScores;
}

/** Predictions of a classifier with several labels per text, from logits [rows · classes]: a sigmoid for each label. */
export function severalLabelsOf(logits: Float32Array, labelNames: readonly string[]) {
  const classes = labelNames.length;
  return Array.from({ length: logits.length / classes }, (_, row) => {
    const own = logits.subarray(row * classes, (row + 1) * classes);
    const probabilities = Array.from(own, (logit) => 1 / (1 + Math.exp(-logit)));
    // At one half and above, as transformers' examples decide.
    return { label: labelNames.filter((_, i) => (probabilities[i] ?? 0) >= 0.5), probabilities };
  });
}
