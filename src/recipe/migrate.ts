import type { FieldName } from "./fields.ts";
import { RECIPE_VERSION } from "./recipe.ts";

type Fields = Record<string, unknown>;

/** Names that fields had in older versions → their names of today. They are read wherever a recipe's fields are named. */
const renamedFields = new Map<string, FieldName>([["rowsPerStep", "batchSize"]]);

/** The current name of a field that was renamed; other names are returned as they are. */
export function nameOfToday(name: string): string {
  return renamedFields.get(name) ?? name;
}

/** Turns a recipe of the version before into the next one; the first entry makes version 2 of version 1. */
const steps: ((recipe: Fields) => Fields)[] = [
  // One rate of dropout became three.
  ({ dropout, ...others }) =>
    dropout === undefined
      ? others
      : { ...others, hiddenDropout: dropout, attentionDropout: dropout, classifierDropout: dropout },
  // A field was renamed.
  (recipe) => recipe,
];

/**
 * A recipe of an older version as one of this version, with the same meaning. A field that is there by its old name and
 * its name of today is left for the schema to refuse.
 */
export function migrated(recipe: object, version: number): object {
  const fields = steps.slice(version - 1).reduce((older, step) => step(older), { ...recipe } as Fields);
  const renamed = Object.entries(fields).map(([name, value]) => {
    const today = nameOfToday(name);
    return [Object.hasOwn(fields, today) ? name : today, value] as const;
  });
  return { ...Object.fromEntries(renamed), version: RECIPE_VERSION };
}
