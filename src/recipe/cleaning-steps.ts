import { picked, type Recipe } from "./recipe.ts";

/** The fields of the recipe that change texts, in the order in which they are applied. */
export const textFields = [
  "cleanHtml",
  "cleanUnicode",
  "cleanUrls",
  "cleanUsers",
  "cleanNumbers",
  "cleanSpaces",
] as const;

/** The fields of the recipe that leave rows out, in the order in which they are applied. */
export const rowFields = ["dropWordless", "contradictions", "dropDuplicates", "dropNearDuplicates"] as const;

export type TextField = (typeof textFields)[number];
export type RowField = (typeof rowFields)[number];

/** What a recipe does to texts. */
export type TextSteps = Pick<Recipe, TextField>;

const allFields = [...textFields, ...rowFields, "nearTogether"] as const;

/** What a recipe does to texts and rows before they are split, and whether near duplicates stay together then. */
export type CleaningSteps = Pick<Recipe, (typeof allFields)[number]>;

/** The steps of a recipe alone. */
export function cleaningSteps(recipe: CleaningSteps): CleaningSteps {
  return picked<(typeof allFields)[number]>(recipe, allFields);
}

/** The steps that change texts alone, of what has more fields. */
export function textSteps(recipe: TextSteps): TextSteps {
  return picked<TextField>(recipe, textFields);
}

/** The fields among `textFields` that are on. */
export function textFieldsOn(steps: TextSteps): TextField[] {
  return textFields.filter((field) => steps[field] !== false && steps[field] !== "none");
}

/** Whether two recipes do the same to texts and rows. */
export function sameCleaning(a: Recipe, b: Recipe): boolean {
  return allFields.every((field) => a[field] === b[field]);
}
