import type { Tensor } from "@tensorflow/tfjs-core";
import { deviceTensor } from "../../ops/device-tensor.ts";
import { RegressionError } from "../regression-error.ts";
import type { LabelValues } from "../../data/row-labels.ts";
import type { Loss, Targets } from "../task.ts";

/** The squared error, or Huber's, of outputs against numbers that are first standardized. */
export class StandardizedError implements Loss {
  private readonly error: RegressionError;

  /**
   * @param standard mean and deviation by which the numbers are standardized
   * @param huber from which error on, in deviations, Huber's loss grows in a straight line; 0 is the squared error
   */
  constructor(
    private readonly standard: { mean: number; deviation: number },
    huber = 0,
  ) {
    this.error = new RegressionError(huber);
  }

  weightOf(labels: LabelValues): number {
    return this.error.weightOf(labels);
  }

  of(outputs: Tensor, { labels, onDevice }: Targets, denominator: number) {
    const { mean, deviation } = this.standard;
    const numbers = new Float32Array(onDevice.size);
    labels.forEach((number, row) => (numbers[row] = (number - mean) / deviation));
    const targets = { labels: numbers.subarray(0, labels.length), onDevice: deviceTensor(numbers, [numbers.length]) };
    const result = this.error.of(outputs, targets, denominator);
    targets.onDevice.dispose();
    return result;
  }

  apart(first: Tensor, second: Tensor, targets: Targets, scale: number) {
    return this.error.apart(first, second, targets, scale);
  }

  dispose(): void {
    this.error.dispose();
  }
}
