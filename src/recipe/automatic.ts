import { automaticFields, type AutomaticField } from "./automatic-fields.ts";
import { automaticRules, type AutomaticFacts } from "./automatic-rules.ts";
import { fields } from "./fields.ts";
import { sameField, type Recipe } from "./recipe.ts";
import { listed, plainNumber } from "./wording.ts";

/** Why each automatic field has its value: a clause such as "the model's hidden size is 384". */
export type AutomaticReasons = Partial<Record<AutomaticField, string>>;

/** The recipe with its automatic fields filled in, and the reason of each whose facts are known. */
interface ResolvedRecipe {
  recipe: Recipe;
  reasons: AutomaticReasons;
}

/**
 * Fills in the fields that the recipe lists in `automatic`. A field whose facts are not known keeps its value. The same
 * facts give the same recipe on every machine: nothing is measured but the files.
 */
export function withAutomatic(recipe: Recipe, facts: AutomaticFacts): ResolvedRecipe {
  const reasons: AutomaticReasons = {};
  const resolved = automaticFields.reduce((before, field) => {
    const value = before.automatic.includes(field) ? automaticRules[field].resolve(before, facts) : null;
    if (!value) return before;
    reasons[field] = value.because;
    const after = { ...before, [field]: value.value };
    return sameField(before, after, field) ? before : after;
  }, recipe);
  return { recipe: resolved, reasons };
}

/** The recipe with a field that follows model and data again, or that stays as it is. */
export function freed(recipe: Recipe, field: AutomaticField, isFree: boolean): Recipe {
  const automatic = automaticFields.filter((one) => (one === field ? isFree : recipe.automatic.includes(one)));
  return { ...recipe, automatic };
}

/** The recipe with some fields set, which are not automatic any more, even where they have the same value. */
export function withSet(recipe: Recipe, patch: Partial<Recipe>): Recipe {
  const left = (patch.automatic ?? recipe.automatic).filter((field) => patch[field] === undefined);
  return { ...recipe, ...patch, automatic: left };
}

/** Whether two recipes differ in nothing but values that are automatic in both. */
export function sameChoices(a: Recipe, b: Recipe): boolean {
  const names = Object.keys(a) as (keyof Recipe)[];
  const isFree = (name: keyof Recipe) => [a, b].every(({ automatic }) => automatic.some((field) => field === name));
  return names.every((name) => isFree(name) || sameField(a, b, name));
}

/** An automatic field's value in a sentence: "1e-4", "none", "balanced", "query and value". */
export function automaticValue(recipe: Recipe, field: AutomaticField): string {
  const value = recipe[field];
  if (value === null) return "none";
  if (Array.isArray(value)) return listed(value.map((target) => labelOf(target).toLowerCase()));
  if (typeof value === "number") return plainNumber(value);
  return typeof value === "string" ? value : "by class";
}

const labelOf = (target: string) => fields.loraTargets.choices.find(({ value }) => value === target)?.label ?? target;
