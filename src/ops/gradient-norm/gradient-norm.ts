import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import type { Range } from "../../gpu/bind-groups.ts";
import { partsOf } from "../../gpu/parts.ts";
import { dispatch, f32, output, release, u32, type Program } from "../../gpu/program.ts";
import { hostView, makeHostTensor, wasmPointer } from "../../gpu/tfjs-internals.ts";
import { computeOnHost } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import { wasmKernels } from "../wasm-kernels.ts";
import finishWgsl from "./finish.wgsl?raw";
import squaresWgsl from "./squares.wgsl?raw";

/** Elements that a workgroup sums up. */
const BLOCK = 4096;
const byOnes: Program = {
  name: "gradient-squares",
  wgsl: squaresWgsl,
  constants: { BLOCK },
  prelude: "alias element = f32;\nfn square(g: element) -> f32 { return g * g; }",
};
const byFours: Program = {
  name: "gradient-squares by fours",
  wgsl: squaresWgsl,
  constants: { BLOCK },
  prelude: "alias element = vec4<f32>;\nfn square(g: element) -> f32 { return dot(g, g); }",
};
const finish = { name: "gradient-norm", wgsl: finishWgsl };
/** Gradients that one dispatch reads: with the partial sums, seven of the eight buffers that every adapter binds. */
const AT_ONCE = 6;

const kernel = defineKernel("TabtuneGradientNorm", {
  portable: (gradients: Tensor[], { limit }: { limit: number }) => {
    const clip = computeOnHost(gradients, [4], (out, ...values) => {
      let total = 0;
      for (const gradient of values) for (const g of gradient) total += g * g;
      out.set(clipOf(Math.sqrt(total), limit));
    });
    return { clip, told: computeOnHost([clip], [3], (out, values) => out.set(values.subarray(0, 3))) };
  },
  wasm: (gradients, { limit }) => {
    let total = 0;
    for (const gradient of gradients) total += wasmKernels().sumOfSquares(wasmPointer(gradient), gradient.size);
    const [clip, told] = [makeHostTensor([4]), makeHostTensor([3])];
    for (const tensor of [clip, told]) hostView(tensor).set(clipOf(Math.sqrt(total), limit));
    return { clip, told };
  },
  webgpu: (gradients, { limit }) => {
    const even = gradients.filter(({ size }) => size % 4 === 0);
    const odd = gradients.filter(({ size }) => size % 4 !== 0);
    const [evenBlocks, oddBlocks] = [blocksOf(even, 4), blocksOf(odd, 1)];
    const partials = output([evenBlocks + oddBlocks]);
    sumSquares(byFours, even, 4, partials, 0);
    sumSquares(byOnes, odd, 1, partials, evenBlocks);
    const [clip, told] = [output([4]), output([3])];
    dispatch(finish, [partials, clip, told], [u32(evenBlocks + oddBlocks), f32(limit)], [1]);
    release(partials);
    return { clip, told };
  },
});

const blocksOf = (gradients: readonly { size: number }[], width: number) =>
  gradients.reduce((sum, { size }) => sum + Math.ceil(size / (BLOCK * width)), 0);

function clipOf(norm: number, limit: number): [number, number, number] {
  return Number.isFinite(norm) ? [norm, Math.min(1, limit / (norm + 1e-6)), 0] : [norm, 0, 1];
}

/** Records the partial sums of squares of `gradients`, each `width` numbers an element, from place `from` on. */
function sumSquares(program: Program, gradients: Tensor[], width: number, partials: TensorInfo, from: number): void {
  const parts = gradients.flatMap((tensor) => inBlocks(tensor, BLOCK * width));
  for (let first = 0; first < parts.length; first += AT_ONCE) {
    const some = parts.slice(first, first + AT_ONCE);
    const last = some.at(-1);
    if (!last) return;
    const bound = Array.from({ length: AT_ONCE }, (_, i) => some[i] ?? last);
    const counts = Array.from({ length: AT_ONCE }, (_, i) => u32((some[i]?.count ?? 0) / width));
    const blocks = some.reduce((sum, { count }) => sum + Math.ceil(count / (BLOCK * width)), 0);
    dispatch(program, [...bound, partials], [u32(from), ...counts], [blocks]);
    from += blocks;
  }
}

/** A gradient in parts that can be bound, each of whole blocks. */
function inBlocks(tensor: Tensor, block: number): Range[] {
  return partsOf(Math.ceil(tensor.size / block), block, 1).map(({ first, count }) => {
    return { tensor, first: first * block, count: Math.min(count * block, tensor.size - first * block) };
  });
}

/**
 * The norm of all gradients together, the factor that clips them to `limit` (0 when the norm is not finite), and 1 when
 * it is not finite, else 0. These three begin `clip` [4], which AdamW reads on the device, and are `told` [3], to be
 * read back whenever: so that `clip` is the same buffer in every step, whatever waits to be read.
 */
export function gradientNorm(gradients: Tensor[], limit: number): { clip: Tensor; told: Tensor } {
  return kernel(gradients, { limit });
}
