import * as v from "valibot";
import { textFieldsOn, textSteps, type TextSteps } from "../recipe/cleaning-steps.ts";
import { parseRecipe } from "../recipe/recipe-file.ts";
import { defaultRecipe, recipeSchema } from "../recipe/recipe.ts";

const { cleanHtml, cleanUnicode, cleanUrls, cleanUsers, cleanNumbers, cleanSpaces } = recipeSchema.entries;
const fields = v.object({ cleanHtml, cleanUnicode, cleanUrls, cleanUsers, cleanNumbers, cleanSpaces });

/** What config.json of a folder of Tabtune says of cleaning, where texts are cleaned: the steps that are on. */
const stated = v.object({ tabtune: v.object({ cleaning: v.partial(fields) }) });

/**
 * What the run that wrote a folder did to texts, as its config.json says, or the recipe.json beside it; null where it did
 * nothing.
 *
 * @param recipeJson text of recipe.json, or null
 */
export function trainedCleaning(config: unknown, recipeJson: string | null): TextSteps | null {
  const parsed = v.safeParse(stated, config);
  const off = textSteps(defaultRecipe);
  const steps = parsed.success ? { ...off, ...parsed.output.tabtune.cleaning } : recipeSteps(recipeJson);
  return steps === null || textFieldsOn(steps).length === 0 ? null : steps;
}

function recipeSteps(recipeJson: string | null): TextSteps | null {
  if (recipeJson === null) return null;
  try {
    return textSteps(parseRecipe(recipeJson, "recipe.json"));
  } catch {
    // A recipe.json of another program says nothing here.
    return null;
  }
}
