import type { Texts } from "../../src/io/text-column.ts";

/** Cells by column of cells by row; short rows are filled. */
export function byColumn(rows: readonly (readonly string[])[]): string[][] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? ""));
}

/** Cells by row of cells by column. */
export function byRow(cells: readonly Texts[]): string[][] {
  const [first = []] = cells;
  return Array.from(first, (_, row) => cells.map((column) => column.at(row) ?? ""));
}
