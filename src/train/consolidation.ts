import type { Tensor } from "@tensorflow/tfjs-core";
import { copiesOf } from "../ops/accumulate/accumulate.ts";
import { runningDevice } from "../gpu/running.ts";
import { held, readHeld, restoreHeld } from "./held-numbers.ts";
import type { TrainingState } from "./run-state.ts";
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

  /** Importance and starting weights, for a save. */
  held(parameters: readonly Parameter[]): NonNullable<TrainingState["consolidation"]> {
    return { starts: held(parameters, this.starts), importance: held(parameters, this.importance) };
  }

  /** As it was saved: the weights have moved since, and nothing is measured again. */
  static restored(
    parameters: readonly Parameter[],
    { starts, importance }: NonNullable<TrainingState["consolidation"]>,
    strength: number,
  ): Consolidation {
    const kept = readHeld(parameters, importance);
    const ordered = inMemoryOrder(kept.keys());
    const tensors = runningDevice().together(ordered.map(({ value }) => value.shape));
    const measured: Importance = new Map();
    for (const [i, tensor] of tensors.entries()) {
      const parameter = ordered[i] as Parameter;
      const values = kept.get(parameter);
      if (values) runningDevice().write(tensor, values);
      measured.set(parameter, tensor);
    }
    const consolidation = new Consolidation(measured, strength);
    restoreHeld(parameters, starts, consolidation.starts);
    return consolidation;
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
