import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import type { Dropout } from "../dropout/random.ts";

export interface ForwardOptions {
  tokens: number;
  epsilon: number;
  dropout: Dropout;
}

/** With `branch` it is added to x, and dropout is on it; else dropout is on the output. */
export type ForwardInputs = { x: Tensor; branch?: Tensor; gamma: Tensor; beta: Tensor };

export interface BackwardOptions {
  tokens: number;
  dropout: Dropout;
  /** Whether the forward pass had a branch, and dropped from it. */
  onBranch: boolean;
  /** False where neither gamma nor beta trains. */
  wantsParameters: boolean;
  /** Tensors that the gradients of gamma and beta are written into on a GPU; new ones where not given. */
  into?: { gamma?: Tensor | undefined; beta?: Tensor | undefined };
}

export type BackwardInputs = { dy: Tensor; gamma: Tensor; normalized: Tensor; rstd: Tensor };

/** dx[T, H]; dBranch[T, H] of `addAndNorm`; dGamma[H] and dBeta[H] where they are wanted. */
export type LayerNormGradients = { dx: TensorInfo; dBranch?: TensorInfo; dGamma?: TensorInfo; dBeta?: TensorInfo };
