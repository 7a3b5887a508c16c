import type { Tensor } from "@tensorflow/tfjs-core";
import type { DeviceBatch, TableSizes } from "../ops/device-batch.ts";
import type { GradientPlaces, Gradients, Parameter } from "../ops/parameter.ts";

/** Dropout rates of a run. */
export interface Rates {
  hidden: number;
  attention: number;
  classifier: number;
  /** The rate on what LoRA's matrices read; 0 where not given. */
  lowRank?: number;
}

/**
 * All that training knows of a model: logits from a batch (a row for each of its labels), gradients from the logits'
 * gradient.
 */
export interface Trainable<Pass> {
  readonly parameters: readonly Parameter[];
  readonly tables: TableSizes;
  /**
   * The word table, where nothing but the ids of a batch looks it up: only rows of these words have a gradient then.
   * Batches that are uploaded with `TableRows` bring the gradient of those rows alone.
   */
  readonly wordTable?: Parameter;
  /** Whether forward passes keep less and backward passes compute it again, to the same numbers. */
  checkpointing: boolean;
  forward(
    batch: DeviceBatch,
    rates: Rates,
    key: { seed: number; step: number; microBatch: number },
  ): { logits: Tensor; pass: Pass };
  /** Uses the pass up. On a GPU gradients are written into the tensors of `into`. */
  backward(dLogits: Tensor, pass: Pass, trains: (parameter: Parameter) => boolean, into?: GradientPlaces): Gradients;
  infer(batch: DeviceBatch): Tensor;
  /**
   * What the head reads of each row [B, featureWidth], without dropout, where the head can run alone: a batch that
   * brings these features goes through the head only.
   */
  features?(batch: DeviceBatch): Tensor;
  readonly featureWidth?: number;
}
