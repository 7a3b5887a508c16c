import type { RowLabels } from "../../data/row-labels.ts";
import type { RowScores } from "../../metrics/row-scores.ts";
import type { RowOutcomes } from "../task.ts";

/** A row is right where its class is. */
export function rowOutcomes(
  { labels }: RowLabels,
  { predicted, truthProbability }: RowScores,
  names: readonly string[],
): RowOutcomes {
  return {
    outcomes: { kind: "right", values: Float64Array.from(predicted, (label, row) => Number(label === labels[row])) },
    labelsOf: (row) => [names[labels[row] ?? -1] ?? ""],
    predictedOf: (row) => [names[predicted[row] ?? -1] ?? ""],
    // The least probability that a float32 holds, so that the loss of a row is finite.
    losses: Float64Array.from(truthProbability, (one) => -Math.log(Math.max(one, 2 ** -149))),
  };
}
