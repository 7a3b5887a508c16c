import type { Tensor } from "@tensorflow/tfjs-core";
import { hostView } from "../host.ts";
import { corrected, type AdamWOptions, type Update } from "./options.ts";

/** Weight and moments change in place. */
export function step({ weight, gradient, moments, rates, rows }: Update, clip: Tensor, options: AdamWOptions): void {
  const { learningRate, weightDecay } = rates;
  const { beta1, beta2, epsilon } = options;
  const { stepSize, rootCorrection2 } = corrected(rates, options);
  const keep = 1 - learningRate * weightDecay;
  const [, factor = 0, broken = 0] = hostView(clip);
  if (broken) return;
  const [w, gradients, m, v] = [
    hostView(weight),
    hostView(gradient),
    hostView(moments.first),
    hostView(moments.second),
  ];
  const columns = weight.shape.at(-1) ?? 1;
  /** How far behind a weight its gradient is; null where it has none. */
  const shiftOf = (i: number) => {
    const row = Math.floor(i / columns);
    const place = rows?.places[row] ?? row;
    return place < 0 ? null : (place - row) * columns;
  };
  for (let i = 0; i < w.length; i++) {
    const shift = rows ? shiftOf(i) : 0;
    const g = shift === null ? 0 : (gradients[i + shift] as number) * factor;
    const m1 = (m[i] = beta1 * (m[i] as number) + (1 - beta1) * g);
    const m2 = (v[i] = beta2 * (v[i] as number) + (1 - beta2) * g * g);
    w[i] = (w[i] as number) * keep - (stepSize * m1) / (Math.sqrt(m2) / rootCorrection2 + epsilon);
  }
}
