import type { BufferPool } from "./buffer-pool.ts";
import type { PlannedWeight } from "./weights.ts";

/** Room for the largest batch of a run, as tensors on webgpu have it. */
export interface BatchRoom {
  tokens: number;
  rows: number;
  /** Of a masked language model's batches; 0 else. */
  places: number;
}

/**
 * The device of a run in outline: buffers without their contents. What `model/` and `train/` take and give back is said
 * again over it, in the same order, and gives the same bytes.
 */
export class Sketch {
  private readonly weights: ReadonlyMap<string, PlannedWeight>;
  private readonly owned = new Map<string, number[]>();
  /** Sizes of what weighs the weights of an earlier task. */
  private readonly importance = new Map<string, number>();
  /** Numbers of gradients held now, and at most. */
  private held = 0;
  private mostHeld = 0;

  constructor(
    readonly pool: BufferPool,
    weights: readonly PlannedWeight[],
  ) {
    this.weights = new Map(weights.map((weight) => [weight.name, weight]));
  }

  /** Most bytes of gradients that there were at once. */
  get gradientBytes(): number {
    return 4 * this.mostHeld;
  }

  trains(name: string): boolean {
    return this.weights.get(name)?.trains ?? false;
  }

  /** Gradients of weights, by their names. */
  takeGradients(...names: readonly string[]): void {
    for (const name of names) {
      const weight = this.weights.get(name);
      if (!weight) throw new Error(`The plan knows no weight ${name}.`);
      const own = this.owned.get(name);
      if (own) own.push(this.pool.take(weight.size));
      else this.owned.set(name, [this.pool.take(weight.size)]);
      this.held += weight.size;
      this.mostHeld = Math.max(this.mostHeld, this.held);
    }
  }

  /** Gives back what the backward pass made of weights that do not train: a weight and its bias come from one kernel. */
  dropUntrained(): void {
    for (const [name, gradients] of this.owned) {
      if (this.trains(name)) continue;
      this.giveGradients(gradients);
      this.owned.delete(name);
    }
  }

  /** Adds what was added to each gradient since the first. */
  addUp(): void {
    for (const gradients of this.owned.values()) this.giveGradients(gradients.splice(1));
  }

  /** Adds the squares of all gradients to the weights' importance; they are gone afterwards. */
  addSquares(): void {
    this.dropUntrained();
    for (const [name, gradients] of this.owned) {
      for (const size of gradients) {
        if (!this.importance.has(name)) this.importance.set(name, this.pool.take(size));
      }
      this.giveGradients(gradients);
    }
    this.owned.clear();
  }

  /** Copies the start of each weight that was weighed; returns what that and its importance take, in numbers. */
  consolidate(): number {
    let numbers = 0;
    for (const size of this.importance.values()) numbers += size + this.pool.take(size);
    return numbers;
  }

  /** The optimizer's pass over all gradients, which are gone afterwards. */
  update(): void {
    const gradients = [...this.owned.values()].flat();
    const partials = this.pool.take(gradients.reduce((sum, size) => sum + squareSums(size), 0));
    const [clip, told] = [this.pool.take(4), this.pool.take(3)];
    this.pool.give(partials);
    this.giveGradients(gradients);
    this.pool.give(clip, told);
    this.owned.clear();
  }

  private giveGradients(gradients: readonly number[]): void {
    for (const size of gradients) this.held -= size;
    this.pool.give(...gradients);
  }
}

/** Partial sums that the gradient norm makes of so many numbers (`ops/gradient-norm`). */
function squareSums(numbers: number): number {
  return Math.ceil(numbers / (numbers % 4 === 0 ? 16_384 : 4096));
}
