import type { Tensor } from "@tensorflow/tfjs-core";
import { deviceTensor } from "../../ops/device-tensor.ts";

/** A tensor of numbers between -1 and 1 that do not repeat within a tile. */
export function fillTensor(shape: readonly number[]): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return deviceTensor(
    Float32Array.from({ length: count }, (_, i) => ((i * 7919) % 101) / 50 - 1),
    shape,
  );
}
