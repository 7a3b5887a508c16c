import { getBackend, tensor, type Tensor } from "@tensorflow/tfjs-core";
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
