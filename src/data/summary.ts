import type { FormatOverrides, TableFormat } from "../io/parsed-table.ts";
import type { HeldOutBy } from "../recipe/held-out-by.ts";
import type { ThousandsSign } from "./cell-number.ts";

export type { FormatOverrides, TableFormat } from "../io/parsed-table.ts";

/** The task that a table's labels are for, by its name: one of `tasks/registry.ts`, or one that cannot be trained. */
export type Task = string;

/** Column indexes of the table that make up a row. */
export interface ColumnChoice {
  text: number;
  pair: number | null;
  label: number;
  /** Further label columns, in their order. */
  moreLabels?: readonly number[];
  /** Rows with the same value of this column are held out together; null or absent for none. */
  group?: number | null | undefined;
  /** The latest rows by this column are held out; null or absent for none. */
  time?: number | null | undefined;
  /** What stands between several labels in one cell, where a person chose it; detected where not given. */
  separator?: string;
  /** What stands between the thousands of numbers, null for nothing; detected where not given. */
  thousands?: ThousandsSign | null;
  /** The task where a person chose it, whatever the labels look like; detected where not given. */
  task?: Task | undefined;
}

/** The columns by which rows are split, of those that are chosen. */
export function splitColumns({ group, time }: Pick<ColumnChoice, "group" | "time">): number[] {
  return [group, time].filter((column) => column !== null && column !== undefined);
}

/** All label columns of a choice, in their order. */
export function labelColumns({ label, moreLabels = [] }: Pick<ColumnChoice, "label" | "moreLabels">): number[] {
  return [label, ...moreLabels];
}

/** Which labels are treated as equal or as missing; none unless chosen. */
export interface Cleaning {
  /** Labels that look alike (case, spaces, invisible characters, 1 and 1.0) become one class. */
  mergeLabels: boolean;
  /** Words for a missing value, such as nan, NULL and N/A, count as empty. */
  missingWords: boolean;
}

/** A change of what was chosen or detected that corrects the data. */
export interface DataFix {
  format?: FormatOverrides;
  columns?: ColumnChoice;
  cleaning?: Partial<Cleaning>;
}

/** A finding in the data, in plain words. */
export interface Finding {
  id:
    | "empty-text"
    | "empty-label"
    | "duplicates"
    | "conflicting-labels"
    | "small-class"
    | "labels-look-like-ids"
    | "imbalance"
    | "one-class"
    | "ragged-rows"
    | "huge-cell"
    | "unclosed-quote"
    | "replaced-characters"
    | "mixed-encodings"
    | "double-encoded"
    | "nul-characters"
    | "repeated-headers"
    | "grouped-words"
    | "numbered-tags"
    | "single-words"
    | "unnamed-labels"
    | "other-marks"
    | "several-columns"
    | "far-numbers"
    | "broken-lines"
    | "doubtful-encoding"
    | "other-tables"
    | "same-names"
    | "unused-text"
    | "other-task"
    | "detected-task"
    | "lost-spans"
    | "cut-words"
    | "numbers-as-classes"
    | "unread-labels"
    | "one-number"
    | "thousands"
    | "no-columns"
    | "look-alike-labels"
    | "merged-labels"
    | "matched-labels"
    | "missing-word-labels"
    | "missing-word-texts"
    | "unknown-validation-labels"
    | "checkpoint-fit"
    | "beyond-positions"
    | "cleaned-rows"
    | "near-leaks"
    | "many-rows"
    | "cleaning-moves-words"
    | "augmented-rows"
    | "augmentation-moves-words"
    | "leaked-validation-rows"
    | "leaked-test-rows"
    | "no-test-rows"
    | "leaked-groups"
    | "left-out-copies"
    | "one-group"
    | "one-time"
    | "unread-times"
    | "ambiguous-times";
  /** "blocking" stops the start. */
  severity: "note" | "warning" | "blocking";
  /** One sentence on what was found, with numbers; `remedy` is one on what to do ("" for a note). */
  text: string;
  remedy: string;
  /** Up to 20 table rows (1-based, header not counted) that show it. */
  tableRows: number[];
  /** Their lines in the file, which people are shown; absent where a file has no lines. */
  lines?: number[];
  /** A button that corrects it: its label and the change it makes. */
  fix?: { label: string; change: DataFix };
}

/** An opened table, for the page. */
export interface TableSummary {
  name: string;
  bytes: number;
  format: TableFormat;
  /** 0 to 1; below `DOUBTFUL` of io/read-table.ts the encoding is a guess. */
  encodingConfidence: number;
  /** Column names; unnamed columns get "column 3". */
  columns: string[];
  /** Other tables in the same file that `format.sheet` can name. */
  sheets: string[];
  rowCount: number;
  /** First rows (at most 50), cells cut at 500 characters. */
  preview: string[][];
  /** Guessed columns, or null where no column fits; then `guessProblem` has the reason. */
  guess: ColumnChoice | null;
  guessProblem: string;
  /** The task of the guessed label column or columns. */
  task: Task;
  findings: Finding[];
}

/** An opened plain text file, for the page. */
export interface TextFileSummary {
  name: string;
  bytes: number;
  encoding: string;
  /** Number of texts, which are lines that are not empty. */
  lines: number;
  /** Number of words, separated by spaces. */
  words: number;
  /** First lines (at most 5), cut at 300 characters. */
  preview: string[];
}

/** Number of texts in the two parts. */
export interface TextsSummary {
  trainRows: number;
  validationRows: number;
}

/** Counts of rows by length; bin i holds lengths from i * binWidth + 1 to (i + 1) * binWidth. */
export interface LengthHistogram {
  unit: "words" | "tokens";
  binWidth: number;
  counts: number[];
  longest: number;
  mean: number;
  /** `longerThan[n]`: rows with more than n units, n = 0..longest (cut at 8192); gives the share a max length cuts. */
  longerThan: number[];
}

/** What a task says of the targets of a run's rows, for its own panels on the page: plain data of the task's own type. */
export type TargetSummary = object;

/** The table as a labelled, split data set. */
export interface DataSummary {
  task: Task;
  /** Why it is this task, as a sentence. */
  taskReason: string;
  labelNames: string[];
  /** What the task says of the targets of both parts, for its panels. */
  targets: TargetSummary;
  /** Changed copies among them, see `augmented`. */
  trainRows: number;
  validationRows: number;
  /** Rows set apart to test on; absent where none are. */
  testRows?: number;
  droppedRows: number;
  /** Rows among them that have a text and no label. */
  unlabelledRows: number;
  lengths: LengthHistogram;
  findings: Finding[];
  /** By which columns rows were held out, where there are any. */
  heldOutBy?: HeldOutBy;
  /** The changed copies of training rows, where the recipe augments. */
  augmented?: AugmentedRows;
}

/** What was added to the training rows by augmentation. */
export interface AugmentedRows {
  /** Number of copies, and of rows that they are made of. */
  copies: number;
  rows: number;
  /** Number of copies that were made and not kept: unchanged, or equal to a row that is held out. */
  leftOut: number;
  /** Some rows before and after: their row of the table (1-based), line in the file, and texts, the start of each. */
  samples: { row: number; line: number; before: string; after: string }[];
}
