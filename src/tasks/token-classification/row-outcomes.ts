import { labelledCount, type RowLabels } from "../../data/row-labels.ts";
import type { RowOutcomes } from "../task.ts";
import { rowEntities, type EntitySpan } from "./row-entities.ts";
import type { TokenScores } from "./scorer.ts";

/** A text is right where its entities are: none missed, none too many, each with its place and type. */
export function rowOutcomes(truth: RowLabels, scores: TokenScores, names: readonly string[]): RowOutcomes {
  const entitiesOf = rowEntities(truth, scores, names);
  const listed = (entities: readonly EntitySpan[]) =>
    JSON.stringify(entities.map((one) => [one.start, one.end, one.label]));
  const rows = Array.from({ length: labelledCount(truth) }, (_, row) => entitiesOf(row));
  return {
    outcomes: {
      kind: "right",
      values: Float64Array.from(rows, ({ truth: own, predicted }) => Number(listed(own) === listed(predicted))),
    },
    labelsOf: (row) => [...new Set(rows[row]?.truth.map(({ label }) => label))],
    predictedOf: (row) => [...new Set(rows[row]?.predicted.map(({ label }) => label))],
    several: true,
    losses: Float64Array.from(rows, (_, row) =>
      meanLoss(scores.losses.subarray(scores.starts[row], scores.starts[row + 1])),
    ),
  };
}

function meanLoss(ofWords: Float32Array): number {
  const known = ofWords.filter((loss) => !Number.isNaN(loss));
  return known.length === 0 ? 0 : known.reduce((sum, loss) => sum + loss, 0) / known.length;
}
