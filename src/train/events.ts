import type { Report } from "../metrics/report.ts";

/** What will happen, before the first step. */
export interface PlanEvent {
  type: "plan";
  steps: number;
  stepsPerEpoch: number;
  epochs: number;
  trainRows: number;
  validationRows: number;
  /** Tokens of one epoch, without padding. */
  tokensPerEpoch: number;
  trainableParameters: number;
  parameters: number;
}

/**
 * One optimizer step; `step` counts from 1 (weights have been updated `step` times). A step whose loss or gradient
 * norm is not finite changed nothing, and is the last of its run.
 */
export interface StepEvent {
  type: "step";
  step: number;
  /** Epochs done, fractional, e.g. 1.25. */
  epoch: number;
  /** Mean training loss over the rows of the step. */
  loss: number;
  /** Norm of all gradients before clipping. */
  gradientNorm: number;
  learningRate: number;
  rows: number;
  /** Real tokens of the step. */
  tokens: number;
  /** Milliseconds of training time since the start, pauses and evaluations not counted. */
  trainingMs: number;
  /** Milliseconds since the start on the clock. */
  wallMs: number;
}

/** The model scored on validation rows; `scope` says which. */
export interface EvaluationEvent {
  type: "evaluation";
  /** "baseline": before the first step, at most 64 rows; "sample": the fixed sample; "full": all validation rows. */
  scope: "baseline" | "sample" | "full";
  step: number;
  epoch: number;
  report: Report;
  wallMs: number;
  trainingMs: number;
}

/** A full evaluation beat all before it (by macro F1, then by lower log loss); these weights are kept. */
export interface BestEvent {
  type: "best";
  step: number;
  epoch: number;
  macroF1: number;
}

/** Memory in use, about once a second. */
export interface MemoryEvent {
  type: "memory";
  /** Bytes that tensors hold on the GPU (webgpu) or in the backend's heap (wasm, cpu). */
  bytes: number;
}

export interface EndEvent {
  type: "end";
  reason: "finished" | "stopped";
  step: number;
  wallMs: number;
  trainingMs: number;
}

export type TrainEvent = PlanEvent | StepEvent | EvaluationEvent | BestEvent | MemoryEvent | EndEvent;
