import type { LabelledRows } from "../data/rows.ts";
import { labelColumns, type ColumnChoice } from "../data/summary.ts";
import type { Table } from "../data/table.ts";
import type { SlicedRows } from "./slices.ts";

/** The names of the columns that a choice reads as texts and labels. */
export function usedColumns({ columns }: Pick<Table, "columns">, choice: ColumnChoice): string[] {
  return [choice.text, choice.pair, ...labelColumns(choice)].flatMap((place) => columns[place ?? -1] ?? []);
}

/**
 * Rows of a table to be cut into slices.
 *
 * @param used names of columns that are texts or labels, by which no slices of columns are cut
 * @param labelsOf what each of the rows is labelled with
 * @param places of the scored rows among `rows`; all where not given
 */
export function tableSlices(
  { texts, pairs, tableRows }: Pick<LabelledRows, "texts" | "pairs" | "tableRows">,
  table: Pick<Table, "columns" | "cells"> | null,
  used: readonly string[],
  labelsOf: (row: number) => readonly string[],
  places?: Int32Array,
): SlicedRows {
  const placeOf = (row: number) => places?.[row] ?? row;
  const columns = (table?.columns ?? []).flatMap((name, column) => {
    const cells = table?.cells[column];
    if (used.includes(name) || !cells) return [];
    return [{ name, cells: { at: (row: number) => cells.at((tableRows[placeOf(row)] ?? 0) - 1) } }];
  });
  return {
    rows: places?.length ?? texts.length,
    textOf: (row) => [texts.at(placeOf(row)), pairs?.at(placeOf(row))].filter((text) => text !== undefined).join("\n"),
    labelsOf,
    columns,
  };
}
