import type { Tensor } from "@tensorflow/tfjs-core";
import { computeOnHost, hostView } from "../host.ts";
import { corrected, type AdamWOptions, type Update } from "./options.ts";

/** The new weight; moments are updated in place. */
export function step({ weight, gradient, moments, rates }: Update, clip: Tensor, options: AdamWOptions): Tensor {
  const { learningRate, weightDecay } = rates;
  const { beta1, beta2, epsilon } = options;
  const { stepSize, rootCorrection2 } = corrected(rates, options);
  const keep = 1 - learningRate * weightDecay;
  return computeOnHost([weight, gradient, clip], weight.shape, (out, w, gradients, [, factor = 0, broken = 0]) => {
    if (broken) return out.set(w);
    const { m, v } = momentViews(moments, out.length);
    for (let i = 0; i < out.length; i++) {
      const g = (gradients[i] as number) * factor;
      const m1 = (m[i] = beta1 * (m[i] as number) + (1 - beta1) * g);
      const m2 = (v[i] = beta2 * (v[i] as number) + (1 - beta2) * g * g);
      out[i] = (w[i] as number) * keep - (stepSize * m1) / (Math.sqrt(m2) / rootCorrection2 + epsilon);
    }
  });
}

function momentViews(moments: Update["moments"], size: number): { m: Float32Array; v: Float32Array } {
  if ("first" in moments) return { m: hostView(moments.first), v: hostView(moments.second) };
  const { shared, at } = moments;
  return { m: hostView(shared).subarray(at, at + size), v: hostView(shared).subarray(at + size, at + 2 * size) };
}
