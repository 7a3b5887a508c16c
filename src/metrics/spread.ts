/** A quantile of sorted values, between two by a straight line, as numpy's; NaN of none. */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN];
  return low + (high - low) * (place - Math.floor(place));
}

/** The median of the values, the mean of the two middle ones of an even number; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? NaN) + upper) / 2;
}

/** How repeated measurements of one thing vary. */
export interface Spread {
  count: number;
  least: number;
  median: number;
  /** At most a tenth of the values are above it. */
  ninth: number;
  most: number;
}

/** The spread of some values; null of none. */
export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = Float64Array.from(values).sort();
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) return null;
  const ninth = sorted[Math.ceil(0.9 * sorted.length) - 1] ?? most;
  return { count: sorted.length, least, median: median(values), ninth, most };
}
