import { csvLine, type CsvStyle } from "../io/csv-cells.ts";
import type { Table } from "./table.ts";

const ROWS_AT_ONCE = 1024;

/** A table as CSV (RFC 4180), in pieces of many rows: its header, and the rows that were not dropped. */
export function* tableCsv(
  { columns, cells, rowCount, dropped }: Pick<Table, "columns" | "cells" | "rowCount" | "dropped">,
  style: CsvStyle = {},
): Generator<string> {
  yield csvLine(columns, style);
  let lines: string[] = [];
  for (let row = 0; row < rowCount; row++) {
    if (!dropped?.has(row)) {
      lines.push(
        csvLine(
          cells.map((column) => column.at(row) ?? ""),
          style,
        ),
      );
    }
    if (lines.length < ROWS_AT_ONCE) continue;
    yield lines.join("");
    lines = [];
  }
  yield lines.join("");
}
