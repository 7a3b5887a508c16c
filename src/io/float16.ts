import { Problem } from "../problem/problem.ts";

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

let table: Float32Array | null = null;

/** The value of every float16 bit pattern (IEEE 754 binary16): [65536], 256 kB, made once. */
export function float16Table(): Float32Array {
  if (table !== null) return table;
  table = new Float32Array(0x10000);
  for (let pattern = 0; pattern < 0x10000; pattern++) {
    const sign = pattern >>> 15 === 1 ? -1 : 1;
    const exponent = (pattern >>> 10) & 31;
    const fraction = pattern & 1023;
    if (exponent === 31) table[pattern] = fraction === 0 ? sign * Infinity : NaN;
    else if (exponent === 0) table[pattern] = sign * fraction * 2 ** -24;
    else table[pattern] = sign * (1024 + fraction) * 2 ** (exponent - 25);
  }
  return table;
}

/**
 * The float16 bit pattern nearest to a float32, ties to the even pattern, as PyTorch and NumPy round.
 * From 65520 on it is infinity; NaN stays NaN.
 */
export function toFloat16(value: number): number {
  float[0] = value;
  const pattern = bits[0] ?? 0;
  const sign = (pattern >>> 16) & 0x8000;
  const magnitude = pattern & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Below 2^-14 float16 counts in steps of 2^-24. Scaled by 2^24 the value is that count, and adding 2^23 makes
    // the float32 addition itself round it to an integer, ties to even.
    float[0] = Math.abs(value) * 2 ** 24 + 2 ** 23;
    return sign | ((bits[0] ?? 0) & 0x7fffff);
  }
  // Rebias the exponent by 127 - 15 and drop 13 bits of fraction; a carry out of the fraction is the right exponent.
  const odd = (magnitude >>> 13) & 1;
  return sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13);
}

/** From here on float16 rounds to infinity; its largest number is 65,504. */
const OVERFLOW = 65_520;

/** Throws a `Problem` when float16 would turn a value of this tensor into infinity. */
export function checkFloat16Range(name: string, values: Float32Array): void {
  const at = values.findIndex((value) => Math.abs(value) >= OVERFLOW);
  if (at < 0) return;
  throw new Problem({
    found: `The tensor ${name} holds ${values[at]} at place ${at}, more than float16 can hold.`,
    expected: "Values between -65,504 and 65,504 were expected. Nothing was written.",
    remedy: "Save the model as float32.",
  });
}
