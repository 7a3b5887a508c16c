import type { ByteSource } from "../io/byte-source.ts";
import { type ParsedTable, readTable } from "../io/read-table.ts";
import type { FormatOverrides, TableFormat } from "../io/parsed-table.ts";
import type { Texts } from "../io/text-column.ts";
import { guessColumns } from "./columns.ts";
import { groupWords } from "./grouped-words.ts";
import { describeTable } from "./table-findings.ts";
import type { Finding, TableSummary } from "./summary.ts";

/** A table that was read. */
export interface Table {
  name: string;
  bytes: number;
  format: TableFormat;
  encodingConfidence: number;
  columns: string[];
  /** Cells by column [columns] and row [rowCount]. */
  cells: readonly Texts[];
  rowCount: number;
  /** Line of the file (1-based) at which each row begins [rowCount]; null where rows have no lines. */
  lines: Int32Array | null;
  /** Rows (from 0) that edits have dropped; their cells are empty. See `edits.ts`. */
  dropped?: ReadonlySet<number>;
  /** Other tables in the same file that `format.sheet` can name. */
  sheets: string[];
  /** Findings on the file itself. */
  findings: Finding[];
}

const PREVIEW_ROWS = 50;
const PREVIEW_CHARACTERS = 500;

/** Reads a table; throws a `Problem` as `readTable` does. Parts of the format that are not given are detected. */
export async function openTable(
  sources: ByteSource | readonly ByteSource[],
  known: FormatOverrides = {},
): Promise<Table> {
  const files = "size" in sources ? [sources] : sources;
  const read = await readTable(files, known);
  const grouped = groupWords(read);
  const table: ParsedTable = grouped?.table ?? read;
  const { format, encodingConfidence, columns, cells, rowCount, sheets } = table;
  // Rows that all begin in one line, as in most JSON files, are found by their number.
  const isOneLine = rowCount > 1 && table.lines?.at(0) === table.lines?.at(-1);
  const lines = isOneLine ? null : table.lines;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const findings = [
    ...describeTable({ ...read, lines: isOneLine ? null : read.lines }, known),
    ...(grouped ? [grouped.finding] : []),
  ];
  const [{ name } = { name: "" }] = files;
  return { name, bytes, format, encodingConfidence, columns, cells, rowCount, lines, sheets, findings };
}

/** The summary of an opened table for the page. */
export function summarizeTable(table: Table): TableSummary {
  const { name, bytes, format, encodingConfidence, sheets, columns, cells, rowCount, findings } = table;
  const { guess, problem, detected } = guessColumns(columns, cells);
  return {
    name,
    bytes,
    format,
    encodingConfidence,
    sheets,
    columns,
    rowCount,
    preview: previewOf(table),
    guess,
    guessProblem: problem,
    task: detected.task,
    findings,
  };
}

/** The first rows that were not dropped, for the page. */
export function previewOf({ cells, rowCount, dropped }: Table): string[][] {
  const rows: string[][] = [];
  for (let row = 0; row < rowCount && rows.length < PREVIEW_ROWS; row++) {
    if (!dropped?.has(row)) rows.push(cells.map((column) => (column.at(row) ?? "").slice(0, PREVIEW_CHARACTERS)));
  }
  return rows;
}
