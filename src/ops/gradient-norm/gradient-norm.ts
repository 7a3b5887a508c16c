import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import type { Range, Recorder } from "../../gpu/device.ts";
import { partsOf } from "../../gpu/parts.ts";
import { f32, u32, type Program } from "../../gpu/program.ts";
import { runsOf } from "../../gpu/runs.ts";
import { computeOnHost, hostView, makeHostTensor } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import { wasmKernels, wasmPointer } from "../wasm-kernels.ts";
import finishWgsl from "./finish.wgsl?raw";
import squaresWgsl from "./squares.wgsl?raw";
import watchWgsl from "./watch.wgsl?raw";

/** Elements that a workgroup sums up. */
const BLOCK = 4096;
/** The program that sums squares, by elements of `width` numbers. */
interface Squares {
  width: number;
  program: Program;
}
const byOnes: Squares = {
  width: 1,
  program: {
    name: "gradient-squares",
    wgsl: squaresWgsl,
    constants: { BLOCK },
    prelude: "alias element = f32;\nfn square(g: element) -> f32 { return g * g; }",
  },
};
const byFours: Squares = {
  width: 4,
  program: {
    name: "gradient-squares by fours",
    wgsl: squaresWgsl,
    constants: { BLOCK },
    prelude: "alias element = vec4<f32>;\nfn square(g: element) -> f32 { return dot(g, g); }",
  },
};
const finish = { name: "gradient-norm", wgsl: finishWgsl };
const watchLosses = { name: "loss-watch", wgsl: watchWgsl };
/** Ranges that one dispatch reads: with the partial sums, seven of the eight buffers that every adapter binds. */
const AT_ONCE = 6;

/** What stops a step besides its norm, and all steps after it. */
interface Watch {
  /** Parts of the step's loss, a number each. */
  losses: readonly Tensor[];
  /** [1]: 0 until a step is not finite, 1 from then on. */
  broken: Tensor;
}

const kernel = defineKernel("TabtuneGradientNorm", {
  portable: (gradients: Tensor[], { limit, watch }: { limit: number; watch: Watch | null }) => {
    const clip = computeOnHost(gradients, [4], (out, ...values) => {
      let total = 0;
      for (const gradient of values) for (const g of gradient) total += g * g;
      const norm = Math.sqrt(total);
      out.set(clipOf(norm, limit, stopsOnHost(norm, watch)));
    });
    return { clip, readback: computeOnHost([clip], [3], (out, values) => out.set(values.subarray(0, 3))) };
  },
  wasm: (gradients, { limit, watch }) => {
    let total = 0;
    for (const gradient of gradients) total += wasmKernels().sumOfSquares(wasmPointer(gradient), gradient.size);
    const [clip, readback] = [makeHostTensor([4]), makeHostTensor([3])];
    const norm = Math.sqrt(total);
    const stops = stopsOnHost(norm, watch);
    for (const tensor of [clip, readback]) hostView(tensor).set(clipOf(norm, limit, stops));
    return { clip, readback };
  },
  webgpu: (gradients, { limit, watch }, gpu) => {
    const runs = runsOf(gpu, gradients, (gradient) => [gradient]);
    const ranges = runs.map(({ items, ends }) => ({ tensor: items[0] as Tensor, first: 0, count: ends.at(-1) ?? 0 }));
    const even = ranges.filter(({ count }) => count % 4 === 0);
    const odd = ranges.filter(({ count }) => count % 4 !== 0);
    const [evenBlocks, oddBlocks] = [blocksOf(even, 4), blocksOf(odd, 1)];
    const partials = gpu.output([evenBlocks + oddBlocks]);
    sumSquares(gpu, byFours, even, { partials, from: 0 });
    sumSquares(gpu, byOnes, odd, { partials, from: evenBlocks });
    const [clip, readback] = [gpu.output([4]), gpu.output([3])];
    const spare = watch ? null : gpu.output([1]);
    const broken = watch?.broken ?? spare;
    const losses = watch?.losses ?? [];
    if (watch) watchFurther(gpu, losses.slice(LOSSES_OF_FINISH), watch.broken);
    const own = Array.from({ length: LOSSES_OF_FINISH }, (_, i) => losses[i] ?? partials);
    const numbers = [
      ...[u32(evenBlocks + oddBlocks), f32(limit)],
      ...[u32(watch ? 1 : 0), u32(Math.min(losses.length, LOSSES_OF_FINISH))],
    ];
    if (broken) gpu.dispatch(finish, [partials, clip, readback, broken, ...own], numbers, [1]);
    if (spare) gpu.release(spare);
    gpu.release(partials);
    return { clip, readback };
  },
});

/** Losses that `finish` binds beside the rest: eight buffers are what every adapter binds. */
const LOSSES_OF_FINISH = 4;
const LOSSES_OF_WATCH = 7;

/** Records a check of the losses that `finish` cannot bind: those of a step of more than four micro-batches. */
function watchFurther(gpu: Recorder, losses: readonly Tensor[], broken: Tensor): void {
  for (let start = 0; start < losses.length; start += LOSSES_OF_WATCH) {
    const some = losses.slice(start, start + LOSSES_OF_WATCH);
    const [first] = some;
    if (!first) return;
    const bound = Array.from({ length: LOSSES_OF_WATCH }, (_, i) => some[i] ?? first);
    gpu.dispatch(watchLosses, [broken, ...bound], [u32(some.length)], [1]);
  }
}

/** Whether a step must change nothing; it is noted in `watch.broken`. */
function stopsOnHost(norm: number, watch: Watch | null): boolean {
  if (!watch) return !Number.isFinite(norm);
  const flag = hostView(watch.broken);
  const finite = Number.isFinite(norm) && watch.losses.every((loss) => Number.isFinite(hostView(loss)[0]));
  if (!finite) flag[0] = 1;
  return flag[0] !== 0;
}

const blocksOf = (ranges: readonly Range[], width: number) =>
  ranges.reduce((sum, { count }) => sum + Math.ceil(count / (BLOCK * width)), 0);

function clipOf(norm: number, limit: number, stops: boolean): [number, number, number] {
  return stops ? [norm, 0, 1] : [norm, Math.min(1, limit / (norm + 1e-6)), 0];
}

/** Records the partial sums of squares of `ranges`; `from` is the place of the first sum in `partials`. */
function sumSquares(
  gpu: Recorder,
  { program, width }: Squares,
  ranges: readonly Range[],
  { partials, from }: { partials: TensorInfo; from: number },
): void {
  let place = from;
  const parts = ranges.flatMap((range) => inBlocks(gpu, range, BLOCK * width));
  for (let first = 0; first < parts.length; first += AT_ONCE) {
    const some = parts.slice(first, first + AT_ONCE);
    const last = some.at(-1);
    if (!last) return;
    const bound = Array.from({ length: AT_ONCE }, (_, i) => some[i] ?? last);
    const counts = Array.from({ length: AT_ONCE }, (_, i) => u32((some[i]?.count ?? 0) / width));
    const blocks = some.reduce((sum, { count }) => sum + Math.ceil(count / (BLOCK * width)), 0);
    gpu.dispatch(program, [...bound, partials], [u32(place), ...counts], [blocks]);
    place += blocks;
  }
}

/** A range in parts that can be bound, each of whole blocks. */
function inBlocks(gpu: Recorder, { tensor, first: from, count: all }: Range, block: number): Range[] {
  return partsOf(gpu, Math.ceil(all / block), block, 1).map(({ first, count }) => {
    return { tensor, first: from + first * block, count: Math.min(count * block, all - first * block) };
  });
}

/**
 * The norm of all gradients together, the factor that clips them to `limit` (0 when the step is broken), and 1 when it
 * is broken, else 0. A step is broken when its norm is not finite; with `watch` also when a loss is not, or when an
 * earlier step was broken. The first three numbers of `clip` [4], which AdamW reads on the device, are these; `readback`
 * [3] has them again, to be read back later, so that `clip` is the same buffer in every step. Gradients that lie behind
 * one another on a GPU, in the order given, are read as one.
 */
export function gradientNorm(
  gradients: Tensor[],
  limit: number,
  watch: Watch | null = null,
): { clip: Tensor; readback: Tensor } {
  return kernel(gradients, { limit, watch });
}
