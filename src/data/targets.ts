import { Int32List } from "../io/int32-list.ts";
import type { Texts } from "../io/text-column.ts";
import type { ThousandsSign } from "./cell-number.ts";
import type { LabelValues, RowLabels } from "./row-labels.ts";
import type { LabelledRows } from "./rows.ts";
import type { Cleaning, Finding, TargetSummary } from "./summary.ts";

/** The label columns of a table: mostly one. */
export interface LabelColumns {
  /** Their cells, by column. */
  cells: readonly Texts[];
  /** Their names. */
  names: readonly string[];
  /** The text cell of each row. */
  texts: Texts;
  /** What stands between several labels in one cell, where a person chose it. */
  separator: string | null;
  /** What stands between the thousands of numbers, null for nothing; to be detected where undefined. */
  thousands?: ThousandsSign | null | undefined;
  /** Whether a row has all of its texts. */
  hasTexts: (row: number) => boolean;
  /** Whether a cell counts as empty: its row is left out. */
  isEmpty: (cell: string | undefined) => boolean;
  cleaning: Cleaning;
}

/** How the label cells of rows are read. */
interface Targets {
  /** Names of what is predicted, e.g. of the classes that targets are places of. */
  labelNames: readonly string[];
  /** Numbers of a row, or "any" where rows have different numbers of them; one where not given. */
  width?: number | "any";
  /** Whether targets are classes (int32), or other numbers (float32). */
  numbers: "classes" | "floats";
  /** The texts of all rows, where cells hold something else, such as lists of words; the cells where not given. */
  texts?: Texts;
  /** Whether the label cells of a row say nothing; where not given, one that is empty does. */
  isMissing?: (cells: readonly string[]) => boolean;
  /** The target of the label cells of a row, none of them missing; undefined where they have none, and the row is left out. */
  of: (cells: readonly string[], tableRow: number) => number | ArrayLike<number> | undefined;
  /**
   * What a person should know of the cells, after all were read.
   *
   * @param keptRows rows that have a target
   */
  findings: (keptRows: number) => Finding[];
}

/** How a task makes targets of label columns, and what it expects of rows. */
export interface TargetReader {
  /** @param labelNames names of a head's outputs, in their order; null where they are those that occur */
  read: (columns: LabelColumns, labelNames: readonly string[] | null) => Targets;
  /**
   * The label cells of a row that has some of the names that are predicted, written as the table writes them; nothing
   * where targets are not names of a whole row.
   */
  write?: (columns: LabelColumns, labels: readonly string[], labelNames: readonly string[]) => readonly string[];
  /** What a person should know of rows before training on them. */
  inspect: (rows: LabelledRows) => Finding[];
  /** For each row the stratum of which the same share is held out, from 0 on [rows]. */
  strata: (rows: LabelledRows) => Int32Array;
  /** Where a row can stand in several strata: its own, from 0 on. */
  strataOf?: (rows: LabelledRows, row: number) => readonly number[];
  /** Where rows have no one stratum: which of them are held out, 1 for those [rows]. Equal texts must stay together. */
  holdOut?: (rows: LabelledRows, share: number, seed: number) => Uint8Array;
  /** What is missing to train on rows, as the end of a sentence ("fewer than two classes are left …"); null where nothing is. */
  lacks: (rows: LabelledRows) => string | null;
  /** Whether targets belong to words, which have places in the texts: these must stay as they are. */
  asksWords?: true;
  /** What rows a training needs, as a sentence; rows with texts and labels where not given. */
  expected?: string;
  /** What a person can do where no row is left to validate on, as a sentence. */
  holdMore: string;
  summarize: (train: LabelledRows, validation: LabelledRows) => TargetSummary;
  /** What rows have, in words: "ham 4825, spam 747". */
  describe: (parts: readonly LabelledRows[]) => { what: string; text: string };
  /** Rows of each of the names that are predicted [labelNames]; empty where numbers are. */
  counts: (rows: LabelledRows) => number[];
}

/** The reader of a task, by its name; null where there is none. */
export type ReaderOf = (task: string) => TargetReader | null;

/** Targets of rows as they are read. */
export class TargetList {
  private values: LabelValues;
  private length = 0;
  private readonly starts = new Int32List(16);

  constructor(
    private readonly form: Pick<Targets, "width" | "numbers">,
    rows: number,
  ) {
    const { width = 1, numbers } = form;
    const room = Math.max(16, width === "any" ? rows : rows * width);
    this.values = numbers === "classes" ? new Int32Array(room) : new Float32Array(room);
  }

  push(target: number | ArrayLike<number>): void {
    if (this.form.width === "any") this.starts.push(this.length);
    const own = typeof target === "number" ? [target] : target;
    this.reserve(own.length);
    this.values.set(own, this.length);
    this.length += own.length;
  }

  /** The targets in memory of their own. */
  toLabels(): RowLabels {
    const { width = 1 } = this.form;
    const labels = this.values.slice(0, this.length);
    if (width === "any") {
      this.starts.push(this.length);
      return { labels, labelStart: this.starts.toArray() };
    }
    return { labels, ...(width !== 1 && { labelWidth: width }) };
  }

  private reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.values.length) return;
    const room = Math.max(needed, 2 * this.values.length);
    const larger = this.values instanceof Int32Array ? new Int32Array(room) : new Float32Array(room);
    larger.set(this.values);
    this.values = larger;
  }
}
