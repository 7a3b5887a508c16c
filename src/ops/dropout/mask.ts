import type { Tensor } from "@tensorflow/tfjs-core";
import { dispatch, output, u32 } from "../../gpu/program.ts";
import { computeOnHost } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import { keepFactor, type Dropout } from "./random.ts";
import { dropoutUniforms } from "./uniforms.ts";
import dropoutWgsl from "./dropout.wgsl?raw";
import maskWgsl from "./mask.wgsl?raw";

const program = { name: "dropout-mask", wgsl: maskWgsl, prelude: dropoutWgsl };

const kernel = defineKernel("TabtuneDropout", {
  portable({ x }: { x: Tensor }, { count, dropout }: { count: number; dropout: Dropout }) {
    const y = computeOnHost([x], x.shape, (out, values) => {
      for (let i = 0; i < count; i++) out[i] = (values[i] ?? 0) * keepFactor(dropout, i);
    });
    return { y };
  },
  webgpu({ x }, { count, dropout }) {
    const y = output(x.shape);
    dispatch(program, [x, y], [u32(count), ...dropoutUniforms(dropout)], [Math.ceil(count / 64)]);
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
