import { Problem } from "../../problem/problem.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import type { LabelValues } from "../../data/row-labels.ts";
import { balancedPositiveWeights, effectiveNumber } from "./positive-weights.ts";

/**
 * Weights of the positives of each label [L], from the recipe's class weights: none, balanced, by the effective numbers, or by name. Throws a Problem
 * when a weight names no label of the data.
 *
 * @param labels marks of the training rows, row-major [rows · L]
 */
export function positiveWeightsOf(
  { classWeights: weights, effectiveBeta }: Pick<Recipe, "classWeights" | "effectiveBeta">,
  labelNames: readonly string[],
  labels: LabelValues,
): Float32Array {
  if (weights === null) return new Float32Array(labelNames.length).fill(1);
  if (typeof weights === "string") {
    const effective = (n: number) => effectiveNumber(n, effectiveBeta);
    return balancedPositiveWeights(labels, labelNames.length, weights === "effective" ? effective : undefined);
  }
  const unknown = Object.keys(weights).find((name) => !labelNames.includes(name));
  if (unknown !== undefined) {
    throw new Problem({
      found: `The recipe has a class weight for “${unknown}”.`,
      expected: `The labels of the data are ${labelNames.slice(0, 20).join(", ")}.`,
      remedy: "Name the weights after labels of the data, or remove them.",
    });
  }
  return Float32Array.from(labelNames, (name) => (Object.hasOwn(weights, name) ? (weights[name] ?? 1) : 1));
}
