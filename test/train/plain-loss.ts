import { defaultTrainedTask } from "../../src/tasks/trained-tasks.ts";
import type { Loss } from "../../src/tasks/task.ts";

/** For a trainer: the loss of so many classes without any method of training. */
export const plainLoss = (classes: number) => (): Loss =>
  defaultTrainedTask.plainLoss(Array.from({ length: classes }, (_, i) => `${i}`));
