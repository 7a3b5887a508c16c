import { Problem } from "../problem/problem.ts";
import type { ByteSource } from "./byte-source.ts";
import { CsvColumns } from "./csv-columns.ts";
import { type CsvFormat, RowParser, sniffFormat } from "./csv-format.ts";
import type { TableFaults } from "./table-faults.ts";
import type { FormatOverrides } from "./table-format.ts";
import type { TextColumn } from "./text-column.ts";
import { decodePieces, detectEncoding } from "./text-encoding.ts";
import { LARGEST_FILE, requireText, requireTextFile } from "./text-check.ts";

export interface ParsedCsv {
  format: CsvFormat;
  /** Column names; those without one are called "column 3" by their place. */
  columns: string[];
  /** Cells by column [columns] and row [rowCount]; a cell past a row's end is empty. */
  cells: TextColumn[];
  rowCount: number;
  faults: TableFaults;
}

const SAMPLE_CHARACTERS = 1 << 16;

/**
 * Reads a delimited text file. Parts of the format that are not given are found by inspection.
 * Trailing columns with neither name nor content are dropped.
 * Throws a `Problem` for a file that is empty, holds a header alone, is no text, or is over 500 MB.
 */
export async function parseCsv(source: ByteSource, known: FormatOverrides = {}): Promise<ParsedCsv> {
  if (source.size === 0) throw empty(source.name, "is empty");
  if (source.size > LARGEST_FILE) throw tooLarge(source);
  await requireTextFile(source);
  const encoding = known.encoding ?? (await detectEncoding(source));
  const { value: beginning = "" } = await decodePieces(source, encoding).next();
  const sample = beginning.slice(0, SAMPLE_CHARACTERS);
  requireText(source.name, sample);

  const layout = sniffFormat(sample.slice(0, wholeLines(sample, beginning)), known);
  let format: CsvFormat = { encoding, ...layout };
  // Tab-separated files seldom quote at all: a cell that merely begins with a quote must not swallow the rest.
  const mayFail = layout.delimiter === "\t" && typeof known.quote !== "string" && layout.quote !== "";
  let columns = await readColumns(source, format, beginning, mayFail);
  if (columns === null) {
    format = { ...format, quote: "" };
    columns = await readColumns(source, format, beginning, false);
  }
  if (columns === null) throw empty(source.name, "holds nothing but blank lines");
  const { names, cells, rowCount, faults } = columns;
  if (rowCount === 0) throw empty(source.name, "has a header row but no rows below it");
  return { format, columns: names, cells, rowCount, faults };
}

/** The columns of a file; null where it is blank, or where quotes are at fault and reading `mayFail`. */
async function readColumns(
  source: ByteSource,
  format: CsvFormat,
  beginning: string,
  mayFail: boolean,
): Promise<CsvColumns | null> {
  const columns = new CsvColumns(format);
  const parser = new RowParser(format, beginning);
  let isBlank = true;
  const add = (piece: string, isLast: boolean): boolean => {
    isBlank &&= piece.trim() === "";
    const rows = parser.push(piece, isLast);
    if (mayFail && rows.errors.length > 0) return false;
    columns.add(rows);
    return true;
  };
  for await (const piece of decodePieces(source, format.encoding)) if (!add(piece, false)) return null;
  if (!add("", true)) return null;
  columns.seal();
  return isBlank ? null : columns;
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
