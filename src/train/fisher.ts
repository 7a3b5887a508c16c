import { tensor1d, type Tensor } from "@tensorflow/tfjs-core";
import type { Batch } from "../data/batches.ts";
import { orderFreeBuffers } from "../gpu/bind-groups.ts";
import { readTensor } from "../gpu/read-back.ts";
import { softmax } from "../metrics/softmax.ts";
import { classifierLoss } from "../ops/classifier-loss/classifier-loss.ts";
import { disposeBatch, uploadBatch, type Capacity } from "../ops/device-batch.ts";
import { deviceZeros } from "../ops/device-tensor.ts";
import { addSquares } from "../ops/importance/importance.ts";
import type { Parameter } from "../ops/parameter.ts";
import type { RunControl } from "./control.ts";
import type { ConsolidationEvent } from "./events.ts";
import { nextTask } from "./next-task.ts";
import type { Trainable } from "./trainable.ts";

/** Diagonal Fisher information by parameter, each tensor of the parameter's shape. */
export type Importance = Map<Parameter, Tensor>;

/** How samples are weighed and what of the model takes part. */
export interface FisherOptions {
  /** Width of the logits. */
  classes: number;
  capacity: Capacity;
  /** Factor of each sample's squared gradient. */
  share: number;
  /** Which weights the earlier task shares with the new one; its own head never takes part. */
  trains: (parameter: Parameter) => boolean;
  /** A label from the probabilities of one row of logits. */
  labelOf: (probabilities: Float32Array) => number;
}

const NO_RATES = { hidden: 0, attention: 0, classifier: 0 };
const TOLD_EVERY_MS = 1000;

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
 * Adds one sample's part to the diagonal of the Fisher information: `share` times the squared gradient of
 * log p(labels | sample), without dropout. The sample is a batch of one row: one label, or one for each of its places,
 * which are independent given the row, so that their log probabilities add up. Labels are given by `labelOf`: drawn from
 * the probabilities this is the true Fisher information (as in Kirkpatrick et al. 2017), with the sample's own labels
 * the empirical one.
 */
export async function addToFisher<Pass>(
  fisher: Importance,
  model: Trainable<Pass>,
  sample: Batch,
  { classes, capacity, share, trains, labelOf }: FisherOptions,
): Promise<void> {
  orderFreeBuffers();
  const batch = uploadBatch(sample, capacity, model.tables, "training");
  const { logits, pass } = model.forward(batch, NO_RATES, { seed: 0, step: 0, microBatch: 0 });
  const rows = sample.labels.length;
  const scores = await readTensor(logits);
  const labels = new Int32Array(logits.shape[0] ?? 0);
  for (let row = 0; row < rows; row++)
    labels[row] = labelOf(softmax(scores.subarray(row * classes, (row + 1) * classes), classes));
  const [onDevice, weights] = [tensor1d(labels, "int32"), tensor1d(new Float32Array(classes).fill(1))];
  const lossOptions = { rows, labelSmoothing: 0, denominator: 1 };
  const { loss, dLogits } = classifierLoss(logits, onDevice, labels, weights, lossOptions);
  const gradients = model.backward(dLogits, pass, (parameter) => parameter.task !== "earlier" && trains(parameter));
  for (const [parameter, gradient] of gradients) {
    let sum = fisher.get(parameter);
    if (!sum) fisher.set(parameter, (sum = deviceZeros(gradient.shape)));
    addSquares(sum, gradient, share);
    gradient.dispose();
  }
  for (const held of [logits, onDevice, weights, loss, dLogits]) held.dispose();
  disposeBatch(batch);
}

/**
 * The diagonal Fisher information over samples that are made one by one from their `rows`; tells about once a second how
 * far it is. A run that is stopped meanwhile gets what was measured till then: it has no step to use it in.
 */
export async function* measureFisher<Pass>(
  model: Trainable<Pass>,
  rows: Int32Array,
  sampleOf: (row: number) => Batch,
  options: FisherOptions,
  control: RunControl,
): AsyncGenerator<ConsolidationEvent, Importance> {
  const fisher: Importance = new Map();
  let toldAt = performance.now();
  for (const [i, row] of rows.entries()) {
    if (control.stops) break;
    await addToFisher(fisher, model, sampleOf(row), options);
    if (performance.now() - toldAt < TOLD_EVERY_MS && i < rows.length - 1) continue;
    await nextTask();
    toldAt = performance.now();
    yield { type: "consolidation", done: i + 1, rows: rows.length };
  }
  return fisher;
}
