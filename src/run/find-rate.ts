import type { EncodedDataset } from "../data/rows.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { TrainedTask } from "../tasks/task.ts";
import type { RunControl } from "../train/control.ts";
import { findRate, type RateCurve } from "../train/rate-finder.ts";
import { lowRankOf } from "./adapter.ts";
import { memoryOf } from "./memory.ts";
import { loadClassifier, ratesOf, type OpenedModel } from "./open-model.ts";
import { checkMaxLength } from "./score.ts";
import { taskOfRun } from "./task-of-run.ts";
import { forTask } from "./token-model.ts";

/**
 * Sweeps over learning rates on a copy of the model, which is given back: what was loaded or trained stays as it is.
 * Throws a Problem where recipe, data and model do not fit.
 */
export async function findLearningRate(
  given: {
    task?: TrainedTask;
    opened: OpenedModel;
    recipe: Recipe;
    labelNames: readonly string[];
    train: EncodedDataset;
    mostBytes?: number | undefined;
  },
  control: RunControl,
  onProgress?: (done: number, total: number) => void,
): Promise<RateCurve> {
  const input = forTask(given);
  const { opened, recipe, labelNames, train } = input;
  const task = taskOfRun(input);
  checkMaxLength(recipe.maxLength, opened.config.maxPositions);
  const model = await loadClassifier(
    opened,
    labelNames,
    { ...recipe, trained: task, outputs: task.outputs(labelNames) },
    undefined,
    lowRankOf(recipe),
  );
  try {
    // The sweep has the recipe's steps, and nothing of what a run does before, beside and after them.
    const steps: Recipe = { ...recipe, pretrainEpochs: 0, ewc: 0, rehearsal: 0, ema: 0, average: "none" };
    const fit = await memoryOf({ ...input, recipe: steps, validation: train });
    const data = { task, train, labelNames, rates: ratesOf(opened.config), fit };
    return await findRate(model, data, recipe, control, onProgress);
  } finally {
    model.dispose();
  }
}
