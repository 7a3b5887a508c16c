import * as v from "valibot";
import { automaticFields } from "./automatic-fields.ts";
import { fieldNames, fields, type FieldName } from "./fields.ts";

/** Newest version of the recipe file. A file of an older version is migrated; a newer one is refused. */
export const RECIPE_VERSION = 3;

type Fields = typeof fields;

/** What each field of the table states under a key, by the field's name. */
function eachField<Key extends "schema" | "default">(key: Key): { [Name in FieldName]: Fields[Name][Key] } {
  return Object.fromEntries(fieldNames.map((name) => [name, fields[name][key]])) as {
    [Name in FieldName]: Fields[Name][Key];
  };
}

/** Everything that decides a run, as one JSON object. Field names are those of the file. */
export const recipeSchema = v.strictObject({
  version: v.literal(RECIPE_VERSION),
  /** The fields that follow model and data; their values here are those of the last model and data. */
  automatic: v.array(v.picklist(automaticFields)),
  ...eachField("schema"),
});

export type Recipe = v.InferOutput<typeof recipeSchema>;

/**
 * The values of fields that a recipe file leaves out (Devlin et al. 2019, appendix A.3, and Hugging Face's
 * run_glue.py); a file that does not list its automatic fields has none.
 */
export const defaultRecipe: Recipe = { version: RECIPE_VERSION, automatic: [], ...eachField("default") };

/** The recipe of a run that nobody touched: all that can be automatic is. */
export const untouchedRecipe: Recipe = { ...defaultRecipe, automatic: [...automaticFields] };

/** Some fields of a recipe, by their names. */
export function picked<Name extends keyof Recipe>(
  recipe: Pick<Recipe, Name>,
  names: readonly Name[],
): Pick<Recipe, Name> {
  return Object.fromEntries(names.map((name) => [name, recipe[name]] as const)) as Pick<Recipe, Name>;
}

/** Whether a field has the same value in two recipes. */
export function sameField(a: Recipe, b: Recipe, field: string): boolean {
  const text = (recipe: Recipe) => JSON.stringify(Object.entries(recipe).find(([name]) => name === field));
  return text(a) === text(b);
}

/** Whether two recipes hold the same values, whatever the order of their fields. */
export function sameRecipe(a: Recipe, b: Recipe): boolean {
  const text = (recipe: Recipe) => JSON.stringify(Object.entries(recipe).sort());
  return text(a) === text(b);
}
