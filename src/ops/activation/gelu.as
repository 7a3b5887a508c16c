import { madd } from "../lanes";
import { exp } from "./exp";

const SQRT_HALF: f32 = 0.70710678;
const ONE_OVER_SQRT_2_PI: f32 = 0.39894228;

@inline
function next(sum: v128, s: v128, coefficient: f32): v128 {
  return madd(sum, s, f32x4.splat(coefficient));
}

/** The error function as in activation.ts. */
@inline
function erf(value: v128): v128 {
  const x = f32x4.max(f32x4.splat(-4), f32x4.min(f32x4.splat(4), value));
  const s = f32x4.mul(x, x);
  let p = f32x4.splat(-2.72614225801306e-10);
  p = next(p, s, 2.77068142495902e-8);
  p = next(p, s, -2.10102402082508e-6);
  p = next(p, s, -5.69250639462346e-5);
  p = next(p, s, -7.34990630326855e-4);
  p = next(p, s, -2.95459980854025e-3);
  p = next(p, s, -1.60960333262415e-2);
  let q = f32x4.splat(-1.45660718464996e-5);
  q = next(q, s, -2.13374055278905e-4);
  q = next(q, s, -1.68282697438203e-3);
  q = next(q, s, -7.37332916720468e-3);
  q = next(q, s, -1.42647390514189e-2);
  return f32x4.div(f32x4.mul(x, p), q);
}

/** The normal distribution's share below x: half of 1 + erf(x / √2). */
@inline
export function below(x: v128): v128 {
  const e = erf(f32x4.mul(x, f32x4.splat(SQRT_HALF)));
  return madd(f32x4.splat(0.5), e, f32x4.splat(0.5));
}

@inline
export function slope(x: v128): v128 {
  const density = exp(f32x4.mul(f32x4.splat(-0.5), f32x4.mul(x, x)));
  return madd(f32x4.mul(x, f32x4.splat(ONE_OVER_SQRT_2_PI)), density, below(x));
}

/** y = gelu(z) of `count` elements. */
export function gelu(z: usize, y: usize, count: i32): void {
  const end = z + ((<usize>count) << 2);
  for (; z + 16 <= end; z += 16, y += 16) {
    const x = v128.load(z);
    v128.store(y, f32x4.mul(x, below(x)));
  }
  for (; z < end; z += 4, y += 4) {
    const x = v128.load32_splat(z);
    store<f32>(y, f32x4.extract_lane(f32x4.mul(x, below(x)), 0));
  }
}

/** dx ⊙= gelu′(z) of `count` elements, in place. */
export function throughGelu(z: usize, dx: usize, count: i32): void {
  const end = z + ((<usize>count) << 2);
  for (; z + 16 <= end; z += 16, dx += 16) v128.store(dx, f32x4.mul(v128.load(dx), slope(v128.load(z))));
  for (; z < end; z += 4, dx += 4) {
    store<f32>(dx, load<f32>(dx) * f32x4.extract_lane(slope(v128.load32_splat(z)), 0));
  }
}
