import { scoresOfCounts } from "../averages.ts";
import { cutsOf, ranked, type Ranked } from "./cuts.ts";
import { betweenScores, nearestToEven } from "./thresholds.ts";

/** What a wrong decision about a class costs, in any unit. */
export interface Costs {
  /** For each row that is predicted as the class and is not of it. */
  falseAlarm: number;
  /** For each row of the class that is not predicted as such. */
  miss: number;
}

/** What follows from a threshold, from which on a class is predicted. */
export interface ThresholdFigures {
  threshold: number;
  /** Mean per row, in the unit of the costs; 0 without rows. */
  cost: number;
  /** As scikit-learn's with zero_division = 0. */
  precision: number;
  recall: number;
  f1: number;
  falseAlarms: number;
  misses: number;
}

/**
 * The figures of rows that are predicted as they are.
 *
 * @param truth 0 or 1 for each row [rows]
 * @param predicted as `truth`
 */
export function figuresAs(truth: Uint8Array, predicted: Uint8Array, costs: Costs): Omit<ThresholdFigures, "threshold"> {
  const all = ranked(truth, predicted);
  const from = (values: Float64Array) => values.length - placeOf(values, 1);
  return figuresOf(all, { hits: from(all.positives), wrong: from(all.negatives) }, costs);
}

/** The figures at a threshold, in a time that grows with the logarithm of the rows. */
export function figuresAt(scores: Ranked, threshold: number, costs: Costs): ThresholdFigures {
  const hits = scores.positives.length - placeOf(scores.positives, threshold);
  const wrong = scores.negatives.length - placeOf(scores.negatives, threshold);
  return { threshold, ...figuresOf(scores, { hits, wrong }, costs) };
}

/**
 * The threshold with the least cost on these rows, and its figures: of equally good ones 0.5, or the one nearest to it.
 * Elkan 2001, The Foundations of Cost-Sensitive Learning, has the threshold that is right for exact probabilities,
 * falseAlarm / (falseAlarm + miss); this one is right for the rows as they were scored.
 *
 * @param scores between 0 and 1
 */
export function leastCost(scores: Ranked, costs: Costs): ThresholdFigures {
  const cuts = [...cutsOf(scores)].map(({ score, hits, wrong }) => ({
    score,
    ...figuresOf(scores, { hits, wrong }, costs),
  }));
  // Nothing is predicted from 1 on, unless a score is that high.
  const nothing = { score: 1, ...figuresOf(scores, { hits: 0, wrong: 0 }, costs) };
  const tried = (cuts[0]?.score ?? 0) < 1 ? [nothing, ...cuts] : cuts;
  const least = tried.reduce((best, { cost }) => Math.min(best, cost), Infinity);
  const threshold = nearestToEven(betweenScores(tried).filter(({ cost }) => cost <= least * (1 + ROUNDING)));
  return figuresAt(scores, threshold, costs);
}

/** Costs that differ by a smaller part are equal but for rounding. */
const ROUNDING = 1e-12;

function figuresOf(
  { positives, negatives }: Ranked,
  { hits, wrong }: { hits: number; wrong: number },
  { falseAlarm, miss }: Costs,
): Omit<ThresholdFigures, "threshold"> {
  const misses = positives.length - hits;
  const rows = positives.length + negatives.length;
  const { precision, recall, f1 } = scoresOfCounts({ hits, predicted: hits + wrong, support: positives.length });
  const cost = rows === 0 ? 0 : (falseAlarm * wrong + miss * misses) / rows;
  return { cost, precision, recall, f1, falseAlarms: wrong, misses };
}

/** Number of values below a threshold; `sorted` is ascending. */
function placeOf(sorted: Float64Array, threshold: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? NaN) < threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}
