import type { EncodedDataset, EncodedRows } from "../data/rows.ts";
import type { BertClassifier } from "../model/bert.ts";
import { Problem } from "../problem/problem.ts";
import { logitsOf } from "../train/evaluate.ts";

const ROWS_AT_ONCE = 64;
const TOKENS_AT_ONCE = 1024;

/**
 * Logits [rows · classes] of encoded rows. The capacity is a power of two, so that texts of many lengths, one after
 * another, share buffers.
 */
export async function score(
  model: BertClassifier,
  rows: EncodedRows,
  classes: number,
  onProgress?: (done: number) => void,
): Promise<Float32Array> {
  const count = rows.rowStart.length - 1;
  let longest = 1;
  for (let row = 0; row < count; row++) {
    longest = Math.max(longest, (rows.rowStart[row + 1] ?? 0) - (rows.rowStart[row] ?? 0));
  }
  const wanted = Math.max(longest, Math.min(rows.ids.length, TOKENS_AT_ONCE));
  const tokens = 2 ** Math.ceil(Math.log2(Math.max(64, wanted)));
  const data: EncodedDataset = { ...rows, labels: new Int32Array(count) };
  const all = Int32Array.from({ length: count }, (_, row) => row);
  const logits = await logitsOf(model, data, all, classes, { tokens, rows: ROWS_AT_ONCE }, (done) => {
    onProgress?.(done);
    return true;
  });
  return logits ?? new Float32Array(0);
}

/** Throws a Problem when rows of `maxLength` tokens go beyond the model's positions. */
export function checkMaxLength(maxLength: number, maxPositions: number): void {
  if (maxLength <= maxPositions) return;
  throw new Problem({
    found: `The recipe's max length is ${maxLength} tokens.`,
    expected: `This model has ${maxPositions} positions.`,
    remedy: `Set max length to ${maxPositions} or less.`,
  });
}
