import { createRandom, shuffledIndices } from "./random.ts";
import { NO_LABEL, takeLabels, type RowLabels } from "./row-labels.ts";
import type { EncodedDataset, EncodedRows } from "./rows.ts";

/** Rows laid end to end without padding, with the labels of each, or with the original token at each of `places`. */
export interface Batch extends RowLabels {
  ids: Int32Array;
  /** Position of each token in its row [T]. */
  positions: Int32Array;
  types: Int32Array;
  /** First token of each row, and the end [B + 1]. */
  rowStart: Int32Array;
  /** The inputs of the head for each row, `[B · width]`, where the data set has them; the tokens are then not used. */
  features?: Float32Array<ArrayBuffer>;
  /** Tokens that are masked, or that begin a word, `[M]`; `labels` then belong to them. */
  places?: Int32Array;
  task?: EncodedDataset["task"];
}

/** The rows `rows` of a data set, in this order. */
export function gatherBatch(data: EncodedDataset, rows: Int32Array): Batch {
  const rowStart = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => (rowStart[i + 1] = (rowStart[i] ?? 0) + lengthOf(data, row)));
  const tokens = rowStart[rows.length] ?? 0;
  const [ids, types, positions] = [new Int32Array(tokens), new Int32Array(tokens), new Int32Array(tokens)];
  rows.forEach((row, i) => {
    const [from, to] = [data.rowStart[row] ?? 0, data.rowStart[row + 1] ?? 0];
    const at = rowStart[i] ?? 0;
    ids.set(data.ids.subarray(from, to), at);
    types.set(data.types.subarray(from, to), at);
    for (let t = 0; t < to - from; t++) positions[at + t] = t;
  });
  const optional = {
    ...(data.features && { features: gatherFeatures(data, rows) }),
    ...(data.task && { task: data.task }),
  };
  const batch = { ids, positions, types, rowStart, ...optional };
  return data.wordOf ? { ...batch, ...wordsAsked(data, rows, rowStart) } : { ...batch, ...takeLabels(data, rows) };
}

/** Number of words that a head is asked of in some rows. */
export function wordsIn({ wordOf, rowStart }: EncodedDataset, rows: Int32Array): number {
  let words = 0;
  for (const row of rows) {
    for (let token = rowStart[row] ?? 0; token < (rowStart[row + 1] ?? 0); token++) {
      if ((wordOf?.[token] ?? -1) >= 0) words++;
    }
  }
  return words;
}

/** The first tokens of words, and their labels; the first token of all without a label where there are no words. */
function wordsAsked(data: EncodedDataset, rows: Int32Array, rowStart: Int32Array): Pick<Batch, "places" | "labels"> {
  const { wordOf = new Int32Array(0) } = data;
  const words = wordsIn(data, rows);
  if (words === 0) return { places: Int32Array.of(0), labels: Int32Array.of(NO_LABEL) };
  const [places, labels] = [new Int32Array(words), new Int32Array(words)];
  let at = 0;
  for (const [i, row] of rows.entries()) {
    const from = data.rowStart[row] ?? 0;
    for (let token = from; token < (data.rowStart[row + 1] ?? 0); token++) {
      if ((wordOf[token] ?? -1) < 0) continue;
      places[at] = (rowStart[i] ?? 0) + token - from;
      labels[at++] = data.labels[token] ?? NO_LABEL;
    }
  }
  return { places, labels };
}

function gatherFeatures({ features = new Float32Array(0), rowStart }: EncodedDataset, rows: Int32Array) {
  const width = features.length / rowCount({ rowStart });
  const gathered = new Float32Array(rows.length * width);
  rows.forEach((row, i) => gathered.set(features.subarray(row * width, (row + 1) * width), i * width));
  return gathered;
}

/** Where rows begin and end. */
type RowBounds = Pick<EncodedRows, "rowStart">;

/** Tokens of one row. */
export function lengthOf(data: RowBounds, row: number): number {
  return (data.rowStart[row + 1] ?? 0) - (data.rowStart[row] ?? 0);
}

export function rowCount(data: RowBounds): number {
  return data.rowStart.length - 1;
}

/** The order of the rows in one epoch: a new shuffle for each, from the seed. */
export function epochOrder(rows: number, seed: number, epoch: number): Int32Array {
  return shuffledIndices(rows, createRandom(epochSeed(seed, epoch)));
}

/** A seed of each epoch's own. */
export function epochSeed(seed: number, epoch: number): number {
  return (seed ^ Math.imul(epoch + 1, 0x9e3779b1)) >>> 0;
}

/** Rows of each step of an epoch, cut into `accumulate` micro-batches; the last step may be smaller. */
export function* stepRows(order: Int32Array, batchSize: number, accumulate: number): Generator<Int32Array[]> {
  const rowsPerMicroBatch = Math.ceil(batchSize / accumulate);
  for (let start = 0; start < order.length; start += batchSize) {
    const step = order.subarray(start, start + batchSize);
    const microBatches: Int32Array[] = [];
    for (let at = 0; at < step.length; at += rowsPerMicroBatch) {
      microBatches.push(step.subarray(at, at + rowsPerMicroBatch));
    }
    yield microBatches;
  }
}

/** Cuts micro-batches further, so that none has more than `mostTokens`, except for a single longer row. */
export function cutByTokens(data: RowBounds, parts: readonly Int32Array[], mostTokens: number): Int32Array[] {
  return parts.flatMap((rows) => [...fittingRows(data, rows, { tokens: mostTokens, rows: Infinity })]);
}

/** Rows in file order, cut into batches of at most the given tokens and rows, for evaluation. */
export function* fittingRows(
  data: RowBounds,
  rows: Int32Array,
  most: { tokens: number; rows: number },
): Generator<Int32Array> {
  let start = 0;
  let tokens = 0;
  for (let end = 0; end < rows.length; end++) {
    const length = lengthOf(data, rows[end] ?? 0);
    if (end > start && (tokens + length > most.tokens || end - start >= most.rows)) {
      yield rows.subarray(start, end);
      start = end;
      tokens = 0;
    }
    tokens += length;
  }
  if (start < rows.length) yield rows.subarray(start);
}
