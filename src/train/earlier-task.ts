import { cutByTokens, rowCount, type Batch } from "../data/batches.ts";
import { createRandom, shuffledIndices } from "../data/random.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { textCount } from "../data/windows.ts";
import type { Capacity } from "../ops/device-batch.ts";
import type { Parameter } from "../ops/parameter.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { LOOKED_AT, type AnyReport, type LearnedTask } from "../tasks/task.ts";
import { Consolidation } from "./consolidation.ts";
import type { RunControl } from "./control.ts";
import { METER_ROWS, type Earlier, type EvaluationPlace } from "./earlier.ts";
import { scoreRows, type BatchLimit } from "./evaluate.ts";
import type { ConsolidationEvent, EarlierEvent } from "./events.ts";
import { measureFisher } from "./fisher.ts";
import { Rehearsal } from "./rehearsal.ts";
import type { Trainable } from "./trainable.ts";

/** Rows of the task that the checkpoint was trained for before; no text is in both parts. */
export interface EarlierData<R extends AnyReport = AnyReport> {
  /** That of the run where not given. */
  task?: LearnedTask<R>;
  /** Rows that may be used against forgetting. */
  train: EncodedDataset;
  /** Rows on which forgetting is measured. */
  validation: EncodedDataset;
  /** The classes of the checkpoint's own classifier, in its order; none of a task without labels. */
  labelNames: readonly string[];
}

/** How an earlier task takes part in a run. */
interface EarlierParts {
  /** Room for a row that weighs the weights, and for a batch that the meter scores. */
  capacity: { single: Capacity; meter: Capacity };
  /** What a scored batch may have, where that is less than its capacity. */
  scoredBatch?: BatchLimit;
  /** Rows of `train` that weigh the weights; drawn by the seed where not given. */
  samples?: Int32Array;
  /** Rows that the meter scores, at most. */
  mostScored?: number;
}

/**
 * What a run does with an earlier task of its model: measure forgetting, consolidate its weights, rehearse its rows. The
 * task has a head of its own, on the encoder that the run trains.
 */
export class EarlierTask<Pass, R extends AnyReport> implements Earlier {
  private readonly train: EncodedDataset;
  private readonly validation: EncodedDataset;
  private readonly meterRows: Int32Array;
  private readonly rehearsal: Rehearsal | null;

  /** @param model with the earlier task's head: the run's own, or one of the same encoder */
  constructor(
    private readonly model: Trainable<Pass>,
    private readonly data: EarlierData<R> & { task: LearnedTask<R> },
    private readonly recipe: Recipe,
    private readonly parts: EarlierParts,
    private readonly control: RunControl,
  ) {
    this.train = { ...data.train, task: "earlier" };
    this.validation = { ...data.validation, task: "earlier" };
    const order = shuffledIndices(textCount(data.validation), createRandom(recipe.seed));
    this.meterRows = order.slice(0, parts.mostScored ?? METER_ROWS).sort();
    this.rehearsal = recipe.rehearsal > 0 ? new Rehearsal(recipe, rowCount(data.train)) : null;
  }

  /** The forgetting meter: held-out rows of the earlier task under its own head. Null when the run is to end at once. */
  async score(at: EvaluationPlace): Promise<EarlierEvent<R> | null> {
    const { model, data, validation, meterRows: rows, parts, control } = this;
    const { task, labelNames } = data;
    const part = { task, data: validation, rows, labelNames, keeps: false, most: parts.scoredBatch };
    const scored = await scoreRows(model, part, parts.capacity.meter, () => !control.skipsEvaluation);
    return scored && { type: "earlier", task: task.name, ...at, report: scored.report };
  }

  /**
   * The micro-batches of earlier rows of a step (0 for the first), each of up to `mostTokens` tokens; none without
   * rehearsal.
   */
  batchesOf(step: number, mostTokens: number): Batch[] {
    return cutByTokens(this.train, this.rehearsal?.rowsOf(step) ?? [], mostTokens).map((rows) =>
      this.data.task.batchOf(this.train, rows, step),
    );
  }

  /** The diagonal Fisher information of the mean loss over seeded rows with labels drawn by the seed. */
  async *consolidation(
    trains: (parameter: Parameter) => boolean,
  ): AsyncGenerator<ConsolidationEvent, Consolidation | null> {
    const { model, train, parts, control } = this;
    const { task, labelNames } = this.data;
    const { ewc, ewcRows, seed } = this.recipe;
    if (ewc === 0) return null;
    const random = createRandom(seed);
    const rows = parts.samples ?? shuffledIndices(rowCount(train), random).slice(0, ewcRows);
    const labelsOf = (values: Float32Array) => task.drawnLabels(values, task.outputs(labelNames), random);
    const batchOf = (some: Int32Array) => task.batchOf(train, some, LOOKED_AT);
    const loss = task.plainLoss(labelNames);
    try {
      const weight = rows.reduce((sum, row) => sum + loss.weightOf(batchOf(Int32Array.of(row)).labels), 0);
      const options = { loss, capacity: parts.capacity.single, share: 1 / weight, trains, labelsOf };
      return new Consolidation(yield* measureFisher(model, { data: train, rows, batchOf }, options, control), ewc);
    } finally {
      loss.dispose();
    }
  }
}

/** Labelled rows as an earlier task: their classifier is a second head of the run's own model. */
export function earlierRows<Pass, R extends AnyReport>(
  model: Trainable<Pass>,
  data: EarlierData<R> & { task: LearnedTask<R> },
  recipe: Recipe,
  capacity: Capacity,
  control: RunControl,
  mostScored = METER_ROWS,
): Earlier {
  const parts = { capacity: { single: capacity, meter: capacity }, mostScored };
  return new EarlierTask(model, data, recipe, parts, control);
}
