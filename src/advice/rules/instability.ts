import type { Finding } from "../finding.ts";
import { median } from "../../metrics/spread.ts";
import { changed, clip, fallingSchedule, largerBatch, longerWarmup, lowerRate, those } from "../remedies.ts";
import type { Stretch } from "../stretches.ts";
import { unlearned, type RunView } from "../view.ts";
import { counted, plainNumber } from "../../recipe/wording.ts";
import { figure } from "../words.ts";

/** A spike is this many times the loss of guessing … */
const SPIKE = 2;
/** … and above what one confidently misclassified row can add to the mean loss of its step, in nats. */
const ONE_ROW = 10;
/** Number of spikes in one stretch that an unusual batch does not explain. */
const LEAST_SPIKES = 3;
/**
 * A gradient norm swings when it typically changes by more than this factor from step to step; healthy runs stay below
 * 2.
 */
const SWING = 2.4;
/** Least number of stretches that swing, and their least share of the meaningful ones. */
const LEAST_SWINGING = 4;
const SWINGING_SHARE = 0.4;
/** Batch size from which on the mean gradient depends on no single row. */
const STEADY_BATCH = 32;

/**
 * The steps are too large: a loss or norm is not finite (the run's own error has the details), the loss has spikes, or
 * the gradient norm swings.
 */
export function instability(view: RunView): Finding | null {
  const found = notFinite(view) ?? spikes(view) ?? swings(view);
  if (!found) return null;
  const { recipe } = view;
  return {
    id: "instability",
    ...found,
    remedies: those(
      lowerRate(recipe, found.severity === "high" ? 10 : 3),
      clip(recipe),
      longerWarmup(recipe),
      fallingSchedule(recipe),
      changed(recipe, { biasCorrection: true }, "Correct Adam’s bias", "Without it the first steps are too large."),
      recipe.batchSize < STEADY_BATCH ? largerBatch(recipe, STEADY_BATCH) : null,
    ),
    anchor: "instability",
  };
}

type Seen = Pick<Finding, "title" | "text" | "severity" | "certainty">;

function notFinite({ steps, scale, hasClasses }: RunView): Seen | null {
  const all = steps.filter(({ loss, gradientNorm }) => !Number.isFinite(loss + gradientNorm));
  const [broken] = all;
  if (!broken) return null;
  if (!all.some(({ step }) => step === steps.at(-1)?.step)) {
    return {
      title: "Some steps were too large",
      text: `${counted(all.length, "step")} of ${steps.length}, the first at step ${broken.step}, gave no finite numbers and changed nothing.`,
      severity: "medium",
      certainty: "clear",
    };
  }
  const before = steps.findLast(({ step }) => step < broken.step);
  const guess = hasClasses ? `; guessing gives a loss of ${figure(scale.chance)}` : "";
  const lead = before
    ? `Before it broke, at step ${before.step}, the loss was ${figure(before.loss)} and the gradient norm ` +
      `${figure(before.gradientNorm)} at a rate of ${plainNumber(Number(before.learningRate.toPrecision(2)))}${guess}.`
    : `The first step already broke, at a rate of ${plainNumber(Number(broken.learningRate.toPrecision(2)))}.`;
  return {
    title: "The steps were too large",
    text: `${lead} It is certain that the numbers overflowed.`,
    severity: "high",
    certainty: "clear",
  };
}

function spikes({ stretches, scale, recipe }: RunView): Seen | null {
  const start = stretches[0]?.loss ?? NaN;
  const usual = Math.max(scale.chance, start);
  const limit = Math.max(SPIKE * usual, ONE_ROW / recipe.batchSize);
  // In the first stretch the head is still untrained.
  const wild = stretches
    .slice(1)
    .filter(({ facts }) => facts.filter(({ loss }) => loss > limit).length >= LEAST_SPIKES);
  const [first] = wild;
  if (!first) return null;
  const count = wild.reduce((sum, { facts }) => sum + facts.filter(({ loss }) => loss > limit).length, 0);
  const highest = wild.reduce((most, { highestLoss }) => Math.max(most, highestLoss), 0);
  return {
    title: "Training is unstable",
    text:
      `From step ${first.firstStep} on the loss of at least ${counted(count, "step")} lay above ${figure(limit)}, with ` +
      `${figure(highest)} at most; it began at ${figure(start)}, and guessing gives ${figure(scale.chance)}. ` +
      "A strange batch now and then does not do this: it is clear that steps overshoot.",
    severity: "high",
    certainty: "clear",
  };
}

function swings(view: RunView): Seen | null {
  const telling = unlearned(view);
  const swinging = telling.filter((stretch) => swingOf(stretch) > SWING);
  if (swinging.length < LEAST_SWINGING || swinging.length < SWINGING_SHARE * telling.length) return null;
  const factor = median(swinging.map(swingOf));
  const norms = swinging.flatMap(({ facts }) => facts.map(({ gradientNorm }) => gradientNorm));
  const highest = norms.reduce((a, b) => Math.max(a, b), 0);
  return {
    title: "Training is unstable",
    text:
      `The gradient norm typically changed by a factor of ${figure(factor)} from one step to the next in ` +
      `${swinging.length} of ${counted(telling.length, "stretch", "stretches")}, and reached ${figure(highest)} at a median of ` +
      `${figure(median(norms))}, while training loss was still ${figure(telling.at(-1)?.loss ?? NaN)}. ` +
      "It is likely that steps overshoot.",
    severity: "medium",
    certainty: "likely",
  };
}

/** The typical factor, at least 1, by which the gradient norm changes from step to step. */
function swingOf({ facts }: Stretch): number {
  const logs = facts.map(({ gradientNorm }) => Math.log(Math.max(gradientNorm, Number.MIN_VALUE)));
  return Math.exp(median(logs.slice(1).map((log, i) => Math.abs(log - (logs[i] ?? NaN)))));
}
