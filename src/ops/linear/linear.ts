import type { Tensor } from "@tensorflow/tfjs-core";
import type { Activation } from "../activation/activation.ts";
import { defineKernel } from "../kernel.ts";
import * as portable from "./portable.ts";
import * as wasm from "./wasm.ts";
import * as webgpu from "./webgpu.ts";

type Forward = { x: Tensor; weight: Tensor; bias: Tensor };

const sizesOf = (weight: Tensor, tokens: number) => ({
  tokens,
  outFeatures: weight.shape[0] ?? 0,
  inFeatures: weight.shape[1] ?? 0,
});

const forwardKernel = defineKernel("TabtuneLinear", {
  portable: ({ x, weight, bias }: Forward) => ({ y: portable.forward(x, weight, bias) }),
  wasm: ({ x, weight, bias }) => ({ y: wasm.forward(x, weight, bias) }),
  webgpu: ({ x, weight, bias }: Forward, { tokens }: { tokens: number }) => ({
    y: webgpu.forward(x, weight, bias, sizesOf(weight, tokens)),
  }),
});

const activatedKernel = defineKernel("TabtuneLinearActivated", {
  portable: ({ x, weight, bias }: Forward, { activation }: { tokens: number; activation: Activation }) =>
    portable.forwardActivated(x, weight, bias, activation),
  wasm: ({ x, weight, bias }, { activation }) => wasm.forwardActivated(x, weight, bias, activation),
  webgpu: ({ x, weight, bias }, { tokens, activation }) =>
    webgpu.forwardActivated(x, weight, bias, sizesOf(weight, tokens), activation),
});

type InputGradient = { dy: Tensor; weight: Tensor; residual?: Tensor; z?: Tensor };

const inputGradientKernel = defineKernel("TabtuneLinearInputGradient", {
  portable: (
    { dy, weight, residual, z }: InputGradient,
    { activation }: { tokens: number; activation: Activation },
  ) => ({ dx: portable.inputGradient(dy, weight, residual, z, activation) }),
  wasm: ({ dy, weight, residual, z }, { activation }) => ({
    dx: wasm.inputGradient(dy, weight, residual, z, activation),
  }),
  webgpu: ({ dy, weight, residual, z }, { tokens, activation }) => ({
    dx: webgpu.inputGradient(dy, weight, sizesOf(weight, tokens), residual, z, activation),
  }),
});

type ParameterGradient = { dy: Tensor; x: Tensor };

const parameterGradientKernel = defineKernel("TabtuneLinearParameterGradient", {
  portable: ({ dy, x }: ParameterGradient) => ({
    dWeight: portable.weightGradient(dy, x),
    dBias: portable.biasGradient(dy),
  }),
  wasm: ({ dy, x }) => ({ dWeight: wasm.weightGradient(dy, x), dBias: wasm.biasGradient(dy) }),
  webgpu: ({ dy, x }: ParameterGradient, { tokens }: { tokens: number }) =>
    webgpu.parameterGradient(dy, x, { tokens, outFeatures: dy.shape[1] ?? 0, inFeatures: x.shape[1] ?? 0 }),
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
export function linearParameterGradient(dy: Tensor, x: Tensor, tokens: number): { dWeight: Tensor; dBias: Tensor } {
  return parameterGradientKernel({ dy, x }, { tokens });
}
