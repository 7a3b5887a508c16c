import { TextColumn } from "./text-column.ts";

/**
 * A list of one text without quotes or escapes, or of one number, in JSON or as Python prints it; or a text that was
 * made a formula, ="007", so that spreadsheets keep it.
 */
const single = /^(?:\[\s*(?:"([^"\\]*)"|'([^'\\]*)'|(-?\d+))\s*\]|="([^"]*)")$/;

/** Columns of which each cell holds one value within a list or a formula, with the values in place of these. */
export function withoutWrappers(columns: readonly TextColumn[]): TextColumn[] {
  return columns.map((column) => (areWrapped(column) ? valuesOf(column) : column));
}

function areWrapped(column: TextColumn): boolean {
  let wrapped = 0;
  for (const cell of column) {
    if (cell === "") continue;
    if (!single.test(cell)) return false;
    wrapped++;
  }
  return wrapped > 1;
}

function valuesOf(column: TextColumn): TextColumn {
  const values = new TextColumn();
  for (const cell of column) {
    const [, double, simple, number, formula] = single.exec(cell) ?? [];
    values.push(double ?? simple ?? number ?? formula ?? cell);
  }
  values.seal();
  return values;
}
