import { Problem } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Task } from "../tasks/task.ts";

/** Throws a Problem where a run is to be the baseline alone, and has none. */
export function checkBaseline(
  { effort, start }: Recipe,
  { name, linearLoss }: Pick<Task, "name" | "linearLoss">,
): void {
  if (effort !== "quick" || (linearLoss && start === "checkpoint")) return;
  throw new Problem({
    found: linearLoss
      ? "The effort is “quick”, which is the baseline alone, and the weights start at random."
      : `The effort is “quick”, which is the baseline alone, and the task ${name} has none.`,
    expected: linearLoss
      ? "The baseline is a linear model on the vectors of the checkpoint."
      : "The baseline is a linear model on the vectors of whole texts.",
    remedy: linearLoss
      ? "Start from the checkpoint, or set the effort to epochs, time or plateau."
      : "Set the effort to epochs, time or plateau.",
  });
}
