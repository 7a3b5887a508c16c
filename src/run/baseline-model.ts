import type { Classifier } from "../model/classifier.ts";
import { classifierRoles } from "../model/names.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { restoreSnapshot, type Snapshot } from "../train/snapshot.ts";
import type { LinearModel } from "../train/probe/linear-model.ts";
import { loadClassifier, type LoadableModel } from "./open-model.ts";

/** The recipe that a baseline is read with: its classifier reads the mean over the tokens. */
export function baselineRecipe(recipe: Recipe): Recipe {
  return { ...recipe, pooling: "mean", loraRank: 0, reinitializeLayers: 0 };
}

/** The checkpoint's encoder, read again, with a probe as its classifier; the caller disposes it. */
export async function baselineModel(
  opened: LoadableModel,
  recipe: Recipe,
  { probe, labelNames }: { probe: LinearModel; labelNames: readonly string[] },
): Promise<Classifier> {
  const start = { ...baselineRecipe(recipe), outputs: probe.bias.length };
  const model = await loadClassifier(opened, labelNames, start);
  const valuesOf: Record<string, Float64Array> = {
    [classifierRoles.weight]: probe.weight,
    [classifierRoles.bias]: probe.bias,
  };
  const weights: Snapshot = new Map();
  for (const parameter of model.parameters) {
    const values = valuesOf[parameter.role];
    if (values) weights.set(parameter, new Float32Array(values));
  }
  restoreSnapshot(weights);
  return model;
}
