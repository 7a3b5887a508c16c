import type { Recorder } from "../../gpu/device.ts";
import { f32, u32, type Program } from "../../gpu/program.ts";
import dropoutWgsl from "../dropout/dropout.wgsl?raw";
import { dropoutUniforms } from "../dropout/random.ts";
import { elementWgsl, keepFactorsWgsl, widthOf } from "../wgsl-text.ts";
import backwardWgsl from "./backward.wgsl?raw";
import forwardWgsl from "./forward.wgsl?raw";
import type { BackwardInputs, BackwardOptions, ForwardInputs, ForwardOptions, LayerNormGradients } from "./options.ts";

/** TOKENS of the two kernels. */
const TOKENS_PER_GROUP = 4;
const PLACES = { ON_BRANCH: 0, ON_OUTPUT: 1 };
const TEXTS = { "layer-norm": forwardWgsl, "layer-norm-backward": backwardWgsl };

function program(gpu: Recorder, name: keyof typeof TEXTS, onBranch: boolean, hidden: number): Program {
  const width = widthOf(hidden);
  return gpu.program(`${name} ${width} ${onBranch}`, () => ({
    name,
    wgsl: TEXTS[name],
    constants: { ...PLACES, PLACE: onBranch ? PLACES.ON_BRANCH : PLACES.ON_OUTPUT, WIDTH: width },
    prelude: elementWgsl(width) + dropoutWgsl + keepFactorsWgsl(width),
  }));
}

export function forward(
  { x, branch, gamma, beta }: ForwardInputs,
  { tokens, epsilon, dropout }: ForwardOptions,
  gpu: Recorder,
) {
  const [y, normalized, rstd] = [gpu.output(x.shape), gpu.output(x.shape), gpu.output([x.shape[0] ?? 0])];
  gpu.dispatch(
    program(gpu, "layer-norm", branch !== undefined, gamma.size),
    [x, branch ?? x, gamma, beta, y, normalized, rstd],
    [u32(tokens), u32(gamma.size / widthOf(gamma.size)), f32(epsilon), ...dropoutUniforms(dropout)],
    [Math.ceil(tokens / TOKENS_PER_GROUP)],
  );
  return { y, normalized, rstd };
}

/** Bound where a gradient is not wanted; never written. */
const SPARE = [4];

export function backward(
  { dy, normalized, rstd, gamma }: BackwardInputs,
  { tokens, dropout, onBranch, wantsParameters }: BackwardOptions,
  gpu: Recorder,
): LayerNormGradients {
  const [dx, dBranch] = [gpu.output(dy.shape), gpu.output(onBranch ? dy.shape : SPARE)];
  const vector = wantsParameters ? gamma.shape : SPARE;
  const [dGamma, dBeta] = [gpu.output(vector), gpu.output(vector)];
  const sumGroups = wantsParameters ? Math.ceil(gamma.size / widthOf(gamma.size) / 64) : 0;
  gpu.dispatch(
    program(gpu, "layer-norm-backward", onBranch, gamma.size),
    [dy, normalized, rstd, gamma, dx, dBranch, dGamma, dBeta],
    [u32(tokens), u32(gamma.size / widthOf(gamma.size)), u32(sumGroups), ...dropoutUniforms(dropout)],
    [sumGroups + Math.ceil(tokens / TOKENS_PER_GROUP)],
  );
  const spare = [...(onBranch ? [] : [dBranch]), ...(wantsParameters ? [] : [dGamma, dBeta])];
  for (const info of spare) gpu.release(info);
  return { dx, ...(onBranch && { dBranch }), ...(wantsParameters && { dGamma, dBeta }) };
}
