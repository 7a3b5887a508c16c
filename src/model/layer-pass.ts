import type { Tensor } from "@tensorflow/tfjs-core";
import type { Activation } from "../ops/activation/activation.ts";
import type { AttentionForm } from "../ops/attention/options.ts";
import type { DeviceBatch } from "../ops/device-batch.ts";
import type { Dropout } from "../ops/dropout/random.ts";
import type { Rotary } from "../ops/rotary/rotary.ts";
import type { PositionProducts } from "./config.ts";
import type { LowRankLayer, LowRankTarget } from "./low-rank.ts";
import type { GradientSink } from "./parameter-gradients.ts";

/** What LoRA does in one layer; without pairs nothing happens. */
interface LowRankBranches {
  pairs: LowRankLayer;
  scale: number;
  dropout: (target: LowRankTarget) => Dropout;
}

/** u[T, rank] = dropout(x) · Aᵀ of each target, for the backward pass. */
export type LowRankSaved = Partial<Record<LowRankTarget, Tensor>>;

export interface EncoderLayerOptions {
  heads: number;
  /** What kind of attention the layers have. */
  attention?: AttentionForm | undefined;
  /** What scores have of positions by distance; undefined where they have none. */
  positions?: Positions | undefined;
  /** Angles of rotary positions; undefined where there are none. */
  rotary?: Rotary | undefined;
  /** Whether feed-forward is gated. */
  isGated: boolean;
  activation: Activation;
  epsilon: number;
  dropout: { attention: Dropout; attentionOutput: Dropout; output: Dropout };
  lowRank: LowRankBranches;
}

/** The states of positions by bucket [buckets, H] that all layers read, and what a layer does with them. */
interface Positions extends PositionProducts {
  states: Tensor;
  dropout: Dropout;
}

/** What the parts of a layer share in its forward pass; they add to `lowRank` what LoRA's branches save. */
export interface LayerForward {
  batch: DeviceBatch;
  options: EncoderLayerOptions;
  lowRank: LowRankSaved;
}

/** What the parts of a layer share in its backward pass. */
export interface LayerBackward extends LayerForward, GradientSink {
  /** Takes the gradient of the table by distance that all layers read, where there is one. */
  keepRelative?: ((gradient: Tensor) => void) | undefined;
}
