import type { Heading } from "./csv-header.ts";
import { Int32List } from "./int32-list.ts";
import { checkCell, note, noFaults, type TableFaults } from "./parsed-table.ts";
import { isBlank, type ScannedRow } from "./row-scanner.ts";
import { TextColumn } from "./text-column.ts";

/** Which rows are the table, and how wide it is. */
export interface CsvLayout extends Heading {
  delimiter: string;
  /** The most common number of cells, which is used where there is no header. */
  width: number;
}

/** Number of unnamed columns that are kept apart; further cells are joined into the last of them. */
const MOST_SPILLED_COLUMNS = 20;

/** Spaces and invisible characters at the ends of a name. */
const edges = /^[\s\u200b\u2060\ufeff]+|[\s\u200b\u2060\ufeff]+$/g;

/** Builds columns from rows as they come, and counts their faults. */
export class CsvColumns {
  /** Cells by column. */
  readonly cells: TextColumn[] = [];
  readonly faults: TableFaults = noFaults();
  rowCount = 0;
  /** Lines above the header, or above the first row where there is none. */
  skippedLines = 0;
  private readonly lineOfRow = new Int32List(1024);
  private header: string[] | null = null;
  /** Number of columns that have a name or count as named; null before the first row. */
  private named: number | null = null;
  private seenRows = 0;
  private headerRowsDue: number;

  constructor(private readonly layout: CsvLayout) {
    this.headerRowsDue = layout.headerRows;
  }

  /** Column names, known once all rows are in; a column without one is named by its place, "column 3". */
  get names(): string[] {
    return this.cells.map((_, column) => this.header?.[column]?.replace(edges, "") || `column ${column + 1}`);
  }

  /** Line at which each row begins [rowCount]. */
  get lines(): Int32Array {
    return this.lineOfRow.toArray();
  }

  /** Adds the next rows; blank lines are dropped. */
  add(rows: readonly ScannedRow[]): void {
    for (const row of rows) {
      if (this.seenRows++ < this.layout.skippedRows || isBlank(row.cells)) continue;
      if (this.named === null) this.begin(row);
      if (this.layout.header && this.header === null) this.header = this.withRowNames(row.cells);
      else if (this.headerRowsDue > 0) this.headerRowsDue--;
      else if (this.isHeaderAgain(row.cells)) note(this.faults.repeatedHeaders, this.rowCount + 1);
      else this.addRow(row, this.named ?? 0);
    }
  }

  /** Notes a line that is in another encoding. */
  noteForeignLine(line: number): void {
    note(this.faults.mixedEncoding, line);
  }

  /** Releases the file's text; called once all rows are in. */
  seal(): void {
    for (const column of this.cells) column.seal();
  }

  /** The number of columns: those of the header up to its last name, or as many as most rows have. */
  private begin({ cells, line }: ScannedRow): void {
    this.skippedLines = line - 1;
    this.named = this.layout.header
      ? this.withRowNames(cells).findLastIndex((name) => name.trim() !== "") + 1
      : this.layout.width || cells.length;
    for (let column = 0; column < this.named; column++) this.cells.push(new TextColumn());
  }

  /** Files that were concatenated repeat the header. */
  private isHeaderAgain(row: readonly string[]): boolean {
    const { header } = this;
    if (header === null || header.length < 2 || row[0]?.trim() !== header[this.layout.rowNames ? 1 : 0]?.trim())
      return false;
    const cells = this.withRowNames(row);
    return cells.length === header.length && cells.every((cell, column) => cell.trim() === header[column]?.trim());
  }

  /** The cells of a header, plus one for the rows' names where the header has none. */
  private withRowNames(header: readonly string[]): string[] {
    return this.layout.rowNames ? ["", ...header] : [...header];
  }

  /** Fits a row to the number of columns; trailing cells with neither name nor content are dropped. */
  private addRow({ cells: row, line, stray, unclosed }: ScannedRow, named: number): void {
    const number = this.rowCount + 1;
    const { faults } = this;
    if (row.length < named) note(faults.short, number);
    if (row.length > named + MOST_SPILLED_COLUMNS) {
      const rest = row.splice(named + MOST_SPILLED_COLUMNS - 1);
      row.push(rest.join(this.layout.delimiter));
    }
    const last = row.findLastIndex((cell, column) => column < named || cell.trim() !== "") + 1;
    if (last > named) note(faults.spilled, number);
    if (stray) note(faults.strayQuotes, number);
    if (unclosed) faults.unclosed = { row: number, lines: linesOf(row) };
    const clean = checkRow(row, number, faults);
    while (this.cells.length < last) this.cells.push(emptyColumn(this.rowCount));
    this.cells.forEach((cells, column) => cells.push(clean[column] ?? ""));
    this.lineOfRow.push(line);
    this.rowCount = number;
  }
}

/** The cells as they are kept; counts their faults. */
function checkRow(row: readonly string[], number: number, faults: TableFaults): readonly string[] {
  const checked = row.map(checkCell);
  if (checked.every((one) => one === null)) return row;
  for (const kind of ["huge", "replaced", "doubleEncoded", "nul"] as const) {
    if (checked.some((one) => one?.[kind])) note(faults[kind], number);
  }
  return row.map((cell, column) => checked[column]?.text ?? cell);
}

/** A column of empty cells, for one that first appears below other rows. */
export function emptyColumn(rows: number): TextColumn {
  const column = new TextColumn();
  for (let row = 0; row < rows; row++) column.push("");
  return column;
}

function linesOf(row: readonly string[]): number {
  return row.reduce((lines, cell) => lines + (cell.match(/\n/g)?.length ?? 0), 0);
}
