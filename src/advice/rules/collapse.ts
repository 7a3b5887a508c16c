import type { Finding } from "../finding.ts";
import type { EvaluationFacts } from "../record.ts";
import { advised, balance, clip, epochs, longerWarmup, lowerRate, those, usualRate } from "../remedies.ts";
import type { RunView } from "../view.ts";
import { counted, percent } from "../../recipe/wording.ts";
import { rateTooLow } from "./rate-too-low.ts";

/** Share of the predictions from which on a class counts as the only one. */
const ONE_CLASS = 0.99;
/** Least number and share of rows of other classes: otherwise one class is the right answer. */
const LEAST_OTHERS = 5;
const OTHERS_SHARE = 0.02;
/** Class weights help where the largest class has at least this many times the rows of the smallest. */
const UNEVEN = 1.5;
/** Number of steps, and share of the run, that the evaluations must span: early on every model favours a class. */
const LEAST_SPAN = 20;
const SPAN_SHARE = 0.1;

/** In the last evaluations every row was given the same class. */
export function collapse(view: RunView): Finding | null {
  const { curve, enough, warmupEnd, plan, recipe, labelNames, data } = view;
  const warmed = curve.filter(({ step }) => step > warmupEnd);
  const sound = warmed.findLastIndex((evaluation) => onlyClass(evaluation) === null);
  const collapsed = warmed.slice(sound + 1);
  const [first] = collapsed;
  const last = collapsed.at(-1);
  if (!first || !last || collapsed.length < enough) return null;
  if (last.step - first.step < Math.max(LEAST_SPAN, SPAN_SHARE * plan.steps)) return null;
  // Where nothing has moved, nothing has collapsed either.
  if (rateTooLow(view)) return null;

  const kept = onlyClass(last) ?? 0;
  const truth = (last.report.classes[kept]?.support ?? NaN) / last.report.rows;
  const uneven = isUneven(data.trainCounts);
  const others = new Set(collapsed.map(onlyClass)).size > 1;
  return {
    id: "collapse",
    title: "Collapse to one class",
    text:
      `In the last ${counted(collapsed.length, "evaluation")}, from step ${first.step} on, all rows were given one class` +
      `${others ? ", though not always the same one" : ""}; at step ${last.step} it is “${labelNames[kept] ?? kept}”, the ` +
      `class of ${percent(truth)} of the rows. This is clear: the text makes no difference to the answer.`,
    severity: "high",
    certainty: "clear",
    remedies: those(
      recipe.learningRate > usualRate(view)
        ? lowerRate(recipe, 4)
        : epochs(recipe, 2 * recipe.epochs, "The run may be too short to get past the classes’ frequencies."),
      uneven && recipe.classWeights === null ? balance(recipe) : null,
      longerWarmup(recipe),
      clip(recipe),
      advised("Try another seed: with few rows some starts of the head never leave this state.", "evaluating-honestly"),
    ),
    anchor: "collapse",
  };
}

/** Whether class weights would change much. */
export function isUneven(counts: readonly number[]): boolean {
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const fewest = counts.reduce((a, b) => Math.min(a, b), Infinity);
  return most >= UNEVEN * fewest;
}

/** The class that all rows were given although there are others; null where several were given. */
export function onlyClass({ report }: EvaluationFacts): number | null {
  const counts = new Map<number, number>();
  for (const [, predicted, rows] of report.confusion) counts.set(predicted, (counts.get(predicted) ?? 0) + rows);
  for (const [predicted, count] of counts) {
    if (count < ONE_CLASS * report.rows) continue;
    const others = report.rows - (report.classes[predicted]?.support ?? 0);
    return others < Math.max(LEAST_OTHERS, OTHERS_SHARE * report.rows) ? null : predicted;
  }
  return null;
}
