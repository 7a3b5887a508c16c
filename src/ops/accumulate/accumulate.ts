import type { Tensor } from "@tensorflow/tfjs-core";
import { dispatch, u32 } from "../../gpu/program.ts";
import { hostView } from "../../gpu/tfjs-internals.ts";
import { defineKernel } from "../kernel.ts";
import accumulateWgsl from "./accumulate.wgsl?raw";

const program = { name: "accumulate", wgsl: accumulateWgsl };

const kernel = defineKernel("TabtuneAccumulate", {
  portable: ({ sum, x }: { sum: Tensor; x: Tensor }) => {
    const total = hostView(sum);
    hostView(x).forEach((value, i) => (total[i] = (total[i] ?? 0) + value));
    return {};
  },
  webgpu: ({ sum, x }) => {
    dispatch(program, [x, sum], [u32(sum.size)], [Math.ceil(sum.size / 64)]);
    return {};
  },
});

/** sum += x in place: gradients of micro-batches. `sum` must not have been an operand of a matmul (see adamw). */
export function accumulate(sum: Tensor, x: Tensor): void {
  kernel({ sum, x }, {});
}
