import { placeOf, type LabelledRows } from "./rows.ts";
import type { ColumnChoice } from "./summary.ts";
import type { Table } from "./table.ts";

/** Where rows stand in their table, and their cells as they are there. */
export function tableCells(
  { cells }: Pick<Table, "cells">,
  { text, pair }: Pick<ColumnChoice, "text" | "pair">,
  rows: Pick<LabelledRows, "tableRows" | "lines">,
) {
  const cell = (column: number, tableRow: number) => cells[column]?.at(tableRow - 1) ?? "";
  return (row: number) => {
    const tableRow = rows.tableRows[row] ?? 0;
    return {
      tableRow,
      line: placeOf(rows, row),
      text: cell(text, tableRow),
      pair: pair === null ? null : cell(pair, tableRow),
    };
  };
}
