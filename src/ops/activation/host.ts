import type { TensorInfo } from "@tensorflow/tfjs-core";
import { runningDevice } from "../../gpu/running.ts";
import { callAll, threadParts, wasmPointer } from "../wasm-kernels.ts";
import { activate, activationSlope, type Activation } from "./activation.ts";
import { hostView, makeHostTensor } from "../host.ts";

/** y = act(z) on wasm or cpu, in a new tensor where none is given. */
export function activated(z: TensorInfo, activation: Activation, y = makeHostTensor(z.shape)): TensorInfo {
  const [out, values] = [hostView(y), hostView(z)];
  if (hasKernel(activation)) byElement("gelu", z, y, out.length);
  else for (let i = 0; i < out.length; i++) out[i] = activate(activation, values[i] as number);
  return y;
}

/** dx ⊙= act′(z) on wasm or cpu, in place. */
export function throughActivation(dx: TensorInfo, z: TensorInfo, activation: Activation): void {
  const [out, values] = [hostView(dx), hostView(z)];
  if (hasKernel(activation)) byElement("throughGelu", z, dx, out.length);
  else
    for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) * activationSlope(activation, values[i] as number);
}

/** Whether `kernels.as` has the activation: the one that almost every encoder uses. */
const hasKernel = (activation: Activation) => activation === "gelu" && runningDevice().kind === "wasm";

function byElement(kernel: "gelu" | "throughGelu", z: TensorInfo, y: TensorInfo, count: number): void {
  const calls = threadParts(count, 4, 8 * count).map(({ from, to }) => {
    return [wasmPointer(z) + 4 * from, wasmPointer(y) + 4 * from, to - from];
  });
  callAll(kernel, calls);
}
