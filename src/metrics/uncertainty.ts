/** How unsure a prediction is, each from 0 (sure) to 1. */
export interface Uncertainty {
  /** 1 less the difference of the two most probable answers. */
  margin: number;
  /** The entropy, as a share of the largest that it can be. */
  entropy: number;
  /** Probability of what is predicted; of several labels, of the one that is the least sure. */
  confidence: number;
}

/**
 * The uncertainty about one class among several, by their probabilities (Settles 2009, “Active learning literature survey”, 3.1).
 *
 * @param probabilities of all classes [classes], together 1
 */
export function classUncertainty(probabilities: ArrayLike<number>): Uncertainty {
  let [first, second, entropy] = [0, 0, 0];
  for (let k = 0; k < probabilities.length; k++) {
    const p = probabilities[k] ?? 0;
    if (p > first) [first, second] = [p, first];
    else if (p > second) second = p;
    if (p > 0) entropy -= p * Math.log(p);
  }
  const most = Math.log(Math.max(2, probabilities.length));
  return { margin: 1 - (first - second), entropy: entropy / most, confidence: first };
}

/**
 * The uncertainty about several labels, each of which a text has or has not: the margin is that of the label nearest to one half, the
 * entropy the mean over the labels.
 *
 * @param probabilities of each label [labels], independent
 */
export function labelUncertainty(probabilities: ArrayLike<number>): Uncertainty {
  let [entropy, nearest] = [0, 1];
  for (let k = 0; k < probabilities.length; k++) {
    const p = probabilities[k] ?? 0;
    nearest = Math.min(nearest, Math.abs(2 * p - 1));
    for (const q of [p, 1 - p]) if (q > 0) entropy -= q * Math.log2(q);
  }
  return { margin: 1 - nearest, entropy: entropy / Math.max(1, probabilities.length), confidence: (1 + nearest) / 2 };
}

/** Places of rows by their scores, highest first, equal ones in row order; rows without a score (NaN) are last. */
export function mostUncertain(scores: Float32Array): Int32Array {
  const keyOf = (row: number) => (Number.isNaN(scores[row]) ? -Infinity : (scores[row] ?? 0));
  return Int32Array.from(scores.keys()).sort((a, b) => (keyOf(a) === keyOf(b) ? a - b : keyOf(b) - keyOf(a)));
}

/**
 * Some of the rows that are far from each other: the first one, then each time the row whose nearest chosen one is the
 * farthest (k-center greedy, Sener and Savarese 2018). Equal distances are decided by row order.
 *
 * @param vectors [rows · width]
 * @param count rows to choose, at most as many as there are
 * @returns places of the chosen rows, in the order in which they were chosen
 */
export function farApart(vectors: Float32Array, width: number, count: number): Int32Array {
  const rows = vectors.length / width;
  const nearest = new Float64Array(rows).fill(Infinity);
  const chosen = new Int32Array(Math.min(count, rows));
  let next = 0;
  for (let i = 0; i < chosen.length; i++) {
    chosen[i] = next;
    nearest[next] = -1;
    const center = vectors.subarray(next * width, (next + 1) * width);
    let farthest = -1;
    for (let row = 0; row < rows; row++) {
      if ((nearest[row] ?? 0) < 0) continue;
      let distance = 0;
      for (let j = 0; j < width; j++) distance += ((vectors[row * width + j] ?? 0) - (center[j] ?? 0)) ** 2;
      if (distance < (nearest[row] ?? 0)) nearest[row] = distance;
      if (farthest < 0 || (nearest[row] ?? 0) > (nearest[farthest] ?? 0)) farthest = row;
    }
    next = farthest;
  }
  return chosen;
}
