import type { Tensor } from "@tensorflow/tfjs-core";
import { f32, u32 } from "../../gpu/program.ts";
import { computeOnHost, hostOutput, hostView } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import lossWgsl from "./loss.wgsl?raw";
import sumWgsl from "./sum.wgsl?raw";
import wideWgsl from "./wide.wgsl?raw";

const program = { name: "classifier-loss", wgsl: lossWgsl };
const wide = { name: "classifier-loss-wide", wgsl: wideWgsl };
const sum = { name: "classifier-loss-sum", wgsl: sumWgsl };

/** Number of classes from which on a row has its own workgroup: with one thread per row 30,522 classes take seconds. */
const WIDE_CLASSES = 512;

interface LossOptions {
  /** Rows of the micro-batch. */
  rows: number;
  labelSmoothing: number;
  /** Sum of the class weights of the labels of all rows of the optimizer step, micro-batches together. */
  denominator: number;
}

type Inputs = { logits: Tensor; labels: Tensor; weights: Tensor };
type Attributes = LossOptions & { hostLabels: Int32Array };

const kernel = defineKernel("TabtuneClassifierLoss", {
  portable: ({ logits, weights }: Inputs, { rows, labelSmoothing, denominator, hostLabels }: Attributes) => {
    const classes = weights.size;
    const loss = hostOutput([1]);
    const dLogits = computeOnHost([logits, weights], logits.shape, (out, values, weight) => {
      const weightSum = weight.reduce((a, b) => a + b, 0);
      let total = 0;
      for (let row = 0; row < rows; row++) {
        const scores = values.subarray(row * classes, (row + 1) * classes);
        const highest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
        const logTotal = highest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - highest), 0));
        const label = hostLabels[row] ?? 0;
        if (label < 0) continue;
        const targetSum = (1 - labelSmoothing) * (weight[label] ?? 0) + (labelSmoothing / classes) * weightSum;
        scores.forEach((score, c) => {
          const own = c === label ? 1 - labelSmoothing : 0;
          const goal = (own + labelSmoothing / classes) * (weight[c] ?? 0);
          total -= goal * (score - logTotal);
          out[row * classes + c] = (Math.exp(score - logTotal) * targetSum - goal) / denominator;
        });
      }
      hostView(loss)[0] = total / denominator;
    });
    return { loss, dLogits };
  },
  webgpu: ({ logits, labels, weights }, { rows, labelSmoothing, denominator }, gpu) => {
    const [loss, dLogits] = [gpu.output([1]), gpu.output(logits.shape)];
    const sizes = [u32(rows), u32(weights.size), f32(labelSmoothing), f32(denominator)];
    if (weights.size < WIDE_CLASSES) {
      gpu.dispatch(program, [logits, labels, weights, loss, dLogits], sizes, [1]);
      return { loss, dLogits };
    }
    const rowLoss = gpu.output([logits.shape[0] ?? 0]);
    gpu.dispatch(wide, [logits, labels, weights, rowLoss, dLogits], sizes, [rows]);
    gpu.dispatch(sum, [rowLoss, loss], [u32(rows)], [1]);
    gpu.release(rowLoss);
    return { loss, dLogits };
  },
});

/**
 * Cross-entropy of logits[B, C] against labels (int32 [B], and the same on the host) with class weights [C], as
 * torch.nn.functional.cross_entropy: loss [1] is this micro-batch's share of the step's weighted mean, dLogits [B, C]
 * its gradient. Both are 0 for a row whose label is negative, such as a token that is not looked at.
 */
export function classifierLoss(
  logits: Tensor,
  labels: Tensor,
  hostLabels: Int32Array,
  weights: Tensor,
  options: LossOptions,
): { loss: Tensor; dLogits: Tensor } {
  return kernel({ logits, labels, weights }, { ...options, hostLabels });
}
