import { mul, tidy, type Tensor, type TensorInfo } from "@tensorflow/tfjs-core";
import { hostView } from "../../gpu/tfjs-internals.ts";
import { activationSlope, type Activation } from "../activation/activation.ts";
import { activated } from "../activation/host.ts";
import { keepFactor } from "../dropout/random.ts";
import { computeOnHost } from "../host.ts";
import { product } from "./product.ts";
import type { LowRankSpec } from "./spec.ts";

/** The columns that are meant, with dropout: x itself where that is all of it. */
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
export function intoRank(x: Tensor, w: Tensor, spec: LowRankSpec): Tensor {
  return tidy(() => {
    const u = product(columns(x, spec), w, false, spec.matrix === "down");
    return spec.scale === 1 ? u : mul(u, spec.scale);
  });
}

/** y += scale · dropout(u · w), in place; times the slope of `activation` at z where there is one. */
export function add(
  y: Tensor,
  u: Tensor,
  w: Tensor,
  z: Tensor | undefined,
  activation: Activation,
  { width, offset, scale, dropout, matrix }: LowRankSpec,
): void {
  const stride = y.shape[1] ?? 0;
  const wide = tidy(() => product(u, w, false, matrix === "up"));
  // Views are taken after all that allocates.
  const [sum, through] = [hostView(y), z ? hostView(z) : null];
  hostView(wide).forEach((value, i) => {
    const at = Math.floor(i / width) * stride + offset + (i % width);
    const slope = through ? activationSlope(activation, through[at] ?? 0) : 1;
    sum[at] = (sum[at] ?? 0) + scale * keepFactor(dropout, i) * value * slope;
  });
  wide.dispose();
}

/** z as `add` would make it, in place, and act(z). */
export function addActivated(z: Tensor, u: Tensor, w: Tensor, activation: Activation, spec: LowRankSpec): TensorInfo {
  add(z, u, w, undefined, "none", spec);
  return activated(z, activation);
}

/** dw = scale · uᵀ · dropout(x), or its transpose for B. */
export function gradient(x: Tensor, u: Tensor, spec: LowRankSpec): Tensor {
  return tidy(() => {
    const wide = columns(x, spec);
    const dw = spec.matrix === "down" ? product(u, wide, true) : product(wide, u, true);
    return spec.scale === 1 ? dw : mul(dw, spec.scale);
  });
}
