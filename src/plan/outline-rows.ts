import { blankLabels, type RowLabels } from "../data/row-labels.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { wordsAt } from "../data/word-tokens.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { outlineTextTask } from "../tasks/trained-tasks.ts";
import type { EarlierData } from "../train/earlier-task.ts";
import type { RunData } from "../train/loop.ts";
import type { PretrainData } from "../train/pretraining.ts";

/** Room for the largest batch of a run, as tensors on webgpu have it. */
export interface BatchCapacity {
  tokens: number;
  rows: number;
  /** Tokens that are hidden in a language model's batches; 0 else. */
  places: number;
  /** Tokens of the largest step, however it is cut. */
  stepTokens?: number | undefined;
}

/** One token id that may not be hidden, and one that may. */
const [SPECIAL, PLAIN] = [0, 1];

/** Batches of an evaluation that are read together; more batches take no more memory. */
const EVALUATED = 4;

/** Dropout changes no size. */
export const noRates = { hidden: 0, attention: 0, classifier: 0 };

/**
 * Rows that fill `batches` batches of this size. Their contents are never read: an outline computes nothing. They are as long
 * as they may be where tensors have the size of a batch, on wasm; on webgpu all have the capacity.
 */
function filling(
  { tokens, rows }: BatchCapacity,
  batches: number,
  device: "webgpu" | "wasm",
  labels: RowLabels = classes,
): EncodedDataset {
  const data = rowsOf(rows * batches, device === "webgpu" ? 1 : Math.max(1, Math.floor(tokens / rows)), 0);
  return { ...data, ...blankLabels(labels, data.rowStart) };
}

/** The form of labels where each row has one class. */
const classes: RowLabels = { labels: new Int32Array(0) };

/** Rows of `tokens` tokens each, of which the first `hidden` may be hidden. */
function rowsOf(rows: number, tokens: number, hidden: number): EncodedDataset {
  const ids = new Int32Array(rows * tokens).fill(SPECIAL);
  for (let row = 0; row < rows; row++) ids.fill(PLAIN, row * tokens, row * tokens + hidden);
  return {
    ids,
    types: new Int32Array(rows * tokens),
    rowStart: Int32Array.from({ length: rows + 1 }, (_, row) => row * tokens),
    fullLengths: new Int32Array(rows).fill(tokens),
    labels: new Int32Array(rows),
  };
}

/** A text for each of `batches` batches; all tokens that may be hidden fill its places. */
function texts({ tokens, places }: BatchCapacity, batches: number): EncodedDataset {
  return rowsOf(batches, tokens, Math.min(places, tokens));
}

/** The data of a fine-tuning of one step of `microBatches` micro-batches, and an evaluation. */
export function outlineRows(
  capacity: BatchCapacity,
  microBatches: number,
  labelNames: readonly string[],
  { device, labels, asksWords = false }: { device: "webgpu" | "wasm"; labels?: RowLabels; asksWords?: boolean },
  { train, validation } = { train: EVALUATED, validation: EVALUATED },
): Pick<RunData, "train" | "validation" | "labelNames" | "rates" | "maxSteps" | "capacity"> {
  const fill = (batches: number) => {
    const rows = filling(capacity, batches, device, labels);
    return asksWords ? wordsAt(rows, Int32Array.from(rows.ids.keys())) : rows;
  };
  return {
    // What is beyond the step is read where the head alone trains: the encoder goes once through all rows.
    train: fill(Math.max(microBatches, Math.min(EVALUATED, train))),
    validation: fill(Math.max(1, Math.min(EVALUATED, validation))),
    labelNames,
    rates: noRates,
    maxSteps: 1,
    capacity: { tokens: capacity.tokens, rows: capacity.rows, stepTokens: capacity.stepTokens },
  };
}

/** Rows of an earlier task, `microBatches` of which are rehearsed in a step. */
export function outlineEarlierRows(
  capacity: BatchCapacity,
  microBatches: number,
  classes: number,
  device: "webgpu" | "wasm",
): EarlierData {
  return {
    train: filling(capacity, Math.max(1, microBatches), device),
    validation: filling(capacity, EVALUATED, device),
    labelNames: Array.from({ length: classes }, (_, i) => `${i}`),
  };
}

/** Texts for one step of continued pretraining, of `microBatches` micro-batches, and for its evaluation. */
export function outlineTexts(
  capacity: BatchCapacity,
  microBatches: number,
  words: number,
  recipe: Recipe,
): PretrainData {
  const task = outlineTextTask(words, SPECIAL, recipe);
  return { train: texts(capacity, microBatches), heldOut: texts(capacity, 1), task, rates: noRates, maxSteps: 1 };
}

/** Texts of an earlier corpus: `samples` that weigh the weights, and one batch that the meter scores. */
export function outlineCorpus(
  single: BatchCapacity,
  meter: BatchCapacity,
  samples: number,
  words: number,
  recipe: Recipe,
) {
  const task = outlineTextTask(words, SPECIAL, recipe);
  return { train: texts(single, samples), validation: texts(meter, 1), task };
}
