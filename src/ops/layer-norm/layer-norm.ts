import type { Tensor } from "@tensorflow/tfjs-core";
import type { Dropout } from "../dropout/random.ts";
import { defineKernel } from "../kernel.ts";
import * as portable from "./portable.ts";
import * as webgpu from "./webgpu.ts";

/** What the backward pass needs: the normalized input [T, H] and 1 / standard deviation [T]. */
export interface LayerNormSaved {
  normalized: Tensor;
  rstd: Tensor;
}

type ForwardInputs = { x: Tensor; branch?: Tensor; gamma: Tensor; beta: Tensor };
type ForwardAttributes = { tokens: number; epsilon: number; dropout: Dropout };

const forwardKernel = defineKernel("TabtuneLayerNorm", {
  portable: ({ x, branch, gamma, beta }: ForwardInputs, { epsilon, dropout }: ForwardAttributes) =>
    portable.forward(x, branch, gamma, beta, epsilon, dropout),
  webgpu: ({ x, branch, gamma, beta }, { tokens, epsilon, dropout }) =>
    webgpu.forward(x, branch, gamma, beta, tokens, epsilon, dropout),
});

type BackwardInputs = { dy: Tensor; gamma: Tensor } & LayerNormSaved;
type BackwardAttributes = { tokens: number; dropout: Dropout; onBranch: boolean };

const backwardKernel = defineKernel("TabtuneLayerNormBackward", {
  portable: ({ dy, normalized, rstd, gamma }: BackwardInputs, { dropout, onBranch }: BackwardAttributes) =>
    portable.backward(dy, normalized, rstd, gamma, dropout, onBranch),
  webgpu: ({ dy, normalized, rstd, gamma }, { tokens, dropout, onBranch }) =>
    webgpu.backward(dy, normalized, rstd, gamma, tokens, dropout, onBranch),
});

const parameterKernel = defineKernel("TabtuneLayerNormParameters", {
  portable: ({ dy, normalized }: { dy: Tensor; normalized: Tensor }, { dropout, onBranch }: BackwardAttributes) =>
    portable.parameterGradient(dy, normalized, dropout, onBranch),
  webgpu: ({ dy, normalized }, { tokens, dropout, onBranch }) =>
    webgpu.parameterGradient(dy, normalized, tokens, dropout, onBranch),
});

/** y[T, H] = LayerNorm(x + dropout(branch)): what closes each half of an encoder layer. H is a multiple of 4. */
export function addAndNorm(
  x: Tensor,
  branch: Tensor,
  gamma: Tensor,
  beta: Tensor,
  options: ForwardAttributes,
): { y: Tensor } & LayerNormSaved {
  return forwardKernel({ x, branch, gamma, beta }, options);
}

/** y[T, H] = dropout(LayerNorm(x)): what closes the embeddings. H is a multiple of 4. */
export function normAndDrop(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  options: ForwardAttributes,
): { y: Tensor } & LayerNormSaved {
  return forwardKernel({ x, gamma, beta }, options);
}

/** Gradients of `addAndNorm`: dx goes along the residual path, dBranch into the branch. */
export function addAndNormGradient(
  dy: Tensor,
  saved: LayerNormSaved,
  gamma: Tensor,
  options: { tokens: number; dropout: Dropout },
): { dx: Tensor; dBranch: Tensor } {
  const { dx, dBranch } = backwardKernel({ dy, gamma, ...saved }, { ...options, onBranch: true });
  if (!dBranch) throw new Error("The gradient of the branch is missing.");
  return { dx, dBranch };
}

/** Gradient of `normAndDrop`. */
export function normAndDropGradient(
  dy: Tensor,
  saved: LayerNormSaved,
  gamma: Tensor,
  options: { tokens: number; dropout: Dropout },
): Tensor {
  return backwardKernel({ dy, gamma, ...saved }, { ...options, onBranch: false }).dx;
}

/** dGamma[H] and dBeta[H]; `onBranch` says which of the two forms the forward pass had. */
export function layerNormParameterGradient(
  dy: Tensor,
  saved: LayerNormSaved,
  options: BackwardAttributes,
): { dGamma: Tensor; dBeta: Tensor } {
  return parameterKernel({ dy, normalized: saved.normalized }, options);
}
