import type { Tensor } from "@tensorflow/tfjs-core";
import type { DeviceBatch, TableSizes } from "../ops/device-batch.ts";
import type { Gradients, Parameter } from "../ops/parameter.ts";

/** Dropout rates of a run. */
export interface Rates {
  hidden: number;
  attention: number;
  classifier: number;
}

/**
 * All that training knows of a model: logits from a batch (a row for each of its labels), gradients from the logits'
 * gradient.
 */
export interface Trainable<Pass> {
  readonly parameters: readonly Parameter[];
  readonly tables: TableSizes;
  forward(
    batch: DeviceBatch,
    rates: Rates,
    key: { seed: number; step: number; microBatch: number },
  ): { logits: Tensor; pass: Pass };
  /** Uses the pass up. */
  backward(dLogits: Tensor, pass: Pass, trains: (parameter: Parameter) => boolean): Gradients;
  infer(batch: DeviceBatch): Tensor;
}
