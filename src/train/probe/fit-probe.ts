import { createRandom, shuffledIndices } from "../../data/random.ts";
import type { LinearLoss } from "../../tasks/task.ts";
import type { RunControl } from "../control.ts";
import type { ProbeEvent } from "../events.ts";
import { nextTask } from "../next-task.ts";
import { apply, fitLinear, type LabelledVectors, type LinearModel, type Vectors } from "./linear-model.ts";

/** The strengths of L2 that are tried on standardized vectors, the strongest first. */
const strengths = [1000, 300, 100, 30, 10, 3, 1, 0.3, 0.1];
const FOLDS = 5;
/** Up to this number of rows each fold is held out once; of more rows one fold is enough to tell strengths apart. */
export const FEW_ROWS = 1000;
/** Products of a pass over the rows that choose L2; a task of more takes a share of its rows. */
const MOST_PRODUCTS = 3e7;
/** Tolerances of the fits that are compared, and of the one that is kept. */
const ROUGH = 1e-2;
const CONVERGED = 1e-4;

/** Fits by which progress is counted: of each strength, and the last one. */
const FITS = strengths.length + 1;

/** A fit lets others have their turn after this time. */
const TURN_MS = 40;
/** A probe says how far it is after this time. */
export const REPORT_EVERY_MS = 500;

/** A fitted probe and how it was chosen. */
export interface FittedProbe extends LinearModel {
  /** The strength of L2 on standardized vectors. */
  l2: number;
}

interface ProbeTask {
  outputs: number;
  loss: LinearLoss;
  /** Numbers that each row has in `labels`. */
  labelWidth: number;
  seed: number;
  /** The strength of L2, where it is chosen already. */
  l2?: number;
}

/**
 * A linear model of the vectors, fitted to convergence. Vectors are standardized inside, which is folded into the
 * weights; L2 is the strength of the lowest loss on rows held out of these, by the seed. Yields the number of fits done, of
 * `FITS`, now and then, so that others have their turn.
 */
export function* fitProbe(rows: LabelledVectors, task: ProbeTask): Generator<number, FittedProbe> {
  const scale = scaleOf(rows);
  const standard = { ...rows, values: standardized(rows, scale) };
  const l2 = task.l2 ?? (yield* chooseL2(standard, task));
  const { outputs, loss } = task;
  const fitted = yield* counted(fitLinear(standard, { outputs, loss, l2, tolerance: CONVERGED }), strengths.length);
  return { ...unscaled(fitted, scale), l2 };
}

function* chooseL2(all: LabelledVectors, { outputs, loss, labelWidth, seed }: ProbeTask): Generator<number, number> {
  const count = all.values.length / all.width;
  const most = Math.max(100, Math.floor(MOST_PRODUCTS / (all.width * outputs)));
  const order = shuffledIndices(count, createRandom(seed)).subarray(0, Math.min(count, most));
  const folds = order.length <= FEW_ROWS ? FOLDS : 1;
  const parts = Array.from({ length: folds }, (_, fold) => ({
    fitted: taken(
      all,
      order.filter((_, place) => place % FOLDS !== fold),
      labelWidth,
    ),
    held: taken(
      all,
      order.filter((_, place) => place % FOLDS === fold),
      labelWidth,
    ),
    start: undefined as LinearModel | undefined,
  }));
  let best = { l2: strengths[0] ?? 1, loss: Infinity };
  let worse = 0;
  for (const [tried, l2] of strengths.entries()) {
    let sum = 0;
    for (const part of parts) {
      const { fitted, held, start } = part;
      const fit = fitLinear(fitted, { outputs, loss, l2, tolerance: ROUGH, ...(start && { start }) });
      part.start = yield* counted(fit, tried);
      const logits = apply(part.start, held, new Float64Array((held.values.length / held.width) * outputs));
      sum += loss(logits, held.labels, new Float64Array(logits.length));
    }
    if (sum < best.loss) [best, worse] = [{ l2, loss: sum }, 0];
    else if (++worse === 2) break;
  }
  return best.l2;
}

/** The same work, which yields how much is done before it. */
function* counted<Result>(work: Generator<void, Result>, done: number): Generator<number, Result> {
  for (let step = work.next(); ; step = work.next()) {
    if (step.done) return step.value;
    yield done;
  }
}

/** Some rows with their labels. */
export function taken(
  { values, width, labels }: LabelledVectors,
  rows: Int32Array,
  labelWidth: number,
): LabelledVectors {
  const some = new Float32Array(rows.length * width);
  const own = new Float32Array(rows.length * labelWidth);
  rows.forEach((row, i) => {
    some.set(values.subarray(row * width, (row + 1) * width), i * width);
    for (let k = 0; k < labelWidth; k++) own[i * labelWidth + k] = labels[row * labelWidth + k] ?? 0;
  });
  return { values: some, width, labels: own };
}

interface Scale {
  mean: Float64Array;
  deviation: Float64Array;
}

/** Mean and deviation of each number; a deviation of Infinity where a number is the same in all rows. */
export function scaleOf({ values, width }: Vectors): Scale {
  const rows = values.length / width;
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  for (let i = 0; i < values.length; i++) mean[i % width] = (mean[i % width] ?? 0) + (values[i] ?? 0) / rows;
  for (let i = 0; i < values.length; i++) {
    deviation[i % width] = (deviation[i % width] ?? 0) + ((values[i] ?? 0) - (mean[i % width] ?? 0)) ** 2 / rows;
  }
  // What is the same in all rows says nothing.
  return { mean, deviation: deviation.map((variance) => (variance > 1e-12 ? Math.sqrt(variance) : Infinity)) };
}

function standardized({ values, width }: Vectors, { mean, deviation }: Scale): Float32Array {
  return Float32Array.from(values, (value, i) => (value - (mean[i % width] ?? 0)) / (deviation[i % width] ?? 1));
}

/** The model of the vectors themselves. */
function unscaled({ weight, bias }: LinearModel, { mean, deviation }: Scale): LinearModel {
  const width = mean.length;
  const own = weight.map((value, i) => value / (deviation[i % width] ?? 1));
  const shifted = bias.map((value, k) => {
    let sum = value;
    for (let i = 0; i < width; i++) sum -= (own[k * width + i] ?? 0) * (mean[i] ?? 0);
    return sum;
  });
  return { weight: own, bias: shifted };
}

/** Fits in turns with everything else, and says how far it is; null where `control` stops it. */
export async function* inTurns<Result>(
  fit: Generator<number, Result>,
  of: ProbeEvent["of"],
  control: RunControl,
): AsyncGenerator<ProbeEvent, Result | null> {
  let turnAt = performance.now();
  let reportedAt = turnAt;
  for (let step = fit.next(); ; step = fit.next()) {
    if (step.done) return step.value;
    if (performance.now() - turnAt < TURN_MS) continue;
    await nextTask();
    await control.unpaused();
    if (control.stops) return null;
    turnAt = performance.now();
    if (turnAt - reportedAt < REPORT_EVERY_MS) continue;
    reportedAt = turnAt;
    yield { type: "probe", of, what: "fit", done: step.value, total: FITS };
  }
}
