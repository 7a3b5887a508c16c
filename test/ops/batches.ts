import { tensor, type Tensor } from "@tensorflow/tfjs-core";
import { createRandom } from "../../src/data/random.ts";
import { blockCapacity, rowBlocks } from "../../src/ops/attention/blocks.ts";
import type { TableSizes, TokenBatch } from "../../src/ops/device-batch.ts";

/** First token of each row, and the end, of rows of these lengths. */
export function rowStartOf(lengths: readonly number[]): Int32Array {
  const rowStart = new Int32Array(lengths.length + 1);
  lengths.forEach((length, row) => (rowStart[row + 1] = (rowStart[row] ?? 0) + length));
  return rowStart;
}

/** (first token, end) of each token's row, with room for `capacity` tokens; past the end stands what must not be read. */
function boundsOf(lengths: readonly number[], capacity: number): Tensor {
  const bounds = new Int32Array(2 * capacity).fill(7777);
  let start = 0;
  for (const length of lengths) {
    for (let t = start; t < start + length; t++) bounds.set([start, start + length], 2 * t);
    start += length;
  }
  return tensor(bounds, [capacity, 2], "int32");
}

/** Where rows of these lengths lie, as attention takes it. */
export function rowsOf(lengths: readonly number[], capacity: number) {
  const rowStart = rowStartOf(lengths);
  const most = blockCapacity(capacity, lengths.length);
  const blocks = tensor(rowBlocks(rowStart, most), [most, 4], "int32");
  return { bounds: boundsOf(lengths, capacity), blocks, rowStart };
}

/** Rows of seeded ids and segments; positions count from 0 in each row. */
export function randomBatch(lengths: readonly number[], tables: TableSizes, seed: number): TokenBatch {
  const random = createRandom(seed);
  const positions = Int32Array.from(lengths.flatMap((length) => Array.from({ length }, (_, position) => position)));
  return {
    ids: positions.map(() => Math.floor(random() * tables.word)),
    positions,
    types: positions.map(() => Math.floor(random() * tables.type)),
    rowStart: rowStartOf(lengths),
  };
}
