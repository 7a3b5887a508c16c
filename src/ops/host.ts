import { engine, type Tensor, type TensorInfo } from "@tensorflow/tfjs-core";
import { runningHost } from "../gpu/running.ts";

/**
 * The values of a float tensor on wasm or cpu, as a view without a copy. On wasm a view is void as soon as anything is
 * allocated (the heap may move): allocate outputs first, then take views.
 */
export function hostView(tensor: TensorInfo): Float32Array {
  return runningHost().view(tensor);
}

/** Memory for a float tensor on wasm or cpu; what is in it is undefined on wasm. */
export function makeHostTensor(shape: readonly number[]): TensorInfo {
  return runningHost().make(shape);
}

/** A new tensor of zeros on wasm or cpu, made in the backend's own memory. */
export function hostOutput(shape: readonly number[]): Tensor {
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
  shape: readonly number[],
  fill: (out: Float32Array, ...values: Float32Array[]) => void,
): Tensor {
  const result = hostOutput(shape);
  fill(hostView(result), ...inputs.map(hostView));
  return result;
}
