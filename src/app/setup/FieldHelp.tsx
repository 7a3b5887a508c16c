import { explanations, type RecipeField } from "../../recipe/explanations.ts";

/** What a field does, and what is usual; the source on hovering. */
export function FieldHelp({ field }: { field: RecipeField }) {
  const { what, usual, source } = explanations[field];
  return (
    <span title={source}>
      {what} Usual: {usual.charAt(0).toLowerCase() + usual.slice(1)}
    </span>
  );
}
