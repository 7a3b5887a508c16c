import type { DeviceBatch } from "../ops/device-batch.ts";
import { deviceTensor } from "../ops/device-tensor.ts";
import type { Targets } from "../tasks/task.ts";

/** Uploads the labels of a batch: of each row, or of each place of a language model. */
export function uploadTargets(labels: Int32Array, { places, rowCapacity }: DeviceBatch): Targets {
  const padded = new Int32Array(places?.capacity ?? rowCapacity);
  padded.set(labels);
  return { labels, onDevice: deviceTensor(padded, [padded.length]) };
}
