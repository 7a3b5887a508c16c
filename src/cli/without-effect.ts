import { isAutomaticField } from "../recipe/automatic-fields.ts";
import { fieldNames, type FieldName } from "../recipe/fields.ts";
import { nameOfToday } from "../recipe/migrate.ts";
import { defaultRecipe, sameField, type Recipe } from "../recipe/recipe.ts";
import { whyWithoutEffect, withTask } from "../recipe/relevance.ts";
import type { Task } from "../tasks/task.ts";

/** The options by which a command names fields of its recipe, and those that take a field's place. */
export interface NamingOptions {
  recipe?: string | undefined;
  set: readonly string[];
  task?: string | undefined;
  valid?: string | undefined;
  folds?: string | undefined;
  earlier?: string | undefined;
  "earlier-corpus"?: string | undefined;
}

/**
 * The fields that a person named: by `--set`, or in a file with another value than the default. What a preset brings
 * along, and what is automatic, nobody asked for.
 */
export function namedFields({ recipe: file, set }: Pick<NamingOptions, "recipe" | "set">, recipe: Recipe): FieldName[] {
  const bySet = set.map((setting) => nameOfToday(setting.split("=")[0] ?? ""));
  const isAutomatic = (field: FieldName) => isAutomaticField(field) && recipe.automatic.includes(field);
  const inFile = (field: FieldName) =>
    file !== undefined && !isAutomatic(field) && !sameField(recipe, defaultRecipe, field);
  return fieldNames.filter((field) => bySet.includes(field) || inFile(field));
}

/** One line for each field that was named and does nothing in a run of this task: which, why, and what to change. */
export function linesWithoutEffect(
  options: NamingOptions,
  recipe: Recipe,
  task: Pick<Task, "name" | "metrics">,
): string[] {
  const resolved = withTask(recipe, task.name);
  const hidesWords = options["earlier-corpus"] !== undefined;
  return namedFields(options, recipe).flatMap((field) => {
    const why =
      byOptions(field, options) ?? byTask(field, resolved, task) ?? whyWithoutEffect(field, resolved, hidesWords);
    return why === null ? [] : [`note: ${why}`];
  });
}

/** Fields whose place an option takes. */
function byOptions(field: FieldName, options: NamingOptions): string | null {
  const { valid, folds, earlier, task } = options;
  if (field === "task" && task !== undefined) {
    return `task has no effect beside --task ${task}. Leave one of them out.`;
  }
  const isSplit = earlier !== undefined || options["earlier-corpus"] !== undefined;
  if (field === "validationShare" && valid !== undefined && !isSplit) {
    return "validationShare has no effect beside --valid, whose rows are all validated on. Leave one of them out.";
  }
  if (field === "calibrate" && folds !== undefined) {
    return "calibrate has no effect beside --folds: the final model trains on all rows, and none is left to find a temperature on.";
  }
  return null;
}

/** A metric that the task does not have. */
function byTask(
  field: FieldName,
  { bestBy }: Recipe,
  { name, metrics }: Pick<Task, "name" | "metrics">,
): string | null {
  const [first] = metrics;
  if (field !== "bestBy" || !first || metrics.some(({ key }) => key === bestBy)) return null;
  return (
    `bestBy has no effect while it is "${bestBy}": ${name} does not have this metric, and is judged by ${first.key}. ` +
    `Take one of ${metrics.map(({ key }) => key).join(", ")}, or leave bestBy out.`
  );
}
