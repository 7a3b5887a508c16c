import { madd } from "../lanes";

/** sum = keep · sum + factor · x of `count` elements, in place; with both 1 it is the plain sum, rounded once. */
export function addScaled(sum: usize, x: usize, count: i32, keep: f32, factor: f32): void {
  const end = sum + ((<usize>count) << 2);
  const kept = f32x4.splat(keep), added = f32x4.splat(factor);
  for (; sum + 16 <= end; sum += 16, x += 16) {
    v128.store(sum, madd(added, v128.load(x), f32x4.mul(kept, v128.load(sum))));
  }
  for (; sum < end; sum += 4, x += 4) store<f32>(sum, keep * load<f32>(sum) + factor * load<f32>(x));
}
