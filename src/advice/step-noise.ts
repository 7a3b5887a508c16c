import { median } from "../metrics/median.ts";

/** Makes the median absolute difference of a normal distribution its standard deviation. */
const NORMAL = 1.4826;

/**
 * Standard deviation of the noise from each value to the next, robust against jumps and slow trends: the median
 * absolute difference of neighbours (whose variance is twice that of one), scaled as for normal noise.
 */
export function stepNoise(values: readonly number[]): number {
  const differences = values.slice(1).map((value, i) => Math.abs(value - (values[i] ?? NaN)));
  return (NORMAL * median(differences)) / Math.SQRT2;
}
