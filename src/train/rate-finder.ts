import { cutByTokens, stepRows } from "../data/batches.ts";
import type { EncodedDataset } from "../data/rows.ts";
import { sampledOrder } from "../data/sampled-order.ts";
import { runningDevice } from "../gpu/running.ts";
import { smoothed } from "../metrics/curves.ts";
import { median } from "../metrics/spread.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { LearnedTask } from "../tasks/task.ts";
import { BunchedReader } from "./bunched-reader.ts";
import { capacityOf } from "./capacity.ts";
import type { RunControl } from "./control.ts";
import { lossesOf } from "./losses.ts";
import { nextTask } from "./next-task.ts";
import { readSteps, type StepNumbers } from "./read-steps.ts";
import { settingsOf, unfitted, type StepFit } from "./settings.ts";
import type { Rates, Trainable } from "./trainable.ts";
import { Trainer, type PendingStep } from "./trainer.ts";

/** Training loss of one step at one rate, and smoothed over the steps so far. */
interface RatePoint {
  rate: number;
  loss: number;
  smoothed: number;
}

/** What a sweep over learning rates found. */
export interface RateCurve {
  points: RatePoint[];
  /** Steps of a whole sweep, and the highest rate of it. */
  planned: { steps: number; highest: number };
  /** "diverged": the loss blew up, so that higher rates say nothing; "stopped" by a person, or before the first step. */
  end: "whole" | "diverged" | "stopped";
  /** Loss at the lowest rates, which hardly change the weights; NaN without points. */
  start: number;
  /** Where the smoothed loss falls fastest; null where no rate stands out from the noise. */
  steepest: number | null;
  /** A rate to train at: where that fall begins, rounded; null where no rate stands out. */
  suggestion: number | null;
}

const LOWEST = 1e-6;
const HIGHEST = 0.1;
const STEPS = 60;
const SMOOTHING = 0.8;
/** A loss this many times the lowest one: training has diverged, and further steps show nothing. */
const DIVERGED = 3;
/** A fall is one where it takes this share of the loss at the start … */
const LEAST_FALL = 0.03;
/** … and this many standard deviations of the smoothed loss: its lowest point is below the mean by chance alone. */
const NOISES = 6;
/** Steps at the lowest rates whose median is the loss at the start. */
const START_STEPS = 12;
/** Steps on either side over which a slope is taken. */
const REACH = 3;
/** The fall begins where the loss falls this share as fast as at its steepest. */
const BEGIN = 0.5;
/** Makes the median absolute difference of a normal distribution its standard deviation. */
const NORMAL = 1.4826;

/**
 * A learning-rate range test (Smith 2017, Cyclical Learning Rates): steps at rates that rise from 1e-6 to 0.1, all else
 * as in the recipe, until the loss blows up. Changes the model's weights: give it one of its own.
 *
 * @param onPoint called with each step whose loss has come; `control` ends the sweep early
 */
export async function findRate<Pass>(
  model: Trainable<Pass>,
  data: { task: LearnedTask; train: EncodedDataset; labelNames: readonly string[]; rates: Rates; fit?: StepFit },
  recipe: Recipe,
  control: RunControl,
  onPoint: (done: number, total: number) => void = () => undefined,
): Promise<RateCurve> {
  const { train, rates } = data;
  const { checkpointing, mostTokens } = data.fit ?? unfitted(recipe);
  model.checkpointing = checkpointing;
  const capacity = capacityOf(recipe, STEPS, train, train, undefined, mostTokens);
  const settings = { ...settingsOf(recipe, STEPS, rates), learningRate: 1, schedule: "constant" as const };
  const trainer = new Trainer(model, lossesOf(data, recipe), settings, capacity);
  const reader = new BunchedReader<PendingStep & { rate: number }, StepNumbers>(readSteps);
  const points: { rate: number; loss: number }[] = [];
  let end = "whole" as RateCurve["end"];
  // Steps that were recorded before it was known that training had diverged show nothing.
  const take = (read: Awaited<ReturnType<typeof reader.rest>>) => {
    for (const { step, numbers } of read) {
      if (end === "diverged") return;
      if (numbers.finite) {
        points.push({ rate: step.rate, loss: numbers.loss });
        onPoint(points.length, STEPS);
      }
      if (!numbers.finite || hasDiverged(points)) end = "diverged";
    }
  };
  try {
    let steps = 0;
    for (const microBatches of rowsOfSteps(train, recipe)) {
      if (steps === STEPS || end === "diverged") break;
      if (control.stops) {
        end = "stopped";
        break;
      }
      const rate = LOWEST * (HIGHEST / LOWEST) ** (steps++ / (STEPS - 1));
      trainer.rateFactor = rate;
      const batches = cutByTokens(train, microBatches, mostTokens).map((rows) => data.task.batchOf(train, rows, 0));
      reader.add({ ...trainer.step(batches), rate });
      // Off the GPU a step is done when it was recorded.
      if (runningDevice().kind !== "webgpu") take(await reader.rest());
      else if (reader.isFull) take(await reader.turn());
      await nextTask();
    }
    take(await reader.rest());
  } finally {
    trainer.dispose();
  }
  return curveOf(points, end);
}

/** The steps of as many epochs as are wanted. */
function* rowsOfSteps(train: EncodedDataset, recipe: Recipe): Generator<Int32Array[]> {
  const { batchSize, accumulate } = recipe;
  for (let epoch = 0; ; epoch++) yield* stepRows(sampledOrder(train, recipe, epoch), batchSize, accumulate);
}

function hasDiverged(points: readonly { loss: number }[]): boolean {
  const averages = smoothed(
    points.map(({ loss }) => loss),
    SMOOTHING,
  );
  return (averages.at(-1) ?? 0) > DIVERGED * Math.min(...averages);
}

/**
 * Smooths the losses and suggests a rate from that curve, which is the one that is drawn: the rate at which its steepest
 * fall begins, rounded to 1, 2 or 5 times a power of ten.
 */
export function curveOf(
  steps: readonly { rate: number; loss: number }[],
  end: RateCurve["end"] = steps.length < STEPS ? "stopped" : "whole",
): RateCurve {
  const losses = steps.map(({ loss }) => loss);
  const averages = smoothed(losses, SMOOTHING);
  const points = steps.map((step, i) => ({ ...step, smoothed: averages[i] ?? NaN }));
  const start = median(losses.slice(0, START_STEPS));
  const fall = steepestFall(losses, averages, start);
  const rateAt = (at: number) => points[at]?.rate ?? NaN;
  return {
    points,
    planned: { steps: STEPS, highest: HIGHEST },
    end,
    start,
    steepest: fall && rateAt(fall.steepest),
    suggestion: fall && rounded(rateAt(fall.begin)),
  };
}

/** Places of the points where the smoothed loss begins to fall and falls fastest; null where the fall may be noise. */
function steepestFall(
  losses: readonly number[],
  averages: readonly number[],
  start: number,
): { begin: number; steepest: number } | null {
  if (losses.length <= START_STEPS) return null;
  // The first averages are of few values; a fall among them is none.
  const lowest = averages.lastIndexOf(Math.min(...averages.slice(START_STEPS)));
  const depth = start - (averages[lowest] ?? NaN);
  const differences = losses.slice(1).map((loss, i) => Math.abs(loss - (losses[i] ?? NaN)));
  // An average with this weight has (1 - w) / (1 + w) of the variance of one value.
  const noise = (NORMAL * median(differences) * Math.sqrt((1 - SMOOTHING) / (1 + SMOOTHING))) / Math.SQRT2;
  if (!(depth > Math.max(LEAST_FALL * start, NOISES * noise))) return null;
  const slope = (at: number) =>
    (averages[Math.max(0, at - REACH)] ?? NaN) - (averages[Math.min(averages.length - 1, at + REACH)] ?? NaN);
  // From the last point that still lies at the start's height: what came before is noise.
  const from = Math.max(
    REACH,
    averages.findLastIndex((loss, i) => i < lowest && loss > start - depth / 10),
  );
  let steepest = from;
  for (let at = steepest; at <= lowest; at++) if (slope(at) > slope(steepest)) steepest = at;
  let begin = steepest;
  while (begin > from && slope(begin - 1) >= BEGIN * slope(steepest)) begin--;
  return { begin, steepest };
}

/** The nearest of 1, 2 and 5 times a power of ten, by ratio. */
function rounded(rate: number): number {
  const power = 10 ** Math.floor(Math.log10(rate));
  const distance = (digit: number) => Math.abs(Math.log(rate / (digit * power)));
  const digit = [1, 2, 5, 10].reduce((best, other) => (distance(other) < distance(best) ? other : best));
  return Number((digit * power).toPrecision(1));
}
