import type { Batch } from "../../src/data/batches.ts";

/** A batch of the reference's rows, laid end to end. */
export function batchOf(rows: readonly { input_ids: number[]; token_type_ids: number[]; label: number }[]): Batch {
  const rowStart = new Int32Array(rows.length + 1);
  rows.forEach(({ input_ids }, i) => (rowStart[i + 1] = (rowStart[i] ?? 0) + input_ids.length));
  return {
    ids: Int32Array.from(rows.flatMap(({ input_ids }) => input_ids)),
    positions: Int32Array.from(rows.flatMap(({ input_ids }) => input_ids.map((_, position) => position))),
    types: Int32Array.from(rows.flatMap(({ token_type_ids }) => token_type_ids)),
    rowStart,
    labels: Int32Array.from(rows, ({ label }) => label),
  };
}
