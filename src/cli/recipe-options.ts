import { readFile } from "node:fs/promises";
import { automaticFields, withAutomatic, type AutomaticFacts, type AutomaticField } from "../recipe/automatic.ts";
import { nameOfToday } from "../recipe/migrate.ts";
import { parseRecipe, recipeFrom } from "../recipe/recipe-file.ts";
import { presets, withPreset } from "../recipe/presets.ts";
import { defaultRecipe, type Recipe } from "../recipe/recipe.ts";
import { Problem } from "../problem/problem.ts";

/** The options that decide a recipe. */
interface RecipeOptions {
  recipe?: string | undefined;
  preset?: string | undefined;
  set: readonly string[];
}

/** A recipe whose automatic fields are filled in once model and data are known. */
interface ChosenRecipe {
  recipe: Recipe;
  /** The fields that no file, preset or setting names. */
  automatic: AutomaticField[];
}

/**
 * The recipe of `--recipe FILE` or of `--preset NAME` (else the defaults), changed by each `--set key=value`; values are
 * JSON or text.
 */
export async function recipeOf({ recipe, preset, set }: RecipeOptions): Promise<ChosenRecipe> {
  const base = await baseOf(recipe, preset);
  const changes = set.map((setting) => {
    const at = setting.indexOf("=");
    if (at > 0) return [nameOfToday(setting.slice(0, at)), valueOf(setting.slice(at + 1))] as const;
    throw new Problem({
      found: `--set was given “${setting}”.`,
      expected: "It was expected to be key=value, e.g. --set learningRate=5e-5.",
      remedy: `The keys are ${Object.keys(defaultRecipe).join(", ")}.`,
    });
  });
  const own = recipe !== undefined || preset !== undefined;
  const automatic = own ? [] : automaticFields.filter((field) => !changes.some(([key]) => key === field));
  const whole = recipeFrom({ ...base, ...Object.fromEntries(changes) }, "the recipe of --recipe and --set");
  return { recipe: whole, automatic };
}

/** The recipe with its automatic fields filled in, and for each a line with its value and the reason. */
export function filledIn({ recipe, automatic }: ChosenRecipe, facts: AutomaticFacts) {
  const { recipe: filled, reasons } = withAutomatic(recipe, automatic, facts);
  const { learningRate, epochs } = reasons;
  const lines = [
    ...(learningRate
      ? [`learning rate: automatic, ${filled.learningRate.toExponential()}, because ${learningRate}`]
      : []),
    ...(epochs ? [`epochs: automatic, ${filled.epochs}, because ${epochs}`] : []),
  ];
  return { recipe: filled, lines };
}

async function baseOf(file: string | undefined, name: string | undefined): Promise<Recipe> {
  if (file !== undefined && name !== undefined) {
    throw new Problem({
      found: "--recipe and --preset were both given.",
      expected: "A recipe is taken from a file or from a preset.",
      remedy: "Leave one of them out; --set changes single fields of either.",
    });
  }
  if (file !== undefined) return parseRecipe(await readFile(file, "utf8"), file);
  if (name === undefined) return defaultRecipe;
  const preset = presets.find((candidate) => candidate.name === name);
  if (preset) return withPreset(defaultRecipe, preset);
  throw new Problem({
    found: `--preset is “${name}”.`,
    expected: `The presets are ${presets.map((known) => known.name).join(", ")}.`,
    remedy: "Take one of these names.",
  });
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
