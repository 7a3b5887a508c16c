import type { TextColumn } from "./text-column.ts";

/** A table as it was read. */
export interface ParsedTable {
  format: TableFormat;
  /** 0 to 1; below `DOUBTFUL` the page marks the encoding as a guess. */
  encodingConfidence: number;
  /** Column names; a column without one is named by its place, "column 3". */
  columns: string[];
  /** Cells by column and row, `cells[columns][rowCount]`; missing cells at a row's end are empty. */
  cells: TextColumn[];
  rowCount: number;
  /** Line of the file (1-based) at which each row begins [rowCount]; null where rows have no lines (Parquet); the sheet's row number for workbooks. */
  lines: Int32Array | null;
  faults: TableFaults;
  /** Other tables in the same file that `sheet` can name; empty where there is one. */
  sheets: string[];
}

/** The kinds of tables that can be read. */
export type TableKind =
  "delimited" | "json-lines" | "json" | "fasttext" | "label-first" | "parallel" | "conll" | "parquet" | "xlsx";

/** How a table is read; detected, parts of it can be overridden. */
export interface TableFormat {
  kind: TableKind;
  /** WHATWG name, lower case ("utf-8", "gbk", "windows-1251"); "utf-8" for Parquet and workbooks. */
  encoding: string;
  /** One character, or null where the kind has none. */
  delimiter: string | null;
  /** One character, or "" where quotes have no meaning; null where the kind has none. */
  quote: string | null;
  header: boolean;
  /** Lines above the header (or first row) that are not part of the table, such as "sep=;" and titles. */
  skippedLines: number;
  /** Name of the sheet of a workbook, or of the member of a zip or split of a JSON object, that was read; null where there is one table only and none was named. */
  sheet: string | null;
}

/** The parts of a format that a person may override. */
export type FormatOverrides = Partial<Pick<TableFormat, "encoding" | "delimiter" | "quote" | "header" | "sheet">>;

/** The number of rows with a fault, and the first of them (1-based, header not counted). */
export interface OddRows {
  count: number;
  rows: number[];
}

/** Faults of a table, by kind. */
export interface TableFaults {
  /** Rows with fewer cells than there are columns. */
  short: OddRows;
  /** Rows with text past the last column that has a name. */
  spilled: OddRows;
  /** Rows with a cell of more than `HUGE_CELL` characters. */
  huge: OddRows;
  /** Rows with U+FFFD, which replaces bytes that are no character. */
  replaced: OddRows;
  /** Rows where a quote within a quoted cell is not doubled. */
  strayQuotes: OddRows;
  /** The row whose quote is never closed, and how many lines of the file it swallowed. */
  unclosed: { row: number; lines: number } | null;
  /** Lines that were decoded by another encoding than the others; `rows` has lines of the file. */
  mixedEncoding: OddRows;
  /** Rows with UTF-8 that was encoded twice ("cafÃ©"). */
  doubleEncoded: OddRows;
  /** Rows with NUL characters, which are left out. */
  nul: OddRows;
  /** Repeated headers, which are left out; `rows` has the row that follows each. */
  repeatedHeaders: OddRows;
  /** Lines that could not be read as a row (broken JSON, say) and are left out; `rows` has lines of the file. */
  broken: OddRows;
}

/** A cell with more characters is reported. */
export const HUGE_CELL = 100_000;

const SHOWN_ROWS = 20;

export function noFaults(): TableFaults {
  const none = (): OddRows => ({ count: 0, rows: [] });
  return {
    short: none(),
    spilled: none(),
    huge: none(),
    replaced: none(),
    strayQuotes: none(),
    unclosed: null,
    mixedEncoding: none(),
    doubleEncoded: none(),
    nul: none(),
    repeatedHeaders: none(),
    broken: none(),
  };
}

/** Adds a row to those with a fault. */
export function note(odd: OddRows, row: number): void {
  odd.count++;
  if (odd.rows.length < SHOWN_ROWS) odd.rows.push(row);
}

/** The fault of a cell, and the text that is kept. */
interface OddCell {
  text: string;
  huge: boolean;
  replaced: boolean;
  doubleEncoded: boolean;
  nul: boolean;
}

/** What 0x80 to 0xbf, the later bytes of UTF-8, become in Windows-1252 or Latin-1. */
const late = "[\\u0080-\\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]";
/**
 * UTF-8 that was read as Windows-1252 and encoded again ("cafÃ©", "donâ€™t", "Ð¿Ñ€Ð¸"), or as Windows-1251
 * ("РїСЂРё"). None of these runs occurs in a language.
 */
const doubled = new RegExp(
  `[ÂÃ]${late}|[ÄÅ][\\u0080-\\u00bf]|â€${late}|(?:[ÐÑ]${late}){2}|(?:[РС][\\u0402-\\u040f\\u0451-\\u045f\\u00a0-\\u00bf‚-™€]){2}`,
);

/** Letters that those runs begin with; most cells have none. */
const suspicious = /[ÂÃÄÅâÐÑРС]/;

/** The fault of a cell; null where there is none. NUL characters are removed from the text. */
export function checkCell(cell: string): OddCell | null {
  const huge = cell.length > HUGE_CELL;
  const replaced = cell.includes("\ufffd");
  const nul = cell.includes("\0");
  const doubleEncoded = suspicious.test(cell) && doubled.test(huge ? cell.slice(0, HUGE_CELL) : cell);
  if (!huge && !replaced && !doubleEncoded && !nul) return null;
  return { text: nul ? cell.replaceAll("\0", "") : cell, huge, replaced, doubleEncoded, nul };
}
