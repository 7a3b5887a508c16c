import { cutByTokens, gatherBatch, rowCount, type Batch } from "../data/batches.ts";
import { createRandom, shuffledIndices } from "../data/random.ts";
import type { EncodedDataset } from "../data/rows.ts";
import type { Capacity } from "../ops/device-batch.ts";
import type { Parameter } from "../ops/parameter.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { TrainedTask } from "../tasks/task.ts";
import { Consolidation } from "./consolidation.ts";
import type { RunControl } from "./control.ts";
import { METER_ROWS, type Earlier, type EvaluationPlace } from "./earlier.ts";
import { scoreRows } from "./evaluate.ts";
import type { ConsolidationEvent, EarlierEvent } from "./events.ts";
import { measureFisher } from "./fisher.ts";
import { Rehearsal } from "./rehearsal.ts";
import type { Trainable } from "./trainable.ts";

/** Rows of the task that the checkpoint was trained for before; no text is in both parts. */
export interface EarlierData {
  /** That of the run where not given. */
  task?: TrainedTask;
  /** Rows that may be used against forgetting. */
  train: EncodedDataset;
  /** Rows on which forgetting is measured. */
  validation: EncodedDataset;
  /** The classes of the checkpoint's own classifier, in its order. */
  labelNames: readonly string[];
}

/** What a run does with an earlier task of its model: measure forgetting, consolidate its weights, rehearse its rows. */
export class EarlierTask<Pass> implements Earlier {
  private readonly train: EncodedDataset;
  private readonly validation: EncodedDataset;
  private readonly meterRows: Int32Array;
  private readonly classes: number;
  private readonly rehearsal: Rehearsal | null;

  /** @param mostScored rows that the meter scores, at most */
  constructor(
    private readonly model: Trainable<Pass>,
    private readonly data: EarlierData & { task: TrainedTask },
    private readonly recipe: Recipe,
    private readonly capacity: Capacity,
    private readonly control: RunControl,
    mostScored = METER_ROWS,
  ) {
    this.train = { ...data.train, task: "earlier" };
    this.validation = { ...data.validation, task: "earlier" };
    this.classes = data.task.outputs(data.labelNames);
    const order = shuffledIndices(rowCount(data.validation), createRandom(recipe.seed));
    this.meterRows = order.slice(0, mostScored).sort();
    this.rehearsal = recipe.rehearsal > 0 ? new Rehearsal(recipe, rowCount(data.train)) : null;
  }

  /** The forgetting meter: held-out rows of the earlier task under its own classifier. Null when told to end at once. */
  async score(at: EvaluationPlace): Promise<EarlierEvent | null> {
    const { model, data, validation, meterRows, classes, capacity, control } = this;
    const part = { task: data.task, data: validation, rows: meterRows, classes, keeps: false };
    const scorer = await scoreRows(model, part, capacity, () => !control.skipsEvaluation);
    return scorer && { type: "earlier", ...at, report: scorer.report() };
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

  /** The diagonal Fisher information over seeded rows with labels drawn by the seed. */
  async *consolidation(
    trains: (parameter: Parameter) => boolean,
  ): AsyncGenerator<ConsolidationEvent, Consolidation | null> {
    const { model, train, classes, capacity, control } = this;
    const { ewc, ewcRows, seed } = this.recipe;
    if (ewc === 0) return null;
    const random = createRandom(seed);
    const rows = shuffledIndices(rowCount(train), random).slice(0, ewcRows);
    const { task } = this.data;
    const labelsOf = (outputs: Float32Array) => task.drawnLabels(outputs, classes, random);
    const sampleOf = (row: number) => gatherBatch(train, Int32Array.of(row));
    const loss = task.plainLoss(classes);
    try {
      const options = { loss, capacity, share: 1 / rows.length, trains, labelsOf };
      return new Consolidation(yield* measureFisher(model, rows, sampleOf, options, control), ewc);
    } finally {
      loss.dispose();
    }
  }
}
