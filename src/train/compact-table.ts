import { runningDevice } from "../gpu/running.ts";
import type { Capacity } from "../ops/device-batch.ts";
import type { Parameter } from "../ops/parameter.ts";
import type { Trainable } from "./trainable.ts";

/** A table whose gradient has places for the rows that a step looks up, in place of one for each of its rows. */
export interface CompactTable {
  parameter: Parameter;
  /** Places for rows. */
  room: number;
}

/** What every GPU binds, so that a plan decides as the run does. */
const MOST_BYTES = 2 ** 27;
/** With fewer rows per place there is little to save. */
const LEAST_ROWS_PER_PLACE = 2;

/**
 * The model's word table, where its gradient is kept compact; null where the gradient has a row for each word. The rows
 * that a step looks up are known before it, so the table's gradient is neither allocated nor cleared, and AdamW reads it
 * only where there is one.
 *
 * @param trainable what trains in the run, from its first step or later
 */
export function compactTable(
  { wordTable }: Pick<Trainable<unknown>, "wordTable">,
  { stepTokens }: Capacity,
  trainable: ReadonlySet<Parameter>,
): CompactTable | null {
  if (!wordTable || stepTokens === undefined || !trainable.has(wordTable)) return null;
  const [rows = 0, width = 0] = wordTable.value.shape;
  const room = Math.ceil(stepTokens / 64) * 64;
  const fits = 4 * room * width <= Math.min(MOST_BYTES, runningDevice().largestBinding);
  return fits && LEAST_ROWS_PER_PLACE * room <= rows ? { parameter: wordTable, room } : null;
}
