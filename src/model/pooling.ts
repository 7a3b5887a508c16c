import type { Tensor } from "@tensorflow/tfjs-core";
import type { DeviceBatch } from "../ops/device-batch.ts";
import { poolMean, poolMeanGradient } from "../ops/mean-pool/mean-pool.ts";
import type { Pooling } from "./config.ts";
import { poolFirst, poolFirstGradient } from "../ops/pool/pool.ts";

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
