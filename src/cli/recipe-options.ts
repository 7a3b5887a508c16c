import { readFile } from "node:fs/promises";
import { automaticValue, withAutomatic, withSet } from "../recipe/automatic.ts";
import { automaticFields } from "../recipe/automatic-fields.ts";
import type { AutomaticFacts } from "../recipe/automatic-rules.ts";
import { fields } from "../recipe/fields.ts";
import { nameOfToday } from "../recipe/migrate.ts";
import { parseRecipe, recipeFrom } from "../recipe/recipe-file.ts";
import { presets, withPreset } from "../recipe/presets.ts";
import { defaultRecipe, untouchedRecipe, type Recipe } from "../recipe/recipe.ts";
import { isRelevant } from "../recipe/relevance.ts";
import { Problem } from "../problem/problem.ts";

/** The options that decide a recipe. */
interface RecipeOptions {
  recipe?: string | undefined;
  preset?: string | undefined;
  set: readonly string[];
}

/**
 * The recipe of `--recipe FILE` or of `--preset NAME` (else the untouched one, which is automatic), changed by each
 * `--set key=value`, which fixes the field; values are JSON or text.
 */
export async function recipeOf({ recipe, preset, set }: RecipeOptions): Promise<Recipe> {
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
  const patch = Object.fromEntries(changes);
  const whole = recipeFrom({ ...base, ...patch }, "the recipe of --recipe and --set");
  return withSet(whole, patch);
}

/** The recipe with its automatic fields filled in, and for each a line with its value and the reason. */
export function filledIn(chosen: Recipe, facts: AutomaticFacts) {
  const { recipe, reasons } = withAutomatic(chosen, facts);
  const lines = automaticFields.flatMap((field) => {
    const label = fields[field].label.replace(/ \(.*/, "");
    const name = label.replace(/^[A-Z](?=[a-z-]+( |$))/, (letter) => letter.toLowerCase());
    return reasons[field] && isRelevant(field, recipe, false)
      ? [`${name}: automatic, ${automaticValue(recipe, field)}, because ${reasons[field]}`]
      : [];
  });
  /** For report.json. */
  const automatic = Object.fromEntries(
    Object.entries(reasons).map(([field, because]) => [field, { value: recipe[field as keyof Recipe], because }]),
  );
  return { recipe, lines, automatic };
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
  if (name === undefined) return untouchedRecipe;
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
