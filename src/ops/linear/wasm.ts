import { activated, throughActivation } from "../activation/host.ts";
import { hostView, makeHostTensor } from "../host.ts";
import { wasmKernels, wasmPointer } from "../wasm-kernels.ts";
import type { Activated, Forward, InputGradient, ParameterGradient } from "./inputs.ts";
import { matrixOf, multiply, transposed } from "./multiply.ts";

/** y = x · wᵀ + b: each row starts as the bias. */
export function forward({ x, weight, bias }: Forward) {
  const [tokens = 0] = x.shape;
  const y = makeHostTensor([tokens, bias.size]);
  wasmKernels().repeatRow(wasmPointer(bias), bias.size, wasmPointer(y), tokens);
  multiply(matrixOf(x), transposed(matrixOf(weight)), y, true);
  return { y };
}

/** z = x · wᵀ + b and y = act(z). */
export function forwardActivated(inputs: Forward, { activation }: Activated) {
  // Allocated in the order of webgpu's kernel, which the plan of memory goes by.
  const y = makeHostTensor([inputs.x.shape[0] ?? 0, inputs.bias.size]);
  const { y: z } = forward(inputs);
  return { y: activated(z, activation, y), z };
}

/** dx = dy · w, plus `residual`, or times the slope of `activation` at `z`. */
export function inputGradient({ dy, weight, residual, z }: InputGradient, { activation }: Activated) {
  const dx = makeHostTensor([dy.shape[0] ?? 0, weight.shape[1] ?? 0]);
  if (residual) hostView(dx).set(hostView(residual));
  multiply(matrixOf(dy), matrixOf(weight), dx, residual !== undefined);
  if (z) throughActivation(dx, z, activation);
  return { dx };
}

/** dw = dyᵀ · x and db = Σ_t dy. */
export function parameterGradient({ dy, x }: ParameterGradient) {
  const [tokens = 0, width = 0] = dy.shape;
  const dWeight = makeHostTensor([width, x.shape[1] ?? 0]);
  multiply(transposed(matrixOf(dy)), matrixOf(x), dWeight);
  const dBias = makeHostTensor([width]);
  wasmKernels().columnSums(wasmPointer(dy), tokens, width, wasmPointer(dBias));
  return { dWeight, dBias };
}
