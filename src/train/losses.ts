import { onlyLabels } from "../data/row-labels.ts";
import type { EncodedDataset } from "../data/rows.ts";
import type { Task } from "../ops/device-batch.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Loss, LearnedTask, AnyReport } from "../tasks/task.ts";
import type { EarlierData } from "./earlier-task.ts";

/** What decides the losses of a run. */
interface LossData<R extends AnyReport> {
  task: LearnedTask<R>;
  train: EncodedDataset;
  labelNames: readonly string[];
  earlier?: EarlierData<R> | undefined;
}

/** Makes the loss that a run trains either task with. Throws a Problem where the recipe does not fit the rows. */
export function lossesOf<R extends AnyReport>(
  { task, train, labelNames, earlier }: LossData<R>,
  recipe: Recipe,
): (of: Task) => Loss {
  return (of) => {
    if (of === "new") return task.lossOf({ ...onlyLabels(train), labelNames }, recipe);
    if (!earlier) throw new Error("A batch of an earlier task was given, and the run has none.");
    const { task: own = task, labelNames: classes, train: rows } = earlier;
    return own.lossOf({ ...onlyLabels(rows), task: "earlier", labelNames: classes }, recipe);
  };
}
