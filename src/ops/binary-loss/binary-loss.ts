import type { Tensor } from "@tensorflow/tfjs-core";
import { f32, u32 } from "../../gpu/program.ts";
import { computeOnHost, hostOutput, hostView } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import { sigmoid } from "../sigmoid.ts";
import lossWgsl from "./binary-loss.wgsl?raw";

const program = { name: "binary-loss", wgsl: lossWgsl };

interface BinaryOptions {
  /** Rows of the micro-batch. */
  rows: number;
  /** Rows × labels of the optimizer step, micro-batches together. */
  denominator: number;
}

type Inputs = { logits: Tensor; targets: Tensor; weights: Tensor };

const kernel = defineKernel("TabtuneBinaryLoss", {
  portable: ({ logits, targets, weights }: Inputs, { rows, denominator }: BinaryOptions) => {
    const labels = weights.size;
    const loss = hostOutput([1]);
    const dLogits = computeOnHost([logits, targets, weights], logits.shape, (out, scores, goals, weight) => {
      let sum = 0;
      for (let at = 0; at < rows * labels; at++) {
        const [x, y] = [scores[at] ?? NaN, goals[at] ?? NaN];
        const [off, on] = [1 - y, (weight[at % labels] ?? NaN) * y];
        sum += off * softplus(x) + on * softplus(-x);
        out[at] = (off * sigmoid(x) - on * sigmoid(-x)) / denominator;
      }
      hostView(loss)[0] = sum / denominator;
    });
    return { loss, dLogits };
  },
  webgpu: ({ logits, targets, weights }, { rows, denominator }, gpu) => {
    const [loss, dLogits] = [gpu.output([1]), gpu.output(logits.shape)];
    const sizes = [u32(rows * weights.size), u32(weights.size), f32(denominator)];
    gpu.dispatch(program, [logits, targets, weights, loss, dLogits], sizes, [1]);
    return { loss, dLogits };
  },
});

/**
 * Binary cross-entropy of logits[B, L] against targets[B, L] (float32, 0 to 1) with a weight of the positives of each
 * label [L], as torch.nn.functional.binary_cross_entropy_with_logits with `pos_weight`: loss [1] is this micro-batch's
 * share of the step's mean over rows and labels, into whose divisor the weights do not enter; dLogits [B, L] is its
 * gradient.
 */
export function binaryLoss(
  logits: Tensor,
  targets: Tensor,
  weights: Tensor,
  options: BinaryOptions,
): { loss: Tensor; dLogits: Tensor } {
  return kernel({ logits, targets, weights }, { ...options });
}

const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
