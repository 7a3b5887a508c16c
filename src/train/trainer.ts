import { tensor1d, type Tensor } from "@tensorflow/tfjs-core";
import type { Batch } from "../data/batches.ts";
import { settleAnew } from "../gpu/flush.ts";
import { submitStep } from "../gpu/program.ts";
import { accumulate } from "../ops/accumulate/accumulate.ts";
import { classifierLoss } from "../ops/classifier-loss/classifier-loss.ts";
import { disposeBatch, uploadBatch, type Capacity } from "../ops/device-batch.ts";
import type { Gradients, Parameter } from "../ops/parameter.ts";
import { trainableParameters } from "./frozen.ts";
import { Optimizer } from "./optimizer.ts";
import type { TrainerSettings } from "./settings.ts";
import type { Trainable } from "./trainable.ts";

/** What a step left on the device, to be read later: its losses (one a micro-batch, to be summed) and clip [3]. */
export interface PendingStep {
  losses: Tensor[];
  clip: Tensor;
  learningRate: number;
  rows: number;
  tokens: number;
}

/** One optimizer step after another, for any model; knows neither epochs nor evaluation. */
export class Trainer<Pass> {
  readonly trainable: Set<Parameter>;
  private readonly optimizer: Optimizer;
  private readonly classWeights: Tensor;
  private steps = 0;

  constructor(
    private readonly model: Trainable<Pass>,
    private readonly settings: TrainerSettings,
    private readonly capacity: Capacity,
  ) {
    settleAnew();
    this.trainable = trainableParameters(model.parameters, settings.frozen);
    const top = Math.max(...model.parameters.map(({ level }) => level));
    this.optimizer = new Optimizer([...this.trainable], settings, top);
    this.classWeights = tensor1d(settings.classWeights);
  }

  /** One step over all micro-batches together, with exactly the gradient of one large batch. */
  step(microBatches: readonly Batch[]): PendingStep {
    const denominator = this.weightOf(microBatches);
    const losses: Tensor[] = [];
    let gradients: Gradients | null = null;
    microBatches.forEach((batch, microBatch) => {
      const { loss, gradients: own } = this.microStep(batch, microBatch, denominator);
      losses.push(loss);
      if (gradients) addGradients(gradients, own);
      else gradients = own;
    });
    if (!gradients) throw new Error("A step was given no rows.");
    const { learningRate } = this.optimizer;
    const clip = this.optimizer.step(gradients);
    submitStep();
    this.steps++;
    const tokens = microBatches.reduce((sum, { ids }) => sum + ids.length, 0);
    const rows = microBatches.reduce((sum, { labels }) => sum + labels.length, 0);
    return { losses, clip, learningRate, rows, tokens };
  }

  /** Loss and gradients of one micro-batch, whose rows count for their weight over `denominator`. */
  microStep(batch: Batch, microBatch: number, denominator: number): { loss: Tensor; gradients: Gradients } {
    const uploaded = uploadBatch(batch, this.capacity, this.model.tables, "training");
    const { rates, seed, labelSmoothing } = this.settings;
    const { logits, pass } = this.model.forward(uploaded, rates, { seed, step: this.steps, microBatch });
    const labels = new Int32Array(uploaded.starts.size - 1);
    labels.set(batch.labels);
    const onDevice = tensor1d(labels, "int32");
    const { loss, dLogits } = classifierLoss(logits, onDevice, batch.labels, this.classWeights, {
      rows: uploaded.rows,
      labelSmoothing,
      denominator,
    });
    logits.dispose();
    onDevice.dispose();
    const gradients = this.model.backward(dLogits, pass, (parameter) => this.trainable.has(parameter));
    dLogits.dispose();
    disposeBatch(uploaded);
    return { loss, gradients };
  }

  /** Sum of the class weights of all rows: what the mean of the loss divides by. */
  weightOf(microBatches: readonly Batch[]): number {
    const { classWeights } = this.settings;
    let sum = 0;
    for (const { labels } of microBatches) for (const label of labels) sum += classWeights[label] ?? 1;
    return sum;
  }

  /** Gives back moments and buffers; the weights stay. */
  dispose(): void {
    this.optimizer.dispose();
    this.classWeights.dispose();
  }
}

function addGradients(sum: Gradients, more: Gradients): void {
  for (const [parameter, gradient] of more) {
    const total = sum.get(parameter);
    if (!total) throw new Error(`${parameter.name} has no gradient to add to.`);
    accumulate(total, gradient);
    gradient.dispose();
  }
}
