import type { Recipe } from "../recipe/recipe.ts";

/**
 * Factor on the learning rate at `step` (0 for the first), equal to transformers' `get_scheduler`: a linear rise over
 * the warm-up steps, then a fall to 0 at `steps`, straight or along half a cosine.
 */
export function scheduleFactor(schedule: Recipe["schedule"], step: number, warmupSteps: number, steps: number): number {
  if (step < warmupSteps) return step / Math.max(1, warmupSteps);
  const progress = (step - warmupSteps) / Math.max(1, steps - warmupSteps);
  switch (schedule) {
    case "linear":
      return Math.max(0, 1 - progress);
    case "cosine":
      return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
  }
}
