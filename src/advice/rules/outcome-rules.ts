import type { Finding } from "../finding.ts";
import { errorOf, fallOf, outcomeOf, outcomeText } from "../outcome.ts";
import {
  advised,
  balance,
  clip,
  epochs,
  hasWildRate,
  longerWarmup,
  raiseRate,
  sensibleRate,
  those,
  unfreeze,
  usualRate,
} from "../remedies.ts";
import type { RunView } from "../view.ts";
import { counted, plainNumber } from "../../recipe/wording.ts";
import { figure, score } from "../words.ts";
import { isUneven } from "./collapse.ts";

/** A run of fewer optimizer steps has hardly left its start, whatever its data and recipe. */
const FEW_STEPS = 100;
/** Numbers of steps and epochs that the default recipe aims at. */
const ENOUGH_STEPS = 300;
const MOST_EPOCHS = 20;
/** A validation loss above this share of a guess's loss is still high. */
const HIGH = 0.5;
/** The loss has risen if it exceeds that of step 0 by this share and by this many nats. */
const LEAST_RISE = 0.1;
const LEAST_RISE_NATS = 0.03;
/** A loss has hardly moved if the validation loss changed, and the training loss fell, by less than this share. */
const HARDLY = 0.03;
/** Below this share of a guess's loss there is little left to move. */
const LEARNT = 0.1;

const checkLabels = advised("Look at some rows: the labels may not follow from the texts.", "label-noise");

/**
 * Rules for the poor outcome of an ended run that no other rule explains, such as one too short for a trend. The first
 * rule that applies has the most likely cause.
 */
export const outcomeRules = [worseThanStart, wildRate, tooFewSteps, hardlyMoved, guessing] as const;

/** Loss and accuracy are worse than before the first step. */
function worseThanStart(view: RunView): Finding | null {
  const outcome = outcomeOf(view);
  if (!view.ended || !outcome?.start) return null;
  const { start, last } = outcome;
  const [was, is] = [start.report, last.report];
  const rose = is.logLoss - was.logLoss > Math.max(LEAST_RISE * was.logLoss, LEAST_RISE_NATS);
  if (!(rose || !Number.isFinite(is.logLoss)) || is.accuracy > was.accuracy + errorOf(was.accuracy, was.rows))
    return null;
  return {
    id: "worse-than-start",
    title: "Training made it worse than step 0",
    text:
      `Before the first step validation loss was ${figure(was.logLoss)} and accuracy ${score(was.accuracy)} ` +
      `(${counted(was.rows, "row")}); at step ${last.step} they are ${figure(is.logLoss)} and ${score(is.accuracy)} ` +
      `(${counted(is.rows, "row")}). It is clear that this run, at a rate of ${plainNumber(view.recipe.learningRate)}, ` +
      "damaged the model.",
    severity: "high",
    certainty: "clear",
    remedies: those(sensibleRate(view), longerWarmup(view.recipe), clip(view.recipe), checkLabels),
    anchor: "a-short-or-failed-run",
  };
}

/** The model guesses, at a rate far above what is common, however few the steps. */
function wildRate(view: RunView): Finding | null {
  return hasWildRate(view) ? guessing(view) : null;
}

/** The run was too short to learn, so its scores say nothing about data and recipe. */
function tooFewSteps(view: RunView): Finding | null {
  const { ended, state, step, plan, recipe } = view;
  // A run that is the baseline alone has no steps to make.
  if (!ended || step >= FEW_STEPS || recipe.effort === "quick") return null;
  const outcome = outcomeOf(view);
  if (outcome && !outcome.isGuessing && outcome.last.report.logLoss <= HIGH * outcome.guess.loss) return null;
  const made =
    state === "finished"
      ? `The run had ${counted(step, "step")}`
      : `The run ${state === "failed" ? "failed" : "was stopped"} after ${step} of ${counted(plan.steps, "step")}`;
  const wanted = Math.min(MOST_EPOCHS, Math.ceil(ENOUGH_STEPS / plan.stepsPerEpoch));
  const short = state === "finished" || plan.steps < FEW_STEPS;
  return {
    id: "too-few-steps",
    title: "Too few steps to judge",
    text:
      `${made}. ${outcome ? outcomeText(outcome) : "It was not evaluated after a step."} It is clear that fewer than ` +
      `${FEW_STEPS} steps are too few to judge the data or the recipe.`,
    severity: "medium",
    certainty: "clear",
    remedies: those(
      short && wanted > recipe.epochs
        ? epochs(recipe, wanted, `About ${counted(wanted * plan.stepsPerEpoch, "step")}.`)
        : null,
      short ? null : advised("Let the run go on to its end."),
      recipe.learningRate < usualRate(view) ? raiseRate(view, 1) : null,
      short ? advised("Add rows: more rows make more steps per epoch.", "labelling-what-is-not-labelled") : null,
    ),
    anchor: "a-short-or-failed-run",
  };
}

/** Neither loss has changed since step 0. */
function hardlyMoved(view: RunView): Finding | null {
  const outcome = outcomeOf(view);
  if (!view.ended || !outcome?.start) return null;
  const { start, last, guess } = outcome;
  const [was, is] = [start.report.logLoss, last.report.logLoss];
  if (!(Math.abs(is - was) < HARDLY * was) || !(fallOf(view) < HARDLY) || is < LEARNT * guess.loss) return null;
  return {
    id: "hardly-moved",
    title: "The run hardly moved",
    text:
      `Validation loss was ${figure(was)} before the first step and is ${figure(is)} at step ${last.step}; the training ` +
      `loss stayed within ${100 * HARDLY} % as well. It is clear that ${counted(view.step, "step")} at a rate of ` +
      `${plainNumber(view.recipe.learningRate)} changed hardly anything.`,
    severity: "medium",
    certainty: "clear",
    remedies: those(
      raiseRate(view, 10),
      unfreeze(view),
      epochs(view.recipe, Math.ceil(3 * view.recipe.epochs), "More steps, if a higher rate is not wanted."),
      checkLabels,
    ),
    anchor: "a-short-or-failed-run",
  };
}

/** The model is no better than guessing by class frequency. */
function guessing(view: RunView): Finding | null {
  const outcome = outcomeOf(view);
  if (!view.ended || !outcome?.isGuessing) return null;
  const { recipe, data } = view;
  const wild = hasWildRate(view);
  const uneven = isUneven(data.trainCounts);
  return {
    id: "guessing",
    title: "Loss is at guessing level",
    text:
      `${outcomeText(outcome)} It is clear that the model has not learned to tell the classes apart` +
      (wild ? `; a rate of ${plainNumber(recipe.learningRate)} is far above what is common.` : "."),
    severity: "high",
    certainty: "clear",
    remedies: those(
      wild ? sensibleRate(view) : recipe.learningRate < 5 * usualRate(view) ? raiseRate(view, 5) : null,
      wild ? longerWarmup(recipe) : epochs(recipe, 2 * recipe.epochs, "Twice as many steps."),
      unfreeze(view),
      uneven && recipe.classWeights === null ? balance(recipe) : null,
      advised("A sweep over rates (“Find a rate”, or find-rate in the command line) shows where the loss falls."),
      checkLabels,
    ),
    anchor: "a-short-or-failed-run",
  };
}
