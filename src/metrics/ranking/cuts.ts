/** The scores that a model gave to rows with and without a label, each in ascending order. */
export interface Ranked {
  positives: Float64Array;
  negatives: Float64Array;
}

/** What is predicted where a label is taken from some score on. */
interface Cut {
  /** The lowest score that is still taken. */
  score: number;
  /** Rows at or above it with the label. */
  hits: number;
  /** Rows at or above it without the label. */
  wrong: number;
}

/**
 * Sorts the scores of rows by whether the row has the label.
 *
 * @param truth 0 or 1 for each row [rows]
 * @param scores how likely the label is [rows]: probabilities or anything that grows with them
 * @throws RangeError when the lengths differ
 */
export function ranked(truth: ArrayLike<number>, scores: ArrayLike<number>): Ranked {
  const rows = truth.length;
  if (scores.length !== rows) throw new RangeError(`${rows} rows and ${scores.length} scores.`);
  let count = 0;
  for (let row = 0; row < rows; row++) if (truth[row]) count++;
  const positives = new Float64Array(count);
  const negatives = new Float64Array(rows - count);
  let [p, n] = [0, 0];
  for (let row = 0; row < rows; row++) {
    if (truth[row]) positives[p++] = scores[row] ?? NaN;
    else negatives[n++] = scores[row] ?? NaN;
  }
  // Numbers in typed arrays are sorted without a comparison function, which is several times as fast.
  return { positives: positives.sort(), negatives: negatives.sort() };
}

/** All ways to cut a ranking, one for each distinct score, the highest score first. */
export function* cutsOf({ positives, negatives }: Ranked): Generator<Cut> {
  let [p, n] = [positives.length, negatives.length];
  while (p > 0 || n > 0) {
    const score = Math.max(positives[p - 1] ?? -Infinity, negatives[n - 1] ?? -Infinity);
    // Scores that are NaN, as of a run that diverged, come first and are one cut.
    while (p > 0 && !((positives[p - 1] ?? NaN) < score)) p--;
    while (n > 0 && !((negatives[n - 1] ?? NaN) < score)) n--;
    yield { score, hits: positives.length - p, wrong: negatives.length - n };
  }
}
