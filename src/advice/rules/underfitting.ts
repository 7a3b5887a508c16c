import type { Recipe } from "../../recipe/recipe.ts";
import type { Finding, Remedy } from "../finding.ts";
import { median } from "../../metrics/spread.ts";
import { partOf } from "../stretches.ts";
import { advised, changed, epochs, headAlone, raiseRate, those, unfreeze } from "../remedies.ts";
import type { RunView } from "../view.ts";
import { counted } from "../../recipe/wording.ts";
import { figure } from "../words.ts";

/** At the end a training loss above this share of the way from a perfect model up to chance is still high. */
const HIGH = 0.5;
/** Share of the run that makes one of the two parts whose losses are compared. */
const PART = 0.25;
/** The loss must have fallen by this share from one part to the next … */
const LEAST_FALL = 0.02;
/** … and by this many standard errors. */
const ERRORS = 2;
/** The validation loss has turned when it exceeds its lowest value by this factor. */
const TURNED = 1.03;
/** Highest rates, of an encoder and of a head that trains alone, that are still raised. */
const HIGH_RATE = 5e-5;
const HIGH_RATE_OF_HEAD = 5e-3;

/** At the end the training loss is still high and still falling: the run ended before the model had learned. */
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

  const highRate = headAlone(view) ? HIGH_RATE_OF_HEAD : recipe.loraRank > 0 ? Infinity : HIGH_RATE;
  return {
    id: "underfitting",
    title: "Underfitting",
    text:
      `Training loss was still ${figure(last.loss)} over the last quarter of the ${counted(plan.steps, "step")}, down from ` +
      `${figure(before.loss)} in the quarter before; guessing by class frequency gives ${figure(scale.chance)}. ` +
      "It is likely that the run ended before the model had learned what it can.",
    severity: "medium",
    certainty: "likely",
    remedies: those(
      epochs(recipe, Math.ceil(2 * recipe.epochs), "Twice as long, and the rate falls half as fast."),
      recipe.learningRate < highRate ? raiseRate(view, 2.5) : null,
      unfreeze(view),
      ...released(recipe),
      advised("Take a larger model, if longer training does not help."),
    ),
    anchor: "underfitting",
  };
}

/** Relaxes each field of the recipe that holds the weights back. */
function released(recipe: Recipe): (Remedy | null)[] {
  const { hiddenDropout, labelSmoothing, l2sp, rDrop, layerDecay } = recipe;
  return [
    (hiddenDropout ?? 0) > 0.1
      ? changed(recipe, { hiddenDropout: 0.1 }, "Lower dropout to 0.1", "Fewer activations are dropped.")
      : null,
    labelSmoothing > 0
      ? changed(recipe, { labelSmoothing: 0 }, "No label smoothing", "The model may become as confident as it can.")
      : null,
    l2sp > 0 ? changed(recipe, { l2sp: 0 }, "No pull to the start", "Less holds the weights back.") : null,
    rDrop > 0 ? changed(recipe, { rDrop: 0 }, "No R-Drop", "Less holds the predictions back.") : null,
    layerDecay < 1
      ? changed(recipe, { layerDecay: 1 }, "One rate for all layers", "The lower layers learn too.")
      : null,
  ];
}
