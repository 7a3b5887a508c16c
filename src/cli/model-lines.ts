import { randomPoolerStays } from "../plan/weights.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { OpenedModel } from "../run/open-model.ts";
import { classifierRows } from "../run/own-classes.ts";

/** What a person should know of the weights that a run starts with, a line each: those that are not the checkpoint's. */
export function startLines({ summary }: OpenedModel, labelNames: readonly string[], recipe: Recipe): string[] {
  const lines: string[] = [];
  const reason = newHeadReason(summary, labelNames, recipe);
  if (reason !== null) {
    lines.push(`note: The classifier is new (random weights, trained in this run): ${reason}.`);
  }
  if (randomPoolerStays(recipe, summary)) {
    lines.push(
      "warning: The checkpoint has no pooler, and LoRA does not train the random one made in its place. Pool by the mean instead (--set pooling=mean).",
    );
  }
  return lines;
}

/** Why the run does not start with the checkpoint's own classifier; null where it does. */
function newHeadReason(
  { labelNames: own, pooling }: OpenedModel["summary"],
  labelNames: readonly string[],
  recipe: Recipe,
): string | null {
  if (own === null) return "the checkpoint has none that gives each text one class";
  if (recipe.start === "random" || recipe.reinitializeLayers > 0) return "the recipe re-initializes it";
  if (recipe.pooling !== pooling) return `the checkpoint's own reads rows pooled by “${pooling}”`;
  if (classifierRows(own, labelNames) !== null) return null;
  const names = own.slice(0, 5).join(", ");
  return `the checkpoint's own is for the classes ${names}${own.length > 5 ? ` and ${own.length - 5} more` : ""}`;
}
