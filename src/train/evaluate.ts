import type { Tensor } from "@tensorflow/tfjs-core";
import { fittingRows, gatherBatch } from "../data/batches.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { readTensors } from "../gpu/read-back.ts";
import { disposeBatch, uploadBatch, type Capacity } from "../ops/device-batch.ts";
import { nextTask } from "./next-task.ts";
import type { Trainable } from "./trainable.ts";

/** Batches between two read-backs: enough to keep a GPU busy, few enough to hear a stop soon. */
const BATCHES_A_READ = 4;

/**
 * Logits [rows · classes] of some rows, in their order, without dropout. `keepsGoing` is asked between batches; when
 * it says no, null comes back.
 */
export async function logitsOf<Pass>(
  model: Trainable<Pass>,
  data: EncodedDataset,
  rows: Int32Array,
  classes: number,
  capacity: Capacity,
  keepsGoing: (done: number) => boolean = () => true,
): Promise<Float32Array | null> {
  const logits = new Float32Array(rows.length * classes);
  let at = 0;
  let waiting: { tensor: Tensor; rows: number }[] = [];
  const collect = async () => {
    const values = await readTensors(waiting.map(({ tensor }) => tensor));
    for (const [i, { tensor, rows: count }] of waiting.entries()) {
      logits.set(values[i]?.subarray(0, count * classes) ?? [], at);
      at += count * classes;
      tensor.dispose();
    }
    waiting = [];
    await nextTask();
  };
  for (const some of fittingRows(data, rows, capacity)) {
    const batch = uploadBatch(gatherBatch(data, some), capacity, model.tables, "inference");
    waiting.push({ tensor: model.infer(batch), rows: some.length });
    disposeBatch(batch);
    if (waiting.length < BATCHES_A_READ) continue;
    await collect();
    if (!keepsGoing(at / classes)) return null;
  }
  await collect();
  return logits;
}
