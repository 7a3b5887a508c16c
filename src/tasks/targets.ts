import type { TargetReader } from "../data/targets.ts";
import { defaultTask } from "./registry.ts";
import { classTargets } from "./single-label/targets.ts";

/** How each task of `registry.ts` reads its label column; without tfjs, for the worker that holds the table. */
const readers: Readonly<Record<string, TargetReader>> = { "single-label": classTargets };

/** The reader of a task's label column; throws where it has none. */
export function targetsOf({ name }: { name: string }): TargetReader {
  const reader = readers[name];
  if (!reader) throw new Error(`The task “${name}” reads no label column.`);
  return reader;
}

/** That of the task that is trained where nothing else is chosen. */
export const defaultTargets = targetsOf(defaultTask);
