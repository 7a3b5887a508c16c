/**
 * P(X ≥ hits): how surely so many of the drawn rows have a mark by chance, the one-sided test of Fisher (1935).
 *
 * @param all number of rows
 * @param marked rows that have the mark
 * @param drawn rows that are looked at, e.g. errors
 * @param hits those of them that have the mark
 */
export function hypergeometricTail(all: number, marked: number, drawn: number, hits: number): number {
  const [least, most] = [Math.max(0, marked + drawn - all), Math.min(marked, drawn)];
  if (hits <= least) return 1;
  if (hits > most) return 0;
  const log = (k: number) => logChoose(marked, k) + logChoose(all - marked, drawn - k) - logChoose(all, drawn);
  let sum = 0;
  for (let k = most; k >= hits; k--) sum += Math.exp(log(k));
  return Math.min(1, sum);
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** Logarithms of factorials, extended as they are asked for. */
const logFactorials = [0, 0];

function logFactorial(n: number): number {
  for (let k = logFactorials.length; k <= n; k++) logFactorials.push((logFactorials[k - 1] ?? 0) + Math.log(k));
  return logFactorials[n] ?? NaN;
}

/** p-values corrected for their number so that the share of false discoveries is bounded (Benjamini and Hochberg 1995). */
export function benjaminiHochberg(values: readonly number[]): number[] {
  const order = Array.from(values.keys()).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
  const corrected = new Array<number>(values.length);
  let least = 1;
  for (const [i, place] of order.entries()) {
    least = Math.min(least, ((values[place] ?? 1) * values.length) / (values.length - i));
    corrected[place] = least;
  }
  return corrected;
}
