import type { ByteSource } from "../io/byte-source.ts";
import { type ParsedTable, readTable } from "../io/read-table.ts";
import { HUGE_CELL, type TableFaults } from "../io/table-faults.ts";
import type { FormatOverrides, TableFormat } from "../io/table-format.ts";
import type { Texts } from "../io/text-column.ts";
import { guessColumns } from "./columns.ts";
import type { Finding, TableSummary } from "./summary.ts";
import { counted } from "./wording.ts";

/** A table as it was read. */
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
  /** What is odd about the file itself. */
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
  const { faults, ...table }: ParsedTable = await readTable(files, known);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return { name: files[0]?.name ?? "", bytes, ...table, findings: describeFaults(faults, table.columns) };
}

/** What the page shows of a table just opened. */
export function summarizeTable(table: Table): TableSummary {
  const { name, bytes, format, encodingConfidence, sheets, columns, cells, rowCount, findings } = table;
  const { guess, problem } = guessColumns(columns, cells);
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
    findings,
  };
}

function describeFaults(faults: TableFaults, columns: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  const { unclosed, strayQuotes, short, spilled, huge, replaced } = faults;
  if (unclosed !== null) {
    findings.push({
      id: "unclosed-quote",
      // A quote left open at the end of the file costs one row; further up it swallows all rows below.
      severity: unclosed.lines > 1 ? "blocking" : "warning",
      text: `The quote that opens in row ${unclosed.row} is never closed, so ${counted(unclosed.lines + 1, "line")} became one cell.`,
      remedy: "Close the quote in the file, or set Quotes to none if quotes mean nothing in it.",
      tableRows: [unclosed.row],
    });
  }
  if (strayQuotes.count > 0) {
    findings.push({
      id: "unclosed-quote",
      severity: "warning",
      text: `${counted(strayQuotes.count, "row has", "rows have")} a quote inside a quoted cell that is not doubled; text may have run over from one cell or line into the next.`,
      remedy:
        "Look at these rows; if cells are joined wrongly, double the inner quotes in the file or set Quotes to none.",
      tableRows: strayQuotes.rows,
    });
  }
  if (short.count > 0) {
    findings.push({
      id: "ragged-rows",
      severity: "warning",
      text: `${counted(short.count, "row has", "rows have")} fewer cells than the table has columns; the missing ones count as empty.`,
      remedy: "Look at these rows: a line break inside a text that is not quoted is the usual cause.",
      tableRows: short.rows,
    });
  }
  if (spilled.count > 0) {
    findings.push({
      id: "ragged-rows",
      severity: "warning",
      text: `${counted(spilled.count, "row has", "rows have")} text to the right of the last named column, kept in ${unnamed(columns)}.`,
      remedy: "That text is not trained on: quote the texts that contain the delimiter if it belongs to them.",
      tableRows: spilled.rows,
    });
  }
  if (huge.count > 0) {
    findings.push({
      id: "huge-cell",
      severity: "warning",
      text: `${counted(huge.count, "row has", "rows have")} a cell of more than ${HUGE_CELL.toLocaleString("en")} characters.`,
      remedy:
        "Only the beginning of such a text is used; if it is not one text, look for a quote that is missing there.",
      tableRows: huge.rows,
    });
  }
  if (replaced.count > 0) {
    findings.push({
      id: "replaced-characters",
      severity: "warning",
      text: `${counted(replaced.count, "row has", "rows have")} characters that could not be read and stand as \ufffd.`,
      remedy: "If many texts look wrong, choose another encoding; a few do no harm.",
      tableRows: replaced.rows,
    });
  }
  return findings;
}

function unnamed(columns: readonly string[]): string {
  const names = columns.filter((name, column) => name === `column ${column + 1}`);
  const [first] = names;
  return names.length === 1 ? `"${first}"` : `"${first}" to "${names.at(-1)}"`;
}
