import { emptyColumn } from "./csv-columns.ts";
import { Int32List } from "./int32-list.ts";
import { checkCell, note, noFaults, type ParsedTable, type TableFaults } from "./parsed-table.ts";
import { TextColumn } from "./text-column.ts";

/** The largest number of columns: keys that differ from row to row are not columns. */
const MOST_COLUMNS = 1000;

/** Builds columns from records whose keys are the columns' names, in the order of their first appearance. */
export class RecordColumns {
  readonly faults: TableFaults = noFaults();
  rowCount = 0;
  private readonly columns = new Map<string, TextColumn>();
  private readonly lineOfRow = new Int32List(1024);

  constructor(names: readonly string[] = []) {
    for (const name of names) this.columns.set(name, new TextColumn());
  }

  /** Adds a row; columns without a value are empty. `line` is 1-based, 0 where there are no lines. */
  add(record: Iterable<readonly [string, string]>, line: number): void {
    const number = ++this.rowCount;
    for (const [name, text] of record) {
      let column = this.columns.get(name);
      if (column === undefined) {
        if (this.columns.size >= MOST_COLUMNS) continue;
        this.columns.set(name, (column = emptyColumn(number - 1)));
      }
      if (column.length < number) column.push(this.checked(text, number));
    }
    for (const column of this.columns.values()) if (column.length < number) column.push("");
    this.lineOfRow.push(line);
  }

  /** The table, once all rows are in. */
  table(format: ParsedTable["format"], encodingConfidence = 1, hasLines = true): ParsedTable {
    const cells = [...this.columns.values()];
    for (const column of cells) column.seal();
    return {
      format,
      encodingConfidence,
      columns: [...this.columns.keys()],
      cells,
      rowCount: this.rowCount,
      lines: hasLines ? this.lineOfRow.toArray() : null,
      faults: this.faults,
      sheets: [],
    };
  }

  private checked(text: string, row: number): string {
    const odd = checkCell(text);
    if (odd === null) return text;
    for (const kind of ["huge", "replaced", "doubleEncoded", "nul"] as const) {
      if (odd[kind] && this.faults[kind].rows.at(-1) !== row) note(this.faults[kind], row);
    }
    return odd.text;
  }
}
