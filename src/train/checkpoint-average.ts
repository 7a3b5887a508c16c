import type { Parameter } from "../ops/parameter.ts";
import { heldSnapshot, readHeld } from "./held-numbers.ts";
import type { TrainingState } from "./run-state.ts";
import type { Snapshot } from "./snapshot.ts";

/** The mean of the last or the best few checkpoints of a run (Izmailov et al. 2018), kept in main memory until then. */
export class CheckpointAverage {
  private kept: { score: number; weights: Snapshot }[] = [];

  constructor(
    private readonly which: "last" | "best",
    private readonly count: number,
  ) {}

  /** The checkpoints, for a save. */
  held(parameters: readonly Parameter[]): NonNullable<TrainingState["checkpoints"]> {
    return this.kept.map(({ score, weights }) => ({ score, weights: heldSnapshot(parameters, weights) }));
  }

  restore(parameters: readonly Parameter[], kept: NonNullable<TrainingState["checkpoints"]>): void {
    this.kept = kept.map(({ score, weights }) => ({ score, weights: readHeld(parameters, weights) }));
  }

  /** Takes a checkpoint; a higher score is better. One more than are wanted falls out. */
  add(weights: Snapshot, score: number): void {
    this.kept.push({ score, weights });
    if (this.which === "best") this.kept.sort((a, b) => b.score - a.score);
    if (this.kept.length > this.count) {
      if (this.which === "best") this.kept.pop();
      else this.kept.shift();
    }
  }

  /** The mean of the weights, or null where there are no two checkpoints. */
  mean(): Snapshot | null {
    const [first, ...others] = this.kept;
    if (!first || others.length === 0) return null;
    const mean: Snapshot = new Map();
    for (const [parameter, values] of first.weights) {
      const sums = Float64Array.from(values);
      for (const { weights } of others)
        weights.get(parameter)?.forEach((value, i) => (sums[i] = (sums[i] ?? 0) + value));
      mean.set(
        parameter,
        Float32Array.from(sums, (sum) => sum / this.kept.length),
      );
    }
    return mean;
  }
}
