import type { Tensor } from "@tensorflow/tfjs-core";
import type { DeviceBatch } from "../ops/device-batch.ts";
import { poolMean, poolMeanGradient } from "../ops/mean-pool/mean-pool.ts";
import { poolFirst, poolFirstGradient } from "../ops/pool/pool.ts";

/**
 * What the classifier sees of a row: tanh of a dense layer on [CLS] (`BertForSequenceClassification`), [CLS] itself,
 * the mean over the row's tokens, or that mean over the mean of the last four layers' outputs.
 */
export const poolings = ["pooler", "cls", "mean", "mean-last-4"] as const;
export type Pooling = (typeof poolings)[number];

/** How many of the last layers' outputs are read; of fewer than four layers, all. */
export function layersRead(pooling: Pooling, layers: number): number {
  return pooling === "mean-last-4" ? Math.min(4, layers) : 1;
}

/**
 * One layer's part of the pooled rows [B, H], from its output x[T, H]: the mean over tokens is linear, so that the
 * mean over `read` layers is the sum of such parts.
 */
export function poolLayer(pooling: Pooling, x: Tensor, batch: DeviceBatch, read: number): Tensor {
  return isMean(pooling) ? poolMean(x, batch, 1 / read) : poolFirst(x, batch);
}

/** dx[T, H] of one layer's output, from the gradient [B, H] of the pooled rows. */
export function poolLayerGradient(pooling: Pooling, dy: Tensor, batch: DeviceBatch, read: number): Tensor {
  return isMean(pooling) ? poolMeanGradient(dy, batch, 1 / read) : poolFirstGradient(dy, batch);
}

const isMean = (pooling: Pooling) => pooling === "mean" || pooling === "mean-last-4";
