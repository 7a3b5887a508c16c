/** Ticks of an axis at round values, and how the values are written. */
export interface NiceTicks {
  /** The first and the last of the ticks. */
  domain: [number, number];
  ticks: number[];
  /** Writes a value with as many digits as tell the ticks apart, in at most `MOST_CHARACTERS`. */
  text: (value: number) => string;
}

/** Number of characters that fit beside a chart. */
export const MOST_CHARACTERS = 7;
/** Values from LARGE on and below SMALL are written with a power of ten and two decimals. */
const [LARGE, SMALL] = [9e4, 1e-3];
const DIGITS = 2;
const SIZES = [1, 2, 5, 10];

/**
 * Ticks at multiples of 1, 2 or 5 times a power of ten, from just below `low` to just above `high`. Where the ticks
 * would be too close together to be written in `MOST_CHARACTERS`, the axis is made longer.
 *
 * @param wanted approximate number of intervals
 */
export function niceTicks(low: number, high: number, wanted = 4): NiceTicks {
  const [from, to] = widened(Math.min(low, high), Math.max(low, high), wanted);
  const power = 10 ** Math.floor(Math.log10((to - from) / wanted));
  const stride = (SIZES.find((size) => size * power >= ((to - from) / wanted) * (1 - 1e-9)) ?? 10) * power;
  // Whole multiples, because adding strides would give 0.30000000000000004; the 1e-6 ignores rounding errors.
  const first = Math.floor(from / stride + 1e-6);
  const last = Math.max(first + 1, Math.ceil(to / stride - 1e-6));
  const digits = Math.round(-Math.log10(stride) + 0.499);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => cleaned((first + i) * stride, digits));
  const text = writer(hasPower(Math.max(Math.abs(from), Math.abs(to))), stride);
  return { domain: [ticks[0] ?? 0, ticks.at(-1) ?? 1], ticks, text };
}

/** The range, widened where it is too short to be divided; 0 to 1 where it has no finite, non-zero end. */
function widened(low: number, high: number, wanted: number): [number, number] {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (!Number.isFinite(low) || !Number.isFinite(high) || size === 0) return [0, 1];
  const least = wanted * leastStride(size);
  if (high - low >= least) return [low, high];
  const middle = (low + high) / 2;
  return [middle - least / 2, middle + least / 2];
}

function hasPower(size: number): boolean {
  return size >= LARGE || size < SMALL;
}

/** The smallest stride whose multiples up to `size` can be told apart in `MOST_CHARACTERS`. */
function leastStride(size: number): number {
  // A tick may be a little above `size`, beyond the next power of ten.
  const exponent = Math.floor(Math.log10(1.05 * size));
  if (hasPower(size)) return 10 ** (exponent - DIGITS);
  // The decimals that remain after a sign, the digits before the point, and the point.
  return 10 ** -(MOST_CHARACTERS - 2 - Math.max(1, exponent + 1));
}

function cleaned(value: number, digits: number): number {
  return digits > 0 && digits <= 100 ? Number(value.toFixed(digits)) : Number(value.toPrecision(12));
}

function writer(withPower: boolean, stride: number): (value: number) => string {
  if (!withPower) {
    const decimals = Math.max(0, Math.ceil(-Math.log10(stride) - 1e-9));
    return (value) => value.toFixed(decimals);
  }
  return (value) =>
    value === 0
      ? "0"
      : value
          .toExponential(DIGITS)
          .replace(/[.]?0*e/, "e")
          .replace("e+", "e");
}
