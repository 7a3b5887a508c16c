import type { RowLabels } from "../data/row-labels.ts";
import type { AnyReport, AnyScores } from "../tasks/task.ts";

/** The weights scored on validation rows. */
export interface Results {
  /** Name of the task. */
  task: string;
  weights: "best" | "last" | "baseline";
  step: number;
  labelNames: string[];
  report: AnyReport;
  /** Places of the rows that were scored among the validation rows; all of them where not given. */
  places?: Int32Array;
  /** Labels of each row that was scored, in the order of the validation rows. */
  truth: RowLabels;
  /** What the model said of each row, in the task's own form. */
  scores: AnyScores;
}
