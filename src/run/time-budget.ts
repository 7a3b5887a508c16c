import { rowCount } from "../data/batches.ts";
import type { EncodedDataset } from "../data/rows.ts";
import type { Classifier } from "../model/classifier.ts";
import { plannedEvaluations } from "../recipe/evaluations.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { outputsOf } from "../train/evaluate.ts";
import { countSteps } from "../train/settings.ts";
import { capacityOf } from "./score.ts";

/** Time of a token that is trained on by that of one that is scored: forward, and forward, backward and the optimizer. */
const TRAINED_BY_SCORED = 4;
/** Rows that are scored to see how fast this machine is, after some that fill its buffers. */
const TIMED = { warmUp: 8, rows: 48 };

interface TimedRows {
  recipe: Recipe;
  train: EncodedDataset;
  validation: EncodedDataset;
}

/** Milliseconds that a person gave the run; null where its epochs decide. */
export function timeBudget({ effort, timeBudget: minutes }: Recipe): number | null {
  return effort === "time" ? 60_000 * minutes : null;
}

/**
 * The number of steps that fit into a time, at least one, with the evaluations that belong to them; at most those of the
 * recipe. The only number of a run that depends on the machine, and only where a person gave a time.
 *
 * @param leftMs of the time that was given
 */
export async function fittingSteps(
  model: Classifier,
  { recipe, train, validation }: TimedRows,
  leftMs: number,
): Promise<number> {
  const scored = await msPerToken(model, train);
  return stepsWithin({ recipe, train, validation }, { scored, trained: TRAINED_BY_SCORED * scored }, leftMs);
}

/** The same by the milliseconds of a token that is trained on and of one that is scored. */
export function stepsWithin(
  { recipe, train, validation }: TimedRows,
  pace: { trained: number; scored: number },
  leftMs: number,
): number {
  const { steps, stepsPerEpoch } = countSteps(recipe, rowCount(train));
  const perRow = validation.ids.length / Math.max(1, rowCount(validation));
  const sampled = perRow * Math.min(recipe.evaluationSample, rowCount(validation));
  const msOf = (made: number) => {
    const { sample, full } = plannedEvaluations({ steps: made, stepsPerEpoch }, recipe);
    const trained = (train.ids.length * made) / stepsPerEpoch;
    const mapped = recipe.dataMap ? Math.floor(made / stepsPerEpoch) * train.ids.length : 0;
    return pace.trained * trained + pace.scored * (sample * sampled + full * validation.ids.length + mapped);
  };
  return mostWithin(steps, (made) => msOf(made) <= leftMs);
}

/** The largest number from 1 to `most` that fits, where all below it fit too; 1 where none does. */
export function mostWithin(most: number, fits: (count: number) => boolean): number {
  let [low, high] = [1, most + 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** How long a token takes in a pass without gradients, by a few rows from the middle of the training rows. */
async function msPerToken(model: Classifier, train: EncodedDataset): Promise<number> {
  const from = Math.max(0, (rowCount(train) - TIMED.rows - TIMED.warmUp) >> 1);
  const time = async (first: number, count: number) => {
    const rows = Int32Array.from({ length: Math.min(count, rowCount(train) - first) }, (_, i) => first + i);
    const began = performance.now();
    for await (const values of outputsOf(model, (batch) => model.meanVectors(batch), train, rows, capacityOf(train))) {
      if (values.length === 0) break;
    }
    const tokens = rows.reduce((sum, row) => sum + (train.rowStart[row + 1] ?? 0) - (train.rowStart[row] ?? 0), 0);
    return (performance.now() - began) / Math.max(1, tokens);
  };
  await time(from, TIMED.warmUp);
  return time(Math.min(from + TIMED.warmUp, rowCount(train) - 1), TIMED.rows);
}
