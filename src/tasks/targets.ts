import type { TargetReader } from "../data/targets.ts";
import { classTargets } from "./single-label/targets.ts";
import { severalTargets } from "./multi-label/targets.ts";
import { valueTargets } from "./regression/targets.ts";
import { wordTargets } from "./token-classification/targets.ts";

/** How each task of `registry.ts` reads its label columns; without tfjs, for the worker that holds the table. */
const readers: Readonly<Record<string, TargetReader>> = {
  "single-label": classTargets,
  "multi-label": severalTargets,
  regression: valueTargets,
  "token-classification": wordTargets,
};

/** The reader of a task's label columns; null of a task that has none, which cannot be trained. */
export function readerOf(task: string): TargetReader | null {
  return readers[task] ?? null;
}

/** The same where the task is known to have one; throws where it has none. */
export function targetsOf({ name }: { name: string }): TargetReader {
  const reader = readerOf(name);
  if (!reader) throw new Error(`The task “${name}” reads no label column.`);
  return reader;
}
