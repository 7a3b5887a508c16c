import type { Tensor } from "@tensorflow/tfjs-core";
import { accumulateAll, copiesOf } from "../ops/accumulate/accumulate.ts";
import { inMemoryOrder, type Parameter } from "../ops/parameter.ts";
import { restoreHeld, held, type HeldByPlace } from "./held-numbers.ts";
import { view } from "../ops/view/view.ts";

/**
 * An exponential moving average of weights: average = decay · average + (1 − decay) · weight after each step, from the
 * starting weights on.
 */
export class MovingAverage {
  private readonly averages = new Map<Parameter, Tensor>();

  constructor(
    parameters: Iterable<Parameter>,
    private readonly decay: number,
  ) {
    const ordered = inMemoryOrder(parameters);
    const copies = copiesOf(ordered.map(({ value }) => value));
    for (const [i, copy] of copies.entries()) this.averages.set(ordered[i] as Parameter, copy);
  }

  /** The averages, for a save. */
  held(parameters: readonly Parameter[]): HeldByPlace {
    return held(parameters, this.averages);
  }

  restore(parameters: readonly Parameter[], kept: HeldByPlace): void {
    restoreHeld(parameters, kept, this.averages);
  }

  /** Adds the weights of a step to the averages. */
  update(): void {
    const pairs = [...this.averages].map(([{ value }, average]) => [average, value] as const);
    accumulateAll(pairs, { keep: this.decay, factor: 1 - this.decay });
  }

  /** Puts the averages into the model; the function that comes back puts the weights back. */
  lend(): () => void {
    const own = new Map<Parameter, Tensor>();
    for (const [parameter, average] of this.averages) {
      own.set(parameter, parameter.value);
      parameter.value = view(average);
    }
    return () => {
      for (const [parameter, value] of own) {
        parameter.value.dispose();
        parameter.value = value;
      }
    };
  }

  /** Makes the averages the model's weights for good. */
  settle(): void {
    const pairs = [...this.averages].map(([{ value }, average]) => [value, average] as const);
    accumulateAll(pairs, { keep: 0 });
  }

  dispose(): void {
    for (const average of this.averages.values()) average.dispose();
  }
}
