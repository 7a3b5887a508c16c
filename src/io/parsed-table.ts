import type { TableFaults } from "./table-faults.ts";
import type { TableFormat } from "./table-format.ts";
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
