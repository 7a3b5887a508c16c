import type { Tensor } from "@tensorflow/tfjs-core";
import { u32 } from "../../gpu/program.ts";
import { computeOnHost } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import { dropoutUniforms, keepFactor, type Dropout } from "./random.ts";
import dropoutWgsl from "./dropout.wgsl?raw";
import maskWgsl from "./mask.wgsl?raw";

const program = (ADDED: boolean) => ({
  name: "dropout-mask",
  wgsl: maskWgsl,
  constants: { ADDED },
  prelude: dropoutWgsl,
});
const [alone, added] = [program(false), program(true)];

type Inputs = { x: Tensor; residual?: Tensor };

const kernel = defineKernel("TabtuneDropout", {
  portable({ x, residual }: Inputs, { count, dropout }: { count: number; dropout: Dropout }) {
    const y = computeOnHost([x, residual ?? x], x.shape, (out, values, residuals) => {
      for (let i = 0; i < count; i++) {
        const kept = (values[i] ?? 0) * keepFactor(dropout, i);
        out[i] = residual ? kept + (residuals[i] ?? 0) : kept;
      }
    });
    return { y };
  },
  webgpu({ x, residual }, { count, dropout }, gpu) {
    const y = gpu.output(x.shape);
    const uniforms = [u32(count), ...dropoutUniforms(dropout)];
    gpu.dispatch(residual ? added : alone, [x, residual ?? x, y], uniforms, [Math.ceil(count / 64)]);
    return { y };
  },
});

/**
 * Inverted dropout (Srivastava et al. 2014) of the first `count` elements; the backward pass is the same call on the
 * gradient. The result is a new tensor also when the rate is 0.
 */
export function dropout(x: Tensor, count: number, spec: Dropout): Tensor {
  return kernel({ x }, { count, dropout: spec }).y;
}

/** residual + dropout(x) of the first `count` elements, as a new tensor. */
export function addDropped(residual: Tensor, x: Tensor, count: number, spec: Dropout): Tensor {
  return kernel({ x, residual }, { count, dropout: spec }).y;
}
