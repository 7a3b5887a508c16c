import type { Texts } from "../io/text-column.ts";
import type { LabelledRows } from "./rows.ts";
import type { Cleaning, Finding } from "./summary.ts";

/** The label column of a table. */
interface LabelColumn {
  cells: Texts;
  /** Whether a row has all of its texts. */
  hasTexts: (row: number) => boolean;
  /** Whether a cell counts as empty: its row is left out. */
  isEmpty: (cell: string | undefined) => boolean;
  cleaning: Cleaning;
}

/** How the cells of one label column are read. */
interface Targets {
  /** Names of the classes that targets are places of. */
  labelNames: readonly string[];
  /** The target of a cell that is not empty; undefined where it is none, and its row is left out. */
  of: (cell: string, tableRow: number) => number | undefined;
  /**
   * What a person should know of the cells, after all were read.
   *
   * @param keptRows rows that have a target
   */
  findings: (keptRows: number) => Finding[];
}

/** How a task makes targets of a label column, and what it expects of rows. */
export interface TargetReader {
  /** @param labelNames names of a head's outputs, in their order; null where they are those that occur */
  read: (column: LabelColumn, labelNames: readonly string[] | null) => Targets;
  /** What a person should know of rows before training on them. */
  inspect: (rows: LabelledRows) => Finding[];
  /** For each row the stratum of which the same share is held out, from 0 on [rows]. */
  strata: (rows: LabelledRows) => Int32Array;
}
