import { add, sum, tidy, transpose, type Tensor } from "@tensorflow/tfjs-core";
import { activated, throughActivation } from "../activation/host.ts";
import { computeOnHost } from "../host.ts";
import type { Activated, Forward, InputGradient, ParameterGradient } from "./inputs.ts";

/** a[m, k] · b[n, k]ᵀ, summed in float64, four columns at a time: tfjs's product on cpu takes more than twice as long. */
function product(a: Tensor, b: Tensor): Tensor {
  const [rows = 0, inner = 0] = a.shape;
  const [columns = 0] = b.shape;
  return computeOnHost([a, b], [rows, columns], (out, left = out, right = out) => {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column += 4) {
        // Beyond the last column the last is summed again, since what lies past an array is slow to read.
        const far = (k: number) => Math.min(k, columns - 1 - column) * inner;
        const [atSecond, atThird, atFourth] = [far(1), far(2), far(3)];
        let [first, second, third, fourth] = [0, 0, 0, 0];
        for (let i = row * inner, j = column * inner; i < (row + 1) * inner; i++, j++) {
          const own = left[i] as number;
          first += own * (right[j] as number);
          second += own * (right[j + atSecond] as number);
          third += own * (right[j + atThird] as number);
          fourth += own * (right[j + atFourth] as number);
        }
        const sums = [first, second, third, fourth];
        const at = row * columns + column;
        for (let k = 0; k < Math.min(4, columns - column); k++) out[at + k] = sums[k] as number;
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
