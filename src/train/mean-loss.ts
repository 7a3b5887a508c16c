import type { Batch } from "../data/batches.ts";
import { runningDevice } from "../gpu/running.ts";
import { disposeBatch, uploadBatch, type Capacity } from "../ops/device-batch.ts";
import type { Loss } from "../tasks/task.ts";
import { ScoredReader } from "./scored-reader.ts";
import { uploadTargets } from "./targets.ts";
import type { Trainable } from "./trainable.ts";

/**
 * Mean loss over all labels of some batches, without dropout; the outputs, as wide as the vocabulary of a language
 * model, stay on the device. `keepsGoing` is asked when losses have come; when it says no,
 * null comes back.
 */
export async function meanLoss<Pass>(
  model: Trainable<Pass>,
  loss: Loss,
  batches: readonly Batch[],
  capacity: Capacity,
  keepsGoing: (done: number) => boolean,
): Promise<{ mean: number; labels: number } | null> {
  const denominator = batches.reduce((sum, { labels }) => sum + loss.weightOf(labels), 0);
  const reader = new ScoredReader();
  let [mean, done] = [0, 0];
  const take = (read: Awaited<ReturnType<ScoredReader["rest"]>>) => {
    for (const { step, numbers } of read) {
      mean += numbers[0] ?? NaN;
      done += step.rows;
    }
    return read.length === 0 || keepsGoing(done);
  };
  for (const batch of batches) {
    runningDevice().orderFreeBuffers();
    const uploaded = uploadBatch(batch, capacity, model.tables, "inference");
    const targets = uploadTargets(batch, uploaded);
    const logits = model.infer(uploaded);
    const { loss: share, dLogits } = loss.of(logits, targets, denominator);
    for (const held of [targets.onDevice, logits, dLogits]) held.dispose();
    disposeBatch(uploaded);
    const goesOn = take(await reader.add({ output: share, rows: batch.rowStart.length - 1 }));
    if (goesOn) continue;
    await reader.rest();
    return null;
  }
  if (!take(await reader.rest())) return null;
  return { mean, labels: batches.reduce((sum, { labels }) => sum + labels.length, 0) };
}
