import type { ClassScores } from "./report.ts";

/** What precision, recall and F1 of a class are computed from. */
export interface HitCounts {
  /** Rows of the class that were predicted as such. */
  hits: number;
  /** Rows that were predicted as the class. */
  predicted: number;
  /** Rows of the class. */
  support: number;
}

/** The scores of a class; 0 where nothing is counted, as scikit-learn's zero_division = 0. */
export function scoresOfCounts({ hits, predicted, support }: HitCounts): ClassScores {
  return {
    precision: ratio(hits, predicted),
    recall: ratio(hits, support),
    f1: ratio(2 * hits, support + predicted),
    support,
  };
}

/** The scores of all counts added up. */
export function microOf(counts: readonly HitCounts[]): ClassScores {
  const sum = (count: keyof HitCounts) => counts.reduce((total, one) => total + one[count], 0);
  return scoresOfCounts({ hits: sum("hits"), predicted: sum("predicted"), support: sum("support") });
}

/**
 * A weighted mean of each score; 0 where all weights are 0.
 *
 * @param support that of the mean
 */
export function averaged(
  scores: readonly ClassScores[],
  support: number,
  weightOf: (scores: ClassScores) => number,
): ClassScores {
  const total = scores.reduce((sum, k) => sum + weightOf(k), 0);
  const mean = (value: (k: ClassScores) => number) =>
    ratio(
      scores.reduce((sum, k) => sum + weightOf(k) * value(k), 0),
      total,
    );
  return { precision: mean((k) => k.precision), recall: mean((k) => k.recall), f1: mean((k) => k.f1), support };
}

/** 0 where nothing is counted. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
