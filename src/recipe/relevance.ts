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

/**
 * Why a field does nothing in this recipe and what to change, by the names that the recipe's file has; null where it does
 * something.
 */
export function whyWithoutEffect(field: FieldName, recipe: Recipe, hidesWords: boolean): string | null {
  const unmet = conditionsOf(field).find((condition) => !holds(condition, recipe, hidesWords));
  if (!unmet) return null;
  const other = unmet.field;
  const isNow = `${other} is ${JSON.stringify(recipe[other])}`;
  return (
    `${field} has no effect while ${isNow}: it matters where ${requirement(unmet)}. ` +
    `Change ${other}, or leave ${field} out.`
  );
}

/** When a field matters, as a sentence, of a run that trains; null where it always does. */
export function whenItMatters(field: FieldName): string | null {
  const conditions = ownConditions(field).map(conditionText);
  return conditions.length === 0 ? null : `Matters while ${conditions.join(" and ")}.`;
}

/**
 * What has to hold for a field to do something: that a run trains, unless the baseline reads the field too, and what its
 * entry names.
 */
export function conditionsOf(field: FieldName): FieldCondition[] {
  const { readByBaseline }: Field = fields[field];
  const own = ownConditions(field);
  // A condition on the effort itself says more than that it is not quick.
  const trains = readByBaseline || own.some((condition) => condition.field === "effort") ? [] : [whileTraining];
  return [...trains, ...own];
}

type FieldCondition = Condition & { field: FieldName };

/** The effort “quick” is the baseline alone: nothing is trained. */
const whileTraining: FieldCondition = { field: "effort", not: "quick" };

/** @throws {Error} where the table names a field that it lacks */
function ownConditions(field: FieldName): FieldCondition[] {
  const { matters = [] }: Field = fields[field];
  return matters.map((condition) => {
    if (!isField(condition.field)) throw new Error(`${field} depends on ${condition.field}, which is no field.`);
    return { ...condition, field: condition.field };
  });
}

function holds(condition: FieldCondition, recipe: Recipe, hidesWords: boolean): boolean {
  if (condition.orHiddenWords && hidesWords) return true;
  if (condition.orTask !== undefined && condition.orTask === recipe.task) return true;
  const value = recipe[condition.field];
  if ("above" in condition) return typeof value === "number" && value > condition.above;
  if ("among" in condition) return condition.among.some((one) => one === value);
  return "is" in condition ? value === condition.is : value !== condition.not;
}

/** What has to hold, by the names and values that the recipe's file has: `loraRank is above 0`. */
function requirement(condition: FieldCondition): string {
  const value = (one: string | number | null) => JSON.stringify(one);
  // A task that the rows decide is one of the others.
  const among = "among" in condition ? condition.among.filter((one) => one !== "auto") : [];
  if (among.length > 0) return `${condition.field} is ${among.map(value).join(" or ")}`;
  return wanted(condition, condition.field, value) + also(condition, "task is", value);
}

/** The same by the names that the page has: `“LoRA rank” is above 0`. */
function conditionText(condition: FieldCondition): string {
  const label = `“${fields.task.label}” is`;
  return (
    wanted(condition, `“${fields[condition.field].label}”`, (value) => shownValue(condition.field, value)) +
    also(condition, label, (value) => shownValue("task", value))
  );
}

/** A value of a field as the page shows it. */
function shownValue(field: FieldName, value: string | number | null): string {
  const entry: Field = fields[field];
  const label = entry.kind === "choice" ? entry.choices.find((choice) => choice.value === value)?.label : undefined;
  return value === null ? "empty" : `“${label ?? value}”`;
}

type Shown = (value: string | number | null) => string;

function wanted(condition: Condition, name: string, shown: Shown): string {
  if ("above" in condition) return `${name} is above ${condition.above}`;
  if ("among" in condition) return `${name} is ${condition.among.map(shown).join(" or ")}`;
  return "is" in condition ? `${name} is ${shown(condition.is)}` : `${name} is not ${shown(condition.not)}`;
}

/** What makes a field matter although its condition does not hold. */
function also({ orHiddenWords, orTask }: Condition, task: string, shown: Shown): string {
  const words = orHiddenWords ? " or an earlier task of plain texts is given" : "";
  return orTask === undefined ? words : `${words} or ${task} ${shown(orTask)}`;
}
