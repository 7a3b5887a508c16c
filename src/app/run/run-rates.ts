import type { EvaluationEvent, PretrainEvent, StepEvent } from "../../workers/protocol.ts";
import { momentOfStep } from "./moment.ts";

/** The present speed of a run. */
interface Rates {
  rowsPerSecond: number;
  /** Real tokens: there is no padding. */
  tokensPerSecond: number;
}

const RECENT_STEPS = 50;
/** Steps are reported in bunches, whose steps have nearly the same time: speed shows only over several bunches. */
const RECENT_MS = 2000;

/** The last 50 steps, or more where those are less than two seconds of training. */
function recentSteps(steps: readonly StepEvent[]): readonly StepEvent[] {
  const last = steps.at(-1);
  let start = Math.max(0, steps.length - RECENT_STEPS - 1);
  while (start > 0 && last && last.trainingMs - (steps[start]?.trainingMs ?? 0) < RECENT_MS) start--;
  return steps.slice(start);
}

/** Recent speed in training time (without evaluations and pauses); null before the second step. */
export function ratesOf(steps: readonly StepEvent[]): Rates | null {
  const window = recentSteps(steps);
  const [first, ...rest] = window;
  const last = rest.at(-1);
  if (!first || !last) return null;
  const seconds = (last.trainingMs - first.trainingMs) / 1000;
  if (seconds <= 0) return null;
  return {
    rowsPerSecond: rest.reduce((sum, step) => sum + step.rows, 0) / seconds,
    tokensPerSecond: rest.reduce((sum, step) => sum + step.tokens, 0) / seconds,
  };
}

/**
 * Milliseconds until the last step, or null before the second one: the remaining steps at the recent speed, and as many
 * evaluations per step as so far, each as long as their median (which a pause during one of them does not move).
 */
export function timeLeft(
  steps: readonly StepEvent[],
  evaluations: readonly EvaluationEvent[],
  plannedSteps: number,
): number | null {
  const window = recentSteps(steps);
  const first = window[0];
  const last = window.at(-1);
  if (!first || !last || first === last) return null;
  const remaining = Math.max(0, plannedSteps - last.step);
  const pace = (last.trainingMs - first.trainingMs) / (last.step - first.step);
  const evaluatedSteps = [...new Set(evaluations.map((event) => event.step))].filter((step) => step > 0);
  const gaps = evaluatedSteps.flatMap((step) => gapAfter(steps, step));
  return remaining * (pace + median(gaps) * (evaluatedSteps.length / last.step));
}

/**
 * Milliseconds until the last step of pretraining at its speed so far, evaluations included; null before its second
 * step.
 */
export function pretrainingLeft(events: readonly PretrainEvent[]): number | null {
  const steps = events.filter(({ type }) => type === "pretrainStep");
  const [first] = steps;
  const last = events.at(-1);
  const step = steps.at(-1)?.step ?? 0;
  if (!first || !last || step <= first.step) return null;
  return ((last.wallMs - first.wallMs) / (step - first.step)) * (last.steps - step);
}

/** Milliseconds between a step and the next that were not spent on training. */
function gapAfter(steps: readonly StepEvent[], step: number): number[] {
  const before = momentOfStep(steps, step);
  const after = momentOfStep(steps, step + 1);
  if (!before || !after) return [];
  return [after.wallMs - before.wallMs - (after.trainingMs - before.trainingMs)];
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
