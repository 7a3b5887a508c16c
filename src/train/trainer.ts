import { tensor1d, type Tensor } from "@tensorflow/tfjs-core";
import type { Batch } from "../data/batches.ts";
import { orderFreeBuffers } from "../gpu/bind-groups.ts";
import { submitRecorded } from "../gpu/program.ts";
import { accumulate } from "../ops/accumulate/accumulate.ts";
import { classifierLoss } from "../ops/classifier-loss/classifier-loss.ts";
import { consistencyLoss } from "../ops/consistency-loss/consistency-loss.ts";
import { disposeBatch, uploadBatch, type Capacity, type DeviceBatch } from "../ops/device-batch.ts";
import { deviceTensor } from "../ops/device-tensor.ts";
import type { Gradients, Parameter } from "../ops/parameter.ts";
import type { Consolidation } from "./consolidation.ts";
import { trainableParameters } from "./frozen.ts";
import { Optimizer } from "./optimizer.ts";
import { PullToStart } from "./pull-to-start.ts";
import type { TrainerSettings } from "./settings.ts";
import type { Trainable } from "./trainable.ts";

/** What a step left on the device, to be read later: its losses (parts of one sum), and what `gradientNorm` told. */
export interface PendingStep {
  losses: Tensor[];
  clip: Tensor;
  learningRate: number;
  rows: number;
  tokens: number;
}

/** What a step divides by, all micro-batches together: the class weights of its rows, and how many rows. */
export interface StepSize {
  weight: number;
  rows: number;
}

/** R-Drop's second pass is another micro-batch to the dropout; no step has so many. */
const SECOND_PASS = 4096;

/** One optimizer step after another, for any model; knows neither epochs nor evaluation. */
export class Trainer<Pass> {
  readonly trainable: Set<Parameter>;
  private readonly optimizer: Optimizer;
  private readonly classWeights: Tensor;
  /** Ones, for the classes of an earlier task. */
  private earlierWeights: Tensor | null = null;
  private readonly pull: PullToStart | null;
  /** Holds weights to an earlier task from the next step on; the trainer's to give back. */
  consolidation: Consolidation | null = null;
  /** Levels of parameters that wait to be unfrozen. */
  private waiting = new Set<number>();
  private steps = 0;

  constructor(
    private readonly model: Trainable<Pass>,
    private readonly settings: TrainerSettings,
    private readonly capacity: Capacity,
  ) {
    const candidates = model.parameters.filter(({ task }) => task !== "earlier" || settings.rehearses);
    this.trainable = trainableParameters(candidates, settings.frozen);
    const top = Math.max(...model.parameters.map(({ level }) => level));
    this.optimizer = new Optimizer([...this.trainable], settings, top);
    this.pull = settings.l2sp > 0 ? new PullToStart(this.trainable, settings.l2sp, top) : null;
    this.classWeights = tensor1d(settings.classWeights);
  }

  /** Lets only the upper `groups` levels of what trains take part in the next steps (Howard and Ruder 2018, 3.3). */
  unfreeze(groups: number): void {
    const levels = [...new Set([...this.trainable].map(({ level }) => level))].sort((a, b) => b - a);
    this.waiting = new Set(levels.slice(groups));
  }

  /** Multiplies the rates of all further steps: see `Plateau` and `findRate`. */
  set rateFactor(factor: number) {
    this.optimizer.rateFactor = factor;
  }

  /** One step over all micro-batches together, with exactly the gradient of one large batch. */
  step(microBatches: readonly Batch[]): PendingStep {
    orderFreeBuffers();
    const size = this.sizeOf(microBatches);
    const losses: Tensor[] = [];
    let gradients: Gradients | null = null;
    microBatches.forEach((batch, microBatch) => {
      const { losses: parts, gradients: own } = this.microStep(batch, microBatch, size);
      losses.push(...parts);
      if (gradients) addGradients(gradients, own);
      else gradients = own;
    });
    if (!gradients) throw new Error("A step was given no rows.");
    this.pull?.apply(gradients);
    this.consolidation?.apply(gradients);
    const { learningRate } = this.optimizer;
    const clip = this.optimizer.step(gradients, losses);
    submitRecorded();
    this.steps++;
    const tokens = microBatches.reduce((sum, { ids }) => sum + ids.length, 0);
    return { losses, clip, learningRate, rows: size.rows, tokens };
  }

  /** Loss (in parts) and gradients of one micro-batch, whose rows count for their share of `step`. */
  microStep(batch: Batch, microBatch: number, step: StepSize): { losses: Tensor[]; gradients: Gradients } {
    const uploaded = uploadBatch(batch, this.capacity, this.model.tables, "training");
    // A row of logits for each row, or for each place of a masked language model.
    const labels = new Int32Array(uploaded.places?.capacity ?? uploaded.starts.size - 1);
    labels.set(batch.labels);
    const onDevice = deviceTensor(labels, [labels.length]);
    const result =
      this.settings.rDrop > 0
        ? this.twoPasses(uploaded, onDevice, batch.labels, microBatch, step)
        : this.onePass(uploaded, onDevice, batch.labels, microBatch, step);
    onDevice.dispose();
    disposeBatch(uploaded);
    return result;
  }

  private onePass(batch: DeviceBatch, labels: Tensor, hostLabels: Int32Array, microBatch: number, step: StepSize) {
    const { logits, pass } = this.forward(batch, microBatch);
    const { loss, dLogits } = this.loss(batch, logits, labels, hostLabels, step.weight);
    logits.dispose();
    const gradients = this.model.backward(dLogits, pass, this.trains);
    dLogits.dispose();
    return { losses: [loss], gradients };
  }

  /** R-Drop: the mean of two passes' losses, and how far their predictions are apart. */
  private twoPasses(batch: DeviceBatch, labels: Tensor, hostLabels: Int32Array, microBatch: number, step: StepSize) {
    const passes = [this.forward(batch, microBatch), this.forward(batch, microBatch + SECOND_PASS)] as const;
    const [first, second] = passes;
    const apart = consistencyLoss(first.logits, second.logits, hostLabels.length, this.settings.rDrop / step.rows);
    const losses = [apart.loss];
    let gradients: Gradients | null = null;
    for (const [{ logits, pass }, dApart] of [
      [first, apart.dFirst],
      [second, apart.dSecond],
    ] as const) {
      const { loss, dLogits } = this.loss(batch, logits, labels, hostLabels, 2 * step.weight);
      losses.push(loss);
      accumulate(dLogits, dApart);
      const own = this.model.backward(dLogits, pass, this.trains);
      if (gradients) addGradients(gradients, own);
      else gradients = own;
      for (const held of [logits, dLogits, dApart]) held.dispose();
    }
    return { losses, gradients: gradients ?? new Map() };
  }

  private forward(batch: DeviceBatch, microBatch: number) {
    const { rates, seed } = this.settings;
    return this.model.forward(batch, rates, { seed, step: this.steps, microBatch });
  }

  private loss(batch: DeviceBatch, logits: Tensor, labels: Tensor, hostLabels: Int32Array, denominator: number) {
    const options = { rows: hostLabels.length, labelSmoothing: this.settings.labelSmoothing, denominator };
    if (batch.task === "new") return classifierLoss(logits, labels, hostLabels, this.classWeights, options);
    this.earlierWeights ??= tensor1d(new Float32Array(logits.shape[1] ?? 0).fill(1));
    return classifierLoss(logits, labels, hostLabels, this.earlierWeights, options);
  }

  private readonly trains = (parameter: Parameter): boolean =>
    this.trainable.has(parameter) && !this.waiting.has(parameter.level);

  /** What the mean of the loss divides by. */
  sizeOf(microBatches: readonly Batch[]): StepSize {
    const { classWeights } = this.settings;
    const size = { weight: 0, rows: 0 };
    for (const { labels, task } of microBatches) {
      for (const label of labels) size.weight += task === "earlier" ? 1 : (classWeights[label] ?? 1);
      size.rows += labels.length;
    }
    return size;
  }

  /** Gives back moments and buffers; the weights stay. */
  dispose(): void {
    this.optimizer.dispose();
    this.pull?.dispose();
    this.consolidation?.dispose();
    this.classWeights.dispose();
    this.earlierWeights?.dispose();
  }
}

function addGradients(sum: Gradients, more: Gradients): void {
  for (const [parameter, gradient] of more) {
    const total = sum.get(parameter);
    // Batches of two tasks have a classifier each.
    if (!total) sum.set(parameter, gradient);
    else {
      accumulate(total, gradient);
      gradient.dispose();
    }
  }
}
