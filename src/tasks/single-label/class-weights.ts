import { Problem } from "../../problem/problem.ts";
import type { Recipe } from "../../recipe/recipe.ts";

/**
 * The recipe's weight of each class [C]. "balanced" is scikit-learn's: rows / (classes · rows of the class). Throws a
 * Problem when a weight names no class of the data.
 */
export function classWeightsOf(
  weights: Recipe["classWeights"],
  labelNames: readonly string[],
  labels: Int32Array,
): Float32Array {
  if (weights === null) return new Float32Array(labelNames.length).fill(1);
  if (weights === "balanced") {
    const counts = new Float32Array(labelNames.length);
    for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
    return counts.map((count) => (count > 0 ? labels.length / (labelNames.length * count) : 1));
  }
  const byName = new Map(Object.entries(weights));
  const classes = new Set(labelNames);
  const unknown = [...byName.keys()].find((name) => !classes.has(name));
  if (unknown !== undefined) {
    throw new Problem({
      found: `The recipe has a class weight for “${unknown}”.`,
      expected: `The classes of the data are ${labelNames.slice(0, 20).join(", ")}.`,
      remedy: "Name the weights after classes of the data, or remove them.",
    });
  }
  return Float32Array.from(labelNames, (name) => byName.get(name) ?? 1);
}
