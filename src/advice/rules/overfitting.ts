import type { Finding } from "../finding.ts";
import { median } from "../../metrics/spread.ts";
import { stepNoise } from "../stretches.ts";
import {
  advised,
  earlyStopping,
  epochs,
  freezeLowerHalf,
  moreDropout,
  pullToStart,
  smoothLabels,
  those,
} from "../remedies.ts";
import { lossAt, type RunView } from "../view.ts";
import { counted } from "../../recipe/wording.ts";
import { figure } from "../words.ts";

/** The validation loss must have risen by this share of its lowest value … */
const LEAST_RISE = 0.1;
/** … and by this many nats, since a tenth of a tiny loss is negligible … */
const LEAST_RISE_NATS = 0.03;
/** … and by this many times its noise from one evaluation to the next. */
const NOISES = 2;
/** Meanwhile the training loss must have fallen by this share, and by more than its noise. */
const LEAST_FALL = 0.1;
/** A macro F1 that is this much below its best is worse; a few hundred rows cannot measure a smaller difference. */
const WORSE_F1 = 0.01;

/** The validation loss rises again while the training loss still falls: the model memorizes the rows. */
export function overfitting(view: RunView): Finding | null {
  const { curve, enough, recipe, stretches, plan } = view;
  const losses = curve.map(({ report }) => report.logLoss);
  const lowestAt = losses.reduce((best, loss, i) => (loss < (losses[best] ?? Infinity) ? i : best), 0);
  const after = losses.length - 1 - lowestAt;
  const lowest = losses[lowestAt] ?? NaN;
  const recent = median(losses.slice(-enough));
  const rise = recent - lowest;
  if (after < enough || !(rise > Math.max(LEAST_RISE * lowest, LEAST_RISE_NATS, NOISES * stepNoise(losses))))
    return null;

  const turn = curve[lowestAt]?.step ?? NaN;
  const trainThen = lossAt(view, turn);
  const now = stretches.at(-1);
  const trainNow = now?.loss ?? NaN;
  // Where the training loss does not fall, the run is unstable rather than overfitting.
  if (!now || trainThen - trainNow < Math.max(LEAST_FALL * trainThen, now.noise)) return null;

  const last = curve.at(-1);
  const bestF1 = curve.reduce((best, { report }) => Math.max(best, report.macro.f1), 0);
  const worse = median(curve.slice(-enough).map(({ report }) => report.macro.f1)) < bestF1 - WORSE_F1;
  const judged = worse
    ? `${counted(after, "evaluation")} in a row lie above the lowest, and macro F1 fell as well: this is clear.`
    : "Macro F1 kept its level, so the model becomes more confident in its mistakes rather than making more: this may do no harm.";
  const bestEpochs = Math.max(1, Math.round(turn / plan.stepsPerEpoch));
  return {
    id: "overfitting",
    title: "Overfitting",
    text:
      `Validation loss rose from ${figure(lowest)} at step ${turn} to ${figure(recent)} at step ${last?.step}, ` +
      `while training loss fell from ${figure(trainThen)} to ${figure(trainNow)}. ${judged}`,
    severity: worse ? "medium" : "low",
    certainty: worse ? "clear" : "possible",
    remedies: those(
      bestEpochs < recipe.epochs ? epochs(recipe, bestEpochs, "As far as the validation loss fell.") : null,
      earlyStopping(recipe),
      moreDropout(view),
      smoothLabels(recipe),
      freezeLowerHalf(view),
      pullToStart(view),
      advised("Add rows, or varied copies of the training rows: more data is the surest remedy.", "augmentation"),
      advised("Look at the errors of highest confidence: wrong labels can only be memorized.", "label-noise"),
    ),
    anchor: "overfitting",
  };
}
