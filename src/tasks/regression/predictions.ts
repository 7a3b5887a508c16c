import type { RowLabels } from "../../data/row-labels.ts";
import type { PredictionColumns, PrintedPredictions } from "../task.ts";

/** The number of a text, in the units of the data. */
export interface NumberPrediction {
  value: number;
}

/** What is kept of each row. */
export interface NumberScores {
  /** The predicted number of each row [rows], in the units of the data. */
  predicted: Float32Array;
}

// Seven digits are what a float32 holds.
const sevenDigits = (value = NaN) => Number(value.toPrecision(7));

export const printedNumbers: PrintedPredictions<NumberPrediction> = {
  line: ({ value }) => ({ value }),
  json: (prediction) => ({ value: prediction?.value ?? null }),
  header: () => ["predicted"],
  cells: (prediction) => [prediction ? sevenDigits(prediction.value) : NaN],
};

/** The true number, the predicted one, and what the latter is too much. */
export function predictionColumns({ labels }: RowLabels, { predicted }: NumberScores): PredictionColumns {
  return {
    header: ["label", "predicted", "residual"],
    cellsOf(row) {
      const [truth = NaN, found = NaN] = [labels[row], predicted[row]];
      return [truth, found, found - truth].map(sevenDigits);
    },
  };
}
