import type { Finding } from "../finding.ts";
import { median } from "../../metrics/spread.ts";
import type { TextsFacts } from "../record.ts";
import { advised, consolidate, gentler, those } from "../remedies.ts";
import { settledScores, type RunView } from "../view.ts";
import { counted } from "../../recipe/wording.ts";
import { figure } from "../words.ts";

/** A head whose loss is above this share of a guess's loss has learned nothing that could be forgotten. */
const LEARNT = 0.9;
/** The loss of the masked words must have risen by so many nats, which makes the perplexity a tenth larger … */
const LEAST_RISE = 0.1;
/** … and by this many standard errors. */
const ERRORS = 2;
/** This many standard errors leave no doubt. */
const SURE_ERRORS = 4;
/**
 * First strength of consolidation: a language model is less confident than a classifier, so its Fisher information is
 * larger.
 */
const FIRST_STRENGTH = 1e4;
/** A language model that has lost this share of what it knew above guessing has hardly anything left of it. */
const MOST_LOST = 0.5;

/** In evaluation after evaluation the loss on an earlier task's texts is above that before the first step. */
export function forgottenTexts(view: RunView): Finding | null {
  const { earlierTexts, ended, recipe } = view;
  const compared = settledScores(view, earlierTexts);
  if (!compared) return null;
  const { recent, last } = compared;
  const before = compared.before.report;
  if (before.loss > LEARNT * before.guessing) return null;
  const rose = ({ report: score }: TextsFacts, errors: number) => {
    const rise = score.loss - before.loss;
    return rise > LEAST_RISE && rise > errors * Math.hypot(errorOf(before), errorOf(score));
  };
  if (!recent.every((score) => rose(score, ERRORS))) return null;

  const now = median(recent.map(({ report }) => report.loss));
  const sure = recent.every((score) => rose(score, SURE_ERRORS));
  const lost = (now - before.loss) / (before.guessing - before.loss);
  const back = ended ? "" : " Some of it may come back as the rate falls.";
  return {
    id: "forgotten-texts",
    title: "The language model forgets",
    text:
      `The loss of masked words in the earlier texts rose from ${figure(before.loss)} before the first step to ` +
      `${figure(now)} over the last ${counted(recent.length, "evaluation")}, up to step ${last.step}: the ` +
      `pseudo-perplexity from ${figure(Math.exp(before.loss))} to ${figure(Math.exp(now))}. With ` +
      `${counted(last.report.masked, "masked word")} to measure it on, this is ${sure ? "clear" : "likely, not certain"}.${back}`,
    severity: lost > MOST_LOST ? "high" : "medium",
    certainty: sure ? "clear" : "likely",
    remedies: those(
      consolidate(recipe, FIRST_STRENGTH),
      ...gentler(view),
      advised("Where only the new task counts this may be no loss at all: its own validation score decides."),
    ),
    anchor: "forgetting",
  };
}

/**
 * Standard error of a mean loss of masked words, assuming that their losses have a standard deviation equal to their
 * mean, like an exponential distribution. The words are the same each time, so the error of a difference is smaller.
 */
function errorOf({ loss, masked }: TextsFacts["report"]): number {
  return loss / Math.sqrt(masked);
}
