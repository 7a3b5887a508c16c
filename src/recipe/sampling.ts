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

/**
 * Rows of an epoch.
 *
 * @param counts training rows of each class [C]
 */
export function rowsPerEpoch(counts: readonly number[], sampling: Sampling): number {
  if (sampling === "all") return counts.reduce((sum, count) => sum + count, 0);
  const filled = counts.filter((count) => count > 0);
  return filled.length * rowsPerClass(filled, sampling);
}
