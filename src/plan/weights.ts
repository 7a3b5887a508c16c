import { familyOfType } from "../families/registry.ts";
import { intermediateRows, layersByGroup, type ModelSizes } from "../model/config.ts";
import { parameterLayout } from "../model/layout.ts";
import { headRoles, lowRankRole, packedTargets, poolerWords } from "../model/names.ts";
import type { AutomaticFacts } from "../recipe/automatic-rules.ts";
import { beginsAny, splitsLayers } from "../recipe/frozen-prefixes.ts";
import type { Recipe } from "../recipe/recipe.ts";

/** A weight as the page knows it before a model is loaded. */
interface PlannedWeight {
  /** Its role, see `ParameterIdentity`. */
  name: string;
  size: number;
  trains: boolean;
}

/** What of a recipe decides which weights there are, and which of them train. */
type WeightSettings = Pick<Recipe, "pooling" | "frozen" | "loraRank" | "loraTargets">;

const layoutOf = (sizes: ModelSizes, classes: number, { pooling }: Pick<Recipe, "pooling">) =>
  parameterLayout({ ...sizes, names: familyOfType(sizes.family).names }, classes, pooling);
const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** What of the head is made of random numbers and never trains beside LoRA's matrices, in words; null for nothing. */
export function stayingRandom(
  { pooling, loraRank }: Pick<Recipe, "pooling" | "loraRank">,
  { hasPooler, family }: { hasPooler: boolean; family: string },
): string | null {
  const { trainsBesideLowRank, names } = familyOfType(family);
  const trains = trainsBesideLowRank.includes("pooler");
  return pooling === "pooler" && loraRank > 0 && !hasPooler && !trains ? poolerWords(names) : null;
}

/** The weights of a classifier under a recipe, LoRA's matrices among them; without tfjs, for what the page checks. */
export function plannedWeights(sizes: ModelSizes, recipe: WeightSettings, classes: number): PlannedWeight[] {
  const { frozen, loraRank, loraTargets } = recipe;
  const besideLowRank = headRoles(familyOfType(sizes.family).trainsBesideLowRank);
  const layout = layoutOf(sizes, classes, recipe).filter(({ frozen: isAbsent }) => isAbsent !== true);
  const weights = layout.map((spec) => {
    const { role, parts, partShape } = spec;
    const isFrozen = frozen.some((prefix) => beginsAny(prefix, spec));
    const trains = !isFrozen && (loraRank === 0 || besideLowRank.includes(role));
    return { name: role, size: parts.length * sizeOf(partShape), trains };
  });
  const { hiddenSize, intermediateSize } = sizes;
  if (loraRank === 0) return weights;
  const { names } = familyOfType(sizes.family);
  for (const [group, layers] of layersByGroup(sizes).entries()) {
    const [first = 0] = layers;
    for (const target of loraTargets) {
      const inputs = target === "output" ? intermediateSize : hiddenSize;
      const outputs = target === "intermediate" ? intermediateRows(sizes) : hiddenSize;
      const role = lowRankRole(first, target);
      const named = { role, parts: [names.layer(group)[target]], base: names.base, layers };
      const trains = !frozen.some((prefix) => beginsAny(prefix, named));
      for (const [letter, size] of [["A", loraRank * inputs] as const, ["B", loraRank * outputs] as const]) {
        weights.push({ name: `${role}.${letter}`, size, trains });
      }
    }
  }
  return weights;
}

/** Prefixes of frozen parameters with which no parameter of the model begins. */
export function unmatchedPrefixes(sizes: ModelSizes, recipe: WeightSettings): string[] {
  if (recipe.frozen.length === 0) return [];
  const layout = layoutOf(sizes, 2, recipe);
  return recipe.frozen.filter((prefix) => !layout.some((spec) => beginsAny(prefix, spec)));
}

/** Whether layers of a model share weights. */
export function sharesLayers({ layers, layerGroups = layers }: Pick<ModelSizes, "layers" | "layerGroups">): boolean {
  return layerGroups < layers;
}

/** LoRA's targets that a model has in one matrix together. */
export function packedTargetsOf({ family }: Pick<ModelSizes, "family">): Recipe["loraTargets"] {
  return [...packedTargets(familyOfType(family).names)];
}

/** What automatic fields follow from in a model. */
export function automaticFactsOf(sizes: ModelSizes): NonNullable<AutomaticFacts["model"]> {
  const { rates, names } = familyOfType(sizes.family);
  const { hiddenSize, maxPositions } = sizes;
  return { hiddenSize, maxPositions, packedTargets: [...packedTargets(names)], rates };
}

/** Whether the recipe freezes some of the layers that share their weights, but not all. */
export function freezesSharedInPart(sizes: ModelSizes, recipe: WeightSettings): boolean {
  return layoutOf(sizes, 2, recipe).some((spec) => splitsLayers(recipe.frozen, spec));
}

/** Whether the recipe freezes every parameter. */
export function trainsNothing(sizes: ModelSizes, recipe: WeightSettings): boolean {
  return plannedWeights(sizes, recipe, 2).every(({ trains }) => !trains);
}
