import { singleLabel } from "./single-label/metrics.ts";
import type { Task } from "./task.ts";

/** Every task that can be trained. */
export const tasks: readonly [Task, ...Task[]] = [singleLabel];

/** What is trained where nothing else is chosen. */
export const [defaultTask] = tasks;

/** The task of this name; that of a run which does not name one is the default. Throws for one that there is not. */
export function taskNamed(name: string | undefined): Task {
  const task = name === undefined ? defaultTask : tasks.find((one) => one.name === name);
  if (!task) throw new Error(`There is no task “${name}”.`);
  return task;
}
