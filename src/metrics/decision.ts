import { argmax } from "./softmax.ts";

/** From which probability on each class or label is predicted [labels]; null for one without a threshold of its own. */
export type Thresholds = readonly (number | null)[];

/**
 * The class that is predicted by thresholds. Of the classes that reach theirs it is the one that exceeds it by the largest
 * factor; where none does, the most probable class without a threshold, or, where all have one, the one that comes nearest.
 * One class with a threshold is thus predicted from its threshold on, whatever the other classes are; without
 * thresholds, and with equal ones for all, the most probable class is.
 *
 * @param probabilities [classes]
 * @returns of equal ones the first
 */
export function decidedClass(probabilities: ArrayLike<number>, thresholds: Thresholds): number {
  let [reached, other, nearest] = [-1, -1, -1];
  const factor = (k: number) => (probabilities[k] ?? 0) / (thresholds[k] ?? 1);
  const isMore = (k: number, than: number) => than < 0 || factor(k) > factor(than);
  for (let k = 0; k < probabilities.length; k++) {
    const threshold = thresholds[k] ?? null;
    if (threshold === null) {
      if (isMore(k, other)) other = k;
      continue;
    }
    if (isMore(k, nearest)) nearest = k;
    if ((probabilities[k] ?? 0) >= threshold && isMore(k, reached)) reached = k;
  }
  const found = [reached, other, nearest].find((k) => k >= 0);
  return found ?? argmax(probabilities);
}

/**
 * The highest threshold of a class with which it is predicted, between 0 and 1, while the other classes keep theirs:
 * its probability, or less where another class reaches its own threshold too.
 *
 * @param probabilities [classes]
 */
export function claimOf(probabilities: ArrayLike<number>, thresholds: Thresholds, label: number): number {
  let strongest = 0;
  let hasOthers = false;
  for (let k = 0; k < probabilities.length; k++) {
    if (k === label) continue;
    const threshold = thresholds[k] ?? null;
    if (threshold === null) hasOthers = true;
    else strongest = Math.max(strongest, (probabilities[k] ?? 0) / threshold);
  }
  const own = probabilities[label] ?? 0;
  return Math.min(1, own / (hasOthers ? Math.max(1, strongest) : strongest || own));
}
