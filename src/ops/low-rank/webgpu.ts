import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { dispatch, f32, output, u32, type Program, type Uniform } from "../../gpu/program.ts";
import { ACTIVATION_CODE, type Activation } from "../activation/activation.ts";
import activationWgsl from "../activation/activation.wgsl?raw";
import dropoutWgsl from "../dropout/dropout.wgsl?raw";
import { dropoutUniforms } from "../dropout/uniforms.ts";
import type { LowRankSpec } from "./spec.ts";
import fromRankWgsl from "./from-rank.wgsl?raw";
import intoRankWgsl from "./into-rank.wgsl?raw";
import rankGradientWgsl from "./rank-gradient.wgsl?raw";
import sizesWgsl from "./sizes.wgsl?raw";
import storeActivated from "./store-activated.wgsl?raw";
import storeAdded from "./store-added.wgsl?raw";
import storeThrough from "./store-through.wgsl?raw";

const prelude = dropoutWgsl + sizesWgsl;
const intoRankProgram: Program = { name: "into-rank", wgsl: intoRankWgsl, prelude };
const gradientProgram: Program = { name: "rank-gradient", wgsl: rankGradientWgsl, prelude };
const EPILOGUES = { storeAdded, storeActivated, storeThrough };

function fromRankProgram(epilogue: keyof typeof EPILOGUES, activation: Activation): Program {
  return {
    name: `from-rank ${epilogue}`,
    wgsl: fromRankWgsl + EPILOGUES[epilogue],
    constants: { ACTIVATION: ACTIVATION_CODE[activation] },
    prelude: activationWgsl + prelude,
  };
}

/** The fields of `Sizes`, for a wide tensor of `stride` columns and a thin matrix of `rank`. */
function uniforms(spec: LowRankSpec, rank: number, stride: number): Uniform[] {
  const { tokens, width, offset, scale, dropout, matrix } = spec;
  const [byRank, byWidth] = matrix === "down" ? [width, 1] : [1, rank];
  const sizes = [tokens, rank, width, offset, stride, byRank, byWidth].map(u32);
  return [...sizes, f32(scale), ...dropoutUniforms(dropout)];
}

const rankOf = (w: Tensor, { matrix }: LowRankSpec) => w.shape[matrix === "down" ? 0 : 1] ?? 0;
const threads = (count: number) => [Math.ceil(count / 64)] as const;

/** u[T, rank] = scale · dropout(x) · w. */
export function intoRank(x: Tensor, w: Tensor, spec: LowRankSpec): TensorInfo {
  const rank = rankOf(w, spec);
  const u = output([x.shape[0] ?? 0, rank]);
  const count = spec.tokens * Math.ceil(rank / 4);
  dispatch(intoRankProgram, [x, w, u], uniforms(spec, rank, x.shape[1] ?? 0), threads(count));
  return u;
}

/** y += scale · dropout(u · w), in place; times the slope of `activation` at z where there is one. */
export function add(
  y: Tensor,
  u: Tensor,
  w: Tensor,
  z: Tensor | undefined,
  activation: Activation,
  spec: LowRankSpec,
): void {
  const program = fromRankProgram(z ? "storeThrough" : "storeAdded", activation);
  const sizes = uniforms(spec, rankOf(w, spec), y.shape[1] ?? 0);
  dispatch(program, [u, w, y, ...(z ? [z] : [])], sizes, threads(spec.tokens * spec.width));
}

/** z as `add` would make it, in place, and act(z). */
export function addActivated(z: Tensor, u: Tensor, w: Tensor, activation: Activation, spec: LowRankSpec): TensorInfo {
  const y = output(z.shape);
  const sizes = uniforms(spec, rankOf(w, spec), z.shape[1] ?? 0);
  dispatch(fromRankProgram("storeActivated", activation), [u, w, z, y], sizes, threads(spec.tokens * spec.width));
  return y;
}

/** dw = scale · uᵀ · dropout(x), or its transpose for B. */
export function gradient(x: Tensor, u: Tensor, spec: LowRankSpec): TensorInfo {
  const rank = u.shape[1] ?? 0;
  const dw = output(spec.matrix === "down" ? [rank, spec.width] : [spec.width, rank]);
  const count = spec.width * Math.ceil(rank / 4);
  dispatch(gradientProgram, [u, x, dw], uniforms(spec, rank, x.shape[1] ?? 0), threads(count));
  return dw;
}
