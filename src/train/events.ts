import type { Precision } from "../gpu/device.ts";
import type { AnyReport } from "../tasks/task.ts";

/** What will happen, before the first step. */
export interface PlanEvent {
  type: "plan";
  /** Name of the task, see `tasks/registry.ts`. */
  task: string;
  steps: number;
  stepsPerEpoch: number;
  epochs: number;
  /** Minutes that a person gave the run, into which its steps fit on this machine. */
  budget?: number;
  trainRows: number;
  validationRows: number;
  /** Windows of the training rows, where long texts are read in several: steps are of windows. */
  trainWindows?: number;
  /** Tokens of one epoch, without padding. */
  tokensPerEpoch: number;
  trainableParameters: number;
  parameters: number;
  /** Where the recipe asks for mixed precision: that in which the device computes the steps. */
  mixedAs?: Precision;
}

/** One optimizer step; `step` counts from 1. */
export interface StepEvent {
  type: "step";
  step: number;
  /** Epochs done, fractional, e.g. 1.25. */
  epoch: number;
  /** True where loss or gradients were not finite: weights, moments and schedule stayed as they were. */
  skipped?: true;
  /** Mean training loss over the rows of the step. */
  loss: number;
  /** Norm of all gradients before clipping. */
  gradientNorm: number;
  learningRate: number;
  rows: number;
  /** Targets of the step, where a row has another number of them than one. */
  targets?: number;
  /** Real tokens of the step. */
  tokens: number;
  /** Milliseconds of training time since the start; pauses and evaluations do not count. */
  trainingMs: number;
  /** Milliseconds since the start; pauses do not count. */
  wallMs: number;
}

/** The model scored on validation rows; `scope` says which. */
export interface EvaluationEvent<R extends AnyReport = AnyReport> {
  type: "evaluation";
  /** "baseline": before the first step, at most 64 rows; "sample": the fixed sample; "full": all validation rows. */
  scope: "baseline" | "sample" | "full";
  step: number;
  epoch: number;
  report: R;
  wallMs: number;
  trainingMs: number;
}

/** The earlier task scored with its own head on held-out rows of its own, always the same, where one is given. */
export interface EarlierEvent<R extends AnyReport = AnyReport> {
  type: "earlier";
  /** Name of the earlier task, whose report this is. */
  task: string;
  /** The evaluation of the new task that it goes with. */
  scope: EvaluationEvent["scope"];
  step: number;
  epoch: number;
  report: R;
}

/** How far the weights' importance to the earlier task is measured, before the first step; about once a second. */
export interface ConsolidationEvent {
  type: "consolidation";
  /** Rows of the earlier task read so far, and in all. */
  done: number;
  rows: number;
}

/** A full evaluation beat all before it (by the recipe's metric, then by lower log loss); these weights are kept. */
export interface BestEvent {
  type: "best";
  step: number;
  epoch: number;
  /** Its key in the task's list of metrics. */
  metric: string;
  value: number;
}

/** Memory in use, about once a second. */
interface MemoryEvent {
  type: "memory";
  /** Bytes that tensors hold on the GPU (webgpu) or in the backend's heap (wasm, cpu). */
  bytes: number;
}

/** The encoder is frozen and runs once for each row, training and validation together; about twice a second. */
export interface FeaturesEvent {
  type: "features";
  /** Rows. */
  done: number;
  total: number;
  wallMs: number;
}

/** How far a linear model on the frozen encoder's vectors is; about twice a second. */
export interface ProbeEvent {
  type: "probe";
  /** The baseline, or what the head starts from. */
  of: "baseline" | "head";
  /** Its vectors are computed, or it is fitted to them. */
  what: "vectors" | "fit";
  /** Texts, or strengths of L2 that were tried. */
  done: number;
  total: number;
}

/** A linear model on the frozen encoder's mean vectors, scored on validation rows: what the fine-tuning has to beat. */
export interface BaselineEvent<R extends AnyReport = AnyReport> {
  type: "baseline";
  /** Name of the task. */
  task: string;
  /** Made as those of evaluations are, which it is compared with. */
  report: R;
  /** The same with what is tuned on training rows, where the recipe wants that. */
  tuned?: R;
  /** Rows that it was fitted to: all training rows, or a share of many. */
  trainRows: number;
  /** The task's metrics, by key, of the same linear model fitted to fewer of these rows; absent where they are few. */
  learningCurve?: { rows: number; values: Record<string, number> }[];
  /** The strength of L2 on standardized vectors, chosen inside the training rows. */
  l2: number;
  wallMs: number;
}

/** How far the training rows are scored for a data map, after an epoch; about twice a second. */
interface DataMapEvent {
  type: "dataMap";
  /** The epoch that has ended, from 1. */
  epoch: number;
  /** Texts. */
  done: number;
  total: number;
}

/** One optimizer step of continued pretraining, of `steps`, before the plan of the fine-tuning; on a clock of its own. */
export interface PretrainStepEvent extends Omit<StepEvent, "type"> {
  type: "pretrainStep";
  steps: number;
  targets: number;
}

/** The model scored on held-out rows during continued pretraining, always the same rows. */
export interface PretrainEvaluationEvent<R extends AnyReport = AnyReport> {
  type: "pretrainEvaluation";
  /** Name of the task of the pretraining, whose report this is. */
  task: string;
  step: number;
  steps: number;
  epoch: number;
  report: R;
  trainingMs: number;
  wallMs: number;
}

/** The run diverged, and went back to its last save with a lower rate; the steps after that save are undone. */
export interface SetbackEvent {
  type: "setback";
  /** The last step before it went back, and the one that it went back to. */
  from: number;
  step: number;
  /** What the rate is multiplied by from there on. */
  rate: number;
  /** The best weights until that save. */
  best: BestEvent | null;
}

export interface EndEvent {
  type: "end";
  /** "early": the metric had no gain for as long as the recipe's early stopping waits. */
  reason: "finished" | "stopped" | "early";
  step: number;
  wallMs: number;
  trainingMs: number;
}

/** Events of continued pretraining. */
export type PretrainEvent = PretrainStepEvent | PretrainEvaluationEvent;

/** Events of a run; the reports of its evaluations are those of its task. */
export type TrainEvent<R extends AnyReport = AnyReport> =
  | PlanEvent
  | ConsolidationEvent
  | StepEvent
  | EvaluationEvent<R>
  | EarlierEvent
  | BestEvent
  | MemoryEvent
  | FeaturesEvent
  | ProbeEvent
  | BaselineEvent<R>
  | DataMapEvent
  | PretrainEvent
  | SetbackEvent
  | EndEvent;
