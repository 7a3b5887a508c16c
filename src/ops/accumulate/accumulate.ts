import type { Tensor } from "@tensorflow/tfjs-core";
import { dispatchElements } from "../../gpu/parts.ts";
import { f32 } from "../../gpu/program.ts";
import { deviceZeros } from "../device-tensor.ts";
import { defineKernel } from "../kernel.ts";
import accumulateWgsl from "./accumulate.wgsl?raw";
import { hostView } from "../host.ts";

const program = { name: "accumulate", wgsl: accumulateWgsl };

interface Factors {
  /** Multiplies the sum so far; 1 by default. */
  keep?: number;
  /** Multiplies what is added; 1 by default. */
  factor?: number;
}

const kernel = defineKernel("TabtuneAccumulate", {
  portable: ({ sum, x }: { sum: Tensor; x: Tensor }, { keep, factor }: Required<Factors>) => {
    const total = hostView(sum);
    hostView(x).forEach((value, i) => (total[i] = keep * (total[i] ?? 0) + factor * value));
    return {};
  },
  webgpu: ({ sum, x }, { keep, factor }, gpu) => {
    dispatchElements(gpu, program, [x, sum], { uniforms: [f32(keep), f32(factor)] });
    return {};
  },
});

/**
 * sum = keep · sum + factor · x in place: gradients of micro-batches, pulls on gradients, moving averages. `sum` must
 * not have been an operand of a matmul (see adamw).
 */
export function accumulate(sum: Tensor, x: Tensor, { keep = 1, factor = 1 }: Factors = {}): void {
  kernel({ sum, x }, { keep, factor });
}

/** A new tensor with the values that the float tensor `source` has now, copied on the device. */
export function copyOf(source: Tensor): Tensor {
  const copy = deviceZeros(source.shape);
  accumulate(copy, source);
  return copy;
}
