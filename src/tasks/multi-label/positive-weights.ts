/** A label of 5 % of the rows is in balance at this weight; the positives of rarer ones would dominate their steps. */
const MOST = 20;

/**
 * What n rows count as where each adds less than the one before: the effective number of Cui et al. 2019, which is n
 * itself for a beta near 1.
 */
export function effectiveNumber(n: number, beta: number): number {
  return (1 - beta ** n) / (1 - beta);
}

/**
 * Weights of the positives of each label [L] by which its positives and negatives count the same: rows without the label
 * over rows with it, as in PyTorch's documentation of `pos_weight`, but from 1/20 to 20. A label that no row has, or all
 * have, keeps a weight of 1.
 *
 * @param targets 0 or 1 of each label of each row, row-major [rows · L]
 * @param countsAs what a number of rows counts as
 */
export function balancedPositiveWeights(
  targets: ArrayLike<number>,
  labels: number,
  countsAs: (rows: number) => number = (n) => n,
): Float32Array {
  const rows = targets.length / labels;
  return Float32Array.from({ length: labels }, (_, label) => {
    let positives = 0;
    for (let row = 0; row < rows; row++) positives += targets[row * labels + label] ?? 0;
    if (positives === 0 || positives === rows) return 1;
    return Math.min(MOST, Math.max(1 / MOST, countsAs(rows - positives) / countsAs(positives)));
  });
}
