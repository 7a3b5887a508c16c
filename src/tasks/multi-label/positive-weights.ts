/** A label of 5 % of the rows is in balance at this weight; the positives of rarer ones would dominate their steps. */
const MOST = 20;

/**
 * Weights of the positives of each label [L] by which its positives and negatives count the same: rows without the label
 * over rows with it, as in PyTorch's documentation of `pos_weight`, but from 1/20 to 20. A label that no row has, or all
 * have, keeps a weight of 1.
 *
 * @param targets 0 or 1 of each label of each row, row-major [rows · L]
 */
export function balancedPositiveWeights(targets: ArrayLike<number>, labels: number): Float32Array {
  const rows = targets.length / labels;
  return Float32Array.from({ length: labels }, (_, label) => {
    let positives = 0;
    for (let row = 0; row < rows; row++) positives += targets[row * labels + label] ?? 0;
    if (positives === 0 || positives === rows) return 1;
    return Math.min(MOST, Math.max(1 / MOST, (rows - positives) / positives));
  });
}
