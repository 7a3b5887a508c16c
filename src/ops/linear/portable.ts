import { add, matMul, sum, tidy, transpose, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import type { Activation } from "../activation/activation.ts";
import { activated, throughActivation } from "../activation/host.ts";

const product = (a: Tensor, b: Tensor) => matMul(a as Tensor2D, b as Tensor2D);

/** y = x · wᵀ + b. */
export function forward(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  return tidy(() => add(product(x, transpose(weight)), bias));
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
): Tensor {
  return tidy(() => {
    const dx = product(dy, weight);
    if (residual) return add(dx, residual);
    if (z) throughActivation(dx, z, activation);
    return dx;
  });
}

/** dw = dyᵀ · x. */
export function weightGradient(dy: Tensor, x: Tensor): Tensor {
  return tidy(() => product(transpose(dy), x));
}

/** db = Σ_t dy. */
export function biasGradient(dy: Tensor): Tensor {
  return sum(dy, 0);
}
