import { fields, type FieldName } from "../../recipe/fields.ts";

/** What a field does and its usual value, with the source as a tooltip. */
export function FieldHelp({ field }: { field: FieldName }) {
  const { what, usual, source } = fields[field];
  return (
    <span title={source}>
      {what} Usual: {usual.charAt(0).toLowerCase() + usual.slice(1)}
    </span>
  );
}
