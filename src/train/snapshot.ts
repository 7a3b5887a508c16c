import { readTensor } from "../gpu/read-back.ts";
import { deviceTensor } from "../ops/device-tensor.ts";
import type { Parameter } from "../ops/parameter.ts";

/** A copy of weights in main memory, by parameter; only of those that train. */
export type Snapshot = Map<Parameter, Float32Array<ArrayBuffer>>;

/** Copies weights from the device, one after another. */
export async function takeSnapshot(parameters: Iterable<Parameter>): Promise<Snapshot> {
  const snapshot: Snapshot = new Map();
  for (const parameter of parameters) snapshot.set(parameter, await readTensor(parameter.value));
  return snapshot;
}

/** Puts the weights of a snapshot into the model. */
export function restoreSnapshot(snapshot: Snapshot): void {
  for (const [parameter, values] of snapshot) {
    const { shape } = parameter.value;
    parameter.value.dispose();
    parameter.value = deviceTensor(values.slice(), shape);
  }
}
