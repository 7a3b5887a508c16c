import { countLabels } from "../data/groups.ts";
import type { LabelValues } from "../data/row-labels.ts";
import { Problem } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";

/**
 * The recipe's weight of each class [C]. "balanced" is scikit-learn's: rows / (classes · rows of the class). "effective"
 * is that of Cui et al. 2019: proportional to (1 − β) / (1 − β^n) for a class of n rows, with a mean of 1 over the classes
 * that have rows. Throws a Problem when a weight names no class of the data.
 */
export function classWeightsOf(
  { classWeights: weights, effectiveBeta }: Pick<Recipe, "classWeights" | "effectiveBeta">,
  labelNames: readonly string[],
  labels: LabelValues,
): Float32Array {
  const classes = labelNames.length;
  if (weights === null) return new Float32Array(classes).fill(1);
  if (weights === "balanced") {
    return Float32Array.from(countLabels(labels, classes), (n) => (n > 0 ? labels.length / (classes * n) : 1));
  }
  if (weights === "effective") return effectiveWeights(countLabels(labels, classes), effectiveBeta);
  const byName = new Map(Object.entries(weights));
  const known = new Set(labelNames);
  const unknown = [...byName.keys()].find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new Problem({
      found: `The recipe has a class weight for “${unknown}”.`,
      expected: `The classes of the data are ${labelNames.slice(0, 20).join(", ")}.`,
      remedy: "Name the weights after classes of the data, or remove them.",
    });
  }
  return Float32Array.from(labelNames, (name) => byName.get(name) ?? 1);
}

function effectiveWeights(counts: readonly number[], beta: number): Float32Array {
  const inverses = counts.map((n) => (n > 0 ? (1 - beta) / (1 - beta ** n) : 0));
  const mean = inverses.reduce((a, b) => a + b, 0) / counts.filter((n) => n > 0).length;
  return Float32Array.from(inverses, (inverse) => (inverse > 0 ? inverse / mean : 1));
}
