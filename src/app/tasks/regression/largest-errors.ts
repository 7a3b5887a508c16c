import type { NumberScores } from "../../../tasks/regression/predictions.ts";
import type { Results } from "../../../workers/protocol.ts";

/** A validation row, and how far its prediction is off. */
export interface RowError {
  /** Index into the validation rows. */
  row: number;
  truth: number;
  predicted: number;
  /** Predicted less true. */
  residual: number;
}

/** All rows, those that are furthest off first; equal ones in row order. */
export function largestErrors({ truth, scores }: Pick<Results, "truth" | "scores">): RowError[] {
  const { predicted } = scores as NumberScores;
  return Array.from(predicted, (value, row): RowError => {
    const is = truth.labels[row] ?? NaN;
    return { row, truth: is, predicted: value, residual: value - is };
  }).sort((a, b) => Math.abs(b.residual) - Math.abs(a.residual) || a.row - b.row);
}
