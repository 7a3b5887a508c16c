/** Round places along an axis, and how their values are written. */
export interface NiceTicks {
  /** The first and the last of the ticks. */
  domain: [number, number];
  ticks: number[];
  /** All values with as many digits as tell them apart, at most `MOST_CHARACTERS`. */
  text: (value: number) => string;
}

/** What fits beside a chart at its size of type. */
export const MOST_CHARACTERS = 7;
/** Values of this size, or of one below, are written with a power of ten, and two digits behind the point. */
const [LARGE, SMALL] = [9e4, 1e-3];
const DIGITS = 2;
const SIZES = [1, 2, 5, 10];

/**
 * Ticks at multiples of 1, 2 or 5 times a power of ten, from just below `low` to just above `high`. Where
 * they would be so near together that they could not be written in few characters, the axis is longer.
 *
 * @param wanted number of strides between them, about
 */
export function niceTicks(low: number, high: number, wanted = 4): NiceTicks {
  const [from, to] = widened(Math.min(low, high), Math.max(low, high), wanted);
  const power = 10 ** Math.floor(Math.log10((to - from) / wanted));
  const stride = (SIZES.find((size) => size * power >= ((to - from) / wanted) * (1 - 1e-9)) ?? 10) * power;
  // Whole multiples, so that no 0.30000000000000004 comes of adding; a hair's breadth is no stride.
  const first = Math.floor(from / stride + 1e-6);
  const last = Math.max(first + 1, Math.ceil(to / stride - 1e-6));
  const digits = Math.round(-Math.log10(stride) + 0.499);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => cleaned((first + i) * stride, digits));
  const text = writer(hasPower(Math.max(Math.abs(from), Math.abs(to))), stride);
  return { domain: [ticks[0] ?? 0, ticks.at(-1) ?? 1], ticks, text };
}

/** A range long enough to be divided; that of no or no finite values is 0 to 1. */
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

/** The least stride whose multiples up to `size` can be told apart in `MOST_CHARACTERS`. */
function leastStride(size: number): number {
  // A tick may lie a little above, beyond the next power of ten.
  const exponent = Math.floor(Math.log10(1.05 * size));
  if (hasPower(size)) return 10 ** (exponent - DIGITS);
  // All but the point, the digits before it, and a sign.
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
