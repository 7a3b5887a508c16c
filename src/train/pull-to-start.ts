import type { Tensor } from "@tensorflow/tfjs-core";
import { accumulateAll, copiesOf } from "../ops/accumulate/accumulate.ts";
import { held, restoreHeld, type HeldByPlace } from "./held-numbers.ts";
import { inMemoryOrder, type Gradients, type Parameter } from "../ops/parameter.ts";

/**
 * L2-SP (Li et al. 2018): strength / 2 · Σ (w − start)² is added to the loss of every weight that came with the
 * checkpoint. Re-initialized layers, LoRA's matrices and the head are free. Only the gradient is computed: the reported
 * losses stay those of the data.
 */
export class PullToStart {
  private readonly starts = new Map<Parameter, Tensor>();

  constructor(
    parameters: Iterable<Parameter>,
    private readonly strength: number,
  ) {
    const held = inMemoryOrder(parameters).filter(({ ofHead, startsNew }) => !ofHead && !startsNew);
    const copies = copiesOf(held.map(({ value }) => value));
    for (const [i, copy] of copies.entries()) this.starts.set(held[i] as Parameter, copy);
  }

  /** The weights that it pulls to, for a save. */
  held(parameters: readonly Parameter[]): HeldByPlace {
    return held(parameters, this.starts);
  }

  restore(parameters: readonly Parameter[], kept: HeldByPlace): void {
    restoreHeld(parameters, kept, this.starts);
  }

  /** Adds strength · (w − start) to the gradients. */
  apply(gradients: Gradients): void {
    const pulled = [...this.starts].flatMap(([parameter, start]) => {
      const gradient = gradients.get(parameter);
      return gradient ? [{ gradient, weight: parameter.value, start }] : [];
    });
    const weights = pulled.map(({ gradient, weight }) => [gradient, weight] as const);
    const starts = pulled.map(({ gradient, start }) => [gradient, start] as const);
    accumulateAll(weights, { factor: this.strength });
    accumulateAll(starts, { factor: -this.strength });
  }

  dispose(): void {
    for (const start of this.starts.values()) start.dispose();
  }
}
