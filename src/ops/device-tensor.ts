import { engine, getBackend, tensor, type Tensor } from "@tensorflow/tfjs-core";
import { cleared, queueDone } from "../gpu/program.ts";
import { webGpu } from "../gpu/tfjs-internals.ts";

/**
 * A float tensor that is on the device at once. tfjs uploads at the first use, so a model just loaded would stand
 * whole in main memory; this way each weight is let go before the next one is read.
 */
export function deviceTensor(values: Float32Array<ArrayBuffer>, shape: readonly number[]): Tensor {
  const made = tensor(values, [...shape], "float32");
  if (getBackend() === "webgpu") webGpu().uploadToGPU(made.dataId);
  return made;
}

/** A float tensor of zeros; on webgpu it never stands in main memory. */
export function deviceZeros(shape: readonly number[]): Tensor {
  if (getBackend() === "webgpu") return engine().makeTensorFromTensorInfo(cleared([...shape]));
  return tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), [...shape], "float32");
}

/**
 * Resolves when the device has taken what was uploaded: until then it stands a second time in memory that the driver
 * holds, so a large model is uploaded in portions.
 */
export async function uploadsDone(): Promise<void> {
  if (getBackend() === "webgpu") await queueDone();
}
