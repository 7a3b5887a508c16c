import { cutByTokens, epochOrder, fittingRows, lengthOf, rowCount, stepRows } from "../data/batches.ts";
import { createRandom, shuffledIndices } from "../data/random.ts";
import type { EncodedDataset, EncodedRows } from "../data/rows.ts";
import type { Capacity } from "../ops/device-batch.ts";
import { Problem } from "../problem/problem.ts";
import type { TextTask } from "../tasks/task.ts";
import type { BatchLimit } from "./evaluate.ts";
import { PLACES_STEP, rowsThatFit } from "./place-limit.ts";
import type { Recipe } from "../recipe/recipe.ts";

/** Rows of a batch in an evaluation, at most: each hidden token has a row of logits as wide as the vocabulary. */
const EVALUATION_ROWS = 16;

/** Rows of continued pretraining, and how many the device takes at once. */
interface PretrainRows {
  train: EncodedDataset;
  heldOut: EncodedDataset;
  /** Rows of `heldOut` that are scored. */
  sample: Int32Array;
  /** Rows that a batch may have on this device. */
  mostRows: number;
  /** Micro-batches per step: the recipe's, or more where the device needs it; the gradient stays the same. */
  accumulate: number;
}

/**
 * How many rows of these a batch may have on this device. Throws a Problem when one row is too large.
 */
function mostRowsOf(task: TextTask, { train, heldOut, sample }: Omit<PretrainRows, "mostRows" | "accumulate">): number {
  let places = 1;
  const see = (data: EncodedRows, row: number) => {
    places = Math.max(places, task.placesOf(data, row));
  };
  for (let row = 0; row < rowCount(train); row++) see(train, row);
  for (const row of sample) see(heldOut, row);
  return rowsThatFit(task, places);
}

/**
 * The rows that have a token to hide, the held-out sample, and how many steps there are. Throws a Problem when no row
 * has such a token.
 */
export function pretrainRows(
  data: { task: TextTask; train: EncodedRows; heldOut: EncodedRows; maxSteps?: number },
  recipe: Recipe,
): { rows: PretrainRows; steps: number } {
  const { task, maxSteps = Infinity } = data;
  const train = task.usable(data.train);
  const heldOut = task.usable(data.heldOut);
  if (rowCount(train) === 0) {
    throw nothingToHide("the texts", "Choose another column or file of texts, or set epochs of pretraining to 0.");
  }
  const { seed, batchSize, pretrainEpochs } = recipe;
  const sample = shuffledIndices(rowCount(heldOut), createRandom(seed)).subarray(0, recipe.evaluationSample).sort();
  const stepsPerEpoch = Math.ceil(rowCount(train) / batchSize);
  const steps = Math.min(Math.max(1, Math.ceil(pretrainEpochs * stepsPerEpoch)), maxSteps);
  const rows = { train, heldOut, sample };
  const mostRows = mostRowsOf(task, rows);
  const accumulate = Math.max(recipe.accumulate, Math.ceil(batchSize / mostRows));
  return { rows: { ...rows, mostRows, accumulate }, steps };
}

/** What a batch of the held-out sample may have. */
export function evaluationBatch({ mostRows }: PretrainRows, tokens: number): BatchLimit {
  return { tokens, rows: Math.min(EVALUATION_ROWS, mostRows) };
}

/** Room for the largest micro-batch of any step (the shuffles are known beforehand), and for the held-out sample. */
export function pretrainCapacity(
  task: TextTask,
  recipe: Recipe,
  steps: number,
  data: PretrainRows,
  mostTokens = Infinity,
): Capacity & { places: number } {
  const { batchSize, seed } = recipe;
  const { train, heldOut, sample, accumulate } = data;
  const sizeOf = (rows: Int32Array, set: EncodedRows) => {
    const size = { tokens: 0, places: 0 };
    for (const row of rows) {
      size.tokens += lengthOf(set, row);
      size.places += task.placesOf(set, row);
    }
    return size;
  };
  const stepsPerEpoch = Math.ceil(rowCount(train) / batchSize);
  let [tokens, places] = [1, 1];
  const see = (rows: Int32Array, set: EncodedRows) => {
    const size = sizeOf(rows, set);
    tokens = Math.max(tokens, size.tokens);
    places = Math.max(places, size.places);
  };
  for (let epoch = 0; epoch * stepsPerEpoch < steps; epoch++) {
    const order = epochOrder(rowCount(train), seed, epoch);
    for (const parts of stepRows(order, batchSize, accumulate)) {
      for (const rows of cutByTokens(train, parts, mostTokens)) see(rows, train);
    }
  }
  for (const row of sample) see(Int32Array.of(row), heldOut);
  tokens = Math.ceil(tokens / 64) * 64;
  for (const rows of fittingRows(heldOut, sample, evaluationBatch(data, tokens))) see(rows, heldOut);
  const rows = Math.max(EVALUATION_ROWS, Math.ceil(batchSize / accumulate));
  return { tokens, rows, places: Math.ceil(places / PLACES_STEP) * PLACES_STEP };
}

/** The problem of texts in which no word can be hidden. */
export function nothingToHide(texts: string, remedy: string): Problem {
  return new Problem({
    found: `None of ${texts} has a token that could be hidden.`,
    expected: "A language model learns and is scored by filling in hidden words.",
    remedy,
  });
}
