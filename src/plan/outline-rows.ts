import type { EncodedDataset } from "../data/rows.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { TextTask } from "../tasks/task.ts";
import { trainedTextTask } from "../tasks/trained-tasks.ts";
import type { EarlierData } from "../train/earlier-task.ts";
import type { RunData } from "../train/loop.ts";
import type { PretrainData } from "../train/pretraining.ts";

/** Room for the largest batch of a run, as tensors on webgpu have it. */
export interface BatchCapacity {
  tokens: number;
  rows: number;
  /** Masked tokens of a language model's batches; 0 else. */
  places: number;
}

/** One token id that a language model may not mask, and one that it may. */
const [SPECIAL, PLAIN] = [0, 1];

/** Batches of an evaluation that are read together; more batches take no more memory. */
const EVALUATED = 4;

const noRates = { hidden: 0, attention: 0, classifier: 0 };

/**
 * Rows that fill `batches` batches of this size. Their contents are never read: an outline computes nothing. They are as long
 * as they may be where tensors have the size of a batch, on wasm; on webgpu all have the capacity.
 */
function filling({ tokens, rows }: BatchCapacity, batches: number, device: "webgpu" | "wasm"): EncodedDataset {
  return rowsOf(rows * batches, device === "webgpu" ? 1 : Math.max(1, Math.floor(tokens / rows)), 0);
}

/** Rows of `tokens` tokens each, of which the first `maskable` can be masked. */
function rowsOf(rows: number, tokens: number, maskable: number): EncodedDataset {
  const ids = new Int32Array(rows * tokens).fill(SPECIAL);
  for (let row = 0; row < rows; row++) ids.fill(PLAIN, row * tokens, row * tokens + maskable);
  return {
    ids,
    types: new Int32Array(rows * tokens),
    rowStart: Int32Array.from({ length: rows + 1 }, (_, row) => row * tokens),
    fullLengths: new Int32Array(rows).fill(tokens),
    labels: new Int32Array(rows),
  };
}

/** A text for each of `batches` batches; all tokens that can be masked fill its places. */
function masking({ tokens, places }: BatchCapacity, batches: number): EncodedDataset {
  return rowsOf(batches, tokens, Math.min(places, tokens));
}

/** The data of a fine-tuning of one step of `microBatches` micro-batches, and an evaluation. */
export function outlineRows(
  capacity: BatchCapacity,
  microBatches: number,
  labelNames: readonly string[],
  device: "webgpu" | "wasm",
  { train, validation } = { train: EVALUATED, validation: EVALUATED },
): Pick<RunData, "train" | "validation" | "labelNames" | "rates" | "maxSteps" | "capacity"> {
  return {
    // What is beyond the step is read where the head alone trains: the encoder goes once through all rows.
    train: filling(capacity, Math.max(microBatches, Math.min(EVALUATED, train)), device),
    validation: filling(capacity, Math.max(1, Math.min(EVALUATED, validation)), device),
    labelNames,
    rates: noRates,
    maxSteps: 1,
    capacity: { tokens: capacity.tokens, rows: capacity.rows },
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
  const texts = { train: masking(capacity, microBatches), heldOut: masking(capacity, 1) };
  return { ...texts, task: outlineTask(words, recipe), rates: noRates, maxSteps: 1 };
}

/** Texts of an earlier corpus: `samples` that weigh the weights, and one batch that the meter scores. */
export function outlineCorpus(
  single: BatchCapacity,
  meter: BatchCapacity,
  samples: number,
  words: number,
  recipe: Recipe,
) {
  return { train: masking(single, samples), validation: masking(meter, 1), task: outlineTask(words, recipe) };
}

/** With these settings every token of a text that can be masked is masked. */
const maskingAll = { maskShare: 1, wholeWordMasking: false };

function outlineTask(words: number, { seed }: Recipe): TextTask {
  const special = new Uint8Array(words);
  special[SPECIAL] = 1;
  return trainedTextTask({ maskId: PLAIN, special, continuation: new Uint8Array(words) }, { ...maskingAll, seed });
}
