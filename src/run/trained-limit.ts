import * as v from "valibot";
import { cutAt, textLimitOf, type TextLimit } from "../data/text-limit.ts";
import { parseRecipe } from "../recipe/recipe-file.ts";
import { recipeSchema } from "../recipe/recipe.ts";

const { maxLength, longTexts, windowOverlap } = recipeSchema.entries;

/** What config.json of a folder of Tabtune says of long texts, where they are not just cut. */
const stated = v.object({ tabtune: v.object({ maxLength, longTexts, windowOverlap }) });

/**
 * How the run that wrote a folder read long texts, as its config.json says, or the recipe.json beside it. Those of a
 * checkpoint from elsewhere are cut after all of its positions.
 *
 * @param recipeJson text of recipe.json, or null
 */
export function trainedLimit(config: unknown, recipeJson: string | null, maxPositions: number): TextLimit {
  const parsed = v.safeParse(stated, config);
  const limit = parsed.success ? parsed.output.tabtune : recipeLimit(recipeJson);
  return limit === null ? cutAt(maxPositions) : { ...limit, maxLength: Math.min(maxPositions, limit.maxLength) };
}

function recipeLimit(recipeJson: string | null): TextLimit | null {
  if (recipeJson === null) return null;
  try {
    return textLimitOf(parseRecipe(recipeJson, "recipe.json"));
  } catch {
    // A recipe.json of another program says nothing here.
    return null;
  }
}
