import type { Recorder } from "../../gpu/device.ts";
import { f32, u32, type Program } from "../../gpu/program.ts";
import dropoutWgsl from "../dropout/dropout.wgsl?raw";
import { dropoutUniforms } from "../dropout/random.ts";
import { outputInto } from "../kernel.ts";
import { elementWgsl, keepFactorsWgsl, unrolled, widthOf } from "../wgsl-text.ts";
import backwardWgsl from "./backward.wgsl?raw";
import forwardWgsl from "./forward.wgsl?raw";
import type { BackwardInputs, BackwardOptions, ForwardInputs, ForwardOptions, LayerNormGradients } from "./options.ts";

/**
 * Tokens of a workgroup and threads of each; elements whose parameter gradients a workgroup sums. On a software adapter
 * barriers are dear and a long chain of loads costs nothing; on a GPU it is the other way round.
 */
const SHAPES = {
  software: { TOKENS: 4, LANES: 16, SUM_COLUMNS: 64 },
  gpu: { TOKENS: 4, LANES: 32, SUM_COLUMNS: 4 },
};
const PLACES = { ON_BRANCH: 0, ON_OUTPUT: 1 };
const TEXTS = { "layer-norm": forwardWgsl, "layer-norm-backward": backwardWgsl };

function program(gpu: Recorder, name: keyof typeof TEXTS, onBranch: boolean, hidden: number): Program {
  const width = widthOf(hidden);
  return gpu.program(`${name} ${hidden} ${onBranch} ${gpu.kernels}`, () => {
    const shape = SHAPES[gpu.kernels];
    const PER_LANE = Math.ceil(hidden / width / shape.LANES);
    const PLACE = onBranch ? PLACES.ON_BRANCH : PLACES.ON_OUTPUT;
    return {
      name,
      // A GPU keeps an array in registers only where no variable indexes it.
      wgsl: gpu.kernels === "gpu" ? unrolled(TEXTS[name], "i", "PER_LANE", PER_LANE) : TEXTS[name],
      constants: { ...PLACES, PLACE, ...shape, PER_LANE, WIDTH: width, COLUMNS: hidden / width },
      prelude: elementWgsl(width) + dropoutWgsl + keepFactorsWgsl(width),
    };
  });
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
    [u32(tokens), f32(epsilon), ...dropoutUniforms(dropout)],
    [Math.ceil(tokens / SHAPES[gpu.kernels].TOKENS)],
  );
  return { y, normalized, rstd };
}

/** Bound where a gradient is not wanted; never written. */
const SPARE = [4];

export function backward(
  { dy, normalized, rstd, gamma }: BackwardInputs,
  { tokens, dropout, onBranch, wantsParameters, into = {} }: BackwardOptions,
  gpu: Recorder,
): LayerNormGradients {
  const [dx, dBranch] = [gpu.output(dy.shape), gpu.output(onBranch ? dy.shape : SPARE)];
  const vector = wantsParameters ? gamma.shape : SPARE;
  const [dGamma, dBeta] = [outputInto(gpu, into.gamma, vector), outputInto(gpu, into.beta, vector)];
  const { TOKENS, SUM_COLUMNS } = SHAPES[gpu.kernels];
  const sumGroups = wantsParameters ? Math.ceil(gamma.size / widthOf(gamma.size) / SUM_COLUMNS) : 0;
  gpu.dispatch(
    program(gpu, "layer-norm-backward", onBranch, gamma.size),
    [dy, normalized, rstd, gamma, dx, dBranch, dGamma, dBeta],
    [u32(tokens), u32(sumGroups), ...dropoutUniforms(dropout)],
    [sumGroups + Math.ceil(tokens / TOKENS)],
  );
  const spare = [...(onBranch ? [] : [dBranch]), ...(wantsParameters ? [] : [dGamma, dBeta])];
  for (const info of spare) gpu.release(info);
  return { dx, ...(onBranch && { dBranch }), ...(wantsParameters && { dGamma, dBeta }) };
}
