import type { Finding } from "../finding.ts";
import { median } from "../../metrics/spread.ts";
import type { EvaluationFacts } from "../record.ts";
import { advised, consolidate, gentler, rehearse, those } from "../remedies.ts";
import { settledScores, type RunView } from "../view.ts";
import { counted, percent } from "../../recipe/wording.ts";

/** The accuracy must have fallen by this much … */
const LEAST_FALL = 0.05;
/** … and by this many standard errors of the difference. */
const ERRORS = 2;
/** This many standard errors leave no doubt. */
const SURE_ERRORS = 4;
/** A model that has lost this share of what it had above guessing has hardly anything left of the task. */
const MOST_LOST = 0.5;

/** In evaluation after evaluation the earlier task's score is below that before the first step. */
export function forgetting(view: RunView): Finding | null {
  const { earlier, ended, recipe, curve, evaluations } = view;
  const compared = settledScores(view, earlier);
  if (!compared) return null;
  const { before, recent, last } = compared;
  const fell = ({ report }: EvaluationFacts, errors: number) => {
    const fall = before.report.accuracy - report.accuracy;
    return fall > LEAST_FALL && fall > errors * Math.hypot(errorOf(before), errorOf({ report }));
  };
  if (!recent.every((score) => fell(score, ERRORS))) return null;

  const was = before.report.accuracy;
  const now = median(recent.map(({ report }) => report.accuracy));
  const sure = recent.every((score) => fell(score, SURE_ERRORS));
  const largest = before.report.classes.reduce((most, scores) => Math.max(most, scores?.support ?? 0), 0);
  const guess = largest / before.report.rows;
  const lost = (was - now) / Math.max(was - guess, Number.EPSILON);
  const newBefore = evaluations[0]?.report.accuracy;
  const newNow = curve.at(-1)?.report.accuracy;
  const newTask =
    newBefore === undefined || newNow === undefined
      ? ""
      : `, while the new task’s went from ${percent(newBefore)} to ${percent(newNow)}`;
  const back = ended ? "" : " Some of it may come back as the rate falls.";
  return {
    id: "forgetting",
    title: "The earlier task is forgotten",
    text:
      `Accuracy on the earlier task fell from ${percent(was)} before the first step to ${percent(now)} over the last ` +
      `${counted(recent.length, "evaluation")}, up to step ${last.step}${newTask}. Guessing gives ${percent(guess)}. With ` +
      `${counted(last.report.rows, "row")} to measure it on, this is ${sure ? "clear" : "likely, not certain"}.${back}`,
    severity: lost > MOST_LOST ? "high" : "medium",
    certainty: sure ? "clear" : "likely",
    remedies: those(
      rehearse(recipe),
      consolidate(recipe),
      ...gentler(view),
      advised("Keep both models, one for each task: often the simplest answer."),
    ),
    anchor: "forgetting",
  };
}

/** Standard error of an accuracy; an accuracy of 0 or 1 is treated as if half a row were predicted otherwise. */
function errorOf({ report }: Pick<EvaluationFacts, "report">): number {
  const { accuracy, rows } = report;
  const share = Math.min(Math.max(accuracy, 0.5 / rows), 1 - 0.5 / rows);
  return Math.sqrt((share * (1 - share)) / rows);
}
