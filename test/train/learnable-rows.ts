import { createRandom } from "../../src/data/random.ts";
import type { EncodedDataset } from "../../src/data/rows.ts";
import type { TrainerSettings } from "../../src/train/settings.ts";

/** Rows of 3 to `longest` tokens whose class shows in their second token, so that it can be learnt. */
export function learnableRows(rows: number, seed: number, longest = 12): EncodedDataset {
  const random = createRandom(seed);
  const below = (count: number) => Math.floor(random() * count);
  const labels = Int32Array.from({ length: rows }, (_, row) => row % 3);
  const texts = Array.from(labels, (label) => {
    const words = Array.from({ length: 1 + below(longest - 2) }, () => 20 + below(900));
    return [2, 5 + label, ...words];
  });
  const rowStart = new Int32Array(rows + 1);
  texts.forEach((ids, row) => (rowStart[row + 1] = (rowStart[row] ?? 0) + ids.length));
  const ids = Int32Array.from(texts.flat());
  return {
    ids,
    types: new Int32Array(ids.length),
    rowStart,
    fullLengths: Int32Array.from(texts, (row) => row.length),
    labels,
  };
}

/** Settings of a trainer without dropout, decay or warm-up. */
export const plainSettings: TrainerSettings = {
  learningRate: 1e-3,
  schedule: "linear",
  warmupSteps: 0,
  steps: 1000,
  weightDecay: 0,
  maxGradientNorm: 1,
  labelSmoothing: 0,
  classWeights: Float32Array.of(1, 1, 1),
  frozen: [],
  layerDecay: 1,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  rates: { hidden: 0, attention: 0, classifier: 0 },
  seed: 42,
};
