import { cutByTokens, gatherBatch, rowCount, type Batch } from "../data/batches.ts";
import { createRandom, shuffledIndices } from "../data/random.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { reportOf } from "../metrics/report-of.ts";
import type { Capacity } from "../ops/device-batch.ts";
import type { Parameter } from "../ops/parameter.ts";
import { Problem } from "../problem/problem.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { Consolidation } from "./consolidation.ts";
import type { RunControl } from "./control.ts";
import { logitsOf } from "./evaluate.ts";
import type { ConsolidationEvent, EarlierEvent } from "./events.ts";
import { addRowToFisher, drawLabel, type Importance } from "./fisher.ts";
import { nextTask } from "./next-task.ts";
import { Rehearsal } from "./rehearsal.ts";
import type { Trainable } from "./trainable.ts";

/** Rows of the task that the checkpoint was trained for before; no text is in both parts. */
export interface EarlierData {
  /** Rows that may be used against forgetting. */
  train: EncodedDataset;
  /** Rows on which forgetting is measured. */
  validation: EncodedDataset;
  /** The classes of the checkpoint's own classifier, in its order. */
  labelNames: readonly string[];
}

/** Held-out rows that the forgetting meter scores, at most. */
const METER_ROWS = 256;
const TOLD_EVERY_MS = 1000;

/** Throws a Problem where a recipe wants rows of an earlier task and there are none, or would undo what it learnt. */
export function checkEarlier(recipe: Recipe, earlier: EarlierData | undefined): void {
  const wants = (["ewc", "rehearsal"] as const).filter((field) => recipe[field] > 0);
  if (!earlier && wants.length > 0) {
    throw new Problem({
      found: `The recipe sets ${wants.join(" and ")}, and no rows of an earlier task are given.`,
      expected: "Both work on rows of the task that the checkpoint was trained for before.",
      remedy: `Give them with --earlier on the command line, or set ${wants.join(" and ")} to 0.`,
    });
  }
  if (earlier && (recipe.start === "random" || recipe.reinitializeLayers > 0)) {
    throw new Problem({
      found: "The recipe starts layers anew, and rows of an earlier task are given.",
      expected: "What the checkpoint has learnt of the earlier task lies in these layers.",
      remedy: "Start from the checkpoint with reinitializeLayers 0, or leave the earlier task out.",
    });
  }
}

/** What a run does with an earlier task of its model: measure forgetting, consolidate its weights, rehearse its rows. */
export class EarlierTask<Pass> {
  private readonly train: EncodedDataset;
  private readonly validation: EncodedDataset;
  private readonly meterRows: Int32Array;
  private readonly classes: number;
  private readonly rehearsal: Rehearsal | null;

  constructor(
    private readonly model: Trainable<Pass>,
    data: EarlierData,
    private readonly recipe: Recipe,
    private readonly capacity: Capacity,
    private readonly control: RunControl,
  ) {
    this.train = { ...data.train, task: "earlier" };
    this.validation = { ...data.validation, task: "earlier" };
    this.classes = data.labelNames.length;
    const order = shuffledIndices(rowCount(data.validation), createRandom(recipe.seed));
    this.meterRows = order.slice(0, METER_ROWS).sort();
    this.rehearsal = recipe.rehearsal > 0 ? new Rehearsal(recipe, rowCount(data.train)) : null;
  }

  /** The forgetting meter: held-out rows of the earlier task under its own classifier. Null when told to end at once. */
  async score(at: Pick<EarlierEvent, "scope" | "step" | "epoch">): Promise<EarlierEvent | null> {
    const { model, validation, meterRows, classes, capacity, control } = this;
    const logits = await logitsOf(model, validation, meterRows, classes, capacity, () => !control.skipsEvaluation);
    if (!logits) return null;
    const labels = meterRows.map((row) => validation.labels[row] ?? 0);
    return { type: "earlier", ...at, report: reportOf(labels, logits, classes) };
  }

  /**
   * Micro-batches of earlier rows, of so many tokens at most, that belong to a step (0 for the first); none without
   * rehearsal.
   */
  batchesOf(step: number, mostTokens: number): Batch[] {
    return cutByTokens(this.train, this.rehearsal?.rowsOf(step) ?? [], mostTokens).map((rows) =>
      gatherBatch(this.train, rows),
    );
  }

  /**
   * Measures the diagonal Fisher information at the weights as they are, over seeded rows with labels drawn by the seed.
   * Returns null when the recipe consolidates nothing. A run that is stopped meanwhile gets what was measured till then:
   * it has no step to use it in.
   */
  async *consolidation(
    trains: (parameter: Parameter) => boolean,
  ): AsyncGenerator<ConsolidationEvent, Consolidation | null> {
    const { ewc, ewcRows, seed } = this.recipe;
    if (ewc === 0) return null;
    const random = createRandom(seed);
    const chosen = shuffledIndices(rowCount(this.train), random).slice(0, ewcRows);
    const rows = chosen.length;
    const { model, classes, capacity } = this;
    const labelOf = (probabilities: Float32Array) => drawLabel(probabilities, random());
    const fisher: Importance = new Map();
    let toldAt = performance.now();
    for (const [i, row] of chosen.entries()) {
      if (this.control.stops) break;
      await addRowToFisher(fisher, model, this.train, row, { classes, capacity, share: 1 / rows, trains, labelOf });
      if (performance.now() - toldAt < TOLD_EVERY_MS && i < rows - 1) continue;
      await nextTask();
      toldAt = performance.now();
      yield { type: "consolidation", done: i + 1, rows };
    }
    return new Consolidation(fisher, ewc);
  }
}
