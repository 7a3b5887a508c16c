import { tensor1d, type Tensor } from "@tensorflow/tfjs-core";
import { binaryLoss } from "../ops/binary-loss/binary-loss.ts";
import { numberConsistency } from "../ops/consistency-loss/number-consistency.ts";
import type { Loss } from "./task.ts";

/** Targets 0 to 1 of some rows, row-major [B · L], and the same on the device as float32. */
interface BinaryTargets {
  labels: ArrayLike<number>;
  onDevice: Tensor;
}

/**
 * Binary cross-entropy of logits [B, L], each label on or off by itself, as
 * torch.nn.functional.binary_cross_entropy_with_logits: the mean over rows and labels.
 */
export class BinaryCrossEntropy implements Loss {
  private readonly weights: Tensor;

  /** @param positiveWeights weight of the positives of each label [L], `pos_weight` in PyTorch */
  constructor(private readonly positiveWeights: Float32Array) {
    this.weights = tensor1d(positiveWeights);
  }

  /** Positives and negatives of all labels weigh the same. */
  static unweighted(labels: number): BinaryCrossEntropy {
    return new BinaryCrossEntropy(new Float32Array(labels).fill(1));
  }

  /** The weights of positives do not enter what the mean divides by. */
  weightOf(labels: ArrayLike<number>): number {
    return labels.length;
  }

  of(logits: Tensor, { labels, onDevice }: BinaryTargets, denominator: number) {
    const rows = labels.length / this.positiveWeights.length;
    return binaryLoss(logits, onDevice, this.weights, { rows, denominator });
  }

  apart(first: Tensor, second: Tensor, { labels }: Pick<BinaryTargets, "labels">, scale: number) {
    // A mean over rows and labels, as the loss itself.
    const ofEach = scale / this.positiveWeights.length;
    return numberConsistency(first, second, { numbers: labels.length, scale: ofEach, kind: "logit" });
  }

  dispose(): void {
    this.weights.dispose();
  }
}
