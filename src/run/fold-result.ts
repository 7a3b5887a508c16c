import type { Fold } from "../data/folds.ts";
import { labelledCount, type RowLabels } from "../data/row-labels.ts";
import type { EncodedRows } from "../data/rows.ts";
import type { FittedProbe } from "../train/probe/fit-probe.ts";
import type { AnyReport, AnyScores, TrainedTask } from "../tasks/task.ts";
import type { RunInput } from "./run.ts";

/** What a cross-validation is of: the input of a run, without the split. */
export interface FoldsInput extends Omit<RunInput, "train" | "validation" | "copies"> {
  /** All rows, encoded, and their labels; changed copies of them, which are trained on alone, come last. */
  rows: EncodedRows;
  labels: RowLabels;
  /** The row that each copy is of [copies]; none where not given. */
  copyOf?: Int32Array;
  folds: readonly Fold[];
  /** Whether no final model is wanted. */
  foldsAlone?: boolean;
}

/** Number of rows that are no copies. */
export function originalCount({ labels, copyOf }: Pick<FoldsInput, "labels" | "copyOf">): number {
  return labelledCount(labels) - (copyOf?.length ?? 0);
}

/** Rows followed by the copies of these alone. */
export function withOwnCopies(input: Pick<FoldsInput, "labels" | "copyOf">, rows: Int32Array): Int32Array {
  const { copyOf } = input;
  if (!copyOf || copyOf.length === 0) return rows;
  const first = originalCount(input);
  const isIn = new Uint8Array(first);
  for (const row of rows) isIn[row] = 1;
  const copies = [...copyOf.keys()].filter((copy) => isIn[copyOf[copy] ?? -1] === 1);
  const all = new Int32Array(rows.length + copies.length);
  all.set(rows);
  all.set(
    copies.map((copy) => first + copy),
    rows.length,
  );
  return all;
}

/** A fold that is complete. */
export interface FoldResult {
  repeat: number;
  fold: number;
  /** Without copies. */
  trainRows: number;
  rows: number;
  /** Steps and epochs of the weights that were scored; 0 of a probe. */
  step: number;
  epoch: number;
  /** What the fold's model says of the rows that it did not train on. */
  report: AnyReport;
  /** Outputs of these rows, or of the places of their words, in the units of the data. */
  outputs: Float32Array;
  /** The task with what was tuned in the fold. */
  task: TrainedTask;
  /** The fold's linear model and what it says of each row, where the folds are probes. */
  probed?: { probe: FittedProbe; scores: AnyScores };
}
