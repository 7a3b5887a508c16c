import { picked, type Recipe } from "./recipe.ts";

/** The fields of the recipe that change copies of training rows, in the order in which they are applied. */
export const changeFields = ["augmentDeletion", "augmentSwap", "augmentMask", "augmentTypos", "augmentCase"] as const;

/** All fields of the recipe that decide what copies there are. */
export const augmentationFields = [...changeFields, "augmentCopies", "augmentClasses"] as const;

/** Shares of words and letters that are changed. */
export type TextChanges = Pick<Recipe, (typeof changeFields)[number]>;

/** How training rows are augmented. */
export type AugmentationSteps = Pick<Recipe, (typeof augmentationFields)[number]>;

/** The fields of augmentation of a recipe alone. */
export function augmentationSteps(recipe: AugmentationSteps): AugmentationSteps {
  return picked<(typeof augmentationFields)[number]>(recipe, augmentationFields);
}

/** The fields among `changeFields` that are above 0: without any there are no copies. */
export function changesOn(steps: TextChanges): (typeof changeFields)[number][] {
  return changeFields.filter((field) => steps[field] > 0);
}

/** Whether two recipes augment alike. */
export function sameAugmentation(a: Recipe, b: Recipe): boolean {
  return augmentationFields.every((field) => a[field] === b[field]);
}
