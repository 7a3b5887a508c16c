import { Problem } from "../problem/problem.ts";
import type { ByteSource } from "./byte-source.ts";
import { type CsvFormat, isBlank, parseRows, sniffFormat } from "./csv-format.ts";
import { decodeText, detectEncoding } from "./text-encoding.ts";
import { LARGEST_FILE, requireText, requireTextFile } from "./text-check.ts";

/** Rows that show something odd: how many, and the first of them (1-based, header not counted). */
export interface OddRows {
  count: number;
  rows: number[];
}

/** What was odd about a table, as plain facts. */
export interface CsvFaults {
  /** Rows with fewer cells than there are columns. */
  short: OddRows;
  /** Rows with text past the last column that has a name. */
  spilled: OddRows;
  /** Rows with a cell of more than `HUGE_CELL` characters. */
  huge: OddRows;
  /** Rows with U+FFFD, the mark of bytes that made no character. */
  replaced: OddRows;
  /** Rows where a quote within a quoted cell is not doubled. */
  strayQuotes: OddRows;
  /** The row whose quote is never closed, and how many lines of the file it swallowed. */
  unclosed: { row: number; lines: number } | null;
}

export interface ParsedCsv {
  format: CsvFormat;
  /** Column names; those without one are called "column 3" by their place. */
  columns: string[];
  /** Cells by row and column. Every row reaches the last named column; a cell past a row's end is empty. */
  rows: string[][];
  faults: CsvFaults;
}

/** Characters of a cell beyond which it is worth a word. */
export const HUGE_CELL = 100_000;

/** Bytes of the largest file: its text must fit in one JavaScript string. */
/** Columns past the named ones that are kept apart; what lies further is joined into the last. */
const MOST_SPILLED_COLUMNS = 20;
const SAMPLE_CHARACTERS = 1 << 16;
const SHOWN_ROWS = 20;

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
  let parsed = parseRows(text, layout);
  if (layout.delimiter === "\t" && known.quote === undefined && layout.quote !== "" && parsed.errors.length > 0) {
    // Tab-separated files seldom quote at all: a cell that merely begins with a quote must not swallow the rest.
    layout.quote = "";
    parsed = parseRows(text, layout);
  }
  const { rows, numbers } = keepRows(parsed.data, layout.header);
  const header = layout.header ? (rows.shift() ?? []) : null;
  if (rows.length === 0) throw empty(source.name, "has a header row but no rows below it");

  const faults = noFaults();
  for (const error of parsed.errors) {
    if (error.type !== "Quotes" || error.row === undefined) continue;
    const row = numbers.get(error.row) ?? rows.length;
    if (error.code === "MissingQuotes") faults.unclosed = { row, lines: linesOf(rows[row - 1] ?? header ?? []) };
    else if (faults.strayQuotes.rows.at(-1) !== row) note(faults.strayQuotes, row);
  }
  const columns = shapeRows(rows, header, layout.delimiter, faults);
  return { format: { encoding, ...layout }, columns, rows, faults };
}

/** Drops blank lines; `numbers` maps the parser's row to the table's (1-based) for the rows that are kept. */
function keepRows(data: string[][], hasHeader: boolean): { rows: string[][]; numbers: Map<number, number> } {
  const rows: string[][] = [];
  const numbers = new Map<number, number>();
  data.forEach((row, index) => {
    if (isBlank(row)) return;
    rows.push(row);
    numbers.set(index, hasHeader ? rows.length - 1 : rows.length);
  });
  return { rows, numbers };
}

/** Brings the rows to the width of the columns, notes what is odd about them, and names the columns. */
function shapeRows(rows: string[][], header: string[] | null, delimiter: string, faults: CsvFaults): string[] {
  const names = header?.map((name) => name.trim()) ?? [];
  const named = header === null ? commonWidth(rows) : names.findLastIndex((name) => name !== "") + 1;
  let width = named;
  rows.forEach((row, index) => {
    const number = index + 1;
    if (row.length < named) {
      note(faults.short, number);
      while (row.length < named) row.push("");
    }
    if (row.length > named + MOST_SPILLED_COLUMNS) {
      const rest = row.splice(named + MOST_SPILLED_COLUMNS - 1);
      row.push(rest.join(delimiter));
    }
    const last = row.findLastIndex((cell, column) => column < named || cell.trim() !== "") + 1;
    if (last > named) note(faults.spilled, number);
    width = Math.max(width, last);
    if (row.some((cell) => cell.length > HUGE_CELL)) note(faults.huge, number);
    if (row.some((cell) => cell.includes("\ufffd"))) note(faults.replaced, number);
  });
  for (const row of rows) if (row.length > width) row.length = width;
  return Array.from({ length: width }, (_, column) => names[column] || `column ${column + 1}`);
}

/** The commonest number of cells among the first thousand rows. */
function commonWidth(rows: string[][]): number {
  const counts = new Map<number, number>();
  for (const row of rows.slice(0, 1000)) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), [1, 0])[0];
}

function noFaults(): CsvFaults {
  const none = (): OddRows => ({ count: 0, rows: [] });
  return { short: none(), spilled: none(), huge: none(), replaced: none(), strayQuotes: none(), unclosed: null };
}

function note(odd: OddRows, row: number): void {
  odd.count++;
  if (odd.rows.length < SHOWN_ROWS) odd.rows.push(row);
}

function linesOf(row: readonly string[]): number {
  return row.reduce((lines, cell) => lines + (cell.match(/\n/g)?.length ?? 0), 0);
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
