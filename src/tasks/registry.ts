import { maskedLm } from "./masked-lm/metrics.ts";
import { multiLabel } from "./multi-label/metrics.ts";
import { regression } from "./regression/metrics.ts";
import { singleLabel } from "./single-label/metrics.ts";
import type { Task } from "./task.ts";
import { tokenClassification } from "./token-classification/metrics.ts";

/** Every task that can be trained on a table. */
export const tasks: readonly [Task, ...Task[]] = [singleLabel, multiLabel, regression, tokenClassification];

/** What is trained where nothing else is chosen. */
export const [defaultTask] = tasks;

/** What a language model is trained for on texts without labels: continued pretraining, and an earlier task. */
export const textTask: Task = maskedLm;

/** The task of this name; that of a run which does not name one is the default. Throws for one that there is not. */
export function taskNamed(name: string | undefined): Task {
  const task = name === undefined ? defaultTask : [...tasks, textTask].find((one) => one.name === name);
  if (!task) throw new Error(`There is no task “${name}”.`);
  return task;
}
