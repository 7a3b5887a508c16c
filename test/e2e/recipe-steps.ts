import * as v from "valibot";
import { weightRules, type Condition, type Field } from "../../src/recipe/field-kinds.ts";
import { fieldNames, fields, type FieldName } from "../../src/recipe/fields.ts";
import { parseRecipe } from "../../src/recipe/recipe-file.ts";
import { defaultRecipe, type Recipe } from "../../src/recipe/recipe.ts";
import { conditionsOf } from "../../src/recipe/relevance.ts";

/** A change of one field of the recipe, and the keys that make it once the field's control has the focus. */
interface RecipeStep {
  field: FieldName;
  keys: string[];
}

/**
 * Changes every field of the recipe, in the order of the page. Before a field that only matters while another one has
 * a certain value, that other one is changed to it.
 */
export function recipeSteps(): { steps: RecipeStep[]; recipe: Recipe } {
  const values = new Map<FieldName, unknown>(fieldNames.map((name) => [name, defaultRecipe[name]]));
  // Automatic fields that begin with another value than the recipe's default: what changes them is a choice of theirs.
  values.set("headStart", "probe");
  const steps: RecipeStep[] = [];
  const change = (name: FieldName, to: unknown) => {
    steps.push({ field: name, keys: keysOf(fields[name], values.get(name), to) });
    values.set(name, to);
  };
  for (const name of fieldNames) {
    for (const condition of conditionsOf(name)) {
      const { field } = condition;
      if (!holds(condition, values.get(field))) change(field, meeting(condition));
    }
    change(name, another(name, values.get(name)));
  }
  return { steps, recipe: parseRecipe(JSON.stringify(Object.fromEntries(values))) };
}

function holds(condition: Condition, value: unknown): boolean {
  if ("above" in condition) return typeof value === "number" && value > condition.above;
  if ("among" in condition) return condition.among.some((one) => one === value);
  return "is" in condition ? value === condition.is : value !== condition.not;
}

function meeting(condition: Condition & { field: FieldName }): unknown {
  if ("is" in condition) return condition.is;
  if ("above" in condition) return condition.above + 1;
  if ("among" in condition) return condition.among[0];
  return choicesOf(condition.field).find((value) => value !== condition.not);
}

function choicesOf(name: FieldName): string[] {
  const field: Field = fields[name];
  return "choices" in field ? field.choices.map(({ value }) => value) : [];
}

/** A value that a field takes and does not have. */
function another(name: FieldName, value: unknown): unknown {
  const field: Field = fields[name];
  switch (field.kind) {
    case "number":
    case "share": {
      const has = Number(value);
      const found = [field.example, 2 * has, has / 2, has + 1].find((to) => to !== value && v.is(field.schema, to));
      if (found === undefined) throw new Error(`No other value of ${name} was found.`);
      return found;
    }
    case "choice": {
      const names = choicesOf(name);
      return names[(names.indexOf(String(value)) + 1) % names.length];
    }
    case "switch":
      return !value;
    case "list": {
      const [first = ""] = choicesOf(name);
      const ticked = new Set(v.parse(v.array(v.string()), value));
      if (!ticked.delete(first)) ticked.add(first);
      return choicesOf(name).filter((choice) => ticked.has(choice));
    }
    case "layers":
      return ["embeddings."];
    case "weights":
      return "balanced";
  }
}

function keysOf(field: Field, from: unknown, to: unknown): string[] {
  switch (field.kind) {
    case "number":
    case "share":
      return ["Control+A", ...String(to), "Enter"];
    case "choice": {
      const place = (value: unknown) => field.choices.findIndex((choice) => choice.value === value);
      const down = place(to) - place(from);
      return Array.from({ length: Math.abs(down) }, () => (down > 0 ? "ArrowDown" : "ArrowUp"));
    }
    case "switch":
    case "list":
      return ["Space"];
    case "weights": {
      const values = [null, ...weightRules];
      const place = (value: unknown) => values.findIndex((rule) => rule === value);
      return Array.from({ length: place(to) - place(from) }, () => "ArrowDown");
    }
    case "layers":
      return ["ArrowDown"];
  }
}
