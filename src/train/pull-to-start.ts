import type { Tensor } from "@tensorflow/tfjs-core";
import { accumulate, copyOf } from "../ops/accumulate/accumulate.ts";
import type { Gradients, Parameter } from "../ops/parameter.ts";

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
    for (const parameter of parameters) {
      if (!parameter.ofHead && !parameter.startsNew) this.starts.set(parameter, copyOf(parameter.value));
    }
  }

  /** Adds strength · (w − start) to the gradients. */
  apply(gradients: Gradients): void {
    for (const [parameter, gradient] of gradients) {
      const start = this.starts.get(parameter);
      if (!start) continue;
      accumulate(gradient, parameter.value, { factor: this.strength });
      accumulate(gradient, start, { factor: -this.strength });
    }
  }

  dispose(): void {
    for (const start of this.starts.values()) start.dispose();
  }
}
