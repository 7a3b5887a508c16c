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

/** Values of a float tensor that take time to make, or have to be read first. */
type LateValues = () => Float32Array<ArrayBuffer> | Promise<Float32Array<ArrayBuffer>>;

/** A float tensor like those of `deviceTensor`; on an outline, whose tensors have no values, they are not made. */
export async function readTensorOf(shape: readonly number[], values: LateValues): Promise<Tensor> {
  return runningDevice().computes ? deviceTensor(await values(), shape) : deviceZeros(shape);
}

/**
 * Float tensors of zeros, to be filled. On a GPU they lie side by side in this order (see `inMemoryOrder`).
 *
 * @throws Problem for a tensor that is larger than this GPU allows
 */
export function tensorsTogether(shapes: readonly (readonly number[])[]): Tensor[] {
  return runningDevice().together(shapes);
}

/** Writes values into a float tensor; on an outline they are not made. */
export async function fillTensor(tensor: Tensor, values: LateValues): Promise<void> {
  const device = runningDevice();
  if (device.computes) device.write(tensor, await values());
}

/** Float tensors side by side, with values. */
export function filledTensors(
  wanted: readonly { shape: readonly number[]; values: () => Float32Array<ArrayBuffer> }[],
): Tensor[] {
  const device = runningDevice();
  const tensors = device.together(wanted.map(({ shape }) => shape));
  if (device.computes) wanted.forEach(({ values }, i) => device.write(tensors[i] as Tensor, values()));
  return tensors;
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
