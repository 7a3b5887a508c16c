import type { RunState } from "./state.ts";

/** Whether the run has changed any weights: the step at which a run diverges changes none. */
export function hasTrained({ end, steps: [first] }: Pick<RunState, "steps" | "end">): boolean {
  if (end) return end.step > 0;
  return first !== undefined && Number.isFinite(first.loss + first.gradientNorm);
}

/** Whether the run has ended with trained weights that have not been saved: leaving them asks first. */
export function hasUnsavedModel(run: RunState): boolean {
  return (run.status === "done" || run.status === "failed") && hasTrained(run) && !run.downloaded;
}

/** The step of the last weights of a run that has ended: what made it fail changed none. */
export function lastStep({ end, steps }: Pick<RunState, "steps" | "end">): number | undefined {
  return end?.step ?? steps.findLast(({ loss, gradientNorm }) => Number.isFinite(loss + gradientNorm))?.step;
}
