import type { TensorInfo } from "@tensorflow/tfjs-core";
import { runningDevice } from "../../gpu/running.ts";
import type { PartKernel } from "../kernel-module.ts";
import { callAll, threadParts, wasmPointer } from "../wasm-kernels.ts";
import { activate, activationSlope, type Activation } from "./activation.ts";
import { hostView, makeHostTensor } from "../host.ts";

/** The kernels of `kernels.as` for the activations of encoders; the others are of a row's few numbers. */
const kernels: Partial<Record<Activation, { value: PartKernel; slope: PartKernel }>> = {
  gelu: { value: "gelu", slope: "throughGelu" },
  gelu_new: { value: "geluNew", slope: "throughGeluNew" },
};

/** y = act(z) on wasm or cpu, in a new tensor where none is given. */
export function activated(z: TensorInfo, activation: Activation, y = makeHostTensor(z.shape)): TensorInfo {
  const [out, values] = [hostView(y), hostView(z)];
  const kernel = kernelsOf(activation);
  if (kernel) byElement(kernel.value, z, y, out.length);
  else for (let i = 0; i < out.length; i++) out[i] = activate(activation, values[i] as number);
  return y;
}

/** dx ⊙= act′(z) on wasm or cpu, in place. */
export function throughActivation(dx: TensorInfo, z: TensorInfo, activation: Activation): void {
  const [out, values] = [hostView(dx), hostView(z)];
  const kernel = kernelsOf(activation);
  if (kernel) byElement(kernel.slope, z, dx, out.length);
  else
    for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) * activationSlope(activation, values[i] as number);
}

const kernelsOf = (activation: Activation) => (runningDevice().kind === "wasm" ? kernels[activation] : undefined);

function byElement(kernel: PartKernel, z: TensorInfo, y: TensorInfo, count: number): void {
  const calls = threadParts(count, 4, 8 * count).map(({ from, to }) => {
    return [wasmPointer(z) + 4 * from, wasmPointer(y) + 4 * from, to - from];
  });
  callAll(kernel, calls);
}
