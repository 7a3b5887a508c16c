import { automaticFields } from "../../recipe/automatic-fields.ts";
import { valueText } from "../../recipe/value-text.ts";
import { fieldNames, fields, type FieldName } from "../../recipe/fields.ts";
import { sameField } from "../../recipe/recipe.ts";
import { isRelevant, withTask } from "../../recipe/relevance.ts";
import { wholeText } from "../figures.ts";
import type { KeptRun } from "./kept-run.ts";

/** Something that runs do not have in common. */
interface Difference {
  label: string;
  /** The key of the recipe's field; absent for what is no field. */
  field?: FieldName;
  /** What it is in each run. */
  texts: string[];
}

/** What runs were made of where it differs: data, model and task first, then fields of the recipe in their order. */
export function runDifferences(runs: readonly KeptRun[]): Difference[] {
  const facts: Difference[] = [
    { label: "Data", texts: runs.map(({ data }) => data.name) },
    { label: "Training rows", texts: runs.map(({ data }) => wholeText(data.trainRows)) },
    { label: "Validation rows", texts: runs.map(({ data }) => wholeText(data.validationRows)) },
    { label: "Model", texts: runs.map(({ model }) => model) },
    { label: "Task of the rows", texts: runs.map(({ task }) => task) },
    { label: "Cross-validation", texts: runs.map(foldsText) },
  ];
  const ofRecipe = fieldNames
    .filter((field) => runs.some(({ recipe }) => runs[0] && !sameField(recipe, runs[0].recipe, field)))
    .map((field) => ({ label: fields[field].label, field, texts: runs.map((run) => fieldText(field, run)) }));
  return [...facts.filter(({ texts }) => new Set(texts).size > 1), ...ofRecipe];
}

/** A field's value, whether it followed data and model, and whether it did anything in the run. */
function fieldText(field: FieldName, { recipe, task }: KeptRun): string {
  const isAutomatic = automaticFields.some((one) => one === field && recipe.automatic.includes(one));
  // Whether the earlier task was of plain texts is not kept: what may have had an effect is taken to have had it.
  const isUsed = isRelevant(field, withTask(recipe, task), true);
  const marks = [...(isAutomatic ? ["automatic"] : []), ...(isUsed ? [] : ["no effect"])];
  return `${valueText(field, recipe)}${marks.length > 0 ? ` (${marks.join(", ")})` : ""}`;
}

function foldsText({ folds }: KeptRun): string {
  if (!folds) return "no";
  return `${folds.folds} folds${folds.repeats > 1 ? `, ${folds.repeats} times` : ""}`;
}
