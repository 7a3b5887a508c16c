import { labelsOfRow, type RowLabels } from "../../data/row-labels.ts";
import { sigmoid } from "../../metrics/sigmoid.ts";
import type { RowOutcomes } from "../task.ts";
import type { LabelRowScores } from "./scores.ts";

/** A row is right where all of its labels are. */
export function rowOutcomes(
  truth: RowLabels,
  { logits, thresholds, losses }: LabelRowScores,
  names: readonly string[],
): RowOutcomes {
  const isPredicted = (row: number, label: number) =>
    sigmoid(logits[row * thresholds.length + label] ?? NaN) >= (thresholds[label] ?? NaN);
  const isRight = (row: number) =>
    thresholds.every((_, label) => isPredicted(row, label) === (labelsOfRow(truth, row)[label] === 1));
  return {
    outcomes: { kind: "right", values: Float64Array.from(losses, (_, row) => Number(isRight(row))) },
    labelsOf: (row) => names.filter((_, label) => labelsOfRow(truth, row)[label] === 1),
    predictedOf: (row) => names.filter((_, label) => isPredicted(row, label)),
    several: true,
    losses: Float64Array.from(losses),
  };
}
