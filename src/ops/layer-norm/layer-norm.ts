import type { Tensor } from "@tensorflow/tfjs-core";
import { defineKernel } from "../kernel.ts";
import type { BackwardInputs, BackwardOptions, ForwardOptions } from "./options.ts";
import * as portable from "./portable.ts";
import * as wasm from "./wasm.ts";
import * as webgpu from "./webgpu.ts";

/** What the backward pass needs: the normalized input [T, H] and 1 / standard deviation [T]. */
export interface LayerNormSaved {
  normalized: Tensor;
  rstd: Tensor;
}

/** The kernel in WebAssembly reads rows by fours; hardly any checkpoint has others, and plain loops serve those. */
const onWasm = (gamma: Tensor) => (gamma.size % 4 === 0 ? wasm : portable);

const forwardKernel = defineKernel("TabtuneLayerNorm", {
  portable: portable.forward,
  wasm: (inputs, options) => onWasm(inputs.gamma).forward(inputs, options),
  webgpu: webgpu.forward,
});

const backwardKernel = defineKernel("TabtuneLayerNormBackward", {
  portable: portable.backward,
  wasm: (inputs: BackwardInputs, options: BackwardOptions) => onWasm(inputs.gamma).backward(inputs, options),
  webgpu: webgpu.backward,
});

/** y[T, H] = LayerNorm(x + dropout(branch)): what closes each half of an encoder layer. */
export function addAndNorm(
  x: Tensor,
  branch: Tensor,
  gamma: Tensor,
  beta: Tensor,
  options: ForwardOptions,
): { y: Tensor } & LayerNormSaved {
  return forwardKernel({ x, branch, gamma, beta }, options);
}

/** y[T, H] = dropout(LayerNorm(x)): what closes the embeddings. */
export function normAndDrop(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  options: ForwardOptions,
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
