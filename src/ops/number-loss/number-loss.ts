import type { Tensor } from "@tensorflow/tfjs-core";
import { f32, u32 } from "../../gpu/program.ts";
import { computeOnHost, hostOutput, hostView } from "../host.ts";
import { defineKernel } from "../kernel.ts";
import lossWgsl from "./number-loss.wgsl?raw";

const program = { name: "number-loss", wgsl: lossWgsl };

interface NumberLossOptions {
  /** Numbers of the micro-batch: rows × outputs. */
  numbers: number;
  /** From which error on Huber's loss grows in a straight line; 0 is the squared error. */
  delta: number;
  /** Numbers of the optimizer step, micro-batches together. */
  denominator: number;
}

type Inputs = { outputs: Tensor; targets: Tensor };

const kernel = defineKernel("TabtuneNumberLoss", {
  portable: ({ outputs, targets }: Inputs, { numbers, delta, denominator }: NumberLossOptions) => {
    const loss = hostOutput([1]);
    const dOutputs = computeOnHost([outputs, targets], outputs.shape, (out, values, goals) => {
      let sum = 0;
      for (let at = 0; at < numbers; at++) {
        const off = (values[at] ?? NaN) - (goals[at] ?? NaN);
        const cut = Math.max(-delta, Math.min(delta, off));
        sum += delta === 0 ? off * off : cut * (off - cut / 2);
        out[at] = (delta === 0 ? 2 * off : cut) / denominator;
      }
      hostView(loss)[0] = sum / denominator;
    });
    return { loss, dOutputs };
  },
  webgpu: ({ outputs, targets }, { numbers, delta, denominator }, gpu) => {
    const [loss, dOutputs] = [gpu.output([1]), gpu.output(outputs.shape)];
    const sizes = [u32(numbers), f32(delta), f32(denominator)];
    gpu.dispatch(program, [outputs, targets, loss, dOutputs], sizes, [1]);
    return { loss, dOutputs };
  },
});

/**
 * Squared error or Huber's loss of outputs against targets (float32, of one shape), as torch.nn.functional.mse_loss and
 * huber_loss: loss [1] is this micro-batch's share of the step's mean, dOutputs its gradient.
 * Source: Huber 1964, Robust Estimation of a Location Parameter.
 */
export function numberLoss(
  outputs: Tensor,
  targets: Tensor,
  options: NumberLossOptions,
): { loss: Tensor; dOutputs: Tensor } {
  return kernel({ outputs, targets }, { ...options });
}
