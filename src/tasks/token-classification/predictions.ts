import type { RowLabels } from "../../data/row-labels.ts";
import type { PredictionColumns, PrintedPredictions } from "../task.ts";
import type { PredictedEntity } from "./entities.ts";
import { rowEntities, type EntitySpan } from "./row-entities.ts";
import type { TokenScores } from "./scorer.ts";

/** The entities of a text. */
export interface EntityPrediction {
  entities: PredictedEntity[];
}

// Seven digits are what a float32 holds.
const sevenDigits = (value = NaN) => Number(value.toPrecision(7));

const rounded = ({ entities }: EntityPrediction) =>
  entities.map((entity) => ({ ...entity, score: sevenDigits(entity.score) }));

export const printedEntities: PrintedPredictions<EntityPrediction> = {
  line: (prediction) => ({ entities: rounded(prediction) }),
  json: (prediction) => ({ entities: prediction && rounded(prediction) }),
  header: () => ["entities"],
  cells: (prediction) => [prediction ? JSON.stringify(rounded(prediction)) : ""],
};

/** True and predicted entities as [start, end, label] in code points, and whether they are the same. */
export function predictionColumns(
  truth: RowLabels,
  scores: TokenScores,
  labelNames: readonly string[],
): PredictionColumns {
  const entitiesOf = rowEntities(truth, scores, labelNames);
  const listed = (entities: readonly EntitySpan[]) =>
    JSON.stringify(entities.map(({ start, end, label }) => [start, end, label]));
  return {
    header: ["entities", "predicted", "right"],
    cellsOf(row) {
      const { truth: own, predicted } = entitiesOf(row);
      const [is, found] = [listed(own), listed(predicted)];
      return [is, found, is === found ? 1 : 0];
    },
  };
}
