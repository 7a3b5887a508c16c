import type { RowLabels } from "../data/row-labels.ts";
import type { DeviceBatch } from "../ops/device-batch.ts";
import { deviceTensor } from "../ops/device-tensor.ts";
import type { Targets } from "../tasks/task.ts";

/** Uploads the labels of a batch: of each row, of each place of a language model, or of each token. */
export function uploadTargets(
  { labels, labelWidth = 1, labelStart }: RowLabels,
  { places, rowCapacity, tokenTable }: DeviceBatch,
): Targets {
  const room = labelStart ? (tokenTable.shape[0] ?? 0) : (places?.capacity ?? rowCapacity) * labelWidth;
  const padded = labels instanceof Int32Array ? new Int32Array(room) : new Float32Array(room);
  padded.set(labels);
  return { labels, onDevice: deviceTensor(padded, [room]) };
}
