import type { ByteSource } from "./byte-source.ts";
import { parseCsv } from "./csv.ts";
import type { TableFaults } from "./table-faults.ts";
import type { FormatOverrides, TableFormat } from "./table-format.ts";
import type { TextColumn } from "./text-column.ts";

/** A table as it was read. */
export interface ParsedTable {
  format: TableFormat;
  /** 0 to 1; below `DOUBTFUL` the encoding is a guess and the page marks it. */
  encodingConfidence: number;
  /** Column names; those without one are called "column 3" by their place. */
  columns: string[];
  /** Cells by column [columns] and row [rowCount]; a cell past a row's end is empty. */
  cells: TextColumn[];
  rowCount: number;
  /** Line of the file (1-based) at which each row begins [rowCount]; null where rows have no lines (Parquet); the sheet's row number for workbooks. */
  lines: Int32Array | null;
  faults: TableFaults;
  /** Other tables in the same file that `sheet` can name; empty where there is one. */
  sheets: string[];
}

/** Confidence of an encoding below which it is shown as doubtful. */
export const DOUBTFUL = 0.6;

/**
 * Reads a table. Parts of the format that are not given are detected. Several sources are parallel files: texts,
 * labels, and names of the labels, a line each.
 * Throws a `Problem` for a file that is empty, holds a header alone, is no table, or is over 500 MB.
 */
export async function readTable(
  sources: ByteSource | readonly ByteSource[],
  overrides: FormatOverrides = {},
): Promise<ParsedTable> {
  const [source] = "size" in sources ? [sources] : sources;
  if (source === undefined) throw new Error("a table has at least one file");
  const { format, ...table } = await parseCsv(source, overrides);
  return {
    ...table,
    format: { kind: "delimited", skippedLines: 0, sheet: null, ...format },
    encodingConfidence: 1,
    lines: Int32Array.from({ length: table.rowCount }, (_, row) => row + (format.header ? 2 : 1)),
    sheets: [],
  };
}
