import { add, sum, tidy, transpose, type Tensor } from "@tensorflow/tfjs-core";
import { activated, throughActivation } from "../activation/host.ts";
import { computeOnHost } from "../host.ts";
import type { Activated, Forward, InputGradient, ParameterGradient } from "./inputs.ts";

/** a[m, k] · b[n, k]ᵀ, summed in float64. tfjs's product on cpu took two thirds of a step. */
function product(a: Tensor, b: Tensor): Tensor {
  const [rows = 0, inner = 0] = a.shape;
  const [columns = 0] = b.shape;
  return computeOnHost([a, b], [rows, columns], (out, left = out, right = out) => {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let sum = 0;
        for (let i = row * inner, j = column * inner; i < (row + 1) * inner; i++, j++) {
          sum += (left[i] as number) * (right[j] as number);
        }
        out[row * columns + column] = sum;
      }
    }
  });
}

/** y = x · wᵀ + b. */
export function forward({ x, weight, bias }: Forward) {
  return { y: tidy(() => add(product(x, weight), bias)) };
}

/** z = x · wᵀ + b and y = act(z). */
export function forwardActivated(inputs: Forward, { activation }: Activated) {
  const { y: z } = forward(inputs);
  return { y: activated(z, activation), z };
}

/** dx = dy · w, plus `residual`, or times the slope of `activation` at `z`. */
export function inputGradient({ dy, weight, residual, z }: InputGradient, { activation }: Activated) {
  const dx = tidy(() => {
    const plain = product(dy, transpose(weight));
    if (residual) return add(plain, residual);
    if (z) throughActivation(plain, z, activation);
    return plain;
  });
  return { dx };
}

/** dw = dyᵀ · x and db = Σ_t dy. */
export function parameterGradient({ dy, x }: ParameterGradient) {
  return { dWeight: tidy(() => product(transpose(dy), transpose(x))), dBias: sum(dy, 0) };
}
