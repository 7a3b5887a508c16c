import { cutsOf, type Ranked } from "./cuts.ts";

/** A point of the ROC curve: what is taken from a score on. */
interface RocPoint {
  /** Infinity of the first point, where nothing is taken. */
  threshold: number;
  falsePositiveRate: number;
  truePositiveRate: number;
}

/** A point of the precision-recall curve. */
interface RecallPoint {
  /** Infinity of the first point, where nothing is taken: precision 1, recall 0. */
  threshold: number;
  precision: number;
  recall: number;
}

/**
 * The ROC curve from the highest score to the lowest, as scikit-learn's roc_curve. Empty where all rows have the label or
 * none has it.
 *
 * @param keepsAll also points on a straight line between their neighbours, which change neither curve nor area
 */
export function rocCurve(scores: Ranked, keepsAll = false): RocPoint[] {
  const [positives, negatives] = [scores.positives.length, scores.negatives.length];
  if (positives === 0 || negatives === 0) return [];
  const cuts = [...cutsOf(scores)];
  const kept = cuts.filter((cut, i) => {
    const [before, after] = [cuts[i - 1], cuts[i + 1]];
    if (keepsAll || !before || !after) return true;
    const turns = (count: "hits" | "wrong") => after[count] - cut[count] !== cut[count] - before[count];
    return turns("hits") || turns("wrong");
  });
  return [
    { threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0 },
    ...kept.map(({ score, hits, wrong }) => ({
      threshold: score,
      falsePositiveRate: wrong / negatives,
      truePositiveRate: hits / positives,
    })),
  ];
}

/**
 * Precision over recall from the highest score to the lowest: scikit-learn's precision_recall_curve, read backwards. Empty
 * where no row has the label.
 */
export function precisionRecallCurve(scores: Ranked): RecallPoint[] {
  const positives = scores.positives.length;
  if (positives === 0) return [];
  return [
    { threshold: Infinity, precision: 1, recall: 0 },
    ...[...cutsOf(scores)].map(({ score, hits, wrong }) => ({
      threshold: score,
      precision: hits / (hits + wrong),
      recall: hits / positives,
    })),
  ];
}
