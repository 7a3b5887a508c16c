import { median } from "../metrics/spread.ts";
import type { EvaluationFacts, RunRecord } from "./record.ts";
import { onlyClass } from "./rules/collapse.ts";
import { score, figure } from "./words.ts";

/** The start and the end of a run, compared with guessing by class frequency. */
interface Outcome {
  /** The evaluation before the first step. */
  start: EvaluationFacts | null;
  last: EvaluationFacts;
  /** Accuracy and loss (nats) of the guess, on the rows of `last`. */
  guess: { accuracy: number; loss: number };
  /** Whether the last evaluation is no better than the guess. */
  isGuessing: boolean;
}

/** A loss above this share of the guess's loss is no better than it. */
const GUESSING = 0.9;
/** Standard errors by which an accuracy must exceed the guess's to be better. */
const ERRORS = 2;

/** The outcome of a run; null where it was never evaluated after a step. */
export function outcomeOf({ evaluations }: Pick<RunRecord, "evaluations">): Outcome | null {
  const start = evaluations.find(({ scope }) => scope === "baseline") ?? null;
  const last = evaluations.findLast(({ scope, step }) => scope !== "baseline" && step > 0);
  if (!last) return null;
  const { rows, classes, accuracy, logLoss } = last.report;
  const shares = classes.map((scores) => (scores?.support ?? 0) / rows).filter((share) => share > 0);
  const guess = {
    accuracy: shares.reduce((most, share) => Math.max(most, share), 0),
    loss: shares.reduce((sum, share) => sum - share * Math.log(share), 0),
  };
  const isHigh = !(logLoss < GUESSING * guess.loss);
  const isPoor = accuracy <= guess.accuracy + ERRORS * errorOf(guess.accuracy, rows);
  return { start, last, guess, isGuessing: onlyClass(last) !== null || (isHigh && isPoor) };
}

/** Standard error of an accuracy. */
export function errorOf(accuracy: number, rows: number): number {
  return Math.sqrt((accuracy * (1 - accuracy)) / rows);
}

/** "Validation loss is 4.35 and macro F1 0.000 at step 30; guessing by class frequency gives a loss of 4.38." */
export function outcomeText({ last, guess }: Outcome): string {
  const { logLoss, accuracy, macro } = last.report;
  return (
    `At step ${last.step} validation loss is ${figure(logLoss)}, accuracy ${score(accuracy)} and macro F1 ` +
    `${score(macro.f1)}; guessing by class frequency gives a loss of ${figure(guess.loss)} and an accuracy of ${score(guess.accuracy)}.`
  );
}

/** Largest number of steps at either end whose losses are compared. */
const MOST_COMPARED = 200;

/**
 * Share by which the training loss fell from the first quarter of the steps to the last; NaN with fewer than four
 * steps.
 */
export function fallOf({ steps }: Pick<RunRecord, "steps">): number {
  const losses = steps.map(({ loss }) => loss).filter(Number.isFinite);
  const part = Math.min(MOST_COMPARED, Math.floor(losses.length / 4));
  if (part === 0) return NaN;
  const first = median(losses.slice(0, part));
  return (first - median(losses.slice(-part))) / first;
}
