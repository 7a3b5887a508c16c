import { epochOrder, stepRows } from "../data/batches.ts";
import type { Recipe } from "../recipe/recipe.ts";

/** Makes the shuffles of the earlier rows differ from those of the new ones. */
const OWN_SEED = 0x5eed;

/**
 * Which rows of an earlier task are added to the new ones of each step (Robins 1995): a share of `batchSize`, at
 * least one, drawn in seeded shuffles one after another, so that every row comes before any comes again.
 */
export class Rehearsal {
  /** Number of earlier rows per step. */
  readonly perStep: number;
  private order: Int32Array = new Int32Array(0);
  private pass = -1;

  constructor(
    private readonly recipe: Pick<Recipe, "rehearsal" | "batchSize" | "accumulate" | "seed">,
    private readonly count: number,
  ) {
    this.perStep = Math.max(1, Math.round(recipe.rehearsal * recipe.batchSize));
  }

  /** Indices of the earlier rows of a step (0 for the first), cut into micro-batches no larger than those of the new. */
  rowsOf(step: number): Int32Array[] {
    const { batchSize, accumulate } = this.recipe;
    const rows = Int32Array.from({ length: this.perStep }, (_, i) => this.rowAt(step * this.perStep + i));
    const mostRows = Math.ceil(batchSize / accumulate);
    return [...stepRows(rows, rows.length, Math.ceil(rows.length / mostRows))].flat();
  }

  private rowAt(place: number): number {
    const pass = Math.floor(place / this.count);
    if (pass !== this.pass) {
      this.order = epochOrder(this.count, this.recipe.seed ^ OWN_SEED, pass);
      this.pass = pass;
    }
    return this.order[place % this.count] ?? 0;
  }
}
