import type { Tensor } from "@tensorflow/tfjs-core";
import { readTensors } from "../gpu/read-back.ts";
import { runningDevice } from "../gpu/running.ts";
import type { LazyNumbers } from "../io/state-tree.ts";
import type { Parameter } from "../ops/parameter.ts";
import type { Snapshot } from "./snapshot.ts";

/** Numbers of a tensor: to be read from the device when they are written out, or as they were read from a save. */
type HeldNumbers = LazyNumbers | Float32Array;

/** Numbers of some parameters (weights, moments, averages), by the place of each in the list of the model's parameters. */
export type HeldByPlace = Record<number, HeldNumbers>;

/** Bytes that are read from the device at once. */
const READ_AT_ONCE = 32 << 20;

/** The numbers of tensors that belong to some parameters, read from the device some at a time when they are written out. */
export function held(
  parameters: readonly Parameter[],
  tensors: Iterable<readonly [Parameter, Tensor]>,
): Record<number, LazyNumbers> {
  const own = [...tensors];
  let read: { from: number; values: Float32Array[] } = { from: 0, values: [] };
  /** They are written in their order, so that those behind the one that is asked for are read with it. */
  const valuesOf = async (place: number): Promise<Float32Array> => {
    const known = read.values[place - read.from];
    if (known) return known;
    let [end, bytes] = [place, 0];
    do bytes += 4 * (own[end++]?.[1].size ?? 0);
    while (end < own.length && bytes + 4 * (own[end]?.[1].size ?? 0) <= READ_AT_ONCE);
    read = { from: place, values: [] };
    read.values = await readTensors(own.slice(place, end).map(([, tensor]) => tensor));
    return read.values[0] ?? new Float32Array(0);
  };
  return Object.fromEntries(
    own.map(([parameter, { size }], place) => {
      const pieces = async function* () {
        yield await valuesOf(place);
      };
      return [placeOf(parameters, parameter), { kind: "lazy", length: size, pieces }];
    }),
  );
}

/** A snapshot, which is in main memory already. */
export function heldSnapshot(parameters: readonly Parameter[], snapshot: Snapshot): HeldByPlace {
  return Object.fromEntries([...snapshot].map(([parameter, values]) => [placeOf(parameters, parameter), values]));
}

/**
 * What was held of each parameter, as it was read from a save.
 *
 * @throws RangeError where the save is of another model
 */
export function readHeld(parameters: readonly Parameter[], kept: HeldByPlace): Snapshot {
  const entries = Object.entries(kept).map(([place, values]) => {
    const parameter = parameters[Number(place)];
    if (!(values instanceof Float32Array) || parameter?.value.size !== values.length)
      throw new RangeError(`The save has ${values.length} numbers for parameter ${place}.`);
    return [parameter, new Float32Array(values)] as const;
  });
  return new Map(entries);
}

/** Puts what was held into the tensors of the same parameters. */
export function restoreHeld(
  parameters: readonly Parameter[],
  kept: HeldByPlace,
  tensors: Pick<ReadonlyMap<Parameter, Tensor>, "get">,
): void {
  for (const [parameter, values] of readHeld(parameters, kept)) {
    const tensor = tensors.get(parameter);
    if (!tensor) throw new RangeError(`The save has numbers for ${parameter.name}, which this run does not train.`);
    runningDevice().write(tensor, values);
  }
}

function placeOf(parameters: readonly Parameter[], parameter: Parameter): number {
  const place = parameters.indexOf(parameter);
  if (place < 0) throw new Error(`${parameter.name} is no parameter of the model that is saved.`);
  return place;
}
