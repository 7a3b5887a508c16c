import { RECIPE_VERSION } from "./recipe.ts";

type Fields = Record<string, unknown>;

/** Turns a recipe of the version before into the next one; the first entry makes version 2 of version 1. */
const steps: ((recipe: Fields) => Fields)[] = [
  // One rate of dropout became three.
  ({ dropout, ...others }) =>
    dropout === undefined
      ? others
      : { ...others, hiddenDropout: dropout, attentionDropout: dropout, classifierDropout: dropout },
];

/** A recipe of an older version as one of this version, with the same meaning. */
export function migrated(recipe: object, version: number): object {
  const fields = steps.slice(version - 1).reduce((older, step) => step(older), { ...recipe } as Fields);
  return { ...fields, version: RECIPE_VERSION };
}
