import { epochOrder, lengthOf, rowCount, stepRows } from "../data/batches.ts";
import type { EncodedDataset } from "../data/rows.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { Capacity } from "../ops/device-batch.ts";

/** Rows of an evaluation batch, at least: short rows are scored many at a time. */
const EVALUATION_ROWS = 64;

/**
 * Room for the largest micro-batch that the run will meet (the shuffles are known beforehand), rounded up to 64
 * tokens, and for every validation row.
 */
export function capacityOf(recipe: Recipe, steps: number, train: EncodedDataset, validation: EncodedDataset): Capacity {
  const stepsPerEpoch = Math.ceil(rowCount(train) / recipe.rowsPerStep);
  let tokens = 1;
  for (let epoch = 0; epoch * stepsPerEpoch < steps; epoch++) {
    const order = epochOrder(rowCount(train), recipe.seed, epoch);
    for (const microBatches of stepRows(order, recipe.rowsPerStep, recipe.accumulate)) {
      for (const rows of microBatches) {
        let sum = 0;
        for (const row of rows) sum += lengthOf(train, row);
        tokens = Math.max(tokens, sum);
      }
    }
  }
  for (let row = 0; row < rowCount(validation); row++) tokens = Math.max(tokens, lengthOf(validation, row));
  const rows = Math.max(EVALUATION_ROWS, Math.ceil(recipe.rowsPerStep / recipe.accumulate));
  return { tokens: Math.ceil(tokens / 64) * 64, rows };
}
