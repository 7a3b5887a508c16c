import type { Tensor } from "@tensorflow/tfjs-core";
import { marked } from "../../gpu/outline.ts";
import { deviceZeros } from "../device-tensor.ts";

/**
 * Where the moments of one parameter are. A large one has two tensors of its own; up to three small ones share a
 * tensor, so that one dispatch can bind all of them: in it the first moments start at `at`, the second ones behind them.
 */
export type Moments = { first: Tensor; second: Tensor } | { shared: Tensor; at: number };

/** Numbers from which on a parameter is worth a dispatch of its own. */
const LARGE = 16_384;
/** With clip and moments, eight buffers: what every adapter binds. */
export const MOST_TOGETHER = 3;

/** Moments of zero for parameters of these sizes. */
export function makeMoments(sizes: readonly number[]): Moments[] {
  const moments: Moments[] = [];
  const small = [...sizes.keys()].filter((i) => (sizes[i] ?? 0) < LARGE);
  for (let start = 0; start < small.length; start += MOST_TOGETHER) {
    const some = small.slice(start, start + MOST_TOGETHER);
    const shared = zeros(some.reduce((sum, i) => sum + 2 * (sizes[i] ?? 0), 0));
    let at = 0;
    for (const i of some) {
      moments[i] = { shared, at };
      at += 2 * (sizes[i] ?? 0);
    }
  }
  sizes.forEach((size, i) => (moments[i] ??= { first: zeros(size), second: zeros(size) }));
  return moments;
}

/** The groups that `adamw` updates together: those whose moments share a tensor, and each of the others alone. */
export function groupsOf<T extends { moments: Moments }>(updates: readonly T[]): T[][] {
  const groups = new Map<Tensor, T[]>();
  for (const update of updates) {
    const { moments } = update;
    const key = "shared" in moments ? moments.shared : moments.first;
    const group = groups.get(key);
    if (group) group.push(update);
    else groups.set(key, [update]);
  }
  return [...groups.values()];
}

/** Frees the tensors of all moments that were made together. */
export function disposeMoments(moments: Iterable<Moments>): void {
  const tensors = new Set<Tensor>();
  for (const one of moments) {
    if ("shared" in one) tensors.add(one.shared);
    else tensors.add(one.first).add(one.second);
  }
  for (const tensor of tensors) tensor.dispose();
}

const zeros = (size: number) => marked("moments", deviceZeros([size]));
