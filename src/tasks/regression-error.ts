import type { Tensor } from "@tensorflow/tfjs-core";
import { numberConsistency } from "../ops/consistency-loss/number-consistency.ts";
import { numberLoss } from "../ops/number-loss/number-loss.ts";
import type { Loss } from "./task.ts";

/** Targets of some rows [B], and the same on the device as float32. */
interface RowTargets {
  labels: ArrayLike<number>;
  onDevice: Tensor;
}

/** The squared error of outputs [B, 1] against one number per row, or Huber's loss: the mean over the rows. */
export class RegressionError implements Loss {
  /** @param delta from which error on Huber's loss grows in a straight line; 0 is the squared error */
  constructor(private readonly delta = 0) {}

  weightOf(labels: ArrayLike<number>): number {
    return labels.length;
  }

  of(outputs: Tensor, { labels, onDevice }: RowTargets, denominator: number) {
    const options = { numbers: labels.length, delta: this.delta, denominator };
    const { loss, dOutputs } = numberLoss(outputs, onDevice, options);
    return { loss, dLogits: dOutputs };
  }

  apart(first: Tensor, second: Tensor, { labels }: Pick<RowTargets, "labels">, scale: number) {
    return numberConsistency(first, second, { numbers: labels.length, scale, kind: "value" });
  }

  dispose(): void {
    // It holds no tensors.
  }
}
