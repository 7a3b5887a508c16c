import type { Tensor } from "@tensorflow/tfjs-core";
import { marked } from "../../gpu/outline.ts";
import { runningDevice } from "../../gpu/running.ts";

/** The running means of one parameter's gradients and of their squares. */
export interface Moments {
  first: Tensor;
  second: Tensor;
}

/** Moments of zero for parameters of these sizes, in this order in memory. */
export function makeMoments(sizes: readonly number[]): Moments[] {
  const zeros = () => runningDevice().together(sizes.map((size) => [size]));
  const [first, second] = [zeros(), zeros()];
  for (const one of [...first, ...second]) marked("moments", one);
  return first.map((one, i) => ({ first: one, second: second[i] as Tensor }));
}

export function disposeMoments(moments: Iterable<Moments>): void {
  for (const { first, second } of moments) {
    first.dispose();
    second.dispose();
  }
}
