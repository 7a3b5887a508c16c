import { cutByTokens, epochOrder, fittingRows, lengthOf, rowCount, stepRows } from "../data/batches.ts";
import { maskableRows, mostPlaces, type MaskingOptions, type MaskingVocabulary } from "../data/masking.ts";
import { createRandom, shuffledIndices } from "../data/random.ts";
import type { EncodedRows } from "../data/rows.ts";
import type { Capacity } from "../ops/device-batch.ts";
import { Problem } from "../problem/problem.ts";
import { PLACES_STEP, rowsOfMasked } from "./place-limit.ts";
import type { Recipe } from "../recipe/recipe.ts";

/** Rows of a batch in an evaluation, at most: each masked token has a row of logits as wide as the vocabulary. */
const EVALUATION_ROWS = 16;

/** Rows that are looked at, and how tokens are chosen of all rows. */
export interface PretrainRows {
  train: EncodedRows;
  heldOut: EncodedRows;
  /** Rows of `heldOut` that are scored. */
  sample: Int32Array;
  vocabulary: MaskingVocabulary;
  masking: MaskingOptions;
  /** Rows that a batch may have on this device. */
  mostRows: number;
  /** Micro-batches of a step: the recipe's, or more where the device needs it; its gradient is the same. */
  accumulate: number;
}

/**
 * How many rows of these a batch may have on this device. Throws a Problem when one row is too large.
 */
export function mostRowsOf({
  train,
  heldOut,
  sample,
  vocabulary,
  masking,
}: Omit<PretrainRows, "mostRows" | "accumulate">): number {
  let places = 1;
  const see = (data: EncodedRows, row: number) => {
    places = Math.max(places, mostPlaces(data, row, vocabulary, masking));
  };
  for (let row = 0; row < rowCount(train); row++) see(train, row);
  for (const row of sample) see(heldOut, row);
  return rowsOfMasked(places, vocabulary.special.length);
}

/**
 * The rows that have a token to mask, the held-out sample, and how many steps there are. Throws a Problem when no row
 * has such a token.
 */
export function pretrainRows(
  data: { train: EncodedRows; heldOut: EncodedRows; vocabulary: MaskingVocabulary; maxSteps?: number },
  recipe: Recipe,
): { rows: PretrainRows; steps: number; stepsPerEpoch: number } {
  const { vocabulary, maxSteps = Infinity } = data;
  const train = maskableRows(data.train, vocabulary);
  const heldOut = maskableRows(data.heldOut, vocabulary);
  if (rowCount(train) === 0) throw nothingToMask();
  const { maskShare: share, wholeWordMasking: wholeWords, seed, batchSize, pretrainEpochs } = recipe;
  const sample = shuffledIndices(rowCount(heldOut), createRandom(seed)).subarray(0, recipe.evaluationSample).sort();
  const stepsPerEpoch = Math.ceil(rowCount(train) / batchSize);
  const steps = Math.min(Math.max(1, Math.ceil(pretrainEpochs * stepsPerEpoch)), maxSteps);
  const rows = { train, heldOut, sample, vocabulary, masking: { share, wholeWords, seed } };
  const mostRows = mostRowsOf(rows);
  const accumulate = Math.max(recipe.accumulate, Math.ceil(batchSize / mostRows));
  return { rows: { ...rows, mostRows, accumulate }, steps, stepsPerEpoch };
}

/** Batches of the held-out sample that fit. */
export function evaluationRows({ heldOut, sample, mostRows }: PretrainRows, tokens: number): Int32Array[] {
  return [...fittingRows(heldOut, sample, { tokens, rows: Math.min(EVALUATION_ROWS, mostRows) })];
}

/** Room for the largest micro-batch of any step (the shuffles are known beforehand), and for the held-out sample. */
export function pretrainCapacity(
  recipe: Recipe,
  steps: number,
  data: PretrainRows,
  mostTokens = Infinity,
): Required<Capacity> {
  const { batchSize, seed } = recipe;
  const { train, heldOut, sample, vocabulary, masking, accumulate } = data;
  const sizeOf = (rows: Int32Array, set: EncodedRows) => {
    const size = { tokens: 0, places: 0 };
    for (const row of rows) {
      size.tokens += lengthOf(set, row);
      size.places += mostPlaces(set, row, vocabulary, masking);
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
  for (const rows of evaluationRows(data, tokens)) see(rows, heldOut);
  const rows = Math.max(EVALUATION_ROWS, Math.ceil(batchSize / accumulate));
  return { tokens, rows, places: Math.ceil(places / PLACES_STEP) * PLACES_STEP };
}

function nothingToMask(): Problem {
  return new Problem({
    found: "None of the texts has a token that could be hidden.",
    expected: "Continued pretraining hides words of the texts and trains the model to fill them in.",
    remedy: "Choose another column or file of texts, or set epochs of pretraining to 0.",
  });
}
