import type { Tensor } from "@tensorflow/tfjs-core";
import { deviceTensor } from "./device-tensor.ts";
import { embeddingGradient, grouped, type Grouping } from "./embedding/embedding.ts";
import { gatherRows } from "./gather-rows/gather-rows.ts";

/** A model's table of buckets for the distances of two tokens, query − key. */
export interface RelativeBuckets {
  /** Rows of the table. */
  buckets: number;
  /** Distances from 1 − span to span − 1 are looked up: span is the most tokens of a row. */
  span: number;
  bucketOf: (distance: number) => number;
}

/** The bucket of each distance from 1 − span to span − 1, on the device. */
export interface Distances {
  span: number;
  /** int32 [2·span − 1], and the same on the host. */
  buckets: Tensor;
  hostBuckets: Int32Array;
  /** The distances by bucket. */
  grouping: Grouping;
}

/** @param longest tokens of the longest row that will be looked at; no more distances are uploaded */
export function uploadDistances({ buckets: count, span: most, bucketOf }: RelativeBuckets, longest: number): Distances {
  const span = Math.min(most, longest);
  const hostBuckets = Int32Array.from({ length: 2 * span - 1 }, (_, i) => bucketOf(i - span + 1));
  return {
    span,
    buckets: deviceTensor(hostBuckets, [hostBuckets.length]),
    hostBuckets,
    grouping: grouped(hostBuckets, count, hostBuckets.length),
  };
}

export function disposeDistances({ buckets, grouping }: Distances): void {
  for (const held of [buckets, grouping.start, grouping.order]) held.dispose();
}

/** Those of a batch for a model with a table by distance. */
export function distancesOf({ distances }: { distances: Distances | null }): Distances {
  if (!distances) throw new Error("A batch without distances was given to a model with a table of them.");
  return distances;
}

/** A table by bucket [buckets, W] as one by distance [2·span − 1, W], as attention takes it. */
export function byDistance(table: Tensor, { buckets, hostBuckets }: Distances): Tensor {
  const count = hostBuckets.length;
  return gatherRows(table, { count, capacity: count, tokens: buckets, hostTokens: hostBuckets });
}

/** The gradient of a table by bucket from that of the one by distance; on a GPU it is written into `into`, if given. */
export function byDistanceGradient(gradient: Tensor, { grouping }: Distances, into?: Tensor): Tensor {
  return embeddingGradient(gradient, grouping, into);
}
