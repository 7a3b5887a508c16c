import { withAutomatic } from "../../recipe/automatic.ts";
import type { AppState } from "../state.ts";

type RecipeFacts = Pick<AppState, "recipe" | "automatic" | "data" | "model">;

/** The recipe with its automatic fields filled in, as far as model and data are known. */
export function filledRecipe(now: RecipeFacts): AppState["recipe"] {
  return filledIn(now).recipe;
}

/**
 * The change of the recipe when its automatic fields follow model and data; null where nothing changes. The store calls
 * it after each change, so that no action has to.
 */
export function automaticChange(now: RecipeFacts): Pick<AppState, "recipe"> | null {
  const recipe = filledRecipe(now);
  return recipe === now.recipe ? null : { recipe };
}

/** Why each automatic field has its value, where the facts are known. */
export function automaticReasons(now: RecipeFacts): ReturnType<typeof withAutomatic>["reasons"] {
  return filledIn(now).reasons;
}

function filledIn({ recipe, automatic, data, model }: RecipeFacts) {
  const facts = { hiddenSize: model.summary?.hiddenSize ?? null, trainRows: data.summary?.trainRows ?? null };
  return withAutomatic(recipe, automatic, facts);
}
