import { ratio } from "../averages.ts";
import { cutsOf, type Ranked } from "./cuts.ts";

/** The threshold of a label where none was tuned. */
export const EVEN = 0.5;

/** Scores that differ by less are equal but for rounding. */
const ROUNDING = 1e-12;

/** The best F1 that any threshold reaches, and the scores that reach it as thresholds, ascending. */
interface BestF1 {
  f1: number;
  thresholds: number[];
}

/** Tries each score as a threshold, from which on a label is predicted; null where no row has the label. */
export function bestF1(scores: Ranked): BestF1 | null {
  const tried = triedCuts(scores);
  if (tried.length === 0) return null;
  const best = bestOf(tried);
  return {
    f1: best,
    thresholds: tried
      .filter(({ f1 }) => f1 > best - ROUNDING)
      .map(({ score }) => score)
      .reverse(),
  };
}

/**
 * The threshold with the best F1 on these rows. It lies halfway between the lowest score that it takes and the next
 * below, so that rounding moves no row across it. Of equally good ones it is 0.5, or the one nearest to it; 0.5
 * too where no row has the label.
 *
 * @param scores probabilities
 */
export function tunedThreshold(scores: Ranked): number {
  const tried = triedCuts(scores);
  const best = bestOf(tried);
  return nearestToEven(betweenScores(tried).filter(({ f1 }) => f1 > best - ROUNDING));
}

/** A cut of a ranking with the score below it: any number above that one up to its own takes the same rows. */
interface Between {
  below: number;
  score: number;
}

/**
 * Cuts with the scores below them.
 *
 * @param cuts the highest score first
 */
export function betweenScores<C extends { score: number }>(cuts: readonly C[]): (C & Between)[] {
  return cuts.map((cut, place) => ({ ...cut, below: cuts[place + 1]?.score ?? 0 }));
}

/** 0.5 where one of some cuts has it, else the halfway that is nearest to it; 0.5 too where there is no cut. */
export function nearestToEven(cuts: readonly Between[]): number {
  let nearest = NaN;
  for (const { below, score } of cuts) {
    if (below < EVEN && EVEN <= score) return EVEN;
    const halfway = (below + score) / 2;
    if (!(Math.abs(nearest - EVEN) <= Math.abs(halfway - EVEN))) nearest = halfway;
  }
  return Number.isNaN(nearest) ? EVEN : nearest;
}

/** F1 of each cut, the highest score first; none where no row has the label. */
function triedCuts(scores: Ranked): { score: number; f1: number }[] {
  const support = scores.positives.length;
  if (support === 0) return [];
  return [...cutsOf(scores)].map(({ score, hits, wrong }) => ({ score, f1: ratio(2 * hits, hits + wrong + support) }));
}

function bestOf(tried: readonly { f1: number }[]): number {
  return tried.reduce((best, { f1 }) => Math.max(best, f1), 0);
}
