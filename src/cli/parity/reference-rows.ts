import * as v from "valibot";
import type { Batch } from "../../data/batches.ts";
import type { RowLabels } from "../../data/row-labels.ts";

/** A row of `batches.json`: its class or its number, or 0 or 1 for each of several labels. */
export const rowSchema = v.object({
  input_ids: v.array(v.number()),
  token_type_ids: v.array(v.number()),
  label: v.optional(v.number(), 0),
  labels: v.optional(v.array(v.number())),
});

type Row = v.InferOutput<typeof rowSchema>;

/**
 * Rows of token ids laid end to end.
 *
 * @param outputs of the head; where it has a single one, labels are numbers, as in transformers
 */
export function batchOf(rows: readonly Row[], outputs = 2): Batch {
  const rowStart = new Int32Array(rows.length + 1);
  rows.forEach(({ input_ids }, i) => (rowStart[i + 1] = (rowStart[i] ?? 0) + input_ids.length));
  return {
    ids: Int32Array.from(rows.flatMap(({ input_ids }) => input_ids)),
    positions: Int32Array.from(rows.flatMap(({ input_ids }) => input_ids.map((_, position) => position))),
    types: Int32Array.from(rows.flatMap(({ token_type_ids }) => token_type_ids)),
    rowStart,
    ...labelsOf(rows, outputs),
  };
}

/** The same where labels are those of tokens, at all of which the head is asked; −100 of a token that has none. */
export function tokenBatchOf(rows: readonly Row[]): Batch {
  const batch = batchOf(rows);
  const places = Int32Array.from(batch.ids, (_, token) => token);
  const labels = Int32Array.from(rows.flatMap(({ labels: own = [] }) => own));
  return { ...batch, places, labels, labelWidth: 1 };
}

function labelsOf(rows: readonly Row[], outputs: number): RowLabels {
  const several = rows.flatMap(({ labels = [] }) => labels);
  if (several.length > 0) return { labels: Float32Array.from(several), labelWidth: outputs };
  const labels = rows.map(({ label }) => label);
  return { labels: outputs === 1 ? Float32Array.from(labels) : Int32Array.from(labels) };
}
