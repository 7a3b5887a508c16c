import type { Recipe } from "./recipe.ts";

/** Validation rows scored before the first step, at most. */
export const BASELINE_ROWS = 64;

/** How long a run is; its last epoch may be a part of one. */
export interface RunLength {
  steps: number;
  stepsPerEpoch: number;
}

/** The evaluations of a run that is not stopped early. */
export interface PlannedEvaluations {
  /** Evaluations on the fixed sample within one epoch, or within the run if it is shorter. */
  withinEpoch: number;
  /** The same over the whole run. */
  sample: number;
  /** On all validation rows, after each epoch. */
  full: number;
  /** Once more on all rows, for the mean of several checkpoints. */
  averaged: number;
  /** All of them, that before the first step included. */
  total: number;
}

/**
 * Whether the sample is scored after a step. These steps divide the epoch evenly; after the last one all rows are scored.
 *
 * @param step of the epoch, from 1 on
 */
export function isSampleStep(step: number, stepsPerEpoch: number, perEpoch: number): boolean {
  if (step >= stepsPerEpoch) return false;
  return Math.floor((step * perEpoch) / stepsPerEpoch) > Math.floor(((step - 1) * perEpoch) / stepsPerEpoch);
}

/** Counts the evaluations that a run makes. */
export function plannedEvaluations(
  { steps, stepsPerEpoch }: RunLength,
  { evaluationsPerEpoch, average, averageCount }: Pick<Recipe, "evaluationsPerEpoch" | "average" | "averageCount">,
): PlannedEvaluations {
  const within = (stepsMade: number) =>
    Math.max(0, Math.min(stepsMade - 1, Math.floor(((stepsMade - 1) * evaluationsPerEpoch) / stepsPerEpoch)));
  const wholeEpochs = Math.floor(steps / stepsPerEpoch);
  const rest = steps - wholeEpochs * stepsPerEpoch;
  const sample = wholeEpochs * within(stepsPerEpoch) + within(rest);
  const full = Math.ceil(steps / stepsPerEpoch);
  const averaged = average !== "none" && Math.min(full, averageCount) > 1 ? 1 : 0;
  const withinEpoch = wholeEpochs > 0 ? within(stepsPerEpoch) : sample;
  return { withinEpoch, sample, full, averaged, total: 1 + sample + full + averaged };
}
