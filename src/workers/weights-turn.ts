import type { Weights } from "../run/run.ts";

/**
 * Keeps the weights in a run's model while something computes with them: works with the same weights run together, and
 * those with others wait until these are done. A download would otherwise mix best and last weights when a text is tried
 * with others meanwhile. The baseline has a model of its own, and waits for nothing.
 */
export class WeightsTurn {
  private weights: Weights | null = null;
  private works = 0;
  private readonly waiting: (() => void)[] = [];

  /** Works may hold their own weights again within. */
  async hold<T>(weights: Weights, work: () => Promise<T>): Promise<T> {
    if (weights === "baseline") return work();
    while (this.works > 0 && this.weights !== weights) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.weights = weights;
    this.works++;
    try {
      return await work();
    } finally {
      this.works--;
      if (this.works === 0) for (const resolve of this.waiting.splice(0)) resolve();
    }
  }
}
