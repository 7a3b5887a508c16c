import { engine, type Tensor } from "@tensorflow/tfjs-core";
import { hostView, makeHostTensor } from "../gpu/tfjs-internals.ts";

/** A new tensor of zeros on wasm or cpu, made in the backend's own memory. */
export function hostOutput(shape: number[]): Tensor {
  const tensor = engine().makeTensorFromTensorInfo(makeHostTensor(shape));
  hostView(tensor).fill(0);
  return tensor;
}

/**
 * A new tensor of `shape`, filled by a plain loop over the values of `inputs` (wasm and cpu only). The output starts
 * at zero and is allocated before the views are taken, since allocation may move the wasm heap.
 */
export function computeOnHost(
  inputs: readonly Tensor[],
  shape: number[],
  fill: (out: Float32Array, ...values: Float32Array[]) => void,
): Tensor {
  const result = hostOutput(shape);
  fill(hostView(result), ...inputs.map(hostView));
  return result;
}
