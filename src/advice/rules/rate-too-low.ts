import type { Finding } from "../finding.ts";
import { advised, epochs, raiseRate, those, unfreeze } from "../remedies.ts";
import { partOf } from "../stretches.ts";
import type { RunView } from "../view.ts";
import { figure } from "../words.ts";
import { plainNumber } from "../../recipe/wording.ts";

/** The validation loss has not moved if it stays within this share: even a few small steps change it more. */
const FLAT = 0.02;
/** A change below this leaves no doubt. */
const SURELY_FLAT = 0.01;
/** The training loss has fallen if it did so by this share between the first and the last quarter … */
const LEAST_FALL = 0.03;
/** … and by this many standard errors. */
const ERRORS = 2;
const PART = 0.25;
/** A loss above this share of the loss of guessing is that of a model that has learned little. */
const UNLEARNT = 0.8;
/** Share of the run that must be over, since at the start of the warm-up every loss is flat. */
const LEAST_DONE = 0.4;
/** Number of steps at the full rate from which on the loss should have moved. */
const LEAST_STEPS = 20;
/** From this rate on weights do move, so a flat loss has another cause. */
const FULL_RATE = 3e-4;

/** Neither loss has moved from the start. */
export function rateTooLow(view: RunView): Finding | null {
  const { curve, enough, stretches, scale, recipe, plan, step, ended, warmupEnd } = view;
  const first = curve[0];
  const last = curve.at(-1);
  if (!first || !last || curve.length < enough || recipe.learningRate >= FULL_RATE) return null;
  if (step < warmupEnd + LEAST_STEPS || (!ended && step < LEAST_DONE * plan.steps)) return null;
  const losses = curve.map(({ report }) => report.logLoss);
  const lowest = losses.reduce((a, b) => Math.min(a, b), Infinity);
  const moved = (losses.reduce((a, b) => Math.max(a, b), -Infinity) - lowest) / lowest;
  const part = Math.max(1, Math.round(PART * stretches.length));
  const start = partOf(stretches.slice(0, part));
  const now = partOf(stretches.slice(-part));
  const fell = start.loss - now.loss > Math.max(LEAST_FALL * start.loss, ERRORS * Math.hypot(start.error, now.error));
  if (!(moved < FLAT) || lowest < UNLEARNT * scale.chance || fell) return null;

  const sure = moved < SURELY_FLAT;
  return {
    id: "rate-too-low",
    title: "The rate is too low",
    text:
      `At a rate of ${plainNumber(recipe.learningRate)} validation loss was ${figure(first.report.logLoss)} at step ` +
      `${first.step} and ${figure(last.report.logLoss)} at step ${last.step}; training loss was typically ` +
      `${figure(start.loss)} at first and ${figure(now.loss)} of late. ` +
      `It is ${sure ? "clear" : "likely"} that the steps are too small to learn.`,
    severity: "medium",
    certainty: sure ? "clear" : "likely",
    remedies: those(
      raiseRate(view, 10),
      unfreeze(view),
      epochs(recipe, Math.ceil(3 * recipe.epochs), "Many more small steps, where a higher rate is not wanted."),
      advised(
        "If a higher rate changes nothing, look at the labels: they may not follow from the text.",
        "label-noise",
      ),
    ),
    anchor: "learning-rate",
  };
}
