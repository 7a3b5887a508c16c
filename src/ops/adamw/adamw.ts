import type { Tensor } from "@tensorflow/tfjs-core";
import { dispatch, f32, u32 } from "../../gpu/program.ts";
import { webGpu } from "../../gpu/tfjs-internals.ts";
import { computeOnHost } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import adamwWgsl from "./adamw.wgsl?raw";

export interface AdamWOptions {
  learningRate: number;
  weightDecay: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Updates of this parameter, this one included: 1, 2, …; Infinity leaves out the bias correction. */
  updates: number;
}

type Inputs = { weight: Tensor; gradient: Tensor; moment1: Tensor; moment2: Tensor; clip: Tensor };

const corrections = ({ beta1, beta2, learningRate, updates }: AdamWOptions) => ({
  stepSize: learningRate / (1 - beta1 ** updates),
  rootCorrection2: Math.sqrt(1 - beta2 ** updates),
});

const kernel = defineKernel("TabtuneAdamW", {
  portable: ({ weight, gradient, moment1, moment2, clip }: Inputs, options: AdamWOptions) => {
    const { learningRate, weightDecay, beta1, beta2, epsilon } = options;
    const { stepSize, rootCorrection2 } = corrections(options);
    const keep = 1 - learningRate * weightDecay;
    const updated = computeOnHost([weight, gradient, moment1, moment2, clip], weight.shape, (out, ...values) => {
      const [w, gradients, m, v, [, factor = 0, broken = 0] = []] = values;
      if (!w || !gradients || !m || !v) throw new Error("AdamW was given too few tensors.");
      if (broken) return out.set(w);
      for (let i = 0; i < out.length; i++) {
        const g = (gradients[i] as number) * factor;
        const m1 = (m[i] = beta1 * (m[i] as number) + (1 - beta1) * g);
        const m2 = (v[i] = beta2 * (v[i] as number) + (1 - beta2) * g * g);
        out[i] = (w[i] as number) * keep - (stepSize * m1) / (Math.sqrt(m2) / rootCorrection2 + epsilon);
      }
    });
    return { updated };
  },
  webgpu: ({ weight, gradient, moment1, moment2, clip }, options) => {
    const { learningRate, weightDecay, beta1, beta2, epsilon } = options;
    const { stepSize, rootCorrection2 } = corrections(options);
    const byFours = weight.size % 4 === 0;
    const count = byFours ? weight.size / 4 : weight.size;
    const program = {
      name: byFours ? "adamw by fours" : "adamw",
      wgsl: adamwWgsl,
      prelude: `alias element = ${byFours ? "vec4<f32>" : "f32"};`,
    };
    dispatch(
      program,
      [gradient, clip, weight, moment1, moment2],
      [
        u32(count),
        ...[learningRate, weightDecay, beta1, beta2, epsilon, stepSize, rootCorrection2].map((value) => f32(value)),
      ],
      [Math.ceil(count / 64)],
    );
    // In place: the result is another tensor over the same buffer.
    webGpu().incRef(weight.dataId);
    return { updated: { dataId: weight.dataId, shape: weight.shape, dtype: weight.dtype } };
  },
});

/**
 * One AdamW step of one parameter. Moments are updated in place; the weight comes back as a tensor to use from now
 * on, and the one given must be disposed (on wasm it is a new one: tfjs caches packed weights by tensor).
 */
export function adamw(
  weight: Tensor,
  gradient: Tensor,
  moments: { first: Tensor; second: Tensor },
  clip: Tensor,
  options: AdamWOptions,
): Tensor {
  return kernel({ weight, gradient, moment1: moments.first, moment2: moments.second, clip }, options).updated;
}
