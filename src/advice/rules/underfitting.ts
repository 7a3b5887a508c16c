import type { Finding } from "../finding.ts";
import { median } from "../median.ts";
import { partOf } from "../part.ts";
import { advised, changed, epochs, raiseRate, those } from "../remedies.ts";
import type { RunView } from "../view.ts";
import { counted, figure } from "../words.ts";

/** A training loss above this share of the way from perfect up to chance is still high at the end. */
const HIGH = 0.5;
/** Share of the run whose ends are compared to see the loss fall. */
const PART = 0.25;
/** It must have fallen by this share from one part to the next … */
const LEAST_FALL = 0.02;
/** … and by this many standard errors. */
const ERRORS = 2;
/** The validation loss may lie so much above its lowest and still not have turned. */
const TURNED = 1.03;
/** A rate above this is not raised any more: steps are not what is wanting. */
const HIGH_RATE = 5e-5;

/** At the end the training loss is still high, and still falling: the run was over before the learning. */
export function underfitting(view: RunView): Finding | null {
  const { stretches, scale, recipe, curve, enough, plan } = view;
  const part = Math.max(1, Math.round(PART * stretches.length));
  if (view.state !== "finished" || stretches.length < 2 * part + 1) return null;
  const last = partOf(stretches.slice(-part));
  const before = partOf(stretches.slice(-2 * part, -part));
  const fell =
    before.loss - last.loss > Math.max(LEAST_FALL * before.loss, ERRORS * Math.hypot(before.error, last.error));
  const high = last.loss > scale.floor + HIGH * (scale.chance - scale.floor);
  const losses = curve.map(({ report }) => report.logLoss);
  const lowest = losses.reduce((a, b) => Math.min(a, b), Infinity);
  const turned = losses.length > 0 && median(losses.slice(-enough)) > TURNED * lowest;
  if (!fell || !high || turned) return null;

  const dropout = recipe.hiddenDropout ?? 0;
  return {
    id: "underfitting",
    title: "Underfitting",
    text:
      `Training loss was still ${figure(last.loss)} over the last quarter of the ${counted(plan.steps, "step")}, down from ` +
      `${figure(before.loss)} in the quarter before; knowing only how frequent the classes are gives ${figure(scale.chance)}. ` +
      "It is likely that the run ended before the model had learnt what it can.",
    severity: "medium",
    certainty: "likely",
    remedies: those(
      epochs(recipe, Math.ceil(2 * recipe.epochs), "Twice as long, and the rate falls half as fast."),
      recipe.learningRate < HIGH_RATE || recipe.loraRank > 0 ? raiseRate(recipe, 2.5) : null,
      recipe.frozen.length > 0
        ? changed(recipe, { frozen: [] }, "Freeze nothing", "More weights that can learn.")
        : null,
      dropout > 0.1 ? changed(recipe, { hiddenDropout: 0.1 }, "Lower dropout to 0.1", "Less is hidden from it.") : null,
      recipe.weightDecay > 0.01
        ? changed(recipe, { weightDecay: 0.01 }, "Lower weight decay to 0.01", "Less holds the weights back.")
        : null,
      advised("Take a larger model, if longer training does not help."),
    ),
    anchor: "underfitting",
  };
}
