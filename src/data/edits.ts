import type { Texts } from "../io/text-column.ts";
import type { Table } from "./table.ts";

/**
 * A change of one row of a table, by a person or by something that a person accepted: new texts in some of its cells, or
 * that the row is dropped (or taken back). Rows count from 1, without the header, in the table as it was read; they keep
 * their numbers when others are dropped.
 *
 * A list of edits is plain data in the order in which they were made; a later one outweighs an earlier one. It is never
 * changed in place: adding is `[...edits, edit]`, and undo returns to the list before. On the page `actions.editRows` adds
 * to the list, with one step of undo for each call; `editPatchText` and `parseEditPatch` are its file.
 */
export type Edit = { row: number; cells: readonly CellEdit[] } | { row: number; dropped: boolean };

/** A new text in a cell; `column` is a place in the table's columns, from 0. */
export interface CellEdit {
  column: number;
  text: string;
}

/** What a list of edits amounts to. */
export interface NetEdits {
  /** New texts by column (from 0) and row (from 0). */
  cells: ReadonlyMap<number, ReadonlyMap<number, string>>;
  /** Dropped rows, from 0. */
  dropped: ReadonlySet<number>;
}

/** Goes through edits in their order. */
export function netEdits(edits: readonly Edit[]): NetEdits {
  const cells = new Map<number, Map<number, string>>();
  const dropped = new Set<number>();
  for (const edit of edits) {
    const row = edit.row - 1;
    if ("dropped" in edit) {
      if (edit.dropped) dropped.add(row);
      else dropped.delete(row);
      continue;
    }
    for (const { column, text } of edit.cells) {
      const ofColumn = cells.get(column) ?? new Map<number, string>();
      cells.set(column, ofColumn.set(row, text));
    }
  }
  return { cells, dropped };
}

/**
 * The table as edits leave it; the one given is not changed. Rows keep their numbers: all cells of a dropped row are
 * empty, and `dropped` names it, so that it is not reported as a row without a text.
 *
 * @throws {Error} where an edit names a row or column that the table does not have
 */
export function editedTable(table: Table, edits: readonly Edit[]): Table {
  if (edits.length === 0) return table;
  requirePlaces(table, edits);
  const { cells, dropped } = netEdits(edits);
  const none: ReadonlyMap<number, string> = new Map();
  const edited = table.cells.map((texts, column) => {
    const changed = cells.get(column) ?? none;
    return changed.size === 0 && dropped.size === 0 ? texts : new EditedTexts(texts, changed, dropped);
  });
  return { ...table, cells: edited, dropped };
}

function requirePlaces({ rowCount, columns }: Table, edits: readonly Edit[]): void {
  const isRow = (row: number) => Number.isInteger(row) && row >= 1 && row <= rowCount;
  for (const edit of edits) {
    if (!isRow(edit.row)) throw new Error(`An edit names row ${edit.row} of a table of ${rowCount} rows.`);
    const wrong = "cells" in edit && edit.cells.find(({ column }) => columns[column] === undefined);
    if (wrong) throw new Error(`An edit names column ${wrong.column} of a table of ${columns.length} columns.`);
  }
}

/** A column with some of its cells replaced, and those of some rows empty. */
class EditedTexts implements Texts {
  constructor(
    private readonly all: Texts,
    private readonly changed: ReadonlyMap<number, string>,
    private readonly dropped: ReadonlySet<number>,
  ) {}

  get length(): number {
    return this.all.length;
  }

  at(row: number): string | undefined {
    if (this.dropped.has(row)) return "";
    return this.changed.get(row) ?? this.all.at(row);
  }

  *[Symbol.iterator](): Generator<string> {
    for (let row = 0; row < this.length; row++) yield this.at(row) ?? "";
  }
}
