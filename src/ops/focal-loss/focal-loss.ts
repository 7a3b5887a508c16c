import type { Tensor } from "@tensorflow/tfjs-core";
import { f32, u32 } from "../../gpu/program.ts";
import { computeOnHost, hostOutput, hostView } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import focalWgsl from "./focal-loss.wgsl?raw";

const program = { name: "focal-loss", wgsl: focalWgsl };

interface FocalOptions {
  /** Rows of the micro-batch. */
  rows: number;
  /** γ, above 0: how strongly rows count less that are right already. */
  focus: number;
  /** Sum of the class weights of the labels of all rows of the optimizer step, micro-batches together. */
  denominator: number;
}

type Inputs = { logits: Tensor; labels: Tensor; weights: Tensor };
type Attributes = FocalOptions & { hostLabels: Int32Array };

const kernel = defineKernel("TabtuneFocalLoss", {
  portable: ({ logits, weights }: Inputs, { rows, focus, denominator, hostLabels }: Attributes) => {
    const classes = weights.size;
    const loss = hostOutput([1]);
    const dLogits = computeOnHost([logits, weights], logits.shape, (out, values, weight) => {
      let sum = 0;
      for (let row = 0; row < rows; row++) {
        const scores = values.subarray(row * classes, (row + 1) * classes);
        const label = hostLabels[row] ?? 0;
        if (label < 0) continue;
        const highest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
        const exps = Float64Array.from(scores, (score) => Math.exp(score - highest));
        const others = exps.reduce((total, exp, c) => (c === label ? total : total + exp), 0);
        const total = others + (exps[label] ?? NaN);
        const [p, rest] = [(exps[label] ?? NaN) / total, others / total];
        const logP = (scores[label] ?? NaN) - highest - Math.log(total);
        const factor = rest > 0 ? ((weight[label] ?? NaN) * rest ** focus) / denominator : 0;
        sum -= factor * logP;
        exps.forEach((exp, c) => {
          const share = c === label ? -1 : exp / Math.max(others, Number.MIN_VALUE);
          out[row * classes + c] = factor * (rest - focus * p * logP) * share;
        });
      }
      hostView(loss)[0] = sum;
    });
    return { loss, dLogits };
  },
  webgpu: ({ logits, labels, weights }, { rows, focus, denominator }, gpu) => {
    const [loss, dLogits] = [gpu.output([1]), gpu.output(logits.shape)];
    const sizes = [u32(rows), u32(weights.size), f32(focus), f32(denominator)];
    gpu.dispatch(program, [logits, labels, weights, loss, dLogits], sizes, [1]);
    return { loss, dLogits };
  },
});

/**
 * Focal loss of logits[B, C] against labels (int32 [B], and the same on the host) with class weights [C]: cross-entropy
 * in which a row counts (1 − p)^γ times, p being the probability of its own class. loss [1] is this micro-batch's share
 * of the step's weighted mean, dLogits [B, C] its gradient, which runs through that factor too. Both are 0 for a row
 * whose label is negative.
 * Source: Lin et al. 2017, Focal Loss for Dense Object Detection, for a softmax.
 */
export function focalLoss(
  logits: Tensor,
  labels: Tensor,
  hostLabels: Int32Array,
  weights: Tensor,
  options: FocalOptions,
): { loss: Tensor; dLogits: Tensor } {
  return kernel({ logits, labels, weights }, { ...options, hostLabels });
}
