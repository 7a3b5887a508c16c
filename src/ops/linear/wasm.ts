import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { hostView, makeHostTensor, wasmPointer } from "../../gpu/tfjs-internals.ts";
import type { Activation } from "../activation/activation.ts";
import { activated, throughActivation } from "../activation/host.ts";
import { wasmKernels } from "../wasm-kernels.ts";
import { matrixOf, multiply, transposed } from "./multiply.ts";

/** y = x · wᵀ + b: each row starts as the bias. */
export function forward(x: Tensor, weight: Tensor, bias: Tensor): TensorInfo {
  const [tokens = 0] = x.shape;
  const y = makeHostTensor([tokens, bias.size]);
  wasmKernels().repeatRow(wasmPointer(bias), bias.size, wasmPointer(y), tokens);
  multiply(matrixOf(x), transposed(matrixOf(weight)), y, true);
  return y;
}

/** z = x · wᵀ + b and y = act(z). */
export function forwardActivated(x: Tensor, weight: Tensor, bias: Tensor, activation: Activation) {
  const z = forward(x, weight, bias);
  return { y: activated(z, activation), z };
}

/** dx = dy · w, plus `residual`, or times the slope of `activation` at `z`. */
export function inputGradient(
  dy: Tensor,
  weight: Tensor,
  residual: Tensor | undefined,
  z: Tensor | undefined,
  activation: Activation,
): TensorInfo {
  const dx = makeHostTensor([dy.shape[0] ?? 0, weight.shape[1] ?? 0]);
  if (residual) hostView(dx).set(hostView(residual));
  multiply(matrixOf(dy), matrixOf(weight), dx, residual !== undefined);
  if (z) throughActivation(dx, z, activation);
  return dx;
}

/** dw = dyᵀ · x. */
export function weightGradient(dy: Tensor, x: Tensor): TensorInfo {
  const dWeight = makeHostTensor([dy.shape[1] ?? 0, x.shape[1] ?? 0]);
  multiply(transposed(matrixOf(dy)), matrixOf(x), dWeight);
  return dWeight;
}

/** db = Σ_t dy. */
export function biasGradient(dy: Tensor): TensorInfo {
  const [tokens = 0, width = 0] = dy.shape;
  const dBias = makeHostTensor([width]);
  wasmKernels().columnSums(wasmPointer(dy), tokens, width, wasmPointer(dBias));
  return dBias;
}
