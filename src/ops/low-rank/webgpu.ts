import type { Tensor } from "@tensorflow/tfjs-core";
import type { Recorder } from "../../gpu/device.ts";
import { f32, u32, type Program, type Uniform } from "../../gpu/program.ts";
import { ACTIVATION_CODE, type Activation } from "../activation/activation.ts";
import activationWgsl from "../activation/activation.wgsl?raw";
import dropoutWgsl from "../dropout/dropout.wgsl?raw";
import { dropoutUniforms } from "../dropout/random.ts";
import { outputInto } from "../kernel.ts";
import type { FromRank, FromRankActivated, FromRankSpec, LowRankSpec, RankGradientSpec } from "./spec.ts";
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

function fromRankProgram(gpu: Recorder, epilogue: keyof typeof EPILOGUES, activation: Activation): Program {
  const name = `from-rank ${epilogue}`;
  return gpu.program(`${name} ${activation}`, () => ({
    name,
    wgsl: fromRankWgsl + EPILOGUES[epilogue],
    constants: { ACTIVATION: ACTIVATION_CODE[activation] },
    prelude: activationWgsl + prelude,
  }));
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
export function intoRank({ x, w }: { x: Tensor; w: Tensor }, spec: LowRankSpec, gpu: Recorder) {
  const rank = rankOf(w, spec);
  const u = gpu.output([x.shape[0] ?? 0, rank]);
  const count = spec.tokens * Math.ceil(rank / 4);
  gpu.dispatch(intoRankProgram, [x, w, u], uniforms(spec, rank, x.shape[1] ?? 0), threads(count));
  return { u };
}

/** y += scale · dropout(u · w), in place; times the slope of `activation` at z where there is one. */
export function fromRank({ y, u, w, z }: FromRank, spec: FromRankSpec, gpu: Recorder) {
  const program = fromRankProgram(gpu, z ? "storeThrough" : "storeAdded", spec.activation);
  const sizes = uniforms(spec, rankOf(w, spec), y.shape[1] ?? 0);
  gpu.dispatch(program, [u, w, y, ...(z ? [z] : [])], sizes, threads(spec.tokens * spec.width));
  return {};
}

/** z as `fromRank` would make it, in place, and act(z). */
export function fromRankActivated({ z, u, w }: FromRankActivated, spec: FromRankSpec, gpu: Recorder) {
  const y = gpu.output(z.shape);
  const program = fromRankProgram(gpu, "storeActivated", spec.activation);
  const sizes = uniforms(spec, rankOf(w, spec), z.shape[1] ?? 0);
  gpu.dispatch(program, [u, w, z, y], sizes, threads(spec.tokens * spec.width));
  return { y };
}

/** dw = scale · uᵀ · dropout(x), or its transpose for B. */
export function gradient({ x, u }: { x: Tensor; u: Tensor }, spec: RankGradientSpec, gpu: Recorder) {
  const rank = u.shape[1] ?? 0;
  const dw = outputInto(gpu, spec.into, spec.matrix === "down" ? [rank, spec.width] : [spec.width, rank]);
  const count = spec.width * Math.ceil(rank / 4);
  gpu.dispatch(gradientProgram, [u, x, dw], uniforms(spec, rank, x.shape[1] ?? 0), threads(count));
  return { dw };
}
