import type { Recipe } from "../../recipe/recipe.ts";

/** Whether the recipe has all values of the patch already. */
export function holds(recipe: Recipe, patch: Partial<Recipe>): boolean {
  return JSON.stringify({ ...recipe, ...patch }) === JSON.stringify(recipe);
}
