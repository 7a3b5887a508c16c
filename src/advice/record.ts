import type { Recipe } from "../recipe/recipe.ts";
import type { Report } from "../metrics/report.ts";

/** What of a training step the advice reads; a `StepEvent` is one. */
export interface StepFacts {
  step: number;
  loss: number;
  /** Before clipping. */
  gradientNorm: number;
  learningRate: number;
}

/** What of an evaluation the advice reads; an `EvaluationEvent` is one, and an `EarlierEvent` another. */
export interface EvaluationFacts {
  scope: "baseline" | "sample" | "full";
  step: number;
  report: Report;
}

/** What of a score of an earlier task's texts the advice reads; an `EarlierCorpusEvent` is one. */
export interface TextsFacts {
  step: number;
  /** Mean loss of the masked words, nats, and that of a guess among all words. */
  loss: number;
  guessing: number;
  /** Texts, and their masked words. */
  rows: number;
  masked: number;
}

/** What is known of a run before its first step; a `PlanEvent` is one. */
interface PlanFacts {
  steps: number;
  stepsPerEpoch: number;
  validationRows: number;
}

/** What is known of the rows of a run, and of the model that reads them. */
export interface DataFacts {
  /** Training rows of each class. */
  trainCounts: readonly number[];
  /** `longerThan[n]`: rows of more than n tokens, from n = 0 on; null where it has not been counted. */
  longerThan: readonly number[] | null;
  /** Most tokens of a row that the model can read; null where it is not known. */
  mostTokens: number | null;
  /** Of the encoder; null where it is not known. */
  layers: number | null;
}

/** A run so far, as the advice reads it. */
export interface RunRecord {
  recipe: Recipe;
  plan: PlanFacts;
  /** In order, from the first on. */
  steps: readonly StepFacts[];
  /** In order. */
  evaluations: readonly EvaluationFacts[];
  /** Scores of an earlier task on the same held-out rows, in order, from before the first step on; empty without one. */
  earlier: readonly EvaluationFacts[];
  /** The same of an earlier task's texts. */
  earlierTexts: readonly TextsFacts[];
  /** "stopped" before its end by a person, "failed" by an error. */
  state: "running" | "finished" | "stopped" | "failed";
  labelNames: readonly string[];
  data: DataFacts;
}
