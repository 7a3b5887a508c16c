import type { Tensor } from "@tensorflow/tfjs-core";
import { dispatchElements } from "../../gpu/parts.ts";
import { f32 } from "../../gpu/program.ts";
import { defineKernel } from "../kernel.ts";
import clampWgsl from "./clamp.wgsl?raw";
import { hostView } from "../host.ts";

const program = { name: "clamp", wgsl: clampWgsl };

const kernel = defineKernel("TabtuneClamp", {
  portable: ({ x }: { x: Tensor }, { limit }: { limit: number }) => {
    const values = hostView(x);
    values.forEach((value, i) => (values[i] = Math.max(-limit, Math.min(limit, value))));
    return {};
  },
  webgpu: ({ x }, { limit }, gpu) => {
    dispatchElements(gpu, program, [x], { uniforms: [f32(limit)] });
    return {};
  },
});

/** Cuts every element to [-limit, limit] in place, as torch.nn.utils.clip_grad_value_. `x` as in `accumulate`. */
export function clamp(x: Tensor, limit: number): void {
  kernel({ x }, { limit });
}
