import type { Recipe } from "../recipe/recipe.ts";
import { rowsPerClass } from "../recipe/sampling.ts";
import { epochOrder, epochSeed, lengthOf, rowCount } from "./batches.ts";
import { createRandom, shuffledIndices } from "./random.ts";
import { hasClasses, type RowLabels } from "./row-labels.ts";
import type { EncodedDataset } from "./rows.ts";

type TrainRows = RowLabels & Pick<EncodedDataset, "rowStart">;

/**
 * The training rows of one epoch in the order of its steps: all of them shuffled, or, where classes are sampled, as many
 * of each class. The rows of a class with too few are all repeated equally often, and the rest is drawn without
 * repetition, as is what is kept of a class with too many. Each epoch draws anew, from the seed.
 */
export function sampledOrder(
  train: TrainRows,
  { sampling, seed }: Pick<Recipe, "sampling" | "seed">,
  epoch: number,
): Int32Array {
  if (sampling === "all" || !hasClasses(train)) return epochOrder(rowCount(train), seed, epoch);
  const { classes, each } = sampled(train, sampling);
  const random = createRandom(epochSeed(seed, epoch));
  const drawn = new Int32Array(each * classes.length);
  classes.forEach((rows, k) => {
    const order = shuffledIndices(rows.length, random);
    for (let i = 0; i < each; i++) drawn[k * each + i] = rows[order[i % rows.length] ?? 0] ?? 0;
  });
  return shuffledIndices(drawn.length, random).map((place) => drawn[place] ?? 0);
}

/** Rows of an epoch, and their tokens (of sampled classes on average). */
export function epochSize(train: TrainRows, { sampling }: Pick<Recipe, "sampling">): { rows: number; tokens: number } {
  if (sampling === "all" || !hasClasses(train)) return { rows: rowCount(train), tokens: train.rowStart.at(-1) ?? 0 };
  const { classes, each } = sampled(train, sampling);
  const meanLength = (rows: readonly number[]) =>
    rows.reduce((sum, row) => sum + lengthOf(train, row), 0) / rows.length;
  const tokens = each * classes.reduce((sum, rows) => sum + meanLength(rows), 0);
  return { rows: each * classes.length, tokens: Math.round(tokens) };
}

/** The rows of each class that has any, and the number of rows per epoch of each. */
function sampled({ labels }: TrainRows, sampling: Exclude<Recipe["sampling"], "all">) {
  const byClass = new Map<number, number[]>();
  for (const [row, label] of labels.entries()) {
    const rows = byClass.get(label);
    if (rows) rows.push(row);
    else byClass.set(label, [row]);
  }
  const classes = [...byClass].sort(([a], [b]) => a - b).map(([, rows]) => rows);
  const counts = classes.map(({ length }) => length);
  return { classes, each: rowsPerClass(counts, sampling) };
}
