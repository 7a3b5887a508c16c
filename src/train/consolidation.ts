import type { Tensor } from "@tensorflow/tfjs-core";
import { copiesOf } from "../ops/accumulate/accumulate.ts";
import { pullByImportance } from "../ops/importance/importance.ts";
import { inMemoryOrder, type Gradients, type Parameter } from "../ops/parameter.ts";
import type { Importance } from "./fisher.ts";

/**
 * Elastic weight consolidation (Kirkpatrick et al. 2017): strength / 2 · Σ F · (w − start)² is added to the loss, F the
 * diagonal Fisher information of an earlier task, start the weights as they are when this is made. Only its gradient is
 * computed: the reported losses stay those of the data.
 */
export class Consolidation {
  private readonly starts = new Map<Parameter, Tensor>();

  /** Owns the tensors of `importance` from then on. */
  constructor(
    private readonly importance: Importance,
    private readonly strength: number,
  ) {
    const held = inMemoryOrder(importance.keys());
    const copies = copiesOf(held.map(({ value }) => value));
    for (const [i, copy] of copies.entries()) this.starts.set(held[i] as Parameter, copy);
  }

  /** Adds strength · F ⊙ (w − start) to the gradients. */
  apply(gradients: Gradients): void {
    const pulls = [...this.starts].flatMap(([parameter, start]) => {
      const [gradient, importance] = [gradients.get(parameter), this.importance.get(parameter)];
      return gradient && importance ? [{ gradient, weight: parameter.value, start, importance }] : [];
    });
    pullByImportance(pulls, this.strength);
  }

  dispose(): void {
    for (const held of [...this.starts.values(), ...this.importance.values()]) held.dispose();
  }
}
