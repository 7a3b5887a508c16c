import { TextColumn } from "./text-column.ts";

/** A list of one text without quotes or escapes, or of one number, in JSON or as Python prints it. */
const single = /^\[\s*(?:"([^"\\]*)"|'([^'\\]*)'|(-?\d+))\s*\]$/;

/** Columns of lists that hold one value each, as labelling tools write labels, with the values in place of the lists. */
export function withoutSingleLists(columns: readonly TextColumn[]): TextColumn[] {
  return columns.map((column) => (holdsSingleLists(column) ? valuesOf(column) : column));
}

function holdsSingleLists(column: TextColumn): boolean {
  let lists = 0;
  for (const cell of column) {
    if (cell === "") continue;
    if (!single.test(cell)) return false;
    lists++;
  }
  return lists > 1;
}

function valuesOf(column: TextColumn): TextColumn {
  const values = new TextColumn();
  for (const cell of column) {
    const [, double, simple, number] = single.exec(cell) ?? [];
    values.push(double ?? simple ?? number ?? cell);
  }
  values.seal();
  return values;
}
