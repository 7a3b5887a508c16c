import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { dispatch, f32, output, release, u32, type Program } from "../../gpu/program.ts";
import type { Dropout } from "../dropout/random.ts";
import { dropoutUniforms } from "../dropout/uniforms.ts";
import dropoutWgsl from "../dropout/dropout.wgsl?raw";
import { elementWgsl, keepFactorsWgsl, widthOf } from "../element.ts";
import type { BackwardOptions, LayerNormGradients } from "./gradients.ts";
import backwardWgsl from "./backward.wgsl?raw";
import forwardWgsl from "./forward.wgsl?raw";

/** TOKENS of the two kernels. */
const TOKENS_A_GROUP = 4;
const PLACES = { ON_BRANCH: 0, ON_OUTPUT: 1 };

function program(name: string, wgsl: string, onBranch: boolean, hidden: number): Program {
  const PLACE = onBranch ? PLACES.ON_BRANCH : PLACES.ON_OUTPUT;
  const width = widthOf(hidden);
  const prelude = elementWgsl(width) + dropoutWgsl + keepFactorsWgsl(width);
  return { name, wgsl, constants: { ...PLACES, PLACE, WIDTH: width }, prelude };
}

export function forward(
  x: Tensor,
  branch: Tensor | undefined,
  gamma: Tensor,
  beta: Tensor,
  tokens: number,
  epsilon: number,
  dropout: Dropout,
) {
  const [y, normalized, rstd] = [output(x.shape), output(x.shape), output([x.shape[0] ?? 0])];
  dispatch(
    program("layer-norm", forwardWgsl, branch !== undefined, gamma.size),
    [x, branch ?? x, gamma, beta, y, normalized, rstd],
    [u32(tokens), u32(gamma.size / widthOf(gamma.size)), f32(epsilon), ...dropoutUniforms(dropout)],
    [Math.ceil(tokens / TOKENS_A_GROUP)],
  );
  return { y, normalized, rstd };
}

/** Bound where a gradient is not wanted; never written. */
const SPARE = [4];

export function backward(
  dy: Tensor,
  normalized: Tensor,
  rstd: Tensor,
  gamma: Tensor,
  { tokens, dropout, onBranch, wantsParameters }: BackwardOptions,
): LayerNormGradients<TensorInfo> {
  const [dx, dBranch] = [output(dy.shape), output(onBranch ? dy.shape : SPARE)];
  const vector = wantsParameters ? gamma.shape : SPARE;
  const [dGamma, dBeta] = [output(vector), output(vector)];
  const sumGroups = wantsParameters ? Math.ceil(gamma.size / widthOf(gamma.size) / 64) : 0;
  dispatch(
    program("layer-norm-backward", backwardWgsl, onBranch, gamma.size),
    [dy, normalized, rstd, gamma, dx, dBranch, dGamma, dBeta],
    [u32(tokens), u32(gamma.size / widthOf(gamma.size)), u32(sumGroups), ...dropoutUniforms(dropout)],
    [sumGroups + Math.ceil(tokens / TOKENS_A_GROUP)],
  );
  const spare = [...(onBranch ? [] : [dBranch]), ...(wantsParameters ? [] : [dGamma, dBeta])];
  spare.forEach(release);
  return { dx, ...(onBranch && { dBranch }), ...(wantsParameters && { dGamma, dBeta }) };
}
