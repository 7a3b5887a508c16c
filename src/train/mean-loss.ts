import type { Batch } from "../data/batches.ts";
import { readTensors } from "../gpu/read-back.ts";
import { runningDevice } from "../gpu/running.ts";
import { disposeBatch, uploadBatch, type Capacity } from "../ops/device-batch.ts";
import type { Loss } from "../tasks/task.ts";
import { nextTask } from "./next-task.ts";
import { uploadTargets } from "./targets.ts";
import type { Trainable } from "./trainable.ts";

/**
 * Mean loss over all labels of some batches, without dropout; the outputs, as wide as the vocabulary of a language
 * model, stay on the device. `keepsGoing` is asked after each batch; when it says no, null comes back.
 */
export async function meanLoss<Pass>(
  model: Trainable<Pass>,
  loss: Loss,
  batches: readonly Batch[],
  capacity: Capacity,
  keepsGoing: (done: number) => boolean,
): Promise<{ mean: number; labels: number } | null> {
  const denominator = batches.reduce((sum, { labels }) => sum + loss.weightOf(labels), 0);
  let [mean, done] = [0, 0];
  for (const batch of batches) {
    runningDevice().orderFreeBuffers();
    const uploaded = uploadBatch(batch, capacity, model.tables, "inference");
    const targets = uploadTargets(batch.labels, uploaded);
    const logits = model.infer(uploaded);
    const { loss: share, dLogits } = loss.of(logits, targets, denominator);
    for (const held of [targets.onDevice, logits, dLogits]) held.dispose();
    disposeBatch(uploaded);
    const [values] = await readTensors([share]);
    share.dispose();
    mean += values?.[0] ?? NaN;
    await nextTask();
    done += batch.rowStart.length - 1;
    if (!keepsGoing(done)) return null;
  }
  return { mean, labels: batches.reduce((sum, { labels }) => sum + labels.length, 0) };
}
