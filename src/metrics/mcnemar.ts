/** Two models on the same rows. */
export interface McNemar {
  /** Rows on which only the first, or only the second, is right. */
  onlyFirst: number;
  onlySecond: number;
  /** How often models that are equally good would differ by as much, or by more, on as many rows. */
  p: number;
}

/**
 * McNemar's exact test, two-sided: twice the lower tail of a binomial distribution with an even chance, at most 1.
 * Source: McNemar 1947, Note on the sampling error of the difference between correlated proportions.
 */
export function mcnemar(onlyFirst: number, onlySecond: number): McNemar {
  const [fewer, rows] = [Math.min(onlyFirst, onlySecond), onlyFirst + onlySecond];
  // Terms by their logarithms, since 2 to the number of rows is more than a number holds.
  let logTerm = -rows * Math.LN2;
  let tail = 0;
  for (let k = 0; k <= fewer; k++) {
    tail += Math.exp(logTerm);
    logTerm += Math.log((rows - k) / (k + 1));
  }
  return { onlyFirst, onlySecond, p: Math.min(1, 2 * tail) };
}

/**
 * The same by whether each model is right on each row.
 *
 * @throws RangeError when the lengths differ
 */
export function mcnemarOf(first: readonly boolean[], second: readonly boolean[]): McNemar {
  if (first.length !== second.length) throw new RangeError(`${first.length} rows and ${second.length}.`);
  const count = (isFirst: boolean) => first.filter((own, row) => own === isFirst && second[row] === !isFirst).length;
  return mcnemar(count(true), count(false));
}
