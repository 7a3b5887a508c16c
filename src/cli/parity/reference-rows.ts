import * as v from "valibot";
import type { Batch } from "../../data/batches.ts";

/** A row of `batches.json`. */
export const rowSchema = v.object({
  input_ids: v.array(v.number()),
  token_type_ids: v.array(v.number()),
  label: v.number(),
});

/** Rows of token ids laid end to end. */
export function batchOf(rows: readonly v.InferOutput<typeof rowSchema>[]): Batch {
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
