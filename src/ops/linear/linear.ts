import type { Tensor } from "@tensorflow/tfjs-core";
import type { Activation } from "../activation/activation.ts";
import { defineKernel } from "../kernel.ts";
import type { GradientPlaces } from "./inputs.ts";
import * as portable from "./portable.ts";
import * as wasm from "./wasm.ts";
import * as webgpu from "./webgpu.ts";

const forwardKernel = defineKernel("TabtuneLinear", {
  portable: portable.forward,
  wasm: wasm.forward,
  webgpu: webgpu.forward,
});

const activatedKernel = defineKernel("TabtuneLinearActivated", {
  portable: portable.forwardActivated,
  wasm: wasm.forwardActivated,
  webgpu: webgpu.forwardActivated,
});

const inputGradientKernel = defineKernel("TabtuneLinearInputGradient", {
  portable: portable.inputGradient,
  wasm: wasm.inputGradient,
  webgpu: webgpu.inputGradient,
});

const parameterGradientKernel = defineKernel("TabtuneLinearParameterGradient", {
  portable: portable.parameterGradient,
  wasm: wasm.parameterGradient,
  webgpu: webgpu.parameterGradient,
});

/** y[T, N] = x[T, K] · wᵀ + b, with w[N, K] and b[N]. */
export function linear(x: Tensor, weight: Tensor, bias: Tensor, tokens: number): Tensor {
  return forwardKernel({ x, weight, bias }, { tokens }).y;
}

/** y = act(z), z = x · wᵀ + b; the backward pass needs z. */
export function linearActivated(
  x: Tensor,
  weight: Tensor,
  bias: Tensor,
  tokens: number,
  activation: Activation,
): { y: Tensor; z: Tensor } {
  return activatedKernel({ x, weight, bias }, { tokens, activation });
}

/** dx[T, K] = dy[T, N] · w; `residual` [T, K] is added where the input also went past the layer. */
export function linearInputGradient(dy: Tensor, weight: Tensor, tokens: number, residual?: Tensor): Tensor {
  return inputGradientKernel({ dy, weight, ...(residual && { residual }) }, { tokens, activation: "none" }).dx;
}

/** The gradient of z where the layer's input was act(z): dz[T, K] = (dy · w) ⊙ act′(z). */
export function linearGradientThrough(
  dy: Tensor,
  weight: Tensor,
  tokens: number,
  z: Tensor,
  activation: Activation,
): Tensor {
  return inputGradientKernel({ dy, weight, z }, { tokens, activation }).dx;
}

/** dw[N, K] = dyᵀ · x and db[N] = Σ_t dy; dy is the gradient before the activation. */
export function linearParameterGradient(
  dy: Tensor,
  x: Tensor,
  tokens: number,
  into: GradientPlaces = {},
): { dWeight: Tensor; dBias: Tensor } {
  return parameterGradientKernel({ dy, x }, { tokens, into });
}
