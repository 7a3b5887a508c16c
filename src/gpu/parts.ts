import type { Tensor } from "@tensorflow/tfjs-core";
import type { Recorder } from "./device.ts";
import { u32, type Program, type Uniform } from "./program.ts";
import { runsOf } from "./runs.ts";

/** Rows of a table that are bound together. */
export interface Part {
  first: number;
  count: number;
}

/** WebGPU wants offsets that are multiples of 256 bytes: 64 numbers. */
const STEP = 64;

/**
 * Cuts a table into runs of rows that a shader can bind: one where the whole fits, as it nearly always does. Large
 * vocabularies do not on every GPU (768 MB for 250,002 words of 768 numbers, 128 MiB for WebGPU's default limit).
 *
 * @param rowSize numbers in a row
 * @param step every part but the last has a multiple of `step` rows; with `rowSize` a multiple of 64 numbers
 */
export function partsOf(
  { largestBinding }: Pick<Recorder, "largestBinding">,
  rows: number,
  rowSize: number,
  step = STEP,
): Part[] {
  const fitting = Math.floor(largestBinding / (4 * rowSize));
  if (rows <= fitting) return [{ first: 0, count: rows }];
  const most = Math.max(step, Math.floor(fitting / step) * step);
  const count = (first: number) => Math.min(most, rows - first);
  return Array.from({ length: Math.ceil(rows / most) }, (_, i) => ({ first: i * most, count: count(i * most) }));
}

/**
 * Records a program that treats every number of some tensors of one size alike: once for items whose tensors lie behind
 * one another, and once for each part of tensors too large to be bound whole. Its first uniform is the count of numbers, a
 * workgroup has 64 of them.
 *
 * @param items for each item its tensors, in the order of the bindings
 */
export function dispatchNumbers(
  gpu: Recorder,
  program: Program,
  items: readonly (readonly Tensor[])[],
  uniforms: readonly Uniform[],
): void {
  for (const { heads, ends } of runsOf(gpu, items, (tensors) => tensors)) {
    for (const { first, count } of partsOf(gpu, ends.at(-1) ?? 0, 1)) {
      const ranges = heads.map((tensor) => ({ tensor, first, count }));
      gpu.dispatch(program, ranges, [u32(count), ...uniforms], [Math.ceil(count / 64)]);
    }
  }
}
