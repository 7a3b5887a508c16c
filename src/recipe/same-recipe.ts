import type { Recipe } from "./recipe.ts";

/** Whether two recipes hold the same values, whatever the order of their fields. */
export function sameRecipe(a: Recipe, b: Recipe): boolean {
  const text = (recipe: Recipe) => JSON.stringify(Object.entries(recipe).sort());
  return text(a) === text(b);
}
