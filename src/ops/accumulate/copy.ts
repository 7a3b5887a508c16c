import type { Tensor } from "@tensorflow/tfjs-core";
import { deviceZeros } from "../device-tensor.ts";
import { accumulate } from "./accumulate.ts";

/** A float tensor of its own with the values that `source` has now, on the device. */
export function copyOf(source: Tensor): Tensor {
  const copy = deviceZeros(source.shape);
  accumulate(copy, source);
  return copy;
}
