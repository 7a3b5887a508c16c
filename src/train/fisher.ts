import { tensor1d, type Tensor } from "@tensorflow/tfjs-core";
import { gatherBatch } from "../data/batches.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { readTensor } from "../gpu/read-back.ts";
import { softmax } from "../metrics/softmax.ts";
import { classifierLoss } from "../ops/classifier-loss/classifier-loss.ts";
import { disposeBatch, uploadBatch, type Capacity } from "../ops/device-batch.ts";
import { deviceTensor } from "../ops/device-tensor.ts";
import { addSquares } from "../ops/importance/importance.ts";
import type { Parameter } from "../ops/parameter.ts";
import type { Trainable } from "./trainable.ts";

/** Diagonal Fisher information by parameter, each tensor of the parameter's shape. */
export type Importance = Map<Parameter, Tensor>;

const NO_RATES = { hidden: 0, attention: 0, classifier: 0 };

/** A label drawn from the model's own prediction: `uniform` is in [0, 1). */
export function drawLabel(probabilities: ArrayLike<number>, uniform: number): number {
  let below = 0;
  for (let label = 0; label < probabilities.length; label++) {
    below += probabilities[label] ?? 0;
    if (uniform < below) return label;
  }
  return probabilities.length - 1;
}

/**
 * Adds one row's part to the diagonal of the Fisher information: `share` times the squared gradient of log p(label | row),
 * without dropout. Labels are given by `labelOf` from the row's probabilities: drawn from them this is the true Fisher
 * information (as in Kirkpatrick et al. 2017), with the row's own label the empirical one. Only weights that the
 * earlier task shares with the new one take part; its own classifier does not.
 */
export async function addRowToFisher<Pass>(
  fisher: Importance,
  model: Trainable<Pass>,
  data: EncodedDataset,
  row: number,
  options: {
    classes: number;
    capacity: Capacity;
    share: number;
    trains: (parameter: Parameter) => boolean;
    labelOf: (probabilities: Float32Array) => number;
  },
): Promise<void> {
  const { classes, capacity, share, trains, labelOf } = options;
  const batch = uploadBatch(gatherBatch(data, Int32Array.of(row)), capacity, model.tables, "training");
  const { logits, pass } = model.forward(batch, NO_RATES, { seed: 0, step: 0, microBatch: 0 });
  const label = labelOf(softmax((await readTensor(logits)).subarray(0, classes), classes));
  const labels = new Int32Array(batch.rowCapacity).fill(label);
  const [onDevice, weights] = [tensor1d(labels, "int32"), tensor1d(new Float32Array(classes).fill(1))];
  const lossOptions = { rows: 1, labelSmoothing: 0, denominator: 1 };
  const { loss, dLogits } = classifierLoss(logits, onDevice, labels, weights, lossOptions);
  const gradients = model.backward(dLogits, pass, (parameter) => parameter.task !== "earlier" && trains(parameter));
  for (const [parameter, gradient] of gradients) {
    let sum = fisher.get(parameter);
    if (!sum) fisher.set(parameter, (sum = deviceTensor(new Float32Array(gradient.size), gradient.shape)));
    addSquares(sum, gradient, share);
    gradient.dispose();
  }
  for (const held of [logits, onDevice, weights, loss, dLogits]) held.dispose();
  disposeBatch(batch);
}
