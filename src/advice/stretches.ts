import { median } from "../metrics/spread.ts";
import type { StepFacts } from "./record.ts";

/** A stretch of consecutive steps, described by a few robust numbers. */
export interface Stretch {
  firstStep: number;
  lastStep: number;
  /** Number of steps that were read, see `MOST_READ`. */
  steps: number;
  /** Medians over the stretch. */
  loss: number;
  gradientNorm: number;
  /** Standard deviation of the loss from step to step, see `stepNoise`. */
  noise: number;
  highestLoss: number;
  /** The steps that were read. */
  facts: readonly StepFacts[];
}

/** A run is divided into about this many stretches: enough to see a trend, few enough that each has many steps. */
const STRETCHES = 40;
/** A median of fewer steps means little. */
const LEAST_STEPS = 8;
/**
 * At most this many of the last steps of a stretch are read, so that a run of 20,000 steps is not sorted again and
 * again.
 */
const MOST_READ = 128;

/**
 * Cuts the steps into stretches of equal length. The length follows from that of the whole run, so that borders stay in
 * place while the run grows. The last stretch counts when it is complete, or at least half complete at the end of the
 * run.
 *
 * @param planned steps of the whole run
 * @param ended whether no more steps will come
 */
export function stretchesOf(steps: readonly StepFacts[], planned: number, ended: boolean): Stretch[] {
  const finite = steps.filter(({ loss, gradientNorm }) => Number.isFinite(loss) && Number.isFinite(gradientNorm));
  const width = Math.max(LEAST_STEPS, Math.ceil(planned / STRETCHES));
  const stretches: Stretch[] = [];
  for (let start = 0; start < finite.length; start += width) {
    const facts = finite.slice(start, start + width);
    if (facts.length === width || (ended && 2 * facts.length >= width)) stretches.push(stretchOf(facts));
  }
  return stretches;
}

function stretchOf(all: readonly StepFacts[]): Stretch {
  const facts = all.slice(-MOST_READ);
  const losses = facts.map(({ loss }) => loss);
  return {
    firstStep: all[0]?.step ?? NaN,
    lastStep: facts.at(-1)?.step ?? NaN,
    steps: facts.length,
    loss: median(losses),
    gradientNorm: median(facts.map(({ gradientNorm }) => gradientNorm)),
    noise: stepNoise(losses),
    highestLoss: losses.reduce((a, b) => Math.max(a, b), -Infinity),
    facts,
  };
}

/** Ratio of the standard deviation of a normal distribution to its median absolute difference. */
const NORMAL = 1.4826;

/**
 * Standard deviation of the noise from each value to the next, robust against jumps and slow trends: the median
 * absolute difference of neighbours (whose variance is twice that of one), scaled as for normal noise.
 */
export function stepNoise(values: readonly number[]): number {
  const differences = values.slice(1).map((value, i) => Math.abs(value - (values[i] ?? NaN)));
  return (NORMAL * median(differences)) / Math.SQRT2;
}

/** A part of a run, of several stretches. */
interface Part {
  /** Median of the stretches' losses. */
  loss: number;
  /** Standard error of `loss`: that of the median of as many normal values with the noise of the stretches. */
  error: number;
}

/** Ratio of the standard error of the median of normal values to that of their mean. */
const OF_A_MEDIAN = 1.253;

export function partOf(stretches: readonly Stretch[]): Part {
  const steps = stretches.reduce((sum, stretch) => sum + stretch.steps, 0);
  const noise = median(stretches.map((stretch) => stretch.noise));
  return { loss: median(stretches.map(({ loss }) => loss)), error: (OF_A_MEDIAN * noise) / Math.sqrt(steps) };
}
