import { cutByTokens, epochOrder, gatherBatch, lengthOf, rowCount, stepRows } from "../data/batches.ts";
import { blankLabels } from "../data/row-labels.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { wordsAt } from "../data/word-tokens.ts";
import { epochSize, sampledOrder } from "../data/sampled-order.ts";
import type { Capacity } from "../ops/device-batch.ts";
import type { Recipe } from "../recipe/recipe.ts";

/**
 * The steps of a run up to that of its largest micro-batch, and what is evaluated before and after. On wasm a tensor has
 * the size of its batch, and where it finds room depends on those before: batches that are all full would be off by some
 * percent.
 */
export interface LargestSteps {
  /** In the order that the run's own shuffle of the first epoch makes the steps of. */
  train: EncodedDataset;
  validation: EncodedDataset;
  steps: number;
}

/** Steps that are outlined, the largest among them. */
const STEPS = 3;
/** Batches of an evaluation that are outlined. */
const EVALUATED = 8;

/** The largest of the first `steps` steps of a run, and up to two before it in its epoch. */
export function largestSteps(
  recipe: Recipe,
  steps: number,
  train: EncodedDataset,
  validation: EncodedDataset,
  capacity: Capacity,
): LargestSteps {
  const rows = stepsToLargest(recipe, steps, train);
  const arranged = new Int32Array(rows.length);
  epochOrder(rows.length, recipe.seed, 0).forEach((place, i) => (arranged[place] = rows[i] ?? 0));
  const most = EVALUATED * capacity.tokens;
  let scored = 0;
  while (scored < rowCount(validation) && (validation.rowStart[scored + 1] ?? 0) <= most) scored++;
  return {
    train: rowsOf(train, arranged),
    validation: rowsOf(
      validation,
      Int32Array.from({ length: scored }, (_, row) => row),
    ),
    steps: Math.ceil(rows.length / recipe.batchSize),
  };
}

/** The rows of those steps, in their order. */
function stepsToLargest(recipe: Recipe, steps: number, train: EncodedDataset): Int32Array {
  const { batchSize, accumulate } = recipe;
  const stepsPerEpoch = Math.ceil(epochSize(train, recipe).rows / batchSize);
  let [largest, found] = [0, new Int32Array()];
  for (let first = 0; first < steps; first += stepsPerEpoch) {
    const order = sampledOrder(train, recipe, first / stepsPerEpoch);
    let step = 0;
    for (const microBatches of stepRows(order, batchSize, accumulate)) {
      if (first + step >= steps) break;
      step++;
      for (const rows of microBatches) {
        const tokens = rows.reduce((sum, row) => sum + lengthOf(train, row), 0);
        if (tokens <= largest) continue;
        largest = tokens;
        found = order.slice(Math.max(0, step - STEPS) * batchSize, step * batchSize);
      }
    }
  }
  return found;
}

/** In how many parts those steps run where none has more than `mostTokens` tokens. */
export function partsOf({ train }: LargestSteps, recipe: Recipe, mostTokens: number): number {
  const { seed, batchSize, accumulate } = recipe;
  const steps = [...stepRows(epochOrder(rowCount(train), seed, 0), batchSize, accumulate)];
  return steps.reduce((sum, microBatches) => sum + cutByTokens(train, microBatches, mostTokens).length, 0);
}

/** Some rows of a data set, each a text of its own and without its label. */
function rowsOf(data: EncodedDataset, rows: Int32Array): EncodedDataset {
  const { ids, types, rowStart, places } = gatherBatch(data, rows);
  const fullLengths = rows.map((row) => lengthOf(data, row));
  if (places) return wordsAt({ ids, types, rowStart, fullLengths }, places);
  return { ids, types, rowStart, fullLengths, ...blankLabels(data, rowStart) };
}
