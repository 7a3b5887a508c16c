import { median } from "../metrics/median.ts";
import { stepNoise } from "./step-noise.ts";
import type { StepFacts } from "./record.ts";

/** A stretch of steps in a few robust numbers. */
export interface Stretch {
  firstStep: number;
  lastStep: number;
  /** Of which numbers were read, see `MOST_READ`. */
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

/** A run is read in about so many stretches: enough to see a trend, few enough that each has many steps. */
const STRETCHES = 40;
/** Fewer steps than these have no median worth the name. */
const LEAST_STEPS = 8;
/** Of a longer stretch these last steps are read: they say as much, and sorting 20,000 steps again and again would not. */
const MOST_READ = 128;

/**
 * The steps cut into stretches of one length that follows from the length of the whole run, so that their borders stay
 * where they are while the run grows. The last one counts when it is whole, or at the end of the run at least half.
 *
 * @param planned steps of the whole run
 * @param ended whether no more will come
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
