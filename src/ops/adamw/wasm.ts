import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { callAll, threadParts, wasmPointer } from "../wasm-kernels.ts";
import { corrected, type AdamWOptions, type Update } from "./options.ts";
import { hostView } from "../host.ts";
import { sameData } from "../kernel.ts";

/** Weight and moments change in place; what comes back is another tensor over the weight. */
export function step({ weight, gradient, moments, rates }: Update, clip: Tensor, options: AdamWOptions): TensorInfo {
  const { learningRate, weightDecay } = rates;
  const { beta1, beta2, epsilon } = options;
  const { stepSize, rootCorrection2 } = corrected(rates, options);
  const [, factor = 0, broken = 0] = hostView(clip);
  if (!broken) {
    const pointers = [wasmPointer(weight), wasmPointer(gradient), ...momentPointers(moments, weight.size)];
    const numbers = [factor, 1 - learningRate * weightDecay, stepSize, rootCorrection2, beta1, beta2, epsilon];
    const calls = threadParts(weight.size, 4, 4 * weight.size).map(({ from, to }) => {
      return [...pointers.map((pointer) => pointer + 4 * from), to - from, ...numbers];
    });
    callAll("adamw", calls);
  }
  return sameData(weight);
}

function momentPointers(moments: Update["moments"], size: number): [number, number] {
  if ("first" in moments) return [wasmPointer(moments.first), wasmPointer(moments.second)];
  const first = wasmPointer(moments.shared) + 4 * moments.at;
  return [first, first + 4 * size];
}
