import { tensor1d, type Tensor } from "@tensorflow/tfjs-core";
import type { MaskedBatch } from "../data/masking.ts";
import { orderFreeBuffers } from "../gpu/bind-groups.ts";
import { readTensors } from "../gpu/read-back.ts";
import { classifierLoss } from "../ops/classifier-loss/classifier-loss.ts";
import { disposeBatch, uploadBatch, type Capacity } from "../ops/device-batch.ts";
import { nextTask } from "./next-task.ts";
import type { Trainable } from "./trainable.ts";

/**
 * Mean cross-entropy over all masked tokens of some batches, without dropout: the logits, as wide as the vocabulary,
 * stay on the device. `keepsGoing` is asked after each batch; when it says no, null comes back.
 */
export async function maskedLoss<Pass>(
  model: Trainable<Pass>,
  batches: readonly MaskedBatch[],
  capacity: Capacity,
  keepsGoing: () => boolean,
): Promise<{ loss: number; masked: number } | null> {
  const weights = tensor1d(new Float32Array(model.tables.word).fill(1));
  const masked = batches.reduce((sum, { places }) => sum + places.length, 0);
  let loss = 0;
  try {
    for (const batch of batches) {
      const share = lossShare(model, batch, capacity, weights, masked);
      const [values] = await readTensors([share]);
      share.dispose();
      loss += values?.[0] ?? NaN;
      await nextTask();
      if (!keepsGoing()) return null;
    }
  } finally {
    weights.dispose();
  }
  return { loss, masked };
}

function lossShare<Pass>(
  model: Trainable<Pass>,
  batch: MaskedBatch,
  capacity: Capacity,
  weights: Tensor,
  denominator: number,
): Tensor {
  orderFreeBuffers();
  const uploaded = uploadBatch(batch, capacity, model.tables, "inference");
  const labels = new Int32Array(uploaded.places?.capacity ?? 0);
  labels.set(batch.labels);
  const onDevice = tensor1d(labels, "int32");
  const logits = model.infer(uploaded);
  const options = { rows: batch.labels.length, labelSmoothing: 0, denominator };
  const { loss, dLogits } = classifierLoss(logits, onDevice, batch.labels, weights, options);
  for (const held of [onDevice, logits, dLogits]) held.dispose();
  disposeBatch(uploaded);
  return loss;
}
