import type { Tensor } from "@tensorflow/tfjs-core";
import { runningDevice } from "../../../src/gpu/running.ts";
import { accumulate } from "../../../src/ops/accumulate/accumulate.ts";
import { adamw } from "../../../src/ops/adamw/adamw.ts";
import { makeMoments, type Moments } from "../../../src/ops/adamw/moments.ts";
import { uploadBatch } from "../../../src/ops/device-batch.ts";
import { embeddingGradient } from "../../../src/ops/embedding/embedding.ts";
import { tableRows } from "../../../src/ops/embedding/table-rows.ts";
import { gradientNorm } from "../../../src/ops/gradient-norm/gradient-norm.ts";
import { randomBatch } from "../batches.ts";
import { randomValues, toCapacity, toTensor } from "../numbers.ts";

/** Tables, and the lengths of the rows of a step's two micro-batches. */
export const compactShapes = [
  { name: "one token each", rows: 700, width: 8, lengths: [[1], [1]] },
  { name: "rows by eights", rows: 997, width: 24, lengths: [[9, 3], [20]] },
  { name: "rows by ones", rows: 301, width: 13, lengths: [[5], [7, 2]] },
  { name: "each row used", rows: 9, width: 16, lengths: [[30], [31]] },
];

type CompactShape = (typeof compactShapes)[number];

/** Room for the tokens of a micro-batch, and places for the rows of a step. */
const [CAPACITY, ROOM] = [64, 128];
const options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/**
 * Two steps of AdamW on a table and a bias behind it, of two micro-batches each, with the whole gradient of the table or
 * that of the rows that are looked up: what becomes of weights and moments, and the norm of the gradients.
 */
export function twoSteps(
  { rows, width, lengths }: CompactShape,
  form: "table" | "rows",
  limit = 1e30,
): Record<string, Tensor> {
  const sizes = { word: rows, position: 40, type: 2 };
  const held = runningDevice().together([[rows, width], [width]]);
  held.forEach((tensor, i) => runningDevice().write(tensor, randomValues([tensor.size], i).values.slice()));
  const [weight, bias] = held as [Tensor, Tensor];
  const moments = makeMoments([rows * width, width]) as [Moments, Moments];
  const norms: Tensor[] = [];
  for (const step of [1, 2]) {
    const batches = lengths.map((some, i) => randomBatch(some, sizes, 10 * step + i));
    const words =
      form === "rows"
        ? tableRows(
            batches.map(({ ids }) => ids),
            rows,
            ROOM,
          )
        : null;
    const parts = batches.map((batch, i) => {
      const { groupings } = uploadBatch(batch, { tokens: CAPACITY, rows: 2 }, sizes, words ?? "training");
      if (!groupings) throw new Error("A batch for training has groupings.");
      const dy = toCapacity(randomValues([batch.ids.length, width], 100 * step + i), CAPACITY);
      return embeddingGradient(dy, groupings.word);
    });
    const [gradient, more] = parts as [Tensor, Tensor];
    accumulate(gradient, more);
    const dBias = toTensor(randomValues([width], 7 * step));
    const { clip, readback } = gradientNorm([gradient, dBias], limit);
    norms.push(readback);
    const rates = { learningRate: 0.1, weightDecay: 0.01, updates: step };
    adamw(
      [
        { weight, gradient, moments: moments[0], rates, rows: words ?? undefined },
        { weight: bias, gradient: dBias, moments: moments[1], rates },
      ],
      clip,
      options,
    );
  }
  const [first, second] = norms as [Tensor, Tensor];
  return { weight, bias, first: moments[0].first, second: moments[0].second, norm1: first, norm2: second };
}
