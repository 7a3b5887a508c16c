import type { Tensor } from "@tensorflow/tfjs-core";
import { callAll, threadParts, wasmPointer } from "../wasm-kernels.ts";
import { corrected, type AdamWOptions, type Update } from "./options.ts";
import { hostOutput, hostView } from "../host.ts";

/** Weight and moments change in place. */
export function step({ weight, gradient, moments, rates, rows }: Update, clip: Tensor, options: AdamWOptions): void {
  const { learningRate, weightDecay } = rates;
  const { beta1, beta2, epsilon } = options;
  const { stepSize, rootCorrection2 } = corrected(rates, options);
  const [, factor = 0, broken = 0] = hostView(clip);
  if (broken) return;
  const pointers = [weight, gradient, moments.first, moments.second].map(wasmPointer);
  const numbers = [factor, 1 - learningRate * weightDecay, stepSize, rootCorrection2, beta1, beta2, epsilon];
  if (rows) {
    const [, columns = 1] = weight.shape;
    const none = hostOutput([columns]);
    const all = [...pointers, ...[rows.place, none].map(wasmPointer)];
    const parts = threadParts(rows.places.length, 1, 4 * weight.size);
    callAll(
      "adamwRows",
      parts.map(({ from, to }) => [...all, from, to, columns, ...numbers]),
    );
    none.dispose();
    return;
  }
  const calls = threadParts(weight.size, 4, 4 * weight.size).map(({ from, to }) => {
    return [...pointers.map((pointer) => pointer + 4 * from), to - from, ...numbers];
  });
  callAll("adamw", calls);
}
