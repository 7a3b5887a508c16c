import type { BufferPool, PooledBuffer } from "./buffer-pool.ts";
import { updatedTogether } from "./updated-together.ts";
import type { PlannedWeight } from "./weights.ts";

/** Room for the largest batch of a run, as tensors on webgpu have it. */
export interface BatchRoom {
  tokens: number;
  rows: number;
  /** Of a masked language model's batches; 0 else. */
  places: number;
}

/**
 * The device of a run in outline: buffers and dispatches without their contents. What `model/` and `train/` do is said
 * again over it, in the same order, and gives the same bytes.
 */
export class Sketch {
  private readonly weights: ReadonlyMap<string, PlannedWeight>;
  private readonly owned = new Map<string, PooledBuffer[]>();
  /** Sizes of what weighs the weights of an earlier task. */
  private readonly importance = new Map<string, number>();
  /** Bytes of gradients held now, and at most. */
  private held = 0;
  gradientBytes = 0;

  constructor(
    readonly pool: BufferPool,
    weights: readonly PlannedWeight[],
  ) {
    this.weights = new Map(weights.map((weight) => [weight.name, weight]));
  }

  /** A new buffer that one dispatch writes, reading `inputs`. */
  compute(numbers: number, ...inputs: readonly PooledBuffer[]): PooledBuffer {
    const made = this.pool.take(numbers);
    this.pool.run(made, ...inputs);
    return made;
  }

  trains(name: string): boolean {
    return this.weights.get(name)?.trains ?? false;
  }

  /** Gradients that one dispatch writes; a second one of the same weight is added to the first and given back. */
  gradients(names: readonly string[], ...inputs: readonly PooledBuffer[]): void {
    this.pool.run(...names.map((name) => this.besideGradient(name)), ...inputs);
  }

  /** A gradient that is written beside what another dispatch makes. */
  besideGradient(name: string): PooledBuffer {
    const weight = this.weights.get(name);
    if (!weight) throw new Error(`The plan knows no weight ${name}.`);
    const buffer = this.pool.take(weight.size);
    this.held += buffer.bytes;
    this.gradientBytes = Math.max(this.gradientBytes, this.held);
    const own = this.owned.get(name);
    if (own) own.push(buffer);
    else this.owned.set(name, [buffer]);
    return buffer;
  }

  /** Gives back what the backward pass made of weights that do not train: a weight and its bias come from one kernel. */
  dropUntrained(): void {
    for (const [name, buffers] of this.owned) {
      if (this.trains(name)) continue;
      this.giveGradients(buffers);
      this.owned.delete(name);
    }
  }

  /** Adds what was added to each gradient since the first. */
  addUp(): void {
    for (const [first, ...more] of this.owned.values()) {
      if (!first) continue;
      for (const buffer of more) this.pool.run(first, buffer);
      this.giveGradients(more);
    }
    for (const buffers of this.owned.values()) buffers.length = 1;
  }

  /** Adds the squares of all gradients to the weights' importance; they are gone afterwards. */
  addSquares(): void {
    this.dropUntrained();
    for (const [name, gradients] of this.owned) {
      for (const gradient of gradients) {
        const size = gradient.bytes / 4;
        if (!this.importance.has(name)) this.pool.take(size);
        this.importance.set(name, size);
        this.pool.run(gradient);
      }
      this.giveGradients(gradients);
    }
    this.owned.clear();
  }

  /** Copies the start of each weight that was weighed; returns what that and its importance take, in numbers. */
  consolidate(): number {
    let numbers = 0;
    for (const size of this.importance.values()) {
      this.compute(size);
      numbers += 2 * size;
    }
    return numbers;
  }

  /** The optimizer's pass over all gradients, which are gone afterwards. */
  update(): void {
    const gradients = [...this.owned.values()].flat();
    const partials = this.pool.take(gradients.reduce((sum, { bytes }) => sum + squareSums(bytes / 4), 0));
    for (let first = 0; first < gradients.length; first += 6)
      this.pool.run(partials, ...gradients.slice(first, first + 6));
    const [clip, told] = [this.pool.take(4), this.pool.take(3)];
    this.pool.run(clip, told, partials);
    this.pool.give(partials);
    const size = (gradient: PooledBuffer) => gradient.bytes / 4;
    for (const group of updatedTogether(gradients, size)) {
      this.pool.run(...group);
      this.giveGradients(group);
    }
    this.pool.give(clip, told);
    this.owned.clear();
    this.pool.submit();
  }

  private giveGradients(buffers: readonly PooledBuffer[]): void {
    for (const { bytes } of buffers) this.held -= bytes;
    this.pool.give(...buffers);
  }
}

/** Partial sums that the gradient norm makes of so many numbers (`ops/gradient-norm`). */
function squareSums(numbers: number): number {
  return Math.ceil(numbers / (numbers % 4 === 0 ? 16_384 : 4096));
}
