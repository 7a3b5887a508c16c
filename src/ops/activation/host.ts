import type { TensorInfo } from "@tensorflow/tfjs-core";
import { runningKind } from "../../gpu/running.ts";
import { hostView, makeHostTensor, wasmPointer } from "../../gpu/tfjs-internals.ts";
import { callAll, partsOf } from "../wasm-kernels.ts";
import { activate, activationSlope, type Activation } from "./activation.ts";

/** y = act(z) on wasm or cpu, as a new tensor. */
export function activated(z: TensorInfo, activation: Activation): TensorInfo {
  const y = makeHostTensor(z.shape);
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

/** The activation that almost every BERT has. */
const hasKernel = (activation: Activation) => activation === "gelu" && runningKind() === "wasm";

function byElement(kernel: "gelu" | "throughGelu", z: TensorInfo, y: TensorInfo, count: number): void {
  const calls = partsOf(count, 4, 8 * count).map(({ from, to }) => {
    return [wasmPointer(z) + 4 * from, wasmPointer(y) + 4 * from, to - from];
  });
  callAll(kernel, calls);
}
