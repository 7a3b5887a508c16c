import type { Tensor } from "@tensorflow/tfjs-core";
import type { Recorder } from "../../gpu/device.ts";
import { partsOf } from "../../gpu/parts.ts";
import { f32, u32, type Program } from "../../gpu/program.ts";
import { runsOf } from "../../gpu/runs.ts";
import type { TableRows } from "../embedding/table-rows.ts";
import { unrolled } from "../wgsl-text.ts";
import adamwWgsl from "./adamw.wgsl?raw";
import placeRowsWgsl from "./place-rows.wgsl?raw";
import { corrected, type AdamWOptions, type ParameterRates, type Update } from "./options.ts";

/** A gradient has the place of its weight. */
const samePlaceWgsl = "fn place_of(thread: u32) -> i32 { return i32(thread); }\n";

/** The step for numbers in rows of eight, and for any. */
function programsOf(name: string, placeWgsl: string) {
  const programOf = (own: string, element: string, several: number): Program => ({
    name: own,
    wgsl: unrolled(adamwWgsl, "i", "SEVERAL", several),
    constants: { SEVERAL: several },
    prelude: `alias element = ${element};\n${placeWgsl}`,
  });
  const [byEights, byOnes] = [programOf(`${name} by eights`, "vec4<f32>", 2), programOf(name, "f32", 1)];
  return (length: number) => (length % 8 === 0 ? { program: byEights, width: 8 } : { program: byOnes, width: 1 });
}
const wholeFor = programsOf("adamw", samePlaceWgsl);
const rowsFor = programsOf("adamw of rows", placeRowsWgsl);

/**
 * A dispatch for parameters with the same rates that lie behind one another; each of the others has one by itself, and so
 * has a table whose gradient has some rows alone.
 */
export function step(gpu: Recorder, updates: readonly Update[], clip: Tensor, options: AdamWOptions): void {
  for (const alike of withSameRates(updates)) {
    const [{ rows }] = alike;
    if (rows) {
      stepRows(gpu, alike[0], rows, clip, options);
      continue;
    }
    const runs = runsOf(gpu, alike, ({ weight, gradient, moments }) => [
      ...[moments.first, moments.second],
      ...[gradient, weight],
    ]);
    const uniforms = [...optionUniforms(options), ...rateUniforms(alike[0].rates, options)];
    for (const { heads, ends } of runs) {
      const numbers = ends.at(-1) ?? 0;
      const { program, width } = wholeFor(numbers);
      for (const { first, count } of partsOf(gpu, numbers, 1)) {
        const ranges = heads.map((tensor) => ({ tensor, first, count }));
        const threads = count / width;
        gpu.dispatch(program, [clip, ...ranges], [u32(threads), ...uniforms, u32(0)], [Math.ceil(threads / 64)]);
      }
    }
  }
}

/** A table too large to be bound at once comes in parts; the rows of its gradient are always bound together. */
function stepRows(
  gpu: Recorder,
  { weight, gradient, moments, rates }: Update,
  { place, places }: TableRows,
  clip: Tensor,
  options: AdamWOptions,
): void {
  const [, length = 1] = weight.shape;
  const { program, width } = rowsFor(length);
  const columns = length / width;
  const uniforms = [...optionUniforms(options), ...rateUniforms(rates, options), u32(columns)];
  for (const { first, count } of partsOf(gpu, places.length, length)) {
    const part = (tensor: Tensor) => ({ tensor, first: first * length, count: count * length });
    const bound = [clip, part(moments.first), part(moments.second), gradient, part(weight)];
    const threads = count * columns;
    gpu.dispatch(
      program,
      [...bound, { tensor: place, first, count }],
      [u32(threads), ...uniforms],
      [Math.ceil(threads / 64)],
    );
  }
}

type Alike = [Update, ...Update[]];

/** Cuts updates where the rates change, and beside one of some rows alone. */
function withSameRates(updates: readonly Update[]): Alike[] {
  const groups: Alike[] = [];
  for (const update of updates) {
    const group = groups.at(-1);
    if (group && !group[0].rows && !update.rows && isSame(group[0].rates, update.rates)) group.push(update);
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
