import type { Tensor } from "@tensorflow/tfjs-core";
import type { Batch } from "../data/batches.ts";
import { runningDevice } from "../gpu/running.ts";
import { accumulate } from "../ops/accumulate/accumulate.ts";
import { disposeBatch, uploadBatch, type Capacity, type DeviceBatch, type Task } from "../ops/device-batch.ts";
import type { Gradients, Parameter } from "../ops/parameter.ts";
import type { Loss, Targets } from "../tasks/task.ts";
import type { Consolidation } from "./consolidation.ts";
import { trainableParameters } from "./frozen.ts";
import { Optimizer } from "./optimizer.ts";
import { PullToStart } from "./pull-to-start.ts";
import type { TrainerSettings } from "./settings.ts";
import { uploadTargets } from "./targets.ts";
import type { Trainable } from "./trainable.ts";

/** What a step left on the device to be read later: its losses (parts of one sum), and the numbers of `gradientNorm`. */
export interface PendingStep {
  losses: Tensor[];
  clip: Tensor;
  learningRate: number;
  rows: number;
  /** Labels of the rows: one of each, or of each place that is asked for. */
  labels: number;
  tokens: number;
}

/** What a step divides by, all micro-batches together: the weights of its labels, and how many there are. */
interface StepSize {
  weight: number;
  labels: number;
}

/** Dropout sees R-Drop's second pass as a micro-batch of this much higher number, which no step reaches. */
const SECOND_PASS = 4096;

/** One optimizer step after another, for any model; knows neither epochs nor evaluation. */
export class Trainer<Pass> {
  readonly trainable: Set<Parameter>;
  private readonly optimizer: Optimizer;
  private readonly losses = new Map<Task, Loss>();
  private readonly pull: PullToStart | null;
  /** Holds weights to an earlier task from the next step on; disposed by the trainer. */
  consolidation: Consolidation | null = null;
  /** Levels of parameters that are not unfrozen yet. */
  private waiting = new Set<number>();
  private steps = 0;

  /** @param lossOf makes the loss of either task, once; the trainer disposes it */
  constructor(
    private readonly model: Trainable<Pass>,
    private readonly lossOf: (task: Task) => Loss,
    private readonly settings: TrainerSettings,
    private readonly capacity: Capacity,
  ) {
    const candidates = model.parameters.filter(({ task }) => task !== "earlier" || settings.rehearses);
    this.trainable = trainableParameters(candidates, settings.frozen);
    this.lossFor("new");
    const top = Math.max(...model.parameters.map(({ level }) => level));
    this.optimizer = new Optimizer([...this.trainable], settings, top);
    this.pull = settings.l2sp > 0 ? new PullToStart(this.trainable, settings.l2sp) : null;
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
    runningDevice().orderFreeBuffers();
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
    runningDevice().submit();
    this.steps++;
    const tokens = microBatches.reduce((sum, { ids }) => sum + ids.length, 0);
    const rows = microBatches.reduce((sum, { rowStart }) => sum + rowStart.length - 1, 0);
    return { losses, clip, learningRate, rows, labels: size.labels, tokens };
  }

  /** Loss (in parts) and gradients of one micro-batch, whose rows count for their share of `step`. */
  microStep(batch: Batch, microBatch: number, step: StepSize): { losses: Tensor[]; gradients: Gradients } {
    const uploaded = uploadBatch(batch, this.capacity, this.model.tables, "training");
    const targets = uploadTargets(batch.labels, uploaded);
    const result =
      this.settings.rDrop > 0
        ? this.twoPasses(uploaded, targets, microBatch, step)
        : this.onePass(uploaded, targets, microBatch, step);
    targets.onDevice.dispose();
    disposeBatch(uploaded);
    return result;
  }

  private onePass(batch: DeviceBatch, targets: Targets, microBatch: number, step: StepSize) {
    const { logits, pass } = this.forward(batch, microBatch);
    const { loss, dLogits } = this.lossFor(batch.task).of(logits, targets, step.weight);
    logits.dispose();
    const gradients = this.model.backward(dLogits, pass, this.trains);
    dLogits.dispose();
    return { losses: [loss], gradients };
  }

  /** R-Drop: the mean of two passes' losses, and how far their predictions are apart. */
  private twoPasses(batch: DeviceBatch, targets: Targets, microBatch: number, step: StepSize) {
    const own = this.lossFor(batch.task);
    const passes = [this.forward(batch, microBatch), this.forward(batch, microBatch + SECOND_PASS)] as const;
    const [first, second] = passes;
    const apart = own.apart(first.logits, second.logits, targets, this.settings.rDrop / step.labels);
    const losses = [apart.loss];
    let gradients: Gradients | null = null;
    for (const [{ logits, pass }, dApart] of [
      [first, apart.dFirst],
      [second, apart.dSecond],
    ] as const) {
      const { loss, dLogits } = own.of(logits, targets, 2 * step.weight);
      losses.push(loss);
      accumulate(dLogits, dApart);
      const more = this.model.backward(dLogits, pass, this.trains);
      if (gradients) addGradients(gradients, more);
      else gradients = more;
      for (const held of [logits, dLogits, dApart]) held.dispose();
    }
    return { losses, gradients: gradients ?? new Map() };
  }

  private forward(batch: DeviceBatch, microBatch: number) {
    const { rates, seed } = this.settings;
    return this.model.forward(batch, rates, { seed, step: this.steps, microBatch });
  }

  private lossFor(task: Task): Loss {
    const loss = this.losses.get(task) ?? this.lossOf(task);
    this.losses.set(task, loss);
    return loss;
  }

  private readonly trains = (parameter: Parameter): boolean =>
    this.trainable.has(parameter) && !this.waiting.has(parameter.level);

  /** What the mean of the loss divides by. */
  sizeOf(microBatches: readonly Batch[]): StepSize {
    const size = { weight: 0, labels: 0 };
    for (const { labels, task = "new" } of microBatches) {
      size.weight += this.lossFor(task).weightOf(labels);
      size.labels += labels.length;
    }
    return size;
  }

  /** Frees moments and buffers; the weights stay. */
  dispose(): void {
    this.optimizer.dispose();
    this.pull?.dispose();
    this.consolidation?.dispose();
    for (const loss of this.losses.values()) loss.dispose();
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
