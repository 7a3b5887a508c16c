import { fields, isField, isOfKind, type FieldOfKind } from "../recipe/fields.ts";
import { isNumberField, readField } from "../recipe/field-text.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { isRelevant } from "../recipe/relevance.ts";
import type { Place } from "./state.ts";

/** Key of the draft of the whole recipe as JSON. */
export const jsonDraft = "json";

/** The key of a draft of one class's weight: no name of a field has a space. */
export function weightDraft(field: FieldOfKind<"weights">, className: string): string {
  return `${field} ${className}`;
}

/** The field of the recipe that a draft belongs to, or "json". */
export function draftField(key: string): string {
  return /^[^ ]*/.exec(key)?.[0] ?? key;
}

/** A class's weight as it was typed; null where it is none. */
export function readWeight(text: string): number | null {
  const weight = text.trim() === "" ? NaN : Number(text.replace(",", "."));
  return weight > 0 && Number.isFinite(weight) ? weight : null;
}

export const weightProblem = "Enter a number above 0, for example 1.";

/** Why each draft cannot be applied, with its place. */
export function draftReasons(
  drafts: ReadonlyMap<string, string>,
  recipe: Recipe,
  hidesWords: boolean,
): (Place & { text: string })[] {
  return [...drafts].flatMap(([key, typed]) => {
    const text = reasonOf(key, typed, recipe, hidesWords);
    return text === null ? [] : [{ card: "recipe" as const, field: draftField(key), text }];
  });
}

function reasonOf(key: string, typed: string, recipe: Recipe, hidesWords: boolean): string | null {
  if (key === jsonDraft) return "The recipe’s JSON has edits that are not applied. Apply or discard them.";
  const field = draftField(key);
  if (!isField(field) || !isRelevant(field, recipe, hidesWords)) return null;
  if (isOfKind(field, "weights")) {
    const weights = recipe[field];
    if (weights === null || weights === "balanced" || readWeight(typed) !== null) return null;
    return `${fields[field].label}, ${key.slice(weightDraft(field, "").length)}: ${lowered(weightProblem)}`;
  }
  if (!isNumberField(key)) return null;
  const { problem } = readField(key, typed);
  return problem === null ? null : `${fields[key].label}: ${lowered(problem)}`;
}

const lowered = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
