import type { Tensor } from "@tensorflow/tfjs-core";
import type { Recorder } from "../../gpu/device.ts";
import { partsOf } from "../../gpu/parts.ts";
import { f32, u32, type Program } from "../../gpu/program.ts";
import { runsOf } from "../../gpu/runs.ts";
import { unrolled } from "../wgsl-text.ts";
import adamwWgsl from "./adamw.wgsl?raw";
import { corrected, type AdamWOptions, type ParameterRates, type Update } from "./options.ts";

const programOf = (name: string, element: string, several: number): Program => ({
  name,
  wgsl: unrolled(adamwWgsl, "i", "SEVERAL", several),
  constants: { SEVERAL: several },
  prelude: `alias element = ${element};\n`,
});
const byEights = programOf("adamw by eights", "vec4<f32>", 2);
const byOnes = programOf("adamw", "f32", 1);

/** A dispatch for parameters with the same rates that lie behind one another; each of the others has one by itself. */
export function step(gpu: Recorder, updates: readonly Update[], clip: Tensor, options: AdamWOptions): void {
  for (const alike of withSameRates(updates)) {
    const runs = runsOf(gpu, alike, ({ weight, gradient, moments }) => [
      ...[moments.first, moments.second],
      ...[gradient, weight],
    ]);
    const uniforms = [...optionUniforms(options), ...rateUniforms(alike[0].rates, options)];
    for (const { heads, ends } of runs) {
      const numbers = ends.at(-1) ?? 0;
      const width = numbers % 8 === 0 ? 8 : 1;
      for (const { first, count } of partsOf(gpu, numbers, 1)) {
        const ranges = heads.map((tensor) => ({ tensor, first, count }));
        const threads = count / width;
        const program = width === 8 ? byEights : byOnes;
        gpu.dispatch(program, [clip, ...ranges], [u32(threads), ...uniforms], [Math.ceil(threads / 64)]);
      }
    }
  }
}

type Alike = [Update, ...Update[]];

/** Cuts updates where the rates change. */
function withSameRates(updates: readonly Update[]): Alike[] {
  const groups: Alike[] = [];
  for (const update of updates) {
    const group = groups.at(-1);
    if (group && isSame(group[0].rates, update.rates)) group.push(update);
    else groups.push([update]);
  }
  return groups;
}

const isSame = (one: ParameterRates, other: ParameterRates) =>
  one.learningRate === other.learningRate && one.weightDecay === other.weightDecay && one.updates === other.updates;

const optionUniforms = ({ beta1, beta2, epsilon }: AdamWOptions) => [beta1, beta2, epsilon].map(f32);

function rateUniforms(rates: ParameterRates, options: AdamWOptions) {
  const { stepSize, rootCorrection2 } = corrected(rates, options);
  return [rates.learningRate, rates.weightDecay, stepSize, rootCorrection2].map(f32);
}
