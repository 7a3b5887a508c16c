import { createRandom } from "../../src/data/random.ts";
import type { EncodedDataset } from "../../src/data/rows.ts";
import { plainSettings, type TrainerSettings } from "../../src/train/settings.ts";

/** Rows of 3 to `longest` tokens, all below `vocabulary`, whose class shows in their second token, so that it can be learned. */
export function learnableRows(rows: number, seed: number, longest = 12, vocabulary = 920): EncodedDataset {
  const random = createRandom(seed);
  const below = (count: number) => Math.floor(random() * count);
  const labels = Int32Array.from({ length: rows }, (_, row) => row % 3);
  const texts = Array.from(labels, (label) => {
    const words = Array.from({ length: 1 + below(longest - 2) }, () => 20 + below(vocabulary - 20));
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

/** Settings of a trainer without dropout, decay or warm-up, for the three classes of `learnableRows`. */
export const linearSettings: TrainerSettings = {
  ...plainSettings(1e-3),
  schedule: "linear",
  steps: 1000,
  maxGradientNorm: 1,
  seed: 42,
};
