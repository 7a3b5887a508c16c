import { parameterLayout, type ModelSizes } from "../model/layout.ts";
import type { Recipe } from "../recipe/recipe.ts";

/** A weight as the plan sees it. */
export interface PlannedWeight {
  name: string;
  size: number;
  level: number;
  trains: boolean;
}

/** What of a recipe decides which weights there are, and which of them train. */
export type WeightSettings = Pick<Recipe, "pooling" | "frozen" | "loraRank" | "loraTargets" | "rehearsal">;

const bare = (name: string) => name.replace(/^bert\./, "");
const partNames = (sizes: ModelSizes, { pooling }: Pick<Recipe, "pooling">) =>
  parameterLayout(sizes, 2, pooling).flatMap(({ parts }) => parts.map(bare));
const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** What the plan calls the classifier of an earlier task. */
export const earlierNames = { weight: "earlier.classifier.weight", bias: "earlier.classifier.bias" };

/** Whether a pooler is made of random numbers and never trains: LoRA freezes all but its own matrices and the classifier. */
export function randomPoolerStays(
  { pooling, loraRank }: Pick<Recipe, "pooling" | "loraRank">,
  { hasPooler }: { hasPooler: boolean },
): boolean {
  return pooling === "pooler" && loraRank > 0 && !hasPooler;
}

/** The weights of a classifier under a recipe, LoRA's matrices and the classifier of an earlier task among them. */
export function plannedWeights(
  sizes: ModelSizes,
  recipe: WeightSettings,
  classes: number,
  earlierClasses = 0,
): PlannedWeight[] {
  const { frozen, loraRank, loraTargets, pooling } = recipe;
  const isFrozen = (name: string) => frozen.some((prefix) => bare(name).startsWith(bare(prefix)));
  const weights = parameterLayout(sizes, classes, pooling).map(
    ({ parts: [name = "", ...others], partShape, level }) => {
      const trains = !isFrozen(name) && (loraRank === 0 || name.startsWith("classifier."));
      return { name, size: (1 + others.length) * sizeOf(partShape), level, trains };
    },
  );
  const { hiddenSize, intermediateSize, layers } = sizes;
  if (earlierClasses > 0) {
    const earlier = { level: layers + 1, trains: recipe.rehearsal > 0 && loraRank === 0 };
    weights.push({ name: earlierNames.weight, size: earlierClasses * hiddenSize, ...earlier });
    weights.push({ name: earlierNames.bias, size: earlierClasses, ...earlier });
  }
  if (loraRank === 0) return weights;
  for (let layer = 0; layer < layers; layer++) {
    for (const target of loraTargets) {
      const inputs = target === "output" ? intermediateSize : hiddenSize;
      const outputs = target === "intermediate" ? intermediateSize : hiddenSize;
      const name = `bert.encoder.layer.${layer}.lora.${target}`;
      for (const [letter, size] of [["a", loraRank * inputs] as const, ["b", loraRank * outputs] as const]) {
        weights.push({ name: `${name}.${letter}`, size, level: layer + 1, trains: !isFrozen(name) });
      }
    }
  }
  return weights;
}

/** Prefixes of frozen parameters with which no parameter of the model begins. */
export function unmatchedPrefixes(sizes: ModelSizes, recipe: WeightSettings): string[] {
  if (recipe.frozen.length === 0) return [];
  const names = partNames(sizes, recipe);
  return recipe.frozen.filter((prefix) => !names.some((name) => name.startsWith(bare(prefix))));
}

/** Whether the recipe freezes every parameter. */
export function trainsNothing(sizes: ModelSizes, recipe: WeightSettings): boolean {
  return plannedWeights(sizes, recipe, 2).every(({ trains }) => !trains);
}
