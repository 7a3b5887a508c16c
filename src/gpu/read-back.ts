import type { Tensor } from "@tensorflow/tfjs-core";
import { runningDevice } from "./running.ts";

/** Values of float tensors as they are now, copies of one's own; zeros from an outline. */
export function readTensors(tensors: readonly Tensor[]): Promise<Float32Array<ArrayBuffer>[]> {
  return runningDevice().read(tensors);
}

/** Values of one float tensor. */
export async function readTensor(tensor: Tensor): Promise<Float32Array<ArrayBuffer>> {
  const [values] = await readTensors([tensor]);
  if (!values) throw new Error("A tensor was read and nothing came back.");
  return values;
}
