@inline
function squares(x: v128): v128 {
  return f64x2.mul(x, x);
}

/** Σ x² of `count` elements, in double precision. */
export function sumOfSquares(x: usize, count: i32): f64 {
  const end = x + ((<usize>count) << 2);
  let low = f64x2.splat(0), high = low;
  for (; x + 16 <= end; x += 16) {
    const four = v128.load(x);
    low = f64x2.add(low, squares(f64x2.promote_low_f32x4(four)));
    high = f64x2.add(high, squares(f64x2.promote_low_f32x4(v128.shuffle<f32>(four, four, 2, 3, 2, 3))));
  }
  const both = f64x2.add(low, high);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; x < end; x += 4) {
    const value = <f64>load<f32>(x);
    sum += value * value;
  }
  return sum;
}
