import type { Tensor } from "@tensorflow/tfjs-core";
import { f32, u32 } from "../../gpu/program.ts";
import { hostOutput, hostView } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import lossWgsl from "./consistency-loss.wgsl?raw";

const program = { name: "consistency-loss", wgsl: lossWgsl };

type Inputs = { first: Tensor; second: Tensor; labels: Tensor };
type Attributes = { hostLabels: Int32Array; scale: number };

const kernel = defineKernel("TabtuneConsistencyLoss", {
  portable: ({ first, second }: Inputs, { hostLabels, scale }: Attributes) => {
    const [loss, dFirst, dSecond] = [hostOutput([1]), hostOutput(first.shape), hostOutput(second.shape)];
    const classes = first.shape[1] ?? 0;
    const [dp, dq] = [hostView(dFirst), hostView(dSecond)];
    let total = 0;
    for (const [row, label] of hostLabels.entries()) {
      if (label < 0) continue;
      const place = row * classes;
      const p = logSoftmax(hostView(first).subarray(place, place + classes));
      const q = logSoftmax(hostView(second).subarray(place, place + classes));
      const apart = p.map((value, c) => value - (q[c] ?? NaN));
      const mean = (logs: Float64Array) => logs.reduce((sum, log, c) => sum + Math.exp(log) * (apart[c] ?? NaN), 0);
      const [meanP, meanQ] = [mean(p), mean(q)];
      total += meanP - meanQ;
      apart.forEach((d, c) => {
        const [pc, qc] = [Math.exp(p[c] ?? NaN), Math.exp(q[c] ?? NaN)];
        dp[place + c] = 0.5 * scale * (pc * (d - meanP) + pc - qc);
        dq[place + c] = 0.5 * scale * (qc * (meanQ - d) + qc - pc);
      });
    }
    hostView(loss)[0] = 0.5 * scale * total;
    return { loss, dFirst, dSecond };
  },
  webgpu: ({ first, second, labels }, { hostLabels, scale }, gpu) => {
    const [loss, dFirst, dSecond] = [gpu.output([1]), gpu.output(first.shape), gpu.output(second.shape)];
    const sizes = [u32(hostLabels.length), u32(first.shape[1] ?? 0), f32(scale)];
    gpu.dispatch(program, [first, second, labels, loss, dFirst, dSecond], sizes, [1]);
    return { loss, dFirst, dSecond };
  },
});

/**
 * How far two predictions of the same rows are apart: the mean of KL(p‖q) and KL(q‖p) of logits [B, C], summed over the
 * rows and times `scale` (R-Drop's weight over the rows of the step). Gradients are those of the logits. Rows whose label
 * is negative count nothing, as in the loss.
 * Source: Liang et al. 2021, R-Drop.
 *
 * @param labels of the rows, int32 [B] on the device, and the same on the host
 */
export function consistencyLoss(
  first: Tensor,
  second: Tensor,
  labels: { onDevice: Tensor; classes: Int32Array },
  scale: number,
) {
  return kernel({ first, second, labels: labels.onDevice }, { hostLabels: labels.classes, scale });
}

function logSoftmax(logits: Float32Array): Float64Array {
  const highest = Math.max(...logits);
  const total = highest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0));
  return Float64Array.from(logits, (logit) => logit - total);
}
