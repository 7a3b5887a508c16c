import type { Recipe } from "../recipe/recipe.ts";
import type { EntityReport } from "../metrics/entities/report.ts";
import type { MultiLabelReport } from "../metrics/multi-label/report.ts";
import type { RegressionReport } from "../metrics/regression/report.ts";
import type { Report } from "../metrics/report.ts";

/** The parts of a training step that the advice reads; a `StepEvent` has them. */
export interface StepFacts {
  step: number;
  loss: number;
  /** Before clipping. */
  gradientNorm: number;
  learningRate: number;
}

/** The parts of an evaluation that the advice reads; `EvaluationEvent` and `EarlierEvent` have them. */
export interface EvaluationFacts {
  scope: "baseline" | "sample" | "full";
  step: number;
  report: Report;
}

/** An evaluation of a task other than one class for each text. */
export interface OtherEvaluation<R extends { rows: number }> {
  scope: EvaluationFacts["scope"];
  step: number;
  report: R;
}

/** The evaluations of such a task, by the task; two of the three are empty. */
interface OtherEvaluations {
  labels: readonly OtherEvaluation<MultiLabelReport>[];
  numbers: readonly OtherEvaluation<RegressionReport>[];
  entities: readonly OtherEvaluation<EntityReport>[];
}

/** The evaluations whose reports are of several labels, of numbers, or of entities. */
export function ofOtherTasks(events: readonly OtherEvaluation<{ rows: number }>[]): OtherEvaluations {
  const having = <R extends { rows: number }>(field: keyof R & string) =>
    events.filter((event): event is OtherEvaluation<R> => field in event.report);
  return {
    labels: having<MultiLabelReport>("hammingLoss"),
    numbers: having<RegressionReport>("rmse"),
    entities: having<EntityReport>("tokenAccuracy"),
  };
}

/** The evaluations whose reports are a classifier's. */
export function ofClassifier<Event extends { report: object }>(
  events: readonly Event[],
): (Event & Pick<EvaluationFacts, "report">)[] {
  return events.filter((event): event is Event & Pick<EvaluationFacts, "report"> => "confusion" in event.report);
}

/** The parts of a score of an earlier task's texts that the advice reads; an `EarlierEvent` of a language model has them. */
export interface TextsFacts {
  step: number;
  report: {
    /** Mean loss of the masked words in nats, and the loss of a guess among all words. */
    loss: number;
    guessing: number;
    /** Number of texts, and of their masked words. */
    rows: number;
    masked: number;
  };
}

/** The evaluations whose reports are a language model's. */
export function ofLanguageModel<Event extends { report: object }>(
  events: readonly Event[],
): (Event & Pick<TextsFacts, "report">)[] {
  return events.filter((event): event is Event & Pick<TextsFacts, "report"> => "guessing" in event.report);
}

/** What is known of a run before its first step; a `PlanEvent` has it. */
interface PlanFacts {
  steps: number;
  stepsPerEpoch: number;
  validationRows: number;
}

/** Facts about the rows of a run and about its model. */
export interface DataFacts {
  /** Number of training rows of each class; empty where a row has several labels or a number instead of one class. */
  trainCounts: readonly number[];
  /** `longerThan[n]` is the number of rows of more than n tokens, from n = 0 on; null while not counted. */
  longerThan: readonly number[] | null;
  /** Largest number of tokens per row that the model can read; null where it is not known. */
  mostTokens: number | null;
  /** Number of layers of the encoder; null where it is not known. */
  layers: number | null;
  /** Whether layers share their weights; they do not where not given. */
  sharesLayers?: boolean;
}

/** A run so far, as the advice reads it. */
export interface RunRecord {
  recipe: Recipe;
  plan: PlanFacts;
  /** In order, from the first on. */
  steps: readonly StepFacts[];
  /** In order. */
  evaluations: readonly EvaluationFacts[];
  others: OtherEvaluations;
  /**
   * Scores of an earlier task, always on the same held-out rows, in order, from before the first step on; empty without
   * an earlier task.
   */
  earlier: readonly EvaluationFacts[];
  /** Scores of an earlier task's texts, in the same order. */
  earlierTexts: readonly TextsFacts[];
  /** "stopped": ended early by a person; "failed": ended by an error. */
  state: "running" | "finished" | "stopped" | "failed";
  labelNames: readonly string[];
  data: DataFacts;
}
