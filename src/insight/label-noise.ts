/**
 * Confident learning (Northcutt, Jiang and Chuang 2021, Confident Learning: Estimating Uncertainty in Dataset Labels):
 * labels in doubt, by probabilities of models that were not trained on their rows.
 */

/** Rows with the class that each was given, and its probabilities. */
interface JudgedRows {
  /** Given class of each row [rows]. */
  labels: ArrayLike<number>;
  /** Row-major [rows, classes], by models that did not see the row. */
  probabilities: ArrayLike<number>;
  classes: number;
}

/** What confident learning says of rows. */
interface LabelNoise {
  /** Mean probability of each class over the rows that were given it [classes]; NaN of a class without rows. */
  thresholds: Float64Array;
  /** Row-major [given, confident class]: rows that reach a threshold, by the most probable class of those they reach. */
  joint: Float64Array;
  /** Estimated share of rows with a wrong label: what is off the diagonal of the joint, calibrated to the classes' counts. */
  share: number;
  /** 1 for each row that stands off the diagonal of the joint [rows]. */
  isIssue: Uint8Array;
  /** From 0, the worst, to 1: half of the normalized margin plus one, see `marginOf` [rows]. */
  scores: Float64Array;
  /** The most probable class of each row [rows]. */
  suggested: Int32Array;
}

/** Thresholds, confident joint, issues and a score of each row. */
export function labelNoise({ labels, probabilities, classes }: JudgedRows): LabelNoise {
  const rows = labels.length;
  const counts = new Float64Array(classes);
  const sums = new Float64Array(classes);
  for (let row = 0; row < rows; row++) {
    const label = labels[row] ?? 0;
    counts[label] = (counts[label] ?? 0) + 1;
    sums[label] = (sums[label] ?? 0) + (probabilities[row * classes + label] ?? 0);
  }
  const thresholds = sums.map((sum, k) => sum / (counts[k] ?? 0));
  const joint = new Float64Array(classes * classes);
  const isIssue = new Uint8Array(rows);
  const scores = new Float64Array(rows);
  const suggested = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const label = labels[row] ?? 0;
    const own = (k: number) => probabilities[row * classes + k] ?? 0;
    let [confident, best] = [-1, 0];
    let other = -Infinity;
    for (let k = 0; k < classes; k++) {
      if (own(k) > own(best)) best = k;
      if (k !== label) other = Math.max(other, own(k));
      // Numpy's rounding of a mean of equal numbers may lie just above them, as ours may.
      if (own(k) >= (thresholds[k] ?? NaN) - 1e-9 && (confident < 0 || own(k) > own(confident))) confident = k;
    }
    if (confident >= 0) joint[label * classes + confident] = (joint[label * classes + confident] ?? 0) + 1;
    isIssue[row] = confident >= 0 && confident !== label ? 1 : 0;
    scores[row] = (marginOf(own(label), other) + 1) / 2;
    suggested[row] = best;
  }
  return { thresholds, joint, share: noisyShare(joint, counts), isIssue, scores, suggested };
}

/** The normalized margin: probability of the given class less the largest of all others, from −1 to 1. */
const marginOf = (given: number, other: number) => given - (other === -Infinity ? 0 : other);

/** Share of rows off the diagonal, after each class's row of the joint is scaled to the class's number of rows. */
function noisyShare(joint: Float64Array, counts: Float64Array): number {
  let [off, all] = [0, 0];
  counts.forEach((count, label) => {
    const own = joint.subarray(label * counts.length, (label + 1) * counts.length);
    const seen = own.reduce((sum, one) => sum + one, 0);
    all += count;
    if (seen > 0) off += (count * (seen - (own[label] ?? 0))) / seen;
  });
  return all > 0 ? off / all : 0;
}

/** Rows by their score, the worst first; of equal ones the first. */
export function worstFirst(scores: ArrayLike<number>): Int32Array {
  const order = Int32Array.from({ length: scores.length }, (_, row) => row);
  return order.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b);
}
