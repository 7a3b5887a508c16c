import { cutByTokens, lengthOf, rowCount, stepRows } from "../data/batches.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { epochSize, sampledOrder } from "../data/sampled-order.ts";
import type { EarlierData } from "./earlier-task.ts";
import { Rehearsal } from "./rehearsal.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Capacity } from "../ops/device-batch.ts";

/** Rows of an evaluation batch, at least: short rows are scored many at a time. */
const EVALUATION_ROWS = 64;

/**
 * Room for the largest micro-batch that the run will meet (the shuffles are known beforehand), rounded up to 64
 * tokens, and for every row that is scored. A step of rehearsed rows fits too, even where the last one of an epoch is smaller.
 * `stepTokens` is that of the largest step, however it is cut.
 */
export function capacityOf(
  recipe: Recipe,
  steps: number,
  train: EncodedDataset,
  validation: EncodedDataset,
  earlier?: Pick<EarlierData, "train" | "validation">,
  mostTokens = Infinity,
): Capacity {
  const stepsPerEpoch = Math.ceil(epochSize(train, recipe).rows / recipe.batchSize);
  let [tokens, stepTokens] = [1, 1];
  for (let epoch = 0; epoch * stepsPerEpoch < steps; epoch++) {
    const order = sampledOrder(train, recipe, epoch);
    for (const microBatches of stepRows(order, recipe.batchSize, recipe.accumulate)) {
      let ofStep = 0;
      for (const rows of cutByTokens(train, microBatches, mostTokens)) {
        let sum = 0;
        for (const row of rows) sum += lengthOf(train, row);
        tokens = Math.max(tokens, sum);
        ofStep += sum;
      }
      stepTokens = Math.max(stepTokens, ofStep);
    }
  }
  for (const data of [
    validation,
    ...(recipe.dataMap ? [train] : []),
    ...(earlier ? [earlier.train, earlier.validation] : []),
  ]) {
    for (let row = 0; row < rowCount(data); row++) tokens = Math.max(tokens, lengthOf(data, row));
  }
  if (earlier && recipe.rehearsal > 0) {
    const rehearsal = new Rehearsal(recipe, rowCount(earlier.train));
    let rehearsed = 0;
    for (let step = 0; step < steps; step++) {
      let ofStep = 0;
      for (const rows of cutByTokens(earlier.train, rehearsal.rowsOf(step), mostTokens)) {
        const sum = rows.reduce((all, row) => all + lengthOf(earlier.train, row), 0);
        tokens = Math.max(tokens, sum);
        ofStep += sum;
      }
      rehearsed = Math.max(rehearsed, ofStep);
    }
    stepTokens += rehearsed;
  }
  const rows = Math.max(EVALUATION_ROWS, Math.ceil(recipe.batchSize / recipe.accumulate));
  return { tokens: Math.ceil(tokens / 64) * 64, rows, stepTokens };
}
