import type { Recipe } from "./recipe.ts";

type Sampling = Recipe["sampling"];

/**
 * Rows that an epoch has of each class, where classes are sampled: as many as the largest class has, or the smallest.
 *
 * @param counts training rows of each class that has any
 */
export function rowsPerClass(counts: readonly number[], sampling: Exclude<Sampling, "all">): number {
  const further = sampling === "oversample" ? Math.max : Math.min;
  return counts.reduce((a, b) => further(a, b), counts[0] ?? 0);
}

/** Rows of an epoch, from the training rows and those of each class [C]. */
export function rowsPerEpoch(
  { trainRows, trainCounts }: { trainRows: number; trainCounts: readonly number[] },
  sampling: Sampling,
): number {
  const filled = trainCounts.filter((count) => count > 0);
  return sampling === "all" || filled.length === 0 ? trainRows : filled.length * rowsPerClass(filled, sampling);
}
