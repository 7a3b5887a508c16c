/** The part of a run that a row is in. */
export type RowPart = "train" | "validation" | "unlabelled" | "left out";

/** What rows are sorted by: a column, the place in the file, or what the model says; "order" is the most useful label first. */
export type SortKey = number | "row" | "predicted" | "confidence" | "order";

/** Which rows of a table are looked at, and in which order. */
export interface RowQuery {
  /** Rows that have this text in some cell, in either case; "" for all. */
  search: string;
  /** The column that is searched; null for all. */
  column: number | null;
  show: "all" | "train" | "validation" | "unlabelled" | "changed" | "dropped" | "empty" | "duplicates" | "wrong";
  /** Rows that have this label; null for all. */
  label: string | null;
  sort: SortKey;
  descending: boolean;
}

/** A row as the page shows it. */
export interface ViewedRow {
  /** Its place in the table, from 1. */
  row: number;
  /** Its line in the file, or its place in the table where the file has no lines. */
  line: number;
  /** Its cells with all changes, the beginnings of long ones. */
  cells: readonly string[];
  /** Columns whose cells were changed. */
  changed: readonly number[];
  isDropped: boolean;
  part: RowPart;
  /** The labels that its label cells say. */
  labels: readonly string[];
  /** What the model says of it, where it was asked. */
  predicted?: string;
  confidence?: number;
  isWrong?: boolean;
}

/** What a model says of some rows, by place among them. */
export interface ModelColumns {
  /** The place of each row of the table (from 1). */
  placeOf: ReadonlyMap<number, number>;
  predicted: readonly string[];
  confidence: Float32Array;
  /** 1 where the label is another [places]; 0 where it is not, or there is none. */
  isWrong: Uint8Array;
  /** The place of each in the order in which labels would help most, from 0; −1 for rows that have one. */
  order: Int32Array | null;
}
