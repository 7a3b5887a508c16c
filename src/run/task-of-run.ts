import type { EncodedDataset } from "../data/rows.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { TrainedTask } from "../tasks/task.ts";
import { defaultTrainedTask } from "../tasks/trained-tasks.ts";

/** What decides the task of a run; see `RunInput`. */
interface TaskInput {
  task?: TrainedTask;
  recipe: Recipe;
  labelNames: readonly string[];
  train: EncodedDataset;
}

/** The task of a run, with what it knows of the rows that are trained on. */
export function taskOfRun({ task = defaultTrainedTask, recipe, labelNames, train }: TaskInput): TrainedTask {
  return task.forRows?.({ ...train, labelNames }, recipe) ?? task;
}
