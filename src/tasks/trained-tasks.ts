import { outlineMaskedLm, trainedMaskedLm } from "./masked-lm/masked-lm.ts";
import { trainedMultiLabel } from "./multi-label/multi-label.ts";
import { trainedRegression } from "./regression/regression.ts";
import { trainedSingleLabel } from "./single-label/single-label.ts";
import type { TrainedTask } from "./task.ts";
import { trainedTokenClassification } from "./token-classification/token-classification.ts";

/** Every task of `registry.ts`, with all that training it takes. */
export const trainedTasks: readonly [TrainedTask, ...TrainedTask[]] = [
  trainedSingleLabel,
  trainedMultiLabel,
  trainedRegression,
  trainedTokenClassification,
];

/** What is trained where nothing else is chosen, and what a checkpoint's own classifier does. */
export const [defaultTrainedTask] = trainedTasks;

/** The task of this name; throws where it is none that can be trained. */
export function trainedTaskNamed(name: string): TrainedTask {
  const task = trainedTasks.find((one) => one.name === name);
  if (!task) throw new Error(`The task “${name}” cannot be trained.`);
  return task;
}

/** `textTask` of `registry.ts`, with all that training it takes. */
export const trainedTextTask = trainedMaskedLm;

/** The same on an outline, on which nothing is computed. */
export const outlineTextTask = outlineMaskedLm;
