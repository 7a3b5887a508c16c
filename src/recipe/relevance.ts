import type { Condition, Field } from "./field-kinds.ts";
import { fields, isField, type FieldName } from "./fields.ts";
import type { Recipe } from "./recipe.ts";

/**
 * The field whose value leaves this one nothing to do, itself one that does something; null where none does.
 *
 * @param hidesWords whether the earlier task is to fill in masked words of plain texts
 */
export function silencedBy(field: FieldName, recipe: Recipe, hidesWords: boolean): FieldName | null {
  const unmet = conditionsOf(field).find((condition) => !holds(condition, recipe, hidesWords));
  return unmet?.field ?? null;
}

/** Whether a field does anything in this recipe; the page shows only those that do. */
export function isRelevant(field: FieldName, recipe: Recipe, hidesWords: boolean): boolean {
  return silencedBy(field, recipe, hidesWords) === null;
}

/**
 * The recipe with the task that its rows turned out to be for, by which fields of other tasks are told apart; as it is
 * where a task was chosen, or nothing is known of the rows.
 */
export function withTask(recipe: Recipe, task: string | undefined): Recipe {
  const found = fields.task.choices.find(({ value }) => value === task);
  return recipe.task === "auto" && found ? { ...recipe, task: found.value } : recipe;
}

/** When a field matters, as a sentence; null where it always does. */
export function whenItMatters(field: FieldName): string | null {
  const conditions = conditionsOf(field).map(conditionText);
  return conditions.length === 0 ? null : `Matters while ${conditions.join(" and ")}.`;
}

/**
 * What has to hold for a field to do something.
 *
 * @throws {Error} where the table names a field that it lacks
 */
export function conditionsOf(field: FieldName): (Condition & { field: FieldName })[] {
  const { matters = [] }: Field = fields[field];
  return matters.map((condition) => {
    if (!isField(condition.field)) throw new Error(`${field} depends on ${condition.field}, which is no field.`);
    return { ...condition, field: condition.field };
  });
}

function holds(condition: Condition & { field: FieldName }, recipe: Recipe, hidesWords: boolean): boolean {
  if (condition.orHiddenWords && hidesWords) return true;
  const value = recipe[condition.field];
  if ("above" in condition) return typeof value === "number" && value > condition.above;
  if ("among" in condition) return condition.among.some((one) => one === value);
  return "is" in condition ? value === condition.is : value !== condition.not;
}

function conditionText(condition: Condition & { field: FieldName }): string {
  const entry: Field = fields[condition.field];
  const name = `“${entry.label}”`;
  if ("above" in condition) {
    return `${name} is above ${condition.above}${condition.orHiddenWords ? " or an earlier task of plain texts is given" : ""}`;
  }
  const labelOf = (value: string | number | null) => {
    const label = entry.kind === "choice" ? entry.choices.find((choice) => choice.value === value)?.label : undefined;
    return value === null ? "empty" : `“${label ?? value}”`;
  };
  if ("among" in condition) return `${name} is ${condition.among.map(labelOf).join(" or ")}`;
  return "is" in condition ? `${name} is ${labelOf(condition.is)}` : `${name} is not ${labelOf(condition.not)}`;
}
