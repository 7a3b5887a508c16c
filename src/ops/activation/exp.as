import { madd } from "../lanes";

/**
 * exp of each lane to about 1e-7 of itself, between e^-87 and e^88: 2^n · exp(r) with the polynomial of Cephes' expf
 * (Moshier). What is not a number stays so.
 */
@inline
export function exp(x: v128): v128 {
  x = f32x4.max(f32x4.splat(-87.3), f32x4.min(f32x4.splat(88.37), x));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  let r = madd(n, f32x4.splat(-0.693359375), x);
  r = madd(n, f32x4.splat(2.1219444e-4), r);
  let p = f32x4.splat(1.98756915e-4);
  p = madd(p, r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(0.16666665459));
  p = madd(p, r, f32x4.splat(0.50000001201));
  p = madd(f32x4.mul(p, r), r, f32x4.add(r, f32x4.splat(1)));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}
