/**
 * Pearson's correlation; null where it is not defined: fewer than two rows, or one side that does not vary.
 * Both passes subtract the mean first, so that a large offset costs no digits.
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  const rows = x.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const [dx, dy] = [(x[row] ?? NaN) - meanX, (y[row] ?? NaN) - meanY];
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  if (rows < 2 || isConstant(x) || isConstant(y)) return null;
  const correlation = xy / Math.sqrt(xx) / Math.sqrt(yy);
  // Rounding may carry a perfect correlation past its bounds.
  return Number.isFinite(correlation) ? Math.min(1, Math.max(-1, correlation)) : null;
}

/** Spearman's rank correlation: Pearson's of the ranks, equal values sharing the mean of their ranks. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  return pearson(ranksOf(x), ranksOf(y));
}

/**
 * Kendall's tau-b: concordant less discordant pairs, over the pairs that are not tied on either side. Discordant pairs
 * are the exchanges that a merge sort makes (Knight 1966), so that it takes n log n steps.
 */
export function kendall(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  const rows = x.length;
  const [ofX, ofY] = [ranksOf(x), ranksOf(y)];
  const order = orderOf(rows, (a, b) => (ofX[a] ?? 0) - (ofX[b] ?? 0) || (ofY[a] ?? 0) - (ofY[b] ?? 0));
  const pairs = (rows * (rows - 1)) / 2;
  const tiedX = tiedPairs(order, (a, b) => ofX[a] === ofX[b]);
  const tiedBoth = tiedPairs(order, (a, b) => ofX[a] === ofX[b] && ofY[a] === ofY[b]);
  const exchanges = sortCounting(Float64Array.from(order, (row) => ofY[row] ?? 0));
  const byY = orderOf(rows, (a, b) => (ofY[a] ?? 0) - (ofY[b] ?? 0));
  const tiedY = tiedPairs(byY, (a, b) => ofY[a] === ofY[b]);
  const concordantLessDiscordant = pairs - tiedX - tiedY + tiedBoth - 2 * exchanges;
  if (pairs === tiedX || pairs === tiedY) return null;
  return concordantLessDiscordant / Math.sqrt(pairs - tiedX) / Math.sqrt(pairs - tiedY);
}

/** The rank of each value from 1 on; equal values share the mean of their ranks. */
export function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = orderOf(values.length, (a, b) => (values[a] ?? NaN) - (values[b] ?? NaN));
  const ranks = new Float64Array(values.length);
  for (let first = 0; first < order.length;) {
    let end = first + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[first] ?? 0]) end++;
    for (let place = first; place < end; place++) ranks[order[place] ?? 0] = (first + 1 + end) / 2;
    first = end;
  }
  return ranks;
}

/** The mean; NaN of no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < values.length; row++) sum += values[row] ?? NaN;
  return sum / values.length;
}

function isConstant(values: ArrayLike<number>): boolean {
  for (let row = 1; row < values.length; row++) if (values[row] !== values[0]) return false;
  return true;
}

function orderOf(rows: number, compare: (a: number, b: number) => number): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => row).sort(compare);
}

/** Pairs of rows that are tied, in an order in which they stand side by side. */
function tiedPairs(order: Uint32Array, isTied: (a: number, b: number) => boolean): number {
  let pairs = 0;
  let run = 0;
  for (let place = 1; place < order.length; place++) {
    run = isTied(order[place - 1] ?? 0, order[place] ?? 0) ? run + 1 : 0;
    pairs += run;
  }
  return pairs;
}

/** Sorts the values and counts the pairs that stood in descending order. */
function sortCounting(values: Float64Array): number {
  const half = values.length >> 1;
  if (half === 0) return 0;
  const [left, right] = [values.slice(0, half), values.slice(half)];
  let exchanges = sortCounting(left) + sortCounting(right);
  let [l, r] = [0, 0];
  for (let place = 0; place < values.length; place++) {
    const isLeft = r >= right.length || (l < left.length && (left[l] ?? 0) <= (right[r] ?? 0));
    if (!isLeft) exchanges += left.length - l;
    values[place] = (isLeft ? left[l++] : right[r++]) ?? NaN;
  }
  return exchanges;
}
