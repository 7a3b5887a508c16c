import { cutsOf, type Ranked } from "./cuts.ts";

/**
 * Average precision, the mean of the precision at each cut weighted by the recall it adds, without interpolation:
 * scikit-learn's average_precision_score. Null where all rows have the label or none has it: any ranking is as good.
 */
export function averagePrecision(scores: Ranked): number | null {
  if (!isDefined(scores)) return null;
  let sum = 0;
  let before = 0;
  for (const { hits, wrong } of cutsOf(scores)) {
    sum += ((hits - before) * hits) / (hits + wrong);
    before = hits;
  }
  return sum / scores.positives.length;
}

/**
 * The area under the ROC curve: the share of pairs of a row with the label and one without it in which the first has
 * the higher score, ties counting half. Null where there are no such pairs.
 */
export function rocAuc(scores: Ranked): number | null {
  if (!isDefined(scores)) return null;
  let sum = 0;
  let [hitsBefore, wrongBefore] = [0, 0];
  for (const { hits, wrong } of cutsOf(scores)) {
    sum += ((wrong - wrongBefore) * (hits + hitsBefore)) / 2;
    [hitsBefore, wrongBefore] = [hits, wrong];
  }
  return sum / (scores.positives.length * scores.negatives.length);
}

function isDefined({ positives, negatives }: Ranked): boolean {
  return positives.length > 0 && negatives.length > 0;
}
