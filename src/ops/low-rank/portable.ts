import { engine, matMul, mul, tidy, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import { runningDevice } from "../../gpu/running.ts";
import { activationSlope } from "../activation/activation.ts";
import { activated } from "../activation/host.ts";
import { keepFactor } from "../dropout/random.ts";
import { computeOnHost, hostView, makeHostTensor } from "../host.ts";
import { matrixOf, multiply, transposed } from "../linear/multiply.ts";
import type { FromRank, FromRankActivated, FromRankSpec, LowRankSpec } from "./spec.ts";

/**
 * a · b on wasm or cpu, with either operand transposed first. tfjs-wasm's own product keeps packed weights by tensor and
 * would not see a weight change in place.
 */
export function multiplied(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  if (runningDevice().kind !== "wasm") return matMul(a as Tensor2D, b as Tensor2D, transposeA, transposeB);
  const left = transposeA ? transposed(matrixOf(a)) : matrixOf(a);
  const right = transposeB ? transposed(matrixOf(b)) : matrixOf(b);
  const y = makeHostTensor([left.rows, right.columns]);
  multiply(left, right, y);
  return engine().makeTensorFromTensorInfo(y);
}

/** The columns of `spec`, with dropout: x itself where that is all of it. */
function columns(x: Tensor, { tokens, offset, width, dropout }: LowRankSpec): Tensor {
  const stride = x.shape[1] ?? 0;
  if (stride === width && dropout.rate === 0) return x;
  return computeOnHost([x], [tokens, width], (out, values) => {
    for (let i = 0; i < out.length; i++) {
      const token = Math.floor(i / width);
      out[i] = (values[token * stride + offset + (i % width)] ?? 0) * keepFactor(dropout, i);
    }
  });
}

/** u[T, rank] = scale · dropout(x) · w. */
export function intoRank({ x, w }: { x: Tensor; w: Tensor }, spec: LowRankSpec) {
  const u = tidy(() => {
    const product = multiplied(columns(x, spec), w, false, spec.matrix === "down");
    return spec.scale === 1 ? product : mul(product, spec.scale);
  });
  return { u };
}

/** y += scale · dropout(u · w), in place; times the slope of `activation` at z where there is one. */
export function fromRank({ y, u, w, z }: FromRank, spec: FromRankSpec) {
  const { activation, width, offset, scale, dropout, matrix } = spec;
  const stride = y.shape[1] ?? 0;
  const wide = tidy(() => multiplied(u, w, false, matrix === "up"));
  // Views are taken after all that allocates.
  const [sum, through] = [hostView(y), z ? hostView(z) : null];
  hostView(wide).forEach((value, i) => {
    const at = Math.floor(i / width) * stride + offset + (i % width);
    const slope = through ? activationSlope(activation, through[at] ?? 0) : 1;
    sum[at] = (sum[at] ?? 0) + scale * keepFactor(dropout, i) * value * slope;
  });
  wide.dispose();
  return {};
}

/** z as `fromRank` would make it, in place, and act(z). */
export function fromRankActivated({ z, u, w }: FromRankActivated, spec: FromRankSpec) {
  fromRank({ y: z, u, w }, spec);
  return { y: activated(z, spec.activation) };
}

/** dw = scale · uᵀ · dropout(x), or its transpose for B. */
export function gradient({ x, u }: { x: Tensor; u: Tensor }, spec: LowRankSpec) {
  const dw = tidy(() => {
    const wide = columns(x, spec);
    const product = spec.matrix === "down" ? multiplied(u, wide, true) : multiplied(wide, u, true);
    return spec.scale === 1 ? product : mul(product, spec.scale);
  });
  return { dw };
}
