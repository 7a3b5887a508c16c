// The generator of random.ts, four elements at once.

@inline
function mix(x: v128): v128 {
  x = v128.xor(x, i32x4.shr_u(x, 16));
  x = i32x4.mul(x, i32x4.splat(0x7feb352d));
  x = v128.xor(x, i32x4.shr_u(x, 15));
  x = i32x4.mul(x, i32x4.splat(0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/** Factors of the elements first … first + 3: 0 where the random word is below `threshold`, else `kept`. */
@inline
export function keepFactors(first: i32, key0: i32, key1: i32, threshold: i32, kept: f32): v128 {
  const elements = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
  const words = mix(i32x4.add(mix(v128.xor(elements, i32x4.splat(key0))), i32x4.splat(key1)));
  return v128.andnot(f32x4.splat(kept), i32x4.lt_u(words, i32x4.splat(threshold)));
}
