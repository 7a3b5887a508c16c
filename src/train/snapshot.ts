import { readTensors } from "../gpu/read-back.ts";
import { runningDevice } from "../gpu/running.ts";
import type { Parameter } from "../ops/parameter.ts";

/** A copy of weights in main memory, by parameter; only of those that train. */
export type Snapshot = Map<Parameter, Float32Array<ArrayBuffer>>;

/** Copies weights from the device, all in one read-back: waiting for each alone took 10 to 20 s where answers are slow. */
export async function takeSnapshot(parameters: Iterable<Parameter>): Promise<Snapshot> {
  const all = [...parameters];
  const values = await readTensors(all.map(({ value }) => value));
  return new Map(all.flatMap((parameter, i) => (values[i] ? [[parameter, values[i]] as const] : [])));
}

/** Puts the weights of a snapshot into the model. */
export function restoreSnapshot(snapshot: Snapshot): void {
  for (const [{ value }, values] of snapshot) runningDevice().write(value, values);
}
