import type { Tensor } from "@tensorflow/tfjs-core";
import type { Values } from "../gpu/device.ts";
import { runningDevice } from "../gpu/running.ts";

/**
 * A float32 or int32 tensor that is uploaded immediately. tfjs uploads at the first use, so a model just loaded would be
 * held whole in main memory, and each tensor of a batch would need a mapped buffer of its own; this way values are
 * written in pieces and not kept.
 *
 * @throws Problem for a tensor that is larger than this GPU allows
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

/** The same for values that may have to be read first. */
export async function readTensorOf(
  shape: readonly number[],
  values: () => Float32Array<ArrayBuffer> | Promise<Float32Array<ArrayBuffer>>,
): Promise<Tensor> {
  return runningDevice().computes ? deviceTensor(await values(), shape) : deviceZeros(shape);
}

/** A float tensor of zeros; on webgpu it is never held in main memory. */
export function deviceZeros(shape: readonly number[]): Tensor {
  return runningDevice().zeros(shape);
}

/**
 * Resolves when the device has received what was uploaded: until then the driver holds a second copy in memory, so a
 * large model is uploaded in portions.
 */
export function uploadsDone(): Promise<void> {
  return runningDevice().done();
}
