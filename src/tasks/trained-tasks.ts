import { outlineMaskedLm, trainedMaskedLm } from "./masked-lm/masked-lm.ts";
import { trainedSingleLabel } from "./single-label/single-label.ts";
import type { TrainedTask } from "./task.ts";

/** Every task of `registry.ts`, with all that training it takes. */
export const trainedTasks: readonly [TrainedTask, ...TrainedTask[]] = [trainedSingleLabel];

/** What is trained where nothing else is chosen, and what a checkpoint's own classifier does. */
export const [defaultTrainedTask] = trainedTasks;

/** `textTask` of `registry.ts`, with all that training it takes. */
export const trainedTextTask = trainedMaskedLm;

/** The same on an outline, on which nothing is computed. */
export const outlineTextTask = outlineMaskedLm;
