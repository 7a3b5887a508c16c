import type { TensorInfo } from "@tensorflow/tfjs-core";
import { isNext } from "./arenas.ts";
import type { Recorder } from "./device.ts";

/** Things whose tensors lie behind one another, so that one dispatch can go over all of them. */
interface Run<T> {
  items: T[];
  /** The tensors of the first item: ranges begin with them. */
  heads: readonly TensorInfo[];
  /** For each item, how many numbers lie before the one behind it; those between two tensors are zeros. */
  ends: number[];
}

/**
 * Cuts `items` into runs of neighbours. An item's tensors are of one size, and each must lie directly behind the same one
 * of the item before; one with a buffer of its own is a run by itself.
 */
export function runsOf<T>(
  gpu: Pick<Recorder, "placeOf">,
  items: readonly T[],
  tensorsOf: (item: T) => readonly TensorInfo[],
): Run<T>[] {
  const runs: Run<T>[] = [];
  let before: ReturnType<Recorder["placeOf"]>[] = [];
  for (const item of items) {
    const tensors = tensorsOf(item);
    const places = tensors.map((tensor) => gpu.placeOf(tensor));
    const own = places.every((place) => place !== null) ? places[0] : null;
    const size = own ? own.next - own.first : (tensors[0]?.shape ?? []).reduce((a, b) => a * b, 1);
    const run = runs.at(-1);
    if (run && places.every((place, i) => isNext(before[i] ?? null, place))) {
      run.items.push(item);
      run.ends.push((run.ends.at(-1) ?? 0) + size);
    } else runs.push({ items: [item], heads: tensors, ends: [size] });
    before = places;
  }
  return runs;
}
