import type { Tensor } from "@tensorflow/tfjs-core";
import { fittingRows, type Batch } from "../data/batches.ts";
import type { LabelValues } from "../data/row-labels.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { readTensor } from "../gpu/read-back.ts";
import { runningDevice } from "../gpu/running.ts";
import { disposeBatch, uploadBatch, type Capacity, type DeviceBatch } from "../ops/device-batch.ts";
import { addSquares } from "../ops/importance/importance.ts";
import { inMemoryOrder, type GradientPlaces, type Gradients, type Parameter } from "../ops/parameter.ts";
import type { Loss } from "../tasks/task.ts";
import type { RunControl } from "./control.ts";
import type { ConsolidationEvent } from "./events.ts";
import { GradientArena } from "./gradient-arena.ts";
import { nextTask } from "./next-task.ts";
import { ScoredReader } from "./scored-reader.ts";
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
  labelsOf: (outputs: Float32Array) => LabelValues;
  /** What the gradients are written into on a GPU. */
  into?: GradientPlaces;
  /** Whether labels are drawn from passes of their own, before any gradient. */
  ahead?: boolean;
}

/** The head of the earlier task itself never takes part. */
const takesPart = (parameter: Parameter, { trains }: Pick<FisherOptions, "trains">) =>
  parameter.task !== "earlier" && trains(parameter);

const NO_RATES = { hidden: 0, attention: 0, classifier: 0 };
const REPORT_EVERY_MS = 1000;

/** What is sampled. */
interface Samples {
  /** What `rows` are rows of. */
  data: EncodedDataset;
  rows: Int32Array;
  /** Some rows with their labels. */
  batchOf: (rows: Int32Array) => Batch;
}

/** A sample that went forward. */
interface Opened<Pass> {
  batch: DeviceBatch;
  logits: Tensor;
  pass: Pass;
}

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
  const opened = openSample(model, sample, options);
  const outputs = await readTensor(opened.logits);
  const width = opened.logits.shape[1] ?? 0;
  const labels = options.labelsOf(outputs.subarray(0, sample.labels.length * width));
  addSample(fisher, model, opened, labels, options).dispose();
}

function openSample<Pass>(
  model: Trainable<Pass>,
  sample: Batch,
  { capacity }: Pick<FisherOptions, "capacity">,
): Opened<Pass> {
  runningDevice().orderFreeBuffers();
  const batch = uploadBatch(sample, capacity, model.tables, "training");
  return { batch, ...model.forward(batch, NO_RATES, { seed: 0, step: 0, microBatch: 0 }) };
}

/** Goes back through a sample with these labels, and adds its squared gradients; returns its loss. */
function addSample<Pass>(
  fisher: Importance,
  model: Trainable<Pass>,
  { batch, logits, pass }: Opened<Pass>,
  labels: LabelValues,
  options: FisherOptions,
): Tensor {
  const { loss: task, share, into } = options;
  const targets = uploadTargets({ labels }, batch);
  const { loss, dLogits } = task.of(logits, targets, 1);
  const gradients = model.backward(dLogits, pass, (parameter) => takesPart(parameter, options), into);
  allocateSums(fisher, model, gradients);
  const squares = [...fisher].flatMap(([parameter, sum]) => {
    const x = gradients.get(parameter);
    return x ? [{ sum, x }] : [];
  });
  addSquares(squares, share);
  for (const held of [...gradients.values(), logits, targets.onDevice, dLogits]) held.dispose();
  disposeBatch(batch);
  return loss;
}

/** Makes sums for gradients that have none yet: all with the first sample, side by side as weights and gradients lie. */
function allocateSums<Pass>(fisher: Importance, { parameters }: Trainable<Pass>, gradients: Gradients): void {
  const missing = inMemoryOrder(parameters.filter((one) => gradients.has(one) && !fisher.has(one)));
  if (missing.length === 0) return;
  const sums = runningDevice().together(missing.map(({ value }) => value.shape));
  for (const [i, sum] of sums.entries()) fisher.set(missing[i] as Parameter, sum);
}

/**
 * The diagonal Fisher information over samples, each a row of `samples`; reports its progress about once a second. A run
 * that is stopped meanwhile gets what was measured till then: it has no step to use it in.
 */
export async function* measureFisher<Pass>(
  model: Trainable<Pass>,
  samples: Samples,
  options: FisherOptions,
  control: RunControl,
): AsyncGenerator<ConsolidationEvent, Importance> {
  const { rows, batchOf } = samples;
  const fisher: Importance = new Map();
  const into = new GradientArena(model.parameters.filter((parameter) => takesPart(parameter, options)));
  const own = { ...options, into };
  const ahead = (options.ahead ?? waitsLong()) ? await drawnLabels(model, samples, own, control) : null;
  const losses = new ScoredReader();
  let [labelled, reportedAt] = [0, performance.now()];
  try {
    for (const [i, row] of rows.entries()) {
      if (control.stops) break;
      const sample = batchOf(Int32Array.of(row));
      if (ahead) {
        const labels = ahead.subarray(labelled, (labelled += sample.labels.length));
        // Read so that the GPU is never far behind: nothing else is waited for.
        await losses.add({ output: addSample(fisher, model, openSample(model, sample, own), labels, own), rows: 1 });
      } else await addToFisher(fisher, model, sample, own);
      if (performance.now() - reportedAt < REPORT_EVERY_MS && i < rows.length - 1) continue;
      await nextTask();
      reportedAt = performance.now();
      yield { type: "consolidation", done: i + 1, rows: rows.length };
    }
  } finally {
    await losses.rest();
    into.dispose();
  }
  return fisher;
}

/**
 * Whether waiting for the labels of each sample takes longer than passes that find them: a GPU stands still meanwhile, and
 * in some browsers for long.
 */
function waitsLong(): boolean {
  const { kind, kernels } = runningDevice();
  return kind === "webgpu" && kernels !== "software";
}

/** Labels of all samples, one after another, from batches of as many rows as there is room for. */
async function drawnLabels<Pass>(
  model: Trainable<Pass>,
  { data, rows, batchOf }: Samples,
  { capacity, labelsOf }: FisherOptions,
  control: RunControl,
): Promise<Int32Array> {
  const reader = new ScoredReader();
  const drawn: number[] = [];
  const take = (read: Awaited<ReturnType<ScoredReader["rest"]>>) => {
    for (const { step, numbers } of read) {
      for (const label of labelsOf(numbers.subarray(0, step.rows * (step.output.shape[1] ?? 0)))) drawn.push(label);
    }
  };
  for (const some of fittingRows(data, rows, capacity)) {
    if (control.stops) break;
    runningDevice().orderFreeBuffers();
    const batch = batchOf(some);
    const uploaded = uploadBatch(batch, capacity, model.tables, "inference");
    const output = model.infer(uploaded);
    disposeBatch(uploaded);
    take(await reader.add({ output, rows: batch.labels.length }));
  }
  take(await reader.rest());
  return Int32Array.from(drawn);
}
