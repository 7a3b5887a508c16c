import { isBlank, type CsvLayout, type ParsedRows } from "./csv-format.ts";
import { HUGE_CELL, note, noFaults, type TableFaults } from "./table-faults.ts";
import { TextColumn } from "./text-column.ts";

/** Columns past the named ones that are kept apart; what lies further is joined into the last. */
const MOST_SPILLED_COLUMNS = 20;

/** Makes columns of rows as they come, and notes what is odd about them. */
export class CsvColumns {
  /** Cells by column. */
  readonly cells: TextColumn[] = [];
  readonly faults: TableFaults = noFaults();
  rowCount = 0;
  private readonly layout: Pick<CsvLayout, "delimiter" | "header">;
  private header: string[] | null = null;
  /** Columns that have a name or are as good as named; null before the first row. */
  private named: number | null = null;

  constructor(layout: Pick<CsvLayout, "delimiter" | "header">) {
    this.layout = layout;
  }

  /** Column names, once all rows are in; those without one are called "column 3" by their place. */
  get names(): string[] {
    return this.cells.map((_, column) => this.header?.[column]?.trim() || `column ${column + 1}`);
  }

  /** Adds the next rows; blank lines are dropped. */
  add({ data, errors }: ParsedRows): void {
    /** The row of the table (1-based) that each of these became. */
    const numbers = new Map<number, number>();
    const filled = data.filter((row) => !isBlank(row));
    this.named ??= this.beginWith(filled);
    data.forEach((row, index) => {
      if (isBlank(row)) return;
      if (this.layout.header && this.header === null) this.header = row;
      else this.addRow(row, this.named ?? 0);
      numbers.set(index, this.rowCount);
    });
    for (const { type, code, row: index } of errors) {
      if (type !== "Quotes" || index === undefined) continue;
      const row = numbers.get(index) ?? this.rowCount;
      const swallowed = data[index] ?? filled.at(-1) ?? [];
      if (code === "MissingQuotes") this.faults.unclosed = { row, lines: linesOf(swallowed) };
      else if (this.faults.strayQuotes.rows.at(-1) !== row) note(this.faults.strayQuotes, row);
    }
  }

  /** Lets go of the file's text; to be called once all rows are in. */
  seal(): void {
    for (const column of this.cells) column.seal();
  }

  /** The number of columns to go by: those of the header up to its last name, or as many as most rows have. */
  private beginWith(filled: string[][]): number | null {
    const [first] = filled;
    if (first === undefined) return null;
    const named = this.layout.header ? first.findLastIndex((name) => name.trim() !== "") + 1 : commonWidth(filled);
    for (let column = 0; column < named; column++) this.cells.push(new TextColumn());
    return named;
  }

  /** Brings a row to the width of the columns; trailing cells with neither name nor content are dropped. */
  private addRow(row: string[], named: number): void {
    const number = this.rowCount + 1;
    const { short, spilled, huge, replaced } = this.faults;
    if (row.length < named) note(short, number);
    if (row.length > named + MOST_SPILLED_COLUMNS) {
      const rest = row.splice(named + MOST_SPILLED_COLUMNS - 1);
      row.push(rest.join(this.layout.delimiter));
    }
    const last = row.findLastIndex((cell, column) => column < named || cell.trim() !== "") + 1;
    if (last > named) note(spilled, number);
    if (row.some((cell) => cell.length > HUGE_CELL)) note(huge, number);
    if (row.some((cell) => cell.includes("\ufffd"))) note(replaced, number);
    while (this.cells.length < last) this.cells.push(emptyColumn(this.rowCount));
    this.cells.forEach((cells, column) => cells.push(row[column] ?? ""));
    this.rowCount = number;
  }
}

function emptyColumn(rows: number): TextColumn {
  const column = new TextColumn();
  for (let row = 0; row < rows; row++) column.push("");
  return column;
}

/** The commonest number of cells among the first thousand rows. */
function commonWidth(rows: string[][]): number {
  const counts = new Map<number, number>();
  for (const row of rows.slice(0, 1000)) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), [1, 0])[0];
}

function linesOf(row: readonly string[]): number {
  return row.reduce((lines, cell) => lines + (cell.match(/\n/g)?.length ?? 0), 0);
}
