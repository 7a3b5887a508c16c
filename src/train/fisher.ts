import type { Tensor } from "@tensorflow/tfjs-core";
import type { Batch } from "../data/batches.ts";
import { readTensor } from "../gpu/read-back.ts";
import { runningDevice } from "../gpu/running.ts";
import { disposeBatch, uploadBatch, type Capacity } from "../ops/device-batch.ts";
import { deviceZeros } from "../ops/device-tensor.ts";
import { addSquares } from "../ops/importance/importance.ts";
import type { GradientPlaces, Parameter } from "../ops/parameter.ts";
import type { Loss } from "../tasks/task.ts";
import type { RunControl } from "./control.ts";
import type { ConsolidationEvent } from "./events.ts";
import { GradientArena } from "./gradient-arena.ts";
import { nextTask } from "./next-task.ts";
import { uploadTargets } from "./targets.ts";
import type { Trainable } from "./trainable.ts";

/** Diagonal Fisher information by parameter, each tensor of the parameter's shape. */
export type Importance = Map<Parameter, Tensor>;

/** How samples are weighed and what of the model takes part. */
interface FisherOptions {
  /** Whose gradient weighs the weights: the task's plain loss. */
  loss: Loss;
  capacity: Capacity;
  /** Factor of each sample's squared gradient. */
  share: number;
  /** Which weights the earlier task shares with the new one; its own head never takes part. */
  trains: (parameter: Parameter) => boolean;
  /** Labels of a sample by the model's outputs, row-major [rows or places, width of the head]. */
  labelsOf: (outputs: Float32Array) => Int32Array;
  /** What the gradients are written into on a GPU. */
  into?: GradientPlaces;
}

/** The head of the earlier task itself never takes part. */
const takesPart = (parameter: Parameter, { trains }: Pick<FisherOptions, "trains">) =>
  parameter.task !== "earlier" && trains(parameter);

const NO_RATES = { hidden: 0, attention: 0, classifier: 0 };
const REPORT_EVERY_MS = 1000;

/**
 * Adds one sample's part to the diagonal of the Fisher information: `share` times the squared gradient of
 * log p(labels | sample), without dropout. The sample is a batch of one row: one label, or one for each of its places,
 * which are independent given the row, so that their log probabilities add up. Labels are given by `labelsOf`: drawn from
 * the outputs this is the true Fisher information (as in Kirkpatrick et al. 2017), with the sample's own labels
 * the empirical one.
 */
export async function addToFisher<Pass>(
  fisher: Importance,
  model: Trainable<Pass>,
  sample: Batch,
  options: FisherOptions,
): Promise<void> {
  const { loss: task, capacity, share, labelsOf, into } = options;
  runningDevice().orderFreeBuffers();
  const batch = uploadBatch(sample, capacity, model.tables, "training");
  const { logits, pass } = model.forward(batch, NO_RATES, { seed: 0, step: 0, microBatch: 0 });
  const outputs = await readTensor(logits);
  const targets = uploadTargets(labelsOf(outputs.subarray(0, sample.labels.length * (logits.shape[1] ?? 0))), batch);
  const { loss, dLogits } = task.of(logits, targets, 1);
  const gradients = model.backward(dLogits, pass, (parameter) => takesPart(parameter, options), into);
  for (const [parameter, gradient] of gradients) {
    let sum = fisher.get(parameter);
    if (!sum) fisher.set(parameter, (sum = deviceZeros(gradient.shape)));
    addSquares(sum, gradient, share);
    gradient.dispose();
  }
  for (const held of [logits, targets.onDevice, loss, dLogits]) held.dispose();
  disposeBatch(batch);
}

/**
 * The diagonal Fisher information over samples that are made one by one from their `rows`; reports its progress
 * about once a second. A run that is stopped meanwhile gets what was measured till then: it has no step to use it in.
 */
export async function* measureFisher<Pass>(
  model: Trainable<Pass>,
  rows: Int32Array,
  sampleOf: (row: number) => Batch,
  options: FisherOptions,
  control: RunControl,
): AsyncGenerator<ConsolidationEvent, Importance> {
  const fisher: Importance = new Map();
  const into = new GradientArena(model.parameters.filter((parameter) => takesPart(parameter, options)));
  let reportedAt = performance.now();
  try {
    for (const [i, row] of rows.entries()) {
      if (control.stops) break;
      await addToFisher(fisher, model, sampleOf(row), { ...options, into });
      if (performance.now() - reportedAt < REPORT_EVERY_MS && i < rows.length - 1) continue;
      await nextTask();
      reportedAt = performance.now();
      yield { type: "consolidation", done: i + 1, rows: rows.length };
    }
  } finally {
    into.dispose();
  }
  return fisher;
}
