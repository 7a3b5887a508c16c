import type { Tensor } from "@tensorflow/tfjs-core";
import type { Activation } from "../activation/activation.ts";
import type { Dropout } from "../dropout/random.ts";

/** Which columns of a wide tensor [T, stride] a thin matrix works on, and how; see `sizes.wgsl`. */
export interface LowRankSpec {
  tokens: number;
  /** First column, and how many. */
  offset: number;
  width: number;
  /** What the product is multiplied by. */
  scale: number;
  /** Applied to the elements of the wide side; with a rate above 0 the columns are all there are. */
  dropout: Dropout;
  /** The thin matrix: A[rank, width] ("down") or B[width, rank] ("up"). */
  matrix: "down" | "up";
}

/** `into` is what the gradient is written into on a GPU. */
export type RankGradientSpec = LowRankSpec & { into: Tensor | undefined };
export type FromRankSpec = LowRankSpec & { activation: Activation };
export type FromRank = { y: Tensor; u: Tensor; w: Tensor; z?: Tensor };
export type FromRankActivated = { z: Tensor; u: Tensor; w: Tensor };
