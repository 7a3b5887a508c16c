import type { Texts } from "../io/text-column.ts";

/** The text rows of a table whose columns are chosen and whose empty rows are dropped, in file order. */
export interface LabelledRows {
  texts: Texts;
  /** Second text of each row for sentence-pair tasks, or null. */
  pairs: Texts | null;
  /** Index into `labelNames` of each row. */
  labels: Int32Array;
  /** Class names, in order of class index (sorted: numbers by value, else by code point). */
  labelNames: string[];
  /** 1-based row of the table (header not counted) that each row came from. */
  tableRows: Int32Array;
  /** Line of the file (1-based) at which each row begins; null where a file has no lines. */
  lines: Int32Array | null;
}

/** Where a person finds a row: its line in the file, or its row in the table where the file has no lines. */
export function placeOf({ lines, tableRows }: LabelledRows, row: number): number {
  return lines?.[row] ?? tableRows[row] ?? 0;
}

/** Token ids of many rows laid end to end, without padding. */
export interface EncodedRows {
  /** Token ids [tokens]. */
  ids: Int32Array;
  /** Segment ids (0 or 1) [tokens]. */
  types: Int32Array;
  /** First token of each row, and the end: [rows + 1]. */
  rowStart: Int32Array;
  /** Tokens of each row before truncation [rows]. */
  fullLengths: Int32Array;
}

/** What training and evaluation read: encoded rows with the class of each. */
export interface EncodedDataset extends EncodedRows {
  labels: Int32Array;
  /** What a model's head reads of each row [rows · width], where the rest of the model never changes. */
  features?: Float32Array<ArrayBuffer>;
  /** Which task the classes are of; the new one where not given. */
  task?: "new" | "earlier";
}
