import { add, matMul, mul, sum, tidy, transpose, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import { activate, activationSlope, type Activation } from "../activation/activation.ts";
import { computeOnHost } from "../host.ts";

const product = (a: Tensor, b: Tensor) => matMul(a as Tensor2D, b as Tensor2D);

/** y = x · wᵀ + b. */
export function forward(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  return tidy(() => add(product(x, transpose(weight)), bias));
}

/** z = x · wᵀ + b and y = act(z). */
export function forwardActivated(x: Tensor, weight: Tensor, bias: Tensor, activation: Activation) {
  const z = forward(x, weight, bias);
  const y = computeOnHost([z], z.shape, (out, values) => {
    for (let i = 0; i < out.length; i++) out[i] = activate(activation, values[i] ?? 0);
  });
  return { y, z };
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
    if (!z) return dx;
    const slope = computeOnHost([z], z.shape, (out, values) => {
      for (let i = 0; i < out.length; i++) out[i] = activationSlope(activation, values[i] ?? 0);
    });
    return mul(dx, slope);
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
