import { tensor1d, type Tensor } from "@tensorflow/tfjs-core";
import { classifierLoss } from "../ops/classifier-loss/classifier-loss.ts";
import { consistencyLoss } from "../ops/consistency-loss/consistency-loss.ts";
import type { Loss, Targets } from "./task.ts";

/** Softmax cross-entropy of logits [B, C] against one class a row, as torch.nn.functional.cross_entropy. */
export class CrossEntropy implements Loss {
  private readonly weights: Tensor;

  /** @param classWeights weight of each class [C] */
  constructor(
    private readonly classWeights: Float32Array,
    private readonly labelSmoothing = 0,
  ) {
    this.weights = tensor1d(classWeights);
  }

  /** All classes weigh the same. */
  static unweighted(classes: number, labelSmoothing = 0): CrossEntropy {
    return new CrossEntropy(new Float32Array(classes).fill(1), labelSmoothing);
  }

  weightOf(labels: Int32Array): number {
    let sum = 0;
    for (const label of labels) sum += this.classWeights[label] ?? 1;
    return sum;
  }

  of(logits: Tensor, { labels, onDevice }: Targets, denominator: number) {
    const options = { rows: labels.length, labelSmoothing: this.labelSmoothing, denominator };
    return classifierLoss(logits, onDevice, labels, this.weights, options);
  }

  apart(first: Tensor, second: Tensor, { labels }: Targets, scale: number) {
    return consistencyLoss(first, second, labels.length, scale);
  }

  dispose(): void {
    this.weights.dispose();
  }
}
