import { fittingRows, lengthOf, rowCount } from "../data/batches.ts";
import { createRandom, shuffledIndices } from "../data/random.ts";
import type { EncodedDataset, EncodedRows } from "../data/rows.ts";
import type { Capacity } from "../ops/device-batch.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { LOOKED_AT, type TextTask } from "../tasks/task.ts";
import type { RunControl } from "./control.ts";
import { METER_ROWS, type Earlier } from "./earlier.ts";
import { EarlierTask } from "./earlier-task.ts";
import type { BatchLimit } from "./evaluate.ts";
import { rowsThatFit } from "./place-limit.ts";
import { nothingToHide } from "./pretrain-capacity.ts";
import type { Trainable } from "./trainable.ts";

/** Texts of the kind that a language model was trained on before; none is in both parts. */
export interface CorpusData {
  task: TextTask;
  /** Texts by which the importance of the weights is measured. */
  train: EncodedRows;
  /** Texts on which forgetting is measured. */
  validation: EncodedRows;
}

/** What a run does with the texts of an earlier task, and the size of its batches. */
interface CorpusParts {
  /** The texts of both parts that have a token to hide. */
  train: EncodedDataset;
  validation: EncodedDataset;
  /** Rows of `train` for the Fisher information; none where the recipe consolidates nothing. */
  samples: Int32Array;
  /** For one of them, and for a batch that the forgetting meter scores. */
  capacity: Record<"single" | "meter", Capacity & { places: number }>;
  scoredBatch: BatchLimit;
}

/** Rows and tokens of a batch that is scored. */
const BATCH = { rows: 16, tokens: 1024 };

/**
 * Throws a Problem when no text of a part has a token to hide.
 *
 * @param most texts that the meter scores, at most
 */
export function corpusParts({ task, ...data }: CorpusData, recipe: Recipe, most = METER_ROWS): CorpusParts {
  const { seed, ewc, ewcRows } = recipe;
  const [train, validation] = [task.usable(data.train), task.usable(data.validation)];
  if (rowCount(train) === 0 || rowCount(validation) === 0) {
    throw nothingToHide("the earlier task's texts, or of those held out,", "Take a file of more texts, one per line.");
  }
  const drawn = (rows: number, count: number) => shuffledIndices(rows, createRandom(seed)).slice(0, count);
  const samples = drawn(rowCount(train), ewc > 0 ? ewcRows : 0);
  const single = {
    tokens: largest(samples, (row) => lengthOf(train, row)),
    rows: 1,
    places: largest(samples, (row) => task.placesOf(train, row)),
  };
  const scored = drawn(rowCount(validation), most).sort();
  const places = largest(scored, (row) => task.placesOf(validation, row));
  const rows = Math.min(BATCH.rows, rowsThatFit(task, Math.max(places, single.places)));
  const scoredBatch = { ...BATCH, rows };
  const batches = Array.from(fittingRows(validation, scored, scoredBatch), (some) =>
    task.batchOf(validation, some, LOOKED_AT),
  );
  const meter = {
    tokens: largest(batches, ({ ids }) => ids.length),
    rows,
    places: largest(batches, ({ labels }) => labels.length),
  };
  return { train, validation, samples, capacity: { single, meter }, scoredBatch };
}

/**
 * Texts as an earlier task: forgetting is measured on them, and weights are held by their importance to them. `model` is
 * the run's encoder under a head of its own, which neither trains nor is exported. Throws a Problem when no text of a part
 * has a token to hide.
 *
 * @param mostScored texts that the meter scores, at most
 */
export function earlierCorpus<Pass>(
  model: Trainable<Pass>,
  data: CorpusData,
  recipe: Recipe,
  control: RunControl,
  mostScored = METER_ROWS,
): Earlier {
  const { train, validation, ...parts } = corpusParts(data, recipe, mostScored);
  const { task } = data;
  const rows = { task, train, validation, labelNames: [] };
  // Texts are not rehearsed: `checkEarlier` refuses a recipe that would.
  return new EarlierTask(model, rows, { ...recipe, rehearsal: 0 }, { ...parts, mostScored }, control);
}

/** The largest number of some, at least 1. */
function largest<Item>(items: Iterable<Item>, numberOf: (item: Item) => number): number {
  let most = 1;
  for (const item of items) most = Math.max(most, numberOf(item));
  return most;
}
