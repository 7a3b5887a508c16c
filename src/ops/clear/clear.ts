import type { Tensor } from "@tensorflow/tfjs-core";
import { u32 } from "../../gpu/program.ts";
import { hostView } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import clearWgsl from "./clear.wgsl?raw";

const program = { name: "clear", wgsl: clearWgsl };

type Attributes = { first: number; count: number };

const kernel = defineKernel("TabtuneClear", {
  portable: ({ x }: { x: Tensor }, { first, count }: Attributes) => {
    hostView(x).fill(0, first, first + count);
    return {};
  },
  webgpu: ({ x }, { first, count }, gpu) => {
    gpu.dispatch(program, [x], [u32(first), u32(count)], [Math.ceil(count / 64)]);
    return {};
  },
});

/** Makes some of a tensor's numbers zero, in place. */
export function clear(x: Tensor, { first, count }: Attributes): void {
  kernel({ x }, { first, count });
}
