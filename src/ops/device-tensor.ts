import type { Tensor } from "@tensorflow/tfjs-core";
import type { Values } from "../gpu/device.ts";
import { runningDevice } from "../gpu/running.ts";

/**
 * A float32 or int32 tensor that is on the device at once. tfjs uploads at the first use, so a model just loaded would
 * stand whole in main memory, and a batch would take a mapped buffer made and destroyed for each of its tensors; this
 * way each is written in pieces and let go. Throws a Problem for one that is larger than any tensor of this GPU.
 */
export function deviceTensor(values: Values, shape: readonly number[]): Tensor {
  return runningDevice().upload(values, shape);
}

/**
 * A float tensor like those of `deviceTensor`, of values that take time to make: on an outline, whose tensors have
 * none, they are not made.
 */
export function filledTensor(shape: readonly number[], values: () => Float32Array<ArrayBuffer>): Tensor {
  const device = runningDevice();
  return device.computes ? device.upload(values(), shape) : device.zeros(shape);
}

/** The same of values that may have to be read first. */
export async function readTensorOf(
  shape: readonly number[],
  values: () => Float32Array<ArrayBuffer> | Promise<Float32Array<ArrayBuffer>>,
): Promise<Tensor> {
  return runningDevice().computes ? deviceTensor(await values(), shape) : deviceZeros(shape);
}

/** A float tensor of zeros; on webgpu it never stands in main memory. */
export function deviceZeros(shape: readonly number[]): Tensor {
  return runningDevice().zeros(shape);
}

/**
 * Resolves when the device has taken what was uploaded: until then it stands a second time in memory that the driver
 * holds, so a large model is uploaded in portions.
 */
export function uploadsDone(): Promise<void> {
  return runningDevice().done();
}
