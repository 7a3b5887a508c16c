import { cutByTokens, epochOrder, gatherBatch, rowCount, stepRows } from "../data/batches.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { smoothed } from "../metrics/curves.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { capacityOf } from "./capacity.ts";
import type { RunControl } from "./control.ts";
import { nextTask } from "./next-task.ts";
import { readSteps } from "./read-steps.ts";
import { settingsOf, unfitted, type StepFit } from "./settings.ts";
import type { Rates, Trainable } from "./trainable.ts";
import { Trainer } from "./trainer.ts";

/** Training loss of one step at one rate, and smoothed over the steps so far. */
export interface RatePoint {
  rate: number;
  loss: number;
  smoothed: number;
}

/** What a sweep over learning rates found. */
export interface RateCurve {
  points: RatePoint[];
  /** A rate to train at, or null where the loss fell nowhere. */
  suggestion: number | null;
}

const LOWEST = 1e-6;
const HIGHEST = 0.1;
const STEPS = 60;
const SMOOTHING = 0.8;
/** A loss so many times the lowest one: the weights are lost, further steps say nothing. */
const DIVERGED = 3;
/** Share of the first loss that a fall must have to be one. */
const LEAST_FALL = 0.02;
/** Steps on either side over which a slope is taken. */
const REACH = 3;

/**
 * A learning-rate range test (Smith 2017, Cyclical Learning Rates): steps at rates that rise from 1e-6 to 0.1, all else
 * as in the recipe, until the loss blows up. Changes the model's weights: give it one of its own.
 *
 * @param onPoint is told of each step; `control` ends the sweep early
 */
export async function findRate<Pass>(
  model: Trainable<Pass>,
  data: { train: EncodedDataset; labelNames: readonly string[]; rates: Rates; fit?: StepFit },
  recipe: Recipe,
  control: RunControl,
  onPoint: (done: number, total: number) => void = () => undefined,
): Promise<RateCurve> {
  const { train, labelNames, rates } = data;
  const { checkpointing, mostTokens } = data.fit ?? unfitted(recipe);
  model.checkpointing = checkpointing;
  const capacity = capacityOf(recipe, STEPS, train, train, undefined, mostTokens);
  const settings = settingsOf(recipe, STEPS, labelNames, train.labels, rates);
  const trainer = new Trainer(model, { ...settings, learningRate: 1, schedule: "constant" }, capacity);
  const points: { rate: number; loss: number }[] = [];
  try {
    for (const microBatches of rowsOfSteps(train, recipe)) {
      if (points.length >= STEPS || control.stops) break;
      const rate = LOWEST * (HIGHEST / LOWEST) ** (points.length / (STEPS - 1));
      trainer.rateFactor = rate;
      const batches = cutByTokens(train, microBatches, mostTokens).map((rows) => gatherBatch(train, rows));
      const [numbers] = await readSteps([trainer.step(batches)]);
      if (!numbers?.finite) break;
      points.push({ rate, loss: numbers.loss });
      onPoint(points.length, STEPS);
      if (hasDiverged(points)) break;
      await nextTask();
    }
  } finally {
    trainer.dispose();
  }
  return curveOf(points);
}

/** The steps of as many epochs as are wanted. */
function* rowsOfSteps(train: EncodedDataset, { rowsPerStep, accumulate, seed }: Recipe): Generator<Int32Array[]> {
  for (let epoch = 0; ; epoch++) yield* stepRows(epochOrder(rowCount(train), seed, epoch), rowsPerStep, accumulate);
}

function hasDiverged(points: readonly { loss: number }[]): boolean {
  const averages = smoothed(
    points.map(({ loss }) => loss),
    SMOOTHING,
  );
  return (averages.at(-1) ?? 0) > DIVERGED * Math.min(...averages);
}

/**
 * Smooths the losses and suggests a rate: where the loss falls fastest, but at most a tenth of where it is lowest
 * (there it already turns), rounded to 1, 2 or 5 times a power of ten.
 */
export function curveOf(steps: readonly { rate: number; loss: number }[]): RateCurve {
  const averages = smoothed(
    steps.map(({ loss }) => loss),
    SMOOTHING,
  );
  const points = steps.map((step, i) => ({ ...step, smoothed: averages[i] ?? NaN }));
  const lowest = averages.indexOf(Math.min(...averages));
  const [first = NaN] = averages;
  if (!(first - (averages[lowest] ?? NaN) > LEAST_FALL * first)) return { points, suggestion: null };
  let steepest = { at: 0, fall: 0 };
  for (let at = REACH; at + REACH < points.length && at <= lowest; at++) {
    const fall = (averages[at - REACH] ?? NaN) - (averages[at + REACH] ?? NaN);
    if (fall > steepest.fall) steepest = { at, fall };
  }
  const rate = Math.min(points[steepest.at]?.rate ?? NaN, (points[lowest]?.rate ?? NaN) / 10);
  return { points, suggestion: rounded(rate) };
}

function rounded(rate: number): number {
  const power = 10 ** Math.floor(Math.log10(rate));
  const digit = rate / power >= 5 ? 5 : rate / power >= 2 ? 2 : 1;
  return Number((digit * power).toPrecision(1));
}
