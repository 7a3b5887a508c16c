import type { Field } from "./field-kinds.ts";
import { fields, type FieldName } from "./fields.ts";
import type { Recipe } from "./recipe.ts";
import { listed, plainNumber } from "./wording.ts";

/** A field's value in a recipe, as the page shows it. */
export function valueText(name: FieldName, recipe: Recipe): string {
  const field: Field = fields[name];
  const value = recipe[name];
  const labels = (values: readonly string[], choices: readonly { value: string; label: string }[]) =>
    listed(values.map((one) => choices.find((choice) => choice.value === one)?.label ?? one));
  switch (field.kind) {
    case "number":
    case "share":
      return typeof value === "number" ? plainNumber(value) : (field.emptyText ?? "empty");
    case "choice":
      return labels(typeof value === "string" ? [value] : [], field.choices);
    case "list":
      return labels(Array.isArray(value) ? value : [], field.choices);
    case "switch":
      return value === true ? "on" : "off";
    case "layers":
      return Array.isArray(value) && value.length > 0 ? listed(value) : "none";
    case "weights":
      if (typeof value !== "object" || value === null) return typeof value === "string" ? value : "none";
      return listed(Object.entries(value).map(([label, weight]) => `${label} ${plainNumber(Number(weight))}`));
  }
}
