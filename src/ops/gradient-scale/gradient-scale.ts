import type { Tensor } from "@tensorflow/tfjs-core";
import { partsOf } from "../../gpu/parts.ts";
import { u32 } from "../../gpu/program.ts";
import { runsOf } from "../../gpu/runs.ts";
import { computeOnHost, hostView } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import largestWgsl from "./largest.wgsl?raw";
import scaleBackWgsl from "./scale-back.wgsl?raw";
import scaleDownWgsl from "./scale-down.wgsl?raw";

/** Workgroups that look for the largest number, each in a part of them; as many as one has threads. */
const PARTS = 64;
/** Numbers that a thread scales back: most often none has to be, and threads that only end take time too. */
const EACH = 32;
const largest = { name: "largest-part", wgsl: largestWgsl, constants: { PARTS } };
const down = { name: "scale-down", wgsl: scaleDownWgsl, constants: { PARTS } };
const back = { name: "scale-back", wgsl: scaleBackWgsl, constants: { EACH } };

const downKernel = defineKernel("TabtuneScaleDown", {
  portable: ({ x }: { x: Tensor }, { count }: { count: number }) => {
    const scale = computeOnHost([x], [2], (out, values) => {
      const most = values.subarray(0, count).reduce((all, value) => Math.max(all, Math.abs(value)), 0);
      const power = most >= 1 && Number.isFinite(most) ? 2 ** -(Math.floor(Math.log2(most)) + 1) : 1;
      for (let i = 0; i < count; i++) values[i] = (values[i] ?? 0) * power;
      out.set([power, 1 / power]);
    });
    return { scale };
  },
  webgpu: ({ x }, { count }, gpu) => {
    const [parts, scale] = [gpu.output([PARTS]), gpu.output([2])];
    gpu.dispatch(largest, [x, parts], [u32(count)], [PARTS]);
    gpu.dispatch(down, [parts, x, scale], [u32(count)], [PARTS]);
    gpu.release(parts);
    return { scale };
  },
});

const backKernel = defineKernel("TabtuneScaleBack", {
  portable: ({ scale }: { scale: Tensor }, { tensors }: { tensors: readonly Tensor[] }) => {
    const [, factor = 1] = hostView(scale);
    for (const x of tensors) hostView(x).forEach((value, i, values) => (values[i] = value * factor));
    return {};
  },
  webgpu: ({ scale }, { tensors }, gpu) => {
    for (const { heads, ends } of runsOf(gpu, tensors, (x) => [x])) {
      for (const { first, count } of partsOf(gpu, ends.at(-1) ?? 0, 1)) {
        const ranges = heads.map((tensor) => ({ tensor, first, count }));
        gpu.dispatch(back, [...ranges, scale], [u32(count)], [Math.ceil(count / 64 / EACH)]);
      }
    }
    return {};
  },
});

/**
 * Brings the first `count` numbers of `x` below 1 in place, by a power of two, so that no digit changes; numbers that are
 * below 1 stay. Returns the power and its inverse: scale [2], which `scaleBack` takes.
 */
export function scaleDown(x: Tensor, count: number): Tensor {
  return downKernel({ x }, { count }).scale;
}

/** Takes a `scaleDown` back in what was computed from its numbers, in place. Tensors are as in `accumulateAll`. */
export function scaleBack(tensors: readonly Tensor[], scale: Tensor): void {
  backKernel({ scale }, { tensors });
}
