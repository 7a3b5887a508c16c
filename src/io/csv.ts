import { Problem } from "../problem/problem.ts";
import type { ByteSource } from "./byte-source.ts";
import { CsvColumns, type CsvFaults } from "./csv-columns.ts";
import { type CsvFormat, type CsvLayout, parseRows, sniffFormat } from "./csv-format.ts";
import type { TextColumn } from "./text-column.ts";
import { decodeText, detectEncoding } from "./text-encoding.ts";
import { LARGEST_FILE, requireText, requireTextFile } from "./text-check.ts";

export interface ParsedCsv {
  format: CsvFormat;
  /** Column names; those without one are called "column 3" by their place. */
  columns: string[];
  /** Cells by column [columns] and row [rowCount]; a cell past a row's end is empty. */
  cells: TextColumn[];
  rowCount: number;
  faults: CsvFaults;
}

const SAMPLE_CHARACTERS = 1 << 16;

/**
 * Reads a delimited text file. Parts of the format that are not given are found by inspection.
 * Trailing columns with neither name nor content are dropped.
 * Throws a `Problem` for a file that is empty, holds a header alone, is no text, or is over 500 MB.
 */
export async function parseCsv(source: ByteSource, known: Partial<CsvFormat> = {}): Promise<ParsedCsv> {
  if (source.size === 0) throw empty(source.name, "is empty");
  if (source.size > LARGEST_FILE) throw tooLarge(source);
  await requireTextFile(source);
  const encoding = known.encoding ?? (await detectEncoding(source));
  const text = await decodeText(source, encoding);
  const sample = text.slice(0, SAMPLE_CHARACTERS);
  requireText(source.name, sample);
  if (text.trim() === "") throw empty(source.name, "holds nothing but blank lines");

  const layout = sniffFormat(sample.slice(0, wholeLines(sample, text)), known);
  // Tab-separated files seldom quote at all: a cell that merely begins with a quote must not swallow the rest.
  const mayQuote = layout.delimiter !== "\t" || known.quote !== undefined || layout.quote === "";
  const table = columnsOf(text, layout, mayQuote) ?? columnsOf(text, { ...layout, quote: "" }, true);
  if (table === null || table.columns.rowCount === 0) {
    throw empty(source.name, "has a header row but no rows below it");
  }
  const { columns } = table;
  return {
    format: { encoding, ...table.layout },
    columns: columns.names,
    cells: columns.cells,
    rowCount: columns.rowCount,
    faults: columns.faults,
  };
}

/** The columns of a text, or null where the parser finds a fault and `faulty` does not let it. */
function columnsOf(
  text: string,
  layout: CsvLayout,
  faulty: boolean,
): { layout: CsvLayout; columns: CsvColumns } | null {
  const columns = new CsvColumns(layout);
  let isFaulty = false;
  parseRows(text, layout, (rows) => {
    isFaulty ||= rows.errors.length > 0;
    if (isFaulty && !faulty) return false;
    columns.add(rows);
    return true;
  });
  columns.seal();
  return isFaulty && !faulty ? null : { layout, columns };
}

/** The sample up to its last line end, for its last line may be cut. */
function wholeLines(sample: string, text: string): number {
  if (sample.length === text.length) return sample.length;
  const end = Math.max(sample.lastIndexOf("\n"), sample.lastIndexOf("\r"));
  return end < 0 ? sample.length : end;
}

function empty(name: string, what: string): Problem {
  return new Problem({
    found: `${name} ${what}.`,
    expected: "A table with at least a text column, a label column and some rows was expected.",
    remedy: "Check that the right file was chosen and that it was saved after the last change.",
  });
}

function tooLarge(source: ByteSource): Problem {
  return new Problem({
    found: `${source.name} has ${Math.round(source.size / 1e6)} MB.`,
    expected: `A table of at most ${LARGEST_FILE / 1e6} MB was expected.`,
    remedy: "Take a part of the rows: fine-tuning seldom gains from more than a few hundred thousand.",
  });
}
