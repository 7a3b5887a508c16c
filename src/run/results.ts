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
