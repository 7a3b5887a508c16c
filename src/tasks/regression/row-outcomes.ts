import type { RowLabels } from "../../data/row-labels.ts";
import type { RowOutcomes } from "../task.ts";
import type { NumberScores } from "./predictions.ts";

/** By how much each number is off, in the units of the data. */
export function rowOutcomes({ labels }: RowLabels, { predicted }: NumberScores): RowOutcomes {
  const values = Float64Array.from(predicted, (value, row) => Math.abs(value - (labels[row] ?? NaN)));
  return {
    outcomes: { kind: "error", values },
    labelsOf: () => [],
    predictedOf: () => [],
    numbers: {
      truth: Float64Array.from(predicted, (_, row) => labels[row] ?? NaN),
      predicted: Float64Array.from(predicted),
    },
    losses: values.map((error) => error * error),
  };
}
