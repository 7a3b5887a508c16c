import { readFile } from "node:fs/promises";
import { parseRecipe, recipeFrom } from "../recipe/recipe-file.ts";
import { defaultRecipe, type Recipe } from "../recipe/recipe.ts";
import { Problem } from "../problem/problem.ts";

/** The recipe of `--recipe FILE` (or the defaults), with each `--set key=value` put into it; values are JSON or text. */
export async function recipeOf(file: string | undefined, settings: readonly string[]): Promise<Recipe> {
  const base = file === undefined ? defaultRecipe : parseRecipe(await readFile(file, "utf8"), file);
  const changes = settings.map((setting) => {
    const at = setting.indexOf("=");
    if (at > 0) return [setting.slice(0, at), valueOf(setting.slice(at + 1))] as const;
    throw new Problem({
      found: `--set was given “${setting}”.`,
      expected: "It was expected to be key=value, e.g. --set learningRate=5e-5.",
      remedy: `The keys are ${Object.keys(defaultRecipe).join(", ")}.`,
    });
  });
  return recipeFrom({ ...base, ...Object.fromEntries(changes) }, "the recipe of --recipe and --set");
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
