import type { RowLabels } from "../data/row-labels.ts";
import type { Thresholds } from "../metrics/decision.ts";
import type { McNemar } from "../metrics/mcnemar.ts";
import type { Intervals } from "../metrics/bootstrap.ts";
import type { Outcomes } from "../metrics/outcomes.ts";
import type { AnyReport, AnyScores } from "../tasks/task.ts";

/** The thresholds by which rows were predicted. */
interface DecidedBy {
  thresholds: Thresholds;
  /** Those that the weights have by themselves, before any was set by hand. */
  own: Thresholds;
  /** What the logits of the scores are to be divided by before probabilities are compared with thresholds. */
  temperature: number;
}

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
  /** McNemar's test of the baseline, as the first, and these weights; absent where there is none, or no row is right or wrong. */
  againstBaseline?: McNemar;
  /** 95 % intervals of the task's metrics, where it has any. */
  intervals?: Intervals | null;
  /** How what is predicted follows from the probabilities, where thresholds can be set. */
  decision?: DecidedBy;
  /** Set where each row was scored by the model of the folds that were not trained on it: number of these models. */
  folds?: number;
}

/** The weights scored on the rows that were set apart to test on; always all of them. */
export interface Tested extends Omit<Results, "places"> {
  /** How often test rows had been scored then, this time included: each choice by such scores makes them less honest. */
  uses: number;
}

/** How scored rows came out and what they are labelled with, in typed arrays: 100,000 rows are sent in an instant. */
export interface ScoredOutcomes {
  outcomes: Outcomes;
  /** Names of labels, and those of each row by their places, end to end; of row i from `starts[i]` on [rows + 1]. */
  labelNames: string[];
  labels: Int32Array;
  starts: Int32Array;
  /** Places of the rows among the validation rows; all of them where not given. */
  places?: Int32Array;
}
