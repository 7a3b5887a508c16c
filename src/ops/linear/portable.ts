import { add, matMul, sum, tidy, transpose, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import { activated, throughActivation } from "../activation/host.ts";
import type { Activated, Forward, InputGradient, ParameterGradient } from "./inputs.ts";

const product = (a: Tensor, b: Tensor) => matMul(a as Tensor2D, b as Tensor2D);

/** y = x · wᵀ + b. */
export function forward({ x, weight, bias }: Forward) {
  return { y: tidy(() => add(product(x, transpose(weight)), bias)) };
}

/** z = x · wᵀ + b and y = act(z). */
export function forwardActivated(inputs: Forward, { activation }: Activated) {
  const { y: z } = forward(inputs);
  return { y: activated(z, activation), z };
}

/** dx = dy · w, plus `residual`, or times the slope of `activation` at `z`. */
export function inputGradient({ dy, weight, residual, z }: InputGradient, { activation }: Activated) {
  const dx = tidy(() => {
    const plain = product(dy, weight);
    if (residual) return add(plain, residual);
    if (z) throughActivation(plain, z, activation);
    return plain;
  });
  return { dx };
}

/** dw = dyᵀ · x and db = Σ_t dy. */
export function parameterGradient({ dy, x }: ParameterGradient) {
  return { dWeight: tidy(() => product(transpose(dy), x)), dBias: sum(dy, 0) };
}
