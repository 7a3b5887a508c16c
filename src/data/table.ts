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
  const { format, encodingConfidence, columns, cells, rowCount, lines, sheets } = table;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const findings = [...describeTable(read, known), ...(grouped ? [grouped.finding] : [])];
  const [{ name } = { name: "" }] = files;
  return { name, bytes, format, encodingConfidence, columns, cells, rowCount, lines, sheets, findings };
}

/** The summary of an opened table for the page. */
export function summarizeTable(table: Table): TableSummary {
  const { name, bytes, format, encodingConfidence, sheets, columns, cells, rowCount, findings } = table;
  const { guess, problem, detected } = guessColumns(columns, cells);
  const preview = Array.from({ length: Math.min(rowCount, PREVIEW_ROWS) }, (_, row) =>
    cells.map((column) => (column.at(row) ?? "").slice(0, PREVIEW_CHARACTERS)),
  );
  return {
    name,
    bytes,
    format,
    encodingConfidence,
    sheets,
    columns,
    rowCount,
    preview,
    guess,
    guessProblem: problem,
    task: detected.task,
    findings,
  };
}
