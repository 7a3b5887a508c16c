import type { Tensor } from "@tensorflow/tfjs-core";
import { dispatchNumbers } from "../../gpu/parts.ts";
import { f32 } from "../../gpu/program.ts";
import { defineKernel } from "../kernel.ts";
import clampWgsl from "./clamp.wgsl?raw";
import { hostView } from "../host.ts";

const program = { name: "clamp", wgsl: clampWgsl };

const kernel = defineKernel("TabtuneClamp", {
  portable: (_: object, { tensors, limit }: { tensors: readonly Tensor[]; limit: number }) => {
    for (const x of tensors) {
      const values = hostView(x);
      values.forEach((value, i) => (values[i] = Math.max(-limit, Math.min(limit, value))));
    }
    return {};
  },
  webgpu: (_, { tensors, limit }, gpu) => {
    dispatchNumbers(
      gpu,
      program,
      tensors.map((x) => [x]),
      [f32(limit)],
    );
    return {};
  },
});

/**
 * Cuts every element to [-limit, limit] in place, as torch.nn.utils.clip_grad_value_. Tensors are as in `accumulateAll`.
 */
export function clamp(tensors: readonly Tensor[], limit: number): void {
  kernel({}, { tensors, limit });
}
