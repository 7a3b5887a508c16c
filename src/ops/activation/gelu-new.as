import { madd } from "../lanes";
import { exp } from "./exp";

const CUBE: f32 = 0.044715;
const SQRT_8_OVER_PI: f32 = 1.5957691;

/** e^−v, where gelu_new(x) = x / (1 + e^−v): half of 1 + tanh(v / 2) is the logistic function of v. */
@inline
function inverse(x: v128): v128 {
  const inner = madd(f32x4.splat(CUBE), f32x4.mul(x, x), f32x4.splat(1));
  return exp(f32x4.mul(f32x4.mul(x, f32x4.splat(-SQRT_8_OVER_PI)), inner));
}

@inline
function value(x: v128): v128 {
  return f32x4.div(x, f32x4.add(f32x4.splat(1), inverse(x)));
}

@inline
function slope(x: v128): v128 {
  const e = inverse(x);
  const share = f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), e));
  const rest = f32x4.mul(e, share);
  const inner = madd(f32x4.splat(3 * CUBE), f32x4.mul(x, x), f32x4.splat(1));
  // share · rest is at most a quarter; with e at its largest, 2e38, rest is 1 and share is next to 0.
  const steep = f32x4.mul(f32x4.mul(share, rest), f32x4.mul(f32x4.splat(SQRT_8_OVER_PI), inner));
  return madd(x, steep, share);
}

/** y = gelu_new(z) of `count` elements. */
export function geluNew(z: usize, y: usize, count: i32): void {
  const end = z + ((<usize>count) << 2);
  for (; z + 16 <= end; z += 16, y += 16) v128.store(y, value(v128.load(z)));
  for (; z < end; z += 4, y += 4) store<f32>(y, f32x4.extract_lane(value(v128.load32_splat(z)), 0));
}

/** dx ⊙= gelu_new′(z) of `count` elements, in place. */
export function throughGeluNew(z: usize, dx: usize, count: i32): void {
  const end = z + ((<usize>count) << 2);
  for (; z + 16 <= end; z += 16, dx += 16) v128.store(dx, f32x4.mul(v128.load(dx), slope(v128.load(z))));
  for (; z < end; z += 4, dx += 4) {
    store<f32>(dx, load<f32>(dx) * f32x4.extract_lane(slope(v128.load32_splat(z)), 0));
  }
}
