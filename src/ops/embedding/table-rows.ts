import type { Tensor } from "@tensorflow/tfjs-core";
import { deviceTensor } from "../device-tensor.ts";

/** The rows of a table that a step looks up. Their gradients lie one behind another, in the order of the rows. */
export interface TableRows {
  /** Places for gradients; those past the last row that is looked up hold zeros. */
  room: number;
  /** For each row of the table the place of its gradient, or -1 where it is not looked up: int32 [rows]. */
  place: Tensor;
  /** The same on the host. */
  places: Int32Array;
}

/**
 * The rows of a table of `rows` rows that some batches look up by their ids.
 *
 * @param room places for gradients; there must be one for each row that is looked up
 */
export function tableRows(ids: readonly Int32Array[], rows: number, room: number): TableRows {
  const places = new Int32Array(rows).fill(-1);
  for (const some of ids) for (const id of some) places[id] = 0;
  let next = 0;
  for (let row = 0; row < rows; row++) if (places[row] === 0) places[row] = next++;
  if (next > room) throw new Error(`A step looks up ${next} rows of a table, and there is room for ${room}.`);
  return { room, place: deviceTensor(places, [rows]), places };
}
