import type { Texts } from "../io/text-column.ts";
import type { RowLabels } from "./row-labels.ts";

/** The rows of a table with chosen columns, without empty rows, in file order. */
export interface LabelledRows extends RowLabels {
  texts: Texts;
  /** Second text of each row for sentence-pair tasks, or null. */
  pairs: Texts | null;
  /** Names of what the task predicts, e.g. of the classes in order of class index; none where it predicts numbers. */
  labelNames: string[];
  /** 1-based row of the table (header not counted) that each row came from. */
  tableRows: Int32Array;
  /** Line of the file (1-based) at which each row begins; null where a file has no lines. */
  lines: Int32Array | null;
  /** The group of each row, by a group column; not given without one. */
  groups?: RowGroups;
  /** The time of each row, by a time column, NaN where it has none that can be read [rows]; not given without one. */
  times?: Float64Array;
  /** Numbers of texts that stay on one side of a split, where near duplicates do; else only equal texts do. */
  together?: TextGroups;
}

/** Rows in groups: the group of each [rows], and the number of groups. */
export interface TextGroups {
  groupOf: Int32Array;
  count: number;
}

/** The groups of rows, by the cells of a group column. */
export interface RowGroups {
  /** Number of the group of each row [rows]. */
  of: Int32Array;
  /** Names of the groups [groups]; "" of rows without one, each of which is a group of its own. */
  names: readonly string[];
}

/** Rows of a table with a text and no label, in file order. */
export interface UnlabelledRows extends Pick<LabelledRows, "texts" | "pairs"> {
  /** 1-based row of the table that each came from. */
  tableRows: Int32Array;
}

/** The place of a row for people: its line in the file, or its row in the table where the file has no lines. */
export function placeOf({ lines, tableRows }: Pick<LabelledRows, "lines" | "tableRows">, row: number): number {
  return lines?.[row] ?? tableRows[row] ?? 0;
}

/** Token ids of many rows laid end to end, without padding. A row is a text, or a window of a long one. */
export interface EncodedRows {
  /** Token ids [tokens]. */
  ids: Int32Array;
  /** Segment ids (0 or 1) [tokens]. */
  types: Int32Array;
  /** First token of each row, and the end: [rows + 1]. */
  rowStart: Int32Array;
  /** Tokens of each text before truncation [texts]. */
  fullLengths: Int32Array;
  /** First row of each text, and the end [texts + 1], where texts are read in windows; else each row is a text. */
  textStart?: Int32Array;
  /** Where each token begins and ends in its text, in code points [2 · tokens], where that was asked for; 0 twice for special tokens. */
  spans?: Int32Array;
}

/** Encoded rows with the labels of each, as training and evaluation read them. */
export interface EncodedDataset extends EncodedRows, RowLabels {
  /**
   * Where a head is asked of words: the word of its text that each token is the first one of, or −1 [tokens]. The labels
   * are then those of tokens.
   */
  wordOf?: Int32Array;
  /** With it the words of each text; see `word-tokens.ts`. */
  ofWords?: RowLabels;
  /** The inputs of a model's head for each row, `[rows · width]`, where the rest of the model never changes. */
  features?: Float32Array<ArrayBuffer>;
  /** The task that the labels belong to; the new one without it. */
  task?: "new" | "earlier";
}
