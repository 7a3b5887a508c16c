import type { Tensor } from "@tensorflow/tfjs-core";
import type { Dropout } from "../dropout/random.ts";
import { defineKernel } from "../kernel.ts";
import type { BackwardOptions } from "./gradients.ts";
import * as portable from "./portable.ts";
import * as wasm from "./wasm.ts";
import * as webgpu from "./webgpu.ts";

/** What the backward pass needs: the normalized input [T, H] and 1 / standard deviation [T]. */
export interface LayerNormSaved {
  normalized: Tensor;
  rstd: Tensor;
}

/** The kernel in WebAssembly reads rows by fours; hardly any checkpoint has others, and plain loops serve those. */
const isOfFours = (gamma: Tensor) => gamma.size % 4 === 0;

type ForwardInputs = { x: Tensor; branch?: Tensor; gamma: Tensor; beta: Tensor };
type ForwardAttributes = { tokens: number; epsilon: number; dropout: Dropout };

const forwardKernel = defineKernel("TabtuneLayerNorm", {
  portable: ({ x, branch, gamma, beta }: ForwardInputs, { epsilon, dropout }: ForwardAttributes) =>
    portable.forward(x, branch, gamma, beta, epsilon, dropout),
  wasm: ({ x, branch, gamma, beta }, { epsilon, dropout }) => {
    const { forward } = isOfFours(gamma) ? wasm : portable;
    return forward(x, branch, gamma, beta, epsilon, dropout);
  },
  webgpu: ({ x, branch, gamma, beta }, { tokens, epsilon, dropout }) =>
    webgpu.forward(x, branch, gamma, beta, tokens, epsilon, dropout),
});

type BackwardInputs = { dy: Tensor; gamma: Tensor } & LayerNormSaved;

const backwardKernel = defineKernel("TabtuneLayerNormBackward", {
  portable: ({ dy, normalized, rstd, gamma }: BackwardInputs, options: BackwardOptions) =>
    portable.backward(dy, normalized, rstd, gamma, options),
  wasm: ({ dy, normalized, rstd, gamma }, options) => {
    const { backward } = isOfFours(gamma) ? wasm : portable;
    return backward(dy, normalized, rstd, gamma, options);
  },
  webgpu: ({ dy, normalized, rstd, gamma }, options) => webgpu.backward(dy, normalized, rstd, gamma, options),
});

/** y[T, H] = LayerNorm(x + dropout(branch)): what closes each half of an encoder layer. */
export function addAndNorm(
  x: Tensor,
  branch: Tensor,
  gamma: Tensor,
  beta: Tensor,
  options: ForwardAttributes,
): { y: Tensor } & LayerNormSaved {
  return forwardKernel({ x, branch, gamma, beta }, options);
}

/** y[T, H] = dropout(LayerNorm(x)): what closes the embeddings. */
export function normAndDrop(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  options: ForwardAttributes,
): { y: Tensor } & LayerNormSaved {
  return forwardKernel({ x, gamma, beta }, options);
}

/** dGamma[H] and dBeta[H], or null where they were not wanted. */
type ParameterGradients = { dGamma: Tensor; dBeta: Tensor } | null;

/** Gradients of `addAndNorm`: dx goes along the residual path, dBranch into the branch. */
export function addAndNormGradient(
  dy: Tensor,
  saved: LayerNormSaved,
  gamma: Tensor,
  options: Omit<BackwardOptions, "onBranch">,
): { dx: Tensor; dBranch: Tensor; parameters: ParameterGradients } {
  const gradients = backwardKernel({ dy, gamma, ...saved }, { ...options, onBranch: true });
  const { dx, dBranch } = gradients;
  if (!dBranch) throw new Error("The gradient of the branch is missing.");
  return { dx, dBranch, parameters: parametersOf(gradients) };
}

/** Gradients of `normAndDrop`. */
export function normAndDropGradient(
  dy: Tensor,
  saved: LayerNormSaved,
  gamma: Tensor,
  options: Omit<BackwardOptions, "onBranch">,
): { dx: Tensor; parameters: ParameterGradients } {
  const gradients = backwardKernel({ dy, gamma, ...saved }, { ...options, onBranch: false });
  return { dx: gradients.dx, parameters: parametersOf(gradients) };
}

function parametersOf({ dGamma, dBeta }: { dGamma?: Tensor; dBeta?: Tensor }): ParameterGradients {
  return dGamma && dBeta ? { dGamma, dBeta } : null;
}
