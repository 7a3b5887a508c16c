import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import type { Recorder } from "../../gpu/device.ts";
import { dispatchElements } from "../../gpu/parts.ts";
import { f32, u32, type Program, type Uniform } from "../../gpu/program.ts";
import { unrolled } from "../wgsl-text.ts";
import aloneWgsl from "./alone.wgsl?raw";
import { MOST_TOGETHER } from "./moments.ts";
import { corrected, type AdamWOptions, type ParameterRates, type Update } from "./options.ts";
import stepWgsl from "./step.wgsl?raw";
import togetherWgsl from "./together.wgsl?raw";
import { sameData } from "../kernel.ts";

const withStep = (element: string) => `alias element = ${element};\n${stepWgsl}`;
const aloneProgram = (name: string, element: string, several: number): Program => ({
  name,
  wgsl: unrolled(aloneWgsl, "i", "SEVERAL", several),
  constants: { SEVERAL: several },
  prelude: withStep(element),
});
const aloneByEights = aloneProgram("adamw by eights", "vec4<f32>", 2);
const aloneByOnes = aloneProgram("adamw", "f32", 1);
const togetherProgram: Program = { name: "adamw-together", wgsl: togetherWgsl, prelude: withStep("f32") };

/** The fields of the WGSL struct `Rates`. */
function rateUniforms(rates: ParameterRates, options: AdamWOptions): Uniform[] {
  const { stepSize, rootCorrection2 } = corrected(rates, options);
  return [rates.learningRate, rates.weightDecay, stepSize, rootCorrection2].map(f32);
}

const optionUniforms = ({ beta1, beta2, epsilon }: AdamWOptions) => [beta1, beta2, epsilon].map(f32);

/** One parameter with moments of its own, or some that share theirs. */
export function step(gpu: Recorder, updates: readonly Update[], clip: Tensor, options: AdamWOptions): TensorInfo[] {
  const [first] = updates;
  if (!first) return [];
  if ("shared" in first.moments) together(gpu, updates, [clip, first.moments.shared], options);
  else alone(gpu, first, [clip, first.moments.first, first.moments.second], options);
  // In place: each result is another tensor over the same buffer.
  return updates.map(({ weight }) => sameData(weight));
}

function alone(
  gpu: Recorder,
  { weight, gradient, rates }: Update,
  [clip, first, second]: [clip: Tensor, first: Tensor, second: Tensor],
  options: AdamWOptions,
): void {
  const byEights = weight.size % 8 === 0;
  dispatchElements(gpu, byEights ? aloneByEights : aloneByOnes, [first, second, gradient, weight], {
    uniforms: [...optionUniforms(options), ...rateUniforms(rates, options)],
    width: byEights ? 8 : 1,
    whole: [clip],
  });
}

function together(
  gpu: Recorder,
  updates: readonly Update[],
  clipAndMoments: [clip: Tensor, moments: Tensor],
  options: AdamWOptions,
): void {
  const absent = MOST_TOGETHER - updates.length;
  // Bound in the place of parameters that are not there: each its own, since all of them could be written.
  const spare = Array.from({ length: 2 * absent }, () => gpu.output([1]));
  const members = updates.flatMap(({ weight, moments, rates }) => [
    ...[weight.size, "shared" in moments ? moments.at : 0, 0, 0].map(u32),
    ...rateUniforms(rates, options),
  ]);
  gpu.dispatch(
    togetherProgram,
    [...clipAndMoments, ...updates.flatMap(({ gradient, weight }) => [gradient, weight]), ...spare],
    [...optionUniforms(options), u32(0), ...members, ...Array.from({ length: 8 * absent }, () => u32(0))],
    [Math.ceil(Math.max(...updates.map(({ weight }) => weight.size)) / 64), updates.length],
  );
  for (const info of spare) gpu.release(info);
}
