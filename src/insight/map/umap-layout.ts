import { UMAP } from "umap-js";
import { createRandom } from "../../data/random.ts";
import { nearestNeighbours } from "./nearest-neighbours.ts";

/** What a layout does at the moment; `total` is 0 where a step has no count. */
export interface LayoutStep {
  what: "Finding neighbours" | "Building the graph" | "Laying out";
  done: number;
  total: number;
}

interface LayoutOptions {
  seed: number;
  /** Neighbours of a row: few show small groups, many the whole. */
  neighbours?: number;
  /** How close rows may lie to each other. */
  minDistance?: number;
  onProgress?: (step: LayoutStep) => void;
}

/** Below this many rows there is nothing to lay out by neighbours. */
export const LEAST_ROWS = 4;

/**
 * UMAP (McInnes et al. 2018) in two dimensions, by umap-js, with exact neighbours by Euclidean distance: coordinates
 * [rows · 2]. The same seed and rows give the same layout.
 *
 * @param values row-major [rows · width], usually principal components of the rows' vectors; at least `LEAST_ROWS` rows
 */
export function umapLayout(
  values: Float32Array,
  width: number,
  { seed, neighbours = 15, minDistance = 0.1, onProgress = () => undefined }: LayoutOptions,
): Float32Array {
  const rows = values.length / width;
  const count = Math.min(neighbours, rows - 1);
  const near = nearestNeighbours(values, width, count, (done) =>
    onProgress({ what: "Finding neighbours", done, total: rows }),
  );
  onProgress({ what: "Building the graph", done: 0, total: 0 });
  const umap = new UMAP({ nComponents: 2, nNeighbors: count, minDist: minDistance, random: createRandom(seed) });
  umap.setPrecomputedKNN(near.places, near.distances);
  // With the neighbours known, umap-js reads of the rows only how many there are.
  const total = umap.initializeFit(Array.from({ length: rows }, () => []));
  for (let epoch = 0; epoch < total; epoch++) {
    if (epoch % 5 === 0) onProgress({ what: "Laying out", done: epoch, total });
    umap.step();
  }
  onProgress({ what: "Laying out", done: total, total });
  return Float32Array.from(umap.getEmbedding().flat());
}
